/// Lists of what medicine has named after people, as cards and teaching notes have them: `Ober, Thomas, Ely, Trendelenburg`,
/// `McRoberts/Woods/Rubin`. Among names that hardly anybody bears, a frequent one is nobody's either.
enum EponymLists {
  /// How many neighbours are asked on each side.
  private static let reach = 4
  /// So many of them have to be names that hardly anybody bears.
  private static let least = 2

  /// Whether words stand among such names.
  static func isIn(_ words: [Word], _ index: Int, _ count: Int, _ view: borrowing TextView) -> Bool {
    let last = index + count - 1
    // One item, or several that are eponyms themselves: `Ober, Thomas` is no name of two words.
    guard count == 1 || words[index + 1...last].allSatisfy({ Eponyms.isCommon($0) || Eponyms.contains($0) })
    else {
      return false
    }
    guard words[index].shape == .capitalised else { return false }
    var found = words[index...last].count { Eponyms.contains($0) }
    var place = index
    while place > 0, index - place < reach, isJoined(words[place - 1], words[place], view) {
      place -= 1
      if Eponyms.contains(words[place]) { found += 1 }
    }
    place = last
    while place + 1 < words.count, place - last < reach, isJoined(words[place], words[place + 1], view) {
      place += 1
      if Eponyms.contains(words[place]) { found += 1 }
    }
    return found >= least
  }

  /// Whether nothing but a comma, a slash or their like stands between two words.
  private static func isJoined(_ one: Word, _ other: Word, _ view: borrowing TextView) -> Bool {
    let (end, start) = (one.range.upperBound, other.range.lowerBound)
    guard start - end <= 4 else { return false }
    var hasSign = false
    for index in end..<start {
      switch view.byte(index) {
      case UInt8(ascii: ","), UInt8(ascii: "/"), UInt8(ascii: ";"): hasSign = true
      case 0x20, 0x0A, UInt8(ascii: "'"), UInt8(ascii: "s"): break
      default: return false
      }
    }
    return hasSign
  }
}
