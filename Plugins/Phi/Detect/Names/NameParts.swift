/// What belongs to a name behind it: initials, a second name behind a caret, a family name of two words.
enum NameParts {
  /// How many words more a name of `count` words takes.
  static func behind(_ words: [Word], _ index: Int, _ count: Int, _ view: borrowing TextView) -> Int {
    let next = index + count
    guard next < words.count else { return 0 }
    let (last, word) = (words[next - 1], words[next])
    let gap = word.range.lowerBound - last.range.upperBound
    if gap == 1, view.byte(last.range.upperBound) == UInt8(ascii: "^") {
      return isPart(word, view) ? 1 + behind(words, index, count + 1, view) : 0
    }
    if let initials = initials(words, index, count, view) { return initials }
    if let nickname = nickname(words, next, view) { return nickname }
    // `Verna Two Bulls`.
    if gap == 1, next + 1 < words.count, words[next + 1].followsClosely, isAnimate(word),
      isAnimate(words[next + 1]),
      view.byte(last.range.upperBound) == 0x20
    {
      return 2
    }
    return 0
  }

  /// What people call somebody, in quotes or brackets before the family name: `Antoine "T-Boy" Guidry`, `Bonnie (Duane) Kriz`.
  private static func nickname(_ words: [Word], _ next: Int, _ view: borrowing TextView) -> Int? {
    let (last, word) = (words[next - 1], words[next])
    guard word.range.lowerBound - last.range.upperBound == 2, view.byte(last.range.upperBound) == 0x20,
      last.shape == .capitalised, last.isGiven
    else { return nil }
    let close: UInt8
    switch view.byte(word.range.lowerBound - 1) {
    case UInt8(ascii: "\""): close = UInt8(ascii: "\"")
    case UInt8(ascii: "("): close = UInt8(ascii: ")")
    default: return nil
    }
    // The nickname has a word or two.
    var end = next
    while end < words.count, end - next < 2, words[end].shape != .lower,
      end == next || words[end].followsClosely, view.byte(words[end].range.upperBound) != close
    { end += 1 }
    guard end + 1 < words.count, end - next < 2, words[end].shape != .lower,
      view.byte(words[end].range.upperBound) == close
    else { return nil }
    let family = words[end + 1]
    guard family.range.lowerBound - words[end].range.upperBound == 2,
      view.byte(family.range.lowerBound - 1) == 0x20, family.shape == .capitalised, family.length > 1,
      family.isFamily || family.isLikelyName || family.isUnknown,
      close == UInt8(ascii: "\"") || words[end].isGiven || words[end].isLikelyName
    else { return nil }
    return end + 2 - next
  }

  /// Whether a word may stand between carets, as parts of a name do in HL7 and DICOM.
  static func isPart(_ word: Word, _ view: borrowing TextView) -> Bool {
    if !view.text[word.range.lowerBound].isASCIIByte { return true }
    guard word.shape != .lower, word.shape != .mixed || word.facts.isName else { return false }
    return word.isLikelyName || word.isUnknown || word.shape == .initial
  }

  /// Initials behind a family name: `Esfahani, M.`, `Rao V`, `van Dijk, J. P.`.
  private static func initials(_ words: [Word], _ index: Int, _ count: Int, _ view: borrowing TextView)
    -> Int?
  {
    let next = index + count
    guard count <= 3, words[next].shape == .initial, words[next - 1].isFamily || words[next - 1].isHyphenated,
      words[next - 1].shape != .initial,
      words[next - 1].length > 1
    else { return nil }
    let end = words[next].range.upperBound
    let isStopped = view.byte(end) == UInt8(ascii: ".")
    if words[next].followsComma || words[next].followsClosely && words[next - 1].isFamily {
      guard isStopped || isEnd(view, end),
        !isStopped || !isEndOfSentence(words, next, view) || words[next].followsComma
      else {
        return nil
      }
    } else {
      return nil
    }
    let second = next + 1
    guard isStopped, second < words.count, words[second].shape == .initial, words[second].followsClosely,
      view.byte(words[second].range.upperBound) == UInt8(ascii: ".")
    else { return 1 }
    return 2
  }

  /// Whether a cell, a line or a clause ends there.
  private static func isEnd(_ view: borrowing TextView, _ end: Int) -> Bool {
    switch view.byte(end) {
    case 0x0A, 0x0D, 0x09, UInt8(ascii: ")"), UInt8(ascii: ";"), UInt8(ascii: "|"): true
    case 0x20: [0x20, 0x0A, UInt8(ascii: "|"), UInt8(ascii: "(")].contains(view.byte(end + 1))
    default: false
    }
  }

  /// `… by Smith. A second one` has no initial.
  private static func isEndOfSentence(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    view.byte(words[index].range.lowerBound - 2) == UInt8(ascii: ".")
  }

  private static func isAnimate(_ word: Word) -> Bool {
    word.shape == .capitalised && animate.contains(word.hash)
  }

  /// What family names of the Plains are made of in English: `Two Bulls`, `Running Bear`, `Kills Straight`.
  private static let animate = WordSet(
    words: """
      two three four red white black yellow blue iron standing running spotted little big good bad fast crazy sitting long high old kills has \
      looks walks eagle bull bulls bear bears horse horses hawk crow elk wolf buffalo cloud thunder shield lance bird deer fox moon star feather \
      bonnet dog tail boy chief man woman heart arrow lightning elk wind crane owl beaver otter medicine plume bow necklace turtle weasel straight \
      charging flying swift brave brown grey soldier water rock hill day face eyes hand horn enemy swallow whirlwind smoke fire tree plenty her his \
      pretty left holy her many
      """)
}

extension Word {
  /// A name in some list, and no English word.
  var isLikelyName: Bool {
    !facts.isWord && !classes.contains(.word) && (classes.isName || facts.isName && !classes.contains(.never))
  }
  /// An English word in lower case that is nobody's name: only signs beside it make it one.
  var isPlain: Bool {
    shape == .lower && length > 1 && classes.contains(.word) && classes.isDisjoint(with: [.given, .family])
      && hints.isDisjoint(with: [.particle, .wordName])
  }
  /// A word of which no list knows anything.
  var isUnknown: Bool {
    classes.isEmpty && length > 1 && !facts.isWord && !facts.isDrug && !facts.isDisease && !facts.isArea
      && facts.frequency < 3
  }
  var isGiven: Bool { classes.contains(.given) || facts.given > 1 || facts.foreign & 1 == 1 }
  /// Also of parts with hyphens, which no list has together: `NGUYEN-HARRISON`.
  var isFamily: Bool {
    classes.contains(.family) || facts.family > 1 || facts.foreign & 2 == 2 || isHyphenated && isUnknown
  }
}
