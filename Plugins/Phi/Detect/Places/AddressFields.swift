internal import FilterKit

/// The parts of an address as they stand in a text: between commas, quotes, the separators of records, and ends of lines.
///
/// All of it looks at a few dozen bytes beside a place, so that a stream and the whole agree.
enum AddressFields {
  /// A longer part is no part of an address.
  private static let longest = 56

  /// Whether a part of an address ends at a position.
  static func isBorder(_ view: borrowing TextView, _ index: Int) -> Bool {
    switch view.byte(index) {
    case 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "\""),
      UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "^"),
      UInt8(ascii: "~"), UInt8(ascii: "*"), UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "!"):
      true
    // `No: 5` is one part.
    case UInt8(ascii: ":"):
      view.byte(index - 1) | 0x20 != UInt8(ascii: "o")
        && !(view.has(" D", at: index - 2) && view.byte(index + 1) == 0x20)
    // The second byte of `·`.
    case 0xB7: view.byte(index - 1) == 0xC2
    case 0xC2: view.byte(index + 1) == 0xB7
    case UInt8(ascii: "'"): !(Bytes.isLetter(view.byte(index - 1)) && Bytes.isLetter(view.byte(index + 1)))
    case UInt8(ascii: "-"): view.byte(index - 1) == 0x20 && view.byte(index + 1) == 0x20
    case UInt8(ascii: "."): isFullStop(view, index)
    default: false
    }
  }

  /// Whether a full stop ends a sentence: behind a word of more than five letters, or before an end.
  private static func isFullStop(_ view: borrowing TextView, _ index: Int) -> Bool {
    let next = view.byte(index + 1)
    guard Bytes.isSpace(next) || "\"'".utf8.contains(next) else { return false }
    if next == 0x0A { return true }
    // `Bismarckstr. 212`.
    if Bytes.isDigit(view.byte(index + 2)) { return false }
    let start = view.start(before: index, limit: 6, where: Bytes.isLetter)
    return index - start > 5
  }

  /// The part that ends at a position, without spaces around it, of a long one the last words; nil where there is none.
  static func field(_ view: borrowing TextView, endingAt end: Int) -> Range<Int>? {
    var start = end
    while start > view.lowerBound, !isBorder(view, start - 1) {
      start -= 1
      if end - start > longest {
        while start < end, view.byte(start) != 0x20 { start += 1 }
        break
      }
    }
    while start < end, view.byte(start) == 0x20 { start += 1 }
    return start < end ? start..<end : nil
  }

  /// The part that begins at a position; of a longer one the first bytes, up to a space.
  static func field(_ view: borrowing TextView, from start: Int) -> Range<Int>? {
    var end = start
    while end < view.text.count, end - start <= longest, !isBorder(view, end) { end += 1 }
    while end > start, view.byte(end - 1) == 0x20 { end -= 1 }
    return start < end ? start..<end : nil
  }

  /// Where the part before one ends: over the signs between them, and over one end of a line. Nil where nothing parts them.
  static func end(_ view: borrowing TextView, before start: Int) -> Int? {
    var end = start
    var lines = 0
    var signs = 0
    // `N'…'` is a text of SQL.
    if view.byte(end - 1) == UInt8(ascii: "'"), view.byte(end - 2) == UInt8(ascii: "N"),
      !Bytes.isJoining(view.byte(end - 3))
    {
      end -= 2
      signs += 1
    }
    while end > view.lowerBound, start - end < 12 {
      let byte = view.byte(end - 1)
      if byte == 0x0A { lines += 1 }
      if byte == 0x20 || byte == 0x0D || byte == UInt8(ascii: ">") {
        end -= 1
        continue
      }
      guard isBorder(view, end - 1), !"()[]{}=<:!?.\\".utf8.contains(byte) else { break }
      signs += 1
      end -= 1
    }
    guard signs > 0, lines < 2, end > view.lowerBound else { return nil }
    return end
  }

  /// Where the part behind one begins.
  static func start(_ view: borrowing TextView, after end: Int) -> Int? {
    var start = end
    var signs = 0
    while start < view.text.count, start - end < 12 {
      let byte = view.byte(start)
      if byte == UInt8(ascii: "N"), view.byte(start + 1) == UInt8(ascii: "'") {
        start += 1
        continue
      }
      if byte != 0x20, byte != 0x0D {
        guard isBorder(view, start), !"()[]{}=<:!?.\\".utf8.contains(byte) else { break }
        signs += 1
      }
      start += 1
    }
    return signs > 0 ? start : nil
  }

  /// The words of a part: what stands between spaces.
  static func words(_ view: borrowing TextView, _ field: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = field.lowerBound
    for index in field.lowerBound...field.upperBound
    where index == field.upperBound || view.byte(index) == 0x20 {
      if index > start { words.append(start..<index) }
      start = index + 1
    }
    return words
  }

  /// The hash of a word without the full stop behind it.
  static func hash(_ view: borrowing TextView, _ word: Range<Int>) -> UInt64 {
    var end = word.upperBound
    while end > word.lowerBound + 1, ".,:".utf8.contains(view.byte(end - 1)) { end -= 1 }
    return Lexicon.hash(view.text, word.lowerBound..<end)
  }

  /// Whether a word is the number of a house: `12`, `12B`, `12-14`, `27/4`, `61-B`, `1104-II`.
  static func isHouse(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    var index = word.lowerBound
    // Wisconsin's `N6854`, `W156N8327`.
    if word.count > 4, word.count < 11, "NSEW".utf8.contains(view.byte(index)),
      word.dropFirst().allSatisfy({ isGridSign(view.byte($0)) }),
      Bytes.isDigit(view.byte(index + 1)), Bytes.isDigit(view.byte(word.upperBound - 1))
    {
      return true
    }
    while index < word.upperBound, Bytes.isDigit(view.byte(index)) { index += 1 }
    let digits = index - word.lowerBound
    guard (1...6).contains(digits) else { return false }
    if index < word.upperBound, Bytes.isLetter(view.byte(index)), view.byte(index) < 0x80 { index += 1 }
    for _ in 0..<3 where index < word.upperBound {
      guard "-/".utf8.contains(view.byte(index)), digits < 6 else { return false }
      let start = index + 1
      index = start
      while index < word.upperBound, Bytes.isJoining(view.byte(index)) { index += 1 }
      guard (1...5).contains(index - start), Bytes.isDigit(view.byte(start)) || index - start <= 3 else {
        return false
      }
    }
    return index == word.upperBound
  }

  private static func isGridSign(_ byte: UInt8) -> Bool { Bytes.isDigit(byte) || "NSEW".utf8.contains(byte) }

  static func isCapital(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    let byte = view.byte(word.lowerBound)
    return Bytes.isUpper(byte) || byte >= 0xC3
  }

  /// Whether a word may stand in the name of a street or a town.
  static func isNameLike(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    for index in word
    where !Bytes.isAlphanumeric(view.byte(index)) && !".'-/".utf8.contains(view.byte(index)) { return false }
    if isCapital(view, word) { return !AddressWords.never.contains(hash(view, word)) }
    return AddressWords.particles.contains(hash(view, word))
  }

  /// Where the house number stands in a part that is the line of a street: `14 Cnoc na Rí`, `confirmed 14 Cnoc na Rí`.
  static func house(_ view: borrowing TextView, in field: Range<Int>) -> Int? {
    let words = words(view, field)
    for index in words.indices.dropLast() where words.count - index <= 7 && isHouse(view, words[index]) {
      let name = words[(index + 1)...]
      let isCapitals =
        name.contains { $0.count > 2 && isCapital(view, $0) }
        && name.allSatisfy { isNameLike(view, $0) || isHouse(view, $0) }
      guard isCapitals || isPlainStreet(view, name), !isMonth(view, name[index + 1]) else { continue }
      return words[index].lowerBound
    }
    return nil
  }

  /// Whether words in lower case end in a street's kind: `elm grove`.
  private static func isPlainStreet(_ view: borrowing TextView, _ name: ArraySlice<Range<Int>>) -> Bool {
    guard (2...4).contains(name.count), let last = name.last, AddressWords.kinds.contains(hash(view, last))
    else { return false }
    return name.allSatisfy { word in
      word.allSatisfy { Bytes.isLetter(view.byte($0)) || "'.".utf8.contains(view.byte($0)) }
        && !AddressWords.between.contains(hash(view, word))
    }
  }

  /// Where the street begins in a part that ends in the number of a house: `Nieuwestad 61-B`, `home Prinsengracht 1104-II`.
  static func numberedBehind(_ view: borrowing TextView, _ field: Range<Int>) -> Int? {
    let words = words(view, field)
    guard words.count > 1, let number = words.last, isHouse(view, number), number.count < 9 else {
      return nil
    }
    var first = words.count - 1
    while first > 0, words.count - first < 6,
      isNameLike(view, words[first - 1]) || AddressWords.trailingKinds.contains(hash(view, words[first - 1]))
        || AddressWords.leadingKinds.contains(hash(view, words[first - 1]))
    {
      first -= 1
    }
    while first < words.count - 1, !isCapital(view, words[first]),
      !AddressWords.leadingKinds.contains(hash(view, words[first]))
    {
      first += 1
    }
    guard first < words.count - 1, words[first..<words.count - 1].contains(where: { $0.count > 2 }),
      !AddressWords.numbered.contains(hash(view, words[words.count - 2]))
        || words.count > 3 && AddressWords.signs.contains(hash(view, words[words.count - 2])),
      !isMonth(view, words[first])
    else { return nil }
    // A number before the street belongs to it, too.
    if first > 0, words[first - 1].count < 6, isHouse(view, words[first - 1]) { first -= 1 }
    return words[first].lowerBound
  }

  private static func isMonth(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    AddressWords.months.contains(hash(view, word))
  }

  /// The name of a town, or of a county, that a part is, without a state's letters behind it; nil where it is none.
  static func town(_ view: borrowing TextView, _ field: Range<Int>) -> Range<Int>? {
    var words = words(view, field)
    while let last = words.last, words.count > 1, isSign(view, last) { words.removeLast() }
    guard let first = words.first, let last = words.last, words.count <= 5, isCapital(view, first),
      isCapital(view, last), last.count > 1, first.lowerBound..<last.upperBound != first || first.count > 2
    else { return nil }
    for word in words {
      for index in word
      where !Bytes.isLetter(view.byte(index)) && !".'-".utf8.contains(view.byte(index)) { return nil }
      guard isNameLike(view, word) else { return nil }
    }
    guard words.count > 1 || !isSign(view, first),
      !AddressWords.provinces.contains(
        Lexicon.hash(view.text, first.lowerBound..<last.upperBound))
    else { return nil }
    return first.lowerBound..<last.upperBound
  }

  /// Whether a word is two or three capitals, as of a state.
  private static func isSign(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    (2...3).contains(word.count) && word.allSatisfy { Bytes.isUpper(view.byte($0)) }
  }

  /// Whether the word at a position is one that addresses begin with: a stream waits longer for what follows it.
  static func beginsAddress(_ view: borrowing TextView, _ start: Int) -> Bool {
    var end = start
    while end < view.text.count, end - start < 16,
      Bytes.isLetter(view.byte(end))
        || view.byte(end) == UInt8(ascii: ".") && Bytes.isLetter(view.byte(end + 1))
    {
      end += 1
    }
    return AddressWords.begins(
      Lexicon.hash(view.text, start..<end), isCapital: Bytes.isUpper(view.byte(start)))
  }

  /// Whether what begins at a position can't be changed by what a stream has not shown: 9 runs of text, of a number 13.
  static func isSettled(_ view: borrowing TextView, _ start: Int, _ end: Int) -> Bool {
    var runs = 1
    for index in start..<max(start, end)
    where Bytes.isSpace(view.byte(index)) && !Bytes.isSpace(view.byte(index + 1)) { runs += 1 }
    return runs <= (Bytes.isDigit(view.byte(start)) || beginsAddress(view, start) ? 12 : 8)
  }
}
