/// A run of letters, with apostrophes and hyphens inside: `O'Brien`, `Smith-Jones`, `José`.
///
/// 32 bytes, so that two are a cache line: a text has many. A text that is scanned has less than 4 GiB.
struct Word {
  /// How it is written.
  enum Shape: UInt8 { case lower, capitalised, upper, initial, mixed }

  let hash: UInt64
  private let lower, upper: UInt32
  /// What the tagger's lists say of it.
  let facts: WordFacts
  let hints: Hints
  let classes: Lexicon.Classes
  let shape: Shape
  private let place: Place

  /// How a word stands among its neighbours.
  struct Place: OptionSet {
    let rawValue: UInt8

    static let followsClosely = Place(rawValue: 1)
    static let followsComma = Place(rawValue: 2)
    static let startsLine = Place(rawValue: 4)
    static let isFree = Place(rawValue: 8)
    static let isContraction = Place(rawValue: 16)
  }

  init(_ range: Range<Int>, hash: UInt64, _ known: WordCache.Known, _ shape: Shape, _ place: Place) {
    lower = UInt32(truncatingIfNeeded: range.lowerBound)
    upper = UInt32(truncatingIfNeeded: range.upperBound)
    self.hash = hash
    (facts, hints, classes) = (known.facts, known.hints, known.classes)
    self.shape = shape
    self.place = place
  }

  var range: Range<Int> { Int(lower)..<Int(upper) }
  /// In bytes.
  var length: Int { Int(upper &- lower) }
  /// Nothing but one space, or a hyphen-free separator such as `^`, stands between the word before and this one.
  var followsClosely: Bool { place.contains(.followsClosely) }
  /// What stands between, where it is `, `.
  var followsComma: Bool { place.contains(.followsComma) }
  /// A new line stands between.
  var startsLine: Bool { place.contains(.startsLine) }
  /// The byte before and the byte after are neither digits nor `_@/\`-`: the word stands alone.
  var isFree: Bool { place.contains(.isFree) }
  /// `I'm`, `we'll`: a pronoun with its verb.
  var isContraction: Bool { place.contains(.isContraction) }
}

/// Finds the words of a text.
struct WordScanner {
  private(set) var words: [Word] = []
  private var cache: WordCache

  init(_ model: TaggerModel) { cache = WordCache(model) }

  /// Finds all words that begin in `range` of `text`.
  mutating func scan(_ text: Span<UInt8>, _ range: Range<Int>) {
    words.removeAll(keepingCapacity: true)
    var position = range.lowerBound
    var lastEnd = -1
    var line = true
    let count = text.count
    while position < range.upperBound {
      let first = text[position]
      guard Bytes.isLetter(first) else {
        if first == 0x0A { line = true }
        position &+= 1
        continue
      }
      let start = position
      var spelling = Spelling()
      while position < count {
        let byte = text[position]
        if Bytes.isLetter(byte) {
          spelling.add(byte)
          position &+= 1
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "-"), position + 1 < count,
          Bytes.isLetter(text[position + 1])
        {
          if byte == UInt8(ascii: "-") { spelling.add(byte) } else { spelling.addApostrophe() }
          spelling.add(text[position + 1])
          position &+= 2
        } else {
          break
        }
      }
      append(text, start..<position, spelling, after: lastEnd, line)
      lastEnd = position
      line = false
    }
  }

  /// What one walk over a word's bytes tells.
  private struct Spelling {
    var hash = Lexicon.emptyHash
    var uppers = 0
    var lowers = 0
    var all: UInt8 = 0
    /// The hash and the counts before the last apostrophe.
    var before: (hash: UInt64, uppers: Int, lowers: Int)?

    @inline(__always)
    mutating func add(_ byte: UInt8) {
      let isUpper = Bytes.isUpper(byte)
      all |= byte
      uppers &+= isUpper ? 1 : 0
      lowers &+= Bytes.isLower(byte) ? 1 : 0
      hash = Lexicon.hash(hash, isUpper ? byte | 0x20 : byte)
    }

    @inline(__always)
    mutating func addApostrophe() { before = (hash, uppers, lowers) }
  }

  @inline(__always)
  private mutating func append(
    _ text: Span<UInt8>, _ range: Range<Int>, _ spelling: Spelling, after lastEnd: Int, _ line: Bool
  ) {
    var (hash, uppers, lowers) = (spelling.hash, spelling.uppers, spelling.lowers)
    var own = range
    // A possessive is not part of the name.
    if let before = spelling.before, range.count > 2, text[range.upperBound - 1] | 0x20 == UInt8(ascii: "s"),
      text[range.upperBound - 2] == UInt8(ascii: "'")
    {
      own = range.lowerBound..<range.upperBound - 2
      (hash, uppers, lowers) = before
    }
    let shape: Word.Shape
    if spelling.all < 0x80 {
      let isUpper = text[own.lowerBound] < 0x61
      shape = Self.shape(
        isUpper, count: own.count, uppers: isUpper ? uppers &- 1 : uppers,
        lowers: isUpper ? lowers : lowers &- 1)
    } else {
      hash = Lexicon.hash(text, own)
      shape = Self.shape(text, own)
    }
    var place: Word.Place = line ? .startsLine : []
    if lastEnd >= 0 {
      let gap = range.lowerBound - lastEnd
      if gap == 1, text[lastEnd] == 0x20 {
        place.formUnion(.followsClosely)
      } else if gap <= 3 {
        place.formUnion(Self.separation(text, lastEnd, gap))
      }
    }
    if Self.isFree(text, range) { place.formUnion(.isFree) }
    if spelling.before != nil, own.count > 2, own.count < 6, text[own.upperBound - 1] < 0x80,
      own.dropFirst().prefix(4).contains(where: { text[$0] == UInt8(ascii: "'") })
    {
      place.formUnion(.isContraction)
    }
    words.append(Word(own, hash: hash, cache.known(hash), shape, place))
  }

  /// What two or three bytes, or one that is no space, make of the words on both sides.
  private static func separation(_ text: Span<UInt8>, _ end: Int, _ gap: Int) -> Word.Place {
    let first = text[end]
    var place: Word.Place = []
    if gap == 1 && (first == UInt8(ascii: "^") || first == UInt8(ascii: "."))
      || gap == 2 && first == UInt8(ascii: ".") && text[end + 1] == 0x20
    {
      place.formUnion(.followsClosely)
    }
    if first == UInt8(ascii: "^") && gap == 1
      || first == UInt8(ascii: ",") && (gap == 1 || gap == 2 && text[end + 1] == 0x20)
    {
      place.formUnion(.followsComma)
    }
    return place
  }

  /// - Parameters:
  ///   - uppers: capitals behind the first letter.
  ///   - lowers: others behind it.
  @inline(__always)
  private static func shape(_ isUpper: Bool, count: Int, uppers: Int, lowers: Int) -> Word.Shape {
    if count == 1 { return isUpper ? .initial : .lower }
    guard isUpper else { return uppers == 0 ? .lower : .mixed }
    if lowers == 0 { return .upper }
    // McDonald, O'Brien, Smith-Jones, DeLuca: few capitals inside.
    return uppers == 0 || uppers <= 2 && lowers >= 3 ? .capitalised : .mixed
  }

  /// The shape of a word with letters beyond ASCII.
  private static func shape(_ text: Span<UInt8>, _ range: Range<Int>) -> Word.Shape {
    let first = text[range.lowerBound]
    let isUpper: Bool
    if first < 0x80 {
      isUpper = first < 0x61
    } else {
      guard range.count > 1, let isCapital = isCapital(first, text[range.lowerBound + 1]) else {
        return .mixed
      }
      isUpper = isCapital
    }
    var uppers = 0
    var lowers = 0
    for index in range.dropFirst() {
      let byte = text[index]
      if byte >= 0x61 && byte <= 0x7A {
        lowers += 1
      } else if byte >= 0x41 && byte <= 0x5A {
        uppers += 1
      } else if byte >= 0xC0 {
        // Letters of other signs than ASCII's: `MÄRETA` is all capitals.
        if index + 1 < range.upperBound, isCapital(byte, text[index + 1]) == true {
          uppers += 1
        } else {
          lowers += 1
        }
      }
    }
    return shape(isUpper, count: range.count, uppers: uppers, lowers: lowers)
  }

  /// Whether a letter of two bytes is a capital, in Latin, Greek and Cyrillic; nil: another script.
  private static func isCapital(_ first: UInt8, _ second: UInt8) -> Bool? {
    switch first {
    case 0xC3: second < 0x9F
    // Latin Extended-A: capitals are even up to U+0137 and from U+014A to U+0177, and odd elsewhere.
    case 0xC4: second < 0xB8 ? second & 1 == 0 : second & 1 == 1
    case 0xC5: second < 0x89 || second > 0xB7 ? second & 1 == 1 : second & 1 == 0
    case 0xCE: second >= 0x86 && second < 0xAA
    case 0xCF, 0xD1: false
    case 0xD0: second < 0xB0
    default: nil
    }
  }

  @inline(__always)
  private static func isFree(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let before = range.lowerBound > 0 ? text[range.lowerBound - 1] : 0x20
    let after = range.upperBound < text.count ? text[range.upperBound] : 0x20
    // Space on both sides is by far the most frequent.
    return before <= 0x20 && after <= 0x20 || isFree(text, range, before, after)
  }

  private static func isFree(_ text: Span<UInt8>, _ range: Range<Int>, _ before: UInt8, _ after: UInt8)
    -> Bool
  {
    func joins(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "\\"),
        UInt8(ascii: "`"), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "$"):
        true
      default: false
      }
    }
    // Behind `>` begins the content of an element of XML.
    if before != UInt8(ascii: ">"), joins(before) { return false }
    if before == UInt8(ascii: "."), range.lowerBound > 1, Bytes.isLetter(text[range.lowerBound - 2]) {
      return range.lowerBound > 2 && !Bytes.isLetter(text[range.lowerBound - 3])
    }
    if after == UInt8(ascii: "("), range.count > 1 { return false }
    if after == UInt8(ascii: "."), range.count > 1, range.upperBound + 1 < text.count,
      Bytes.isLetter(text[range.upperBound + 1])
    {
      return false
    }
    return !joins(after) || after == UInt8(ascii: "/") || after == UInt8(ascii: "<")
  }
}

/// Classes of bytes.
enum Bytes {
  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 }
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  @inline(__always)
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
  /// A letter or digit that makes one token with those beside it: signs of other scripts need no space between.
  @inline(__always)
  static func isJoining(_ byte: UInt8) -> Bool { byte < 0x80 && isAlphanumeric(byte) }
  @inline(__always)
  static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
  @inline(__always)
  static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
}
