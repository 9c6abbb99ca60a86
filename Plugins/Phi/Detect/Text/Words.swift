/// A run of letters, with apostrophes and hyphens inside: `O'Brien`, `Smith-Jones`, `José`.
///
/// 32 bytes, so that two are a cache line: a text has many. A text that is scanned has less than 4 GiB.
struct Word {
  /// How it is written.
  enum Shape: UInt8 {
    case lower, capitalised, upper, initial, mixed

    /// - Parameters:
    ///   - uppers: capitals behind the first letter.
    ///   - lowers: others behind it.
    init(isUpper: Bool, count: Int, uppers: Int, lowers: Int) {
      if count == 1 {
        self = isUpper ? .initial : .lower
      } else if !isUpper {
        self = uppers == 0 ? .lower : .mixed
      } else if lowers == 0 {
        self = .upper
      } else {
        // McDonald, O'Brien, Smith-Jones, DeLuca: few capitals inside.
        self = uppers == 0 || uppers <= 2 && lowers >= 3 ? .capitalised : .mixed
      }
    }
  }

  let hash: UInt64
  private let lower, upper: UInt32
  /// What the tagger's lists say of it.
  let facts: WordFacts
  let hints: Hints
  let classes: Lexicon.Classes
  let shape: Shape
  private let place: Place
  /// ``WordFacts/coarse``.
  let coarse: UInt16

  /// How a word stands among its neighbours.
  struct Place: OptionSet {
    let rawValue: UInt8

    static let followsClosely = Place(rawValue: 1)
    static let followsComma = Place(rawValue: 2)
    static let startsLine = Place(rawValue: 4)
    static let isFree = Place(rawValue: 8)
    static let isContraction = Place(rawValue: 16)
    static let isHyphenated = Place(rawValue: 32)
  }

  init(_ range: Range<Int>, _ known: WordCache.Known, _ place: Place) {
    lower = UInt32(truncatingIfNeeded: range.lowerBound)
    upper = UInt32(truncatingIfNeeded: range.upperBound)
    (hash, facts, hints, classes, shape) = (known.hash, known.facts, known.hints, known.classes, known.shape)
    coarse = known.coarse
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
  /// It has a hyphen, and letters on both sides of it.
  var isHyphenated: Bool { place.contains(.isHyphenated) }
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
    while position < range.upperBound {
      var length = 0
      if let eight = EightBytes(text, at: position) {
        let others = eight.countBeforeLetter
        if others > 0 {
          if eight.hasNewline(before: others) { line = true }
          position &+= others
          continue
        }
        length = short(text, position, eight, after: lastEnd, line)
      } else if !Bytes.isLetter(text[position]) {
        if text[position] == 0x0A { line = true }
        position &+= 1
        continue
      }
      position = length > 0 ? position &+ length : long(text, position, after: lastEnd, line)
      lastEnd = position
      line = false
    }
  }

  /// Adds the word at a position, whose first eight bytes are known, if it is of at most 15 letters of ASCII; returns how many,
  /// and 0 where it is another.
  @inline(__always)
  private mutating func short(
    _ text: Span<UInt8>, _ start: Int, _ eight: EightBytes, after lastEnd: Int, _ line: Bool
  ) -> Int {
    var length = eight.countOfLetters
    var second: UInt64 = 0
    if length == 8 {
      guard let more = EightBytes(text, at: start &+ 8) else { return 0 }
      let count = more.countOfLetters
      guard count < 8 else { return 0 }
      second = more.first(count)
      length &+= count
    }
    let end = start &+ length
    let next = end < text.count ? text[end] : 0x20
    guard next < 0x80 else { return 0 }
    if next == UInt8(ascii: "'") || next == UInt8(ascii: "-"), end + 1 < text.count,
      Bytes.isLetter(text[end + 1])
    {
      return 0
    }
    let known = cache.known(WordCache.Key(eight.first(min(length, 8)), second), length)
    words.append(Word(start..<end, known, Self.place(text, start..<end, after: lastEnd, line)))
    return length
  }

  /// Adds the word at a position, whatever it is; returns where it ends.
  private mutating func long(_ text: Span<UInt8>, _ start: Int, after lastEnd: Int, _ line: Bool) -> Int {
    var position = start
    var spelling = Spelling()
    while position < text.count {
      let byte = text[position]
      if Bytes.isLetter(byte) {
        spelling.add(byte)
        position &+= 1
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "-"), position + 1 < text.count,
        Bytes.isLetter(text[position + 1])
      {
        if byte == UInt8(ascii: "-") { spelling.addHyphen() } else { spelling.addApostrophe() }
        spelling.add(text[position + 1])
        position &+= 2
      } else {
        break
      }
    }
    append(text, start..<position, spelling, after: lastEnd, line)
    return position
  }

  /// What one walk over a word's bytes tells.
  private struct Spelling {
    var hash = Lexicon.emptyHash
    var uppers = 0
    var lowers = 0
    var all: UInt8 = 0
    var isHyphenated = false
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

    mutating func addHyphen() {
      add(UInt8(ascii: "-"))
      isHyphenated = true
    }

    mutating func addApostrophe() { before = (hash, uppers, lowers) }
  }

  private mutating func append(
    _ text: Span<UInt8>, _ range: Range<Int>, _ spelling: Spelling, after lastEnd: Int, _ line: Bool
  ) {
    if spelling.all >= 0x80, Self.isSign(text, range) { return }
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
      shape = Word.Shape(
        isUpper: isUpper, count: own.count, uppers: isUpper ? uppers &- 1 : uppers,
        lowers: isUpper ? lowers : lowers &- 1)
    } else {
      hash = Lexicon.hash(text, own)
      shape = Self.shape(text, own)
    }
    var place = Self.place(text, range, after: lastEnd, line)
    if spelling.isHyphenated { place.formUnion(.isHyphenated) }
    if spelling.before != nil, own.count > 2, own.count < 6, text[own.upperBound - 1] < 0x80,
      own.dropFirst().prefix(4).contains(where: { text[$0] == UInt8(ascii: "'") })
    {
      place.formUnion(.isContraction)
    }
    words.append(Word(own, cache.known(hash, shape), place))
  }

  /// How a word stands behind the one that ends at `lastEnd`, and among the bytes beside it.
  @inline(__always)
  private static func place(_ text: Span<UInt8>, _ range: Range<Int>, after lastEnd: Int, _ line: Bool)
    -> Word.Place
  {
    var place: Word.Place = line ? .startsLine : []
    if lastEnd >= 0 {
      let gap = range.lowerBound - lastEnd
      if gap == 1, text[lastEnd] == 0x20 {
        place.formUnion(.followsClosely)
      } else if gap <= 3 {
        place.formUnion(separation(text, lastEnd, gap))
      }
    }
    if isFree(text, range) { place.formUnion(.isFree) }
    return place
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

  /// Whether what stands alone is one sign and no letter: arrows, boxes, bullets, the middle dot.
  private static func isSign(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let first = text[range.lowerBound]
    return range.count == 3 && first == 0xE2 && text[range.lowerBound + 1] < 0xB0
      || range.count == 2 && first == 0xC2
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
    return Word.Shape(isUpper: isUpper, count: range.count, uppers: uppers, lowers: lowers)
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

extension String.UTF8View {
  /// Whether a literal's bytes have one: what sequences offer goes over them one by one as a string's.
  func contains(_ byte: UInt8) -> Bool {
    let bytes = span
    for index in bytes.indices where bytes[index] == byte { return true }
    return false
  }
}
