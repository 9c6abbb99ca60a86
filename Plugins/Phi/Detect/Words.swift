/// A run of letters, with apostrophes and hyphens inside: `O'Brien`, `Smith-Jones`, `José`.
struct Word {
  /// How it is written.
  enum Shape { case lower, capitalised, upper, initial, mixed }

  let range: Range<Int>
  let shape: Shape
  let hash: UInt64
  let classes: Lexicon.Classes
  let hints: Hints
  /// Nothing but one space, or a hyphen-free separator such as `^`, stands between the word before and this one.
  let followsClosely: Bool
  /// What stands between, where it is `, `.
  let followsComma: Bool
  /// A new line stands between.
  let startsLine: Bool
  /// The byte before and the byte after are neither digits nor `_@/\`-`: the word stands alone.
  let isFree: Bool

  /// `I'm`, `we'll`: a pronoun with its verb.
  let isContraction: Bool

  var length: Int { range.count }
}

/// Finds the words of a text.
struct WordScanner {
  private(set) var words: [Word] = []

  /// Finds all words that begin in `range` of `text`.
  mutating func scan(_ text: Span<UInt8>, _ range: Range<Int>) {
    words.removeAll(keepingCapacity: true)
    var position = range.lowerBound
    var lastEnd = -1
    while position < range.upperBound {
      guard Bytes.isLetter(text[position]) else {
        position &+= 1
        continue
      }
      let start = position
      while position < text.count {
        let byte = text[position]
        if Bytes.isLetter(byte) {
          position &+= 1
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "-"), position + 1 < text.count,
          Bytes.isLetter(text[position + 1])
        {
          position &+= 2
        } else {
          break
        }
      }
      append(text, start..<position, after: lastEnd)
      lastEnd = position
    }
  }

  private mutating func append(_ text: Span<UInt8>, _ range: Range<Int>, after lastEnd: Int) {
    var end = range.upperBound
    // A possessive is not part of the name.
    if range.count > 2, text[end - 1] | 0x20 == UInt8(ascii: "s"), text[end - 2] == UInt8(ascii: "'") {
      end -= 2
    }
    let own = range.lowerBound..<end
    var close = false
    var comma = false
    var line = lastEnd < 0
    if lastEnd >= 0 {
      let gap = range.lowerBound - lastEnd
      if gap <= 3 {
        let first = text[lastEnd]
        close =
          gap == 1 && (first == 0x20 || first == UInt8(ascii: "^") || first == UInt8(ascii: "."))
          || gap == 2 && first == UInt8(ascii: ".") && text[lastEnd + 1] == 0x20
        comma =
          first == UInt8(ascii: "^") && gap == 1
          || first == UInt8(ascii: ",") && (gap == 1 || gap == 2 && text[lastEnd + 1] == 0x20)
      }
      for index in lastEnd..<range.lowerBound where text[index] == 0x0A { line = true }
    }
    let hash = Lexicon.hash(text, own)
    words.append(
      Word(
        range: own, shape: Self.shape(text, own), hash: hash, classes: Lexicon.classes(hash),
        hints: Hints.of(hash),
        followsClosely: close, followsComma: comma, startsLine: line, isFree: Self.isFree(text, range),
        isContraction: own.count > 2 && own.dropFirst().prefix(4).contains { text[$0] == UInt8(ascii: "'") }
          && text[own.upperBound - 1] < 0x80 && own.count < 6))
  }

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
    if range.count == 1 { return isUpper ? .initial : .lower }
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
    if isUpper {
      if lowers == 0 { return .upper }
      // McDonald, O'Brien, Smith-Jones, DeLuca: few capitals inside.
      return uppers == 0 || uppers <= 2 && lowers >= 3 ? .capitalised : .mixed
    }
    return uppers == 0 ? .lower : .mixed
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

  private static func isFree(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    func joins(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "\\"),
        UInt8(ascii: "`"), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "$"):
        true
      default: false
      }
    }
    // Behind `>` begins the content of an element of XML.
    if range.lowerBound > 0, text[range.lowerBound - 1] != UInt8(ascii: ">"),
      joins(text[range.lowerBound - 1])
    {
      return false
    }
    if range.lowerBound > 1, text[range.lowerBound - 1] == UInt8(ascii: "."),
      Bytes.isLetter(text[range.lowerBound - 2])
    {
      return range.lowerBound > 2 && !Bytes.isLetter(text[range.lowerBound - 3])
    }
    guard range.upperBound < text.count else { return true }
    let after = text[range.upperBound]
    if after == UInt8(ascii: "("), range.count > 1 { return false }
    if after == UInt8(ascii: "."), range.upperBound + 1 < text.count,
      Bytes.isLetter(text[range.upperBound + 1]),
      range.count > 1
    {
      return false
    }
    return !joins(after) || after == UInt8(ascii: "/") || after == UInt8(ascii: "<")
  }
}

/// Classes of bytes.
enum Bytes {
  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte >= 0x80 }
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  @inline(__always)
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
  /// A letter or digit that makes one token with those beside it: signs of other scripts need no space between.
  @inline(__always)
  static func isJoining(_ byte: UInt8) -> Bool { byte < 0x80 && isAlphanumeric(byte) }
  @inline(__always)
  static func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
  @inline(__always)
  static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }
}
