internal import FilterKit

/// What a match of a pattern makes of the text around it.
struct Candidate {
  var range: Range<Int>
  let kind: Kind
  var confidence: UInt32
  let detector: StaticString
  /// A pipeline's own rule found it: what it begins with says nothing against it.
  var isCustom = false
}

/// A pattern that Vectorscan looks for, and what decides whether its match is a value. The match tells only where
/// it ends; `find` looks for the start, at most ``Scanner/leftContext`` bytes back, and never beyond the line.
struct PatternRule {
  let pattern: String
  let isCaseless: Bool
  /// What a match that ends at the position makes; nil: nothing.
  let find: @Sendable (borrowing TextView, Int) -> Candidate?

  init(
    _ pattern: StaticString, caseless: Bool = true,
    _ find: @escaping @Sendable (borrowing TextView, Int) -> Candidate?
  ) {
    self.pattern = "\(pattern)"
    isCaseless = caseless
    self.find = find
  }
}

/// A text with what rules ask of it.
struct TextView: ~Escapable {
  let text: Span<UInt8>
  /// Rules do not look before this.
  let lowerBound: Int
  /// Which signs were escaped, counted from `base` bytes before the text.
  private let escaped: EscapedSigns
  private let base: Int

  @_lifetime(copy text)
  init(_ text: Span<UInt8>, from lowerBound: Int, escaped: EscapedSigns = EscapedSigns(), base: Int = 0) {
    self.text = text
    self.lowerBound = lowerBound
    self.escaped = escaped
    self.base = base
  }

  /// Whether the sign there ends a URL: one that was written as a percent escape does not.
  func endsURL(_ index: Int) -> Bool {
    EscapedSigns.endsURL(byte(index)) && (escaped.isEmpty || !escaped.contains(index + base))
  }

  func byte(_ index: Int) -> UInt8 { index >= lowerBound && index < text.count ? text[index] : 0x0A }

  /// The first position of the longest run of allowed bytes that ends at `end`, at most `limit` long.
  func start(before end: Int, limit: Int, where isAllowed: (UInt8) -> Bool) -> Int {
    var start = end
    while start > lowerBound, end - start < limit, isAllowed(text[start - 1]) { start -= 1 }
    return start
  }

  /// The bytes in a range that fit.
  func bytes(_ range: Range<Int>, where isWanted: (UInt8) -> Bool) -> [UInt8] {
    var result: [UInt8] = []
    for index in range where isWanted(text[index]) { result.append(text[index]) }
    return result
  }

  /// Whether the value stands alone: no letter, digit, `_` or further digit group touches it.
  func isAlone(_ range: Range<Int>, inIdentifiers: Bool = false) -> Bool {
    let before = byte(range.lowerBound - 1)
    let after = byte(range.upperBound)
    if Bytes.isJoining(before) || (before == UInt8(ascii: "_") && !inIdentifiers) { return false }
    if Bytes.isJoining(after) || (after == UInt8(ascii: "_") && !inIdentifiers) { return false }
    if "-./".utf8.contains(before), Bytes.isJoining(byte(range.lowerBound - 2)) { return false }
    if "-./".utf8.contains(after), Bytes.isJoining(byte(range.upperBound + 1)) {
      return beginsSentence(after: range.upperBound)
    }
    return true
  }

  /// Whether a full stop at a position ends a sentence although no space follows: `1961.Patient was seen`.
  func beginsSentence(after end: Int) -> Bool {
    byte(end) == UInt8(ascii: ".") && Bytes.isDigit(byte(end - 1)) && Bytes.isUpper(byte(end + 1))
      && (Bytes.isLower(byte(end + 2)) || byte(end + 2) == 0x20)
  }

  /// Whether one of the words stands, without regard to case, within `distance` bytes before `position` and on
  /// its line.
  func hasBefore(_ position: Int, within distance: Int, _ words: [StaticString]) -> Bool {
    var start = position
    while start > max(lowerBound, position - distance), text[start - 1] != 0x0A { start -= 1 }
    for word in words {
      let length = word.utf8CodeUnitCount
      guard position - start >= length else { continue }
      for offset in start...position - length {
        if offset > lowerBound, Bytes.isLetter(text[offset - 1]) { continue }
        let isHere = word.withUTF8Buffer { letters in
          for index in 0..<length where unsafe text[offset + index] | 0x20 != letters[index] | 0x20 {
            return false
          }
          return true
        }
        if isHere { return true }
      }
    }
    return false
  }

  /// Whether nothing touches a value's beginning.
  func isFree(before start: Int) -> Bool {
    let before = byte(start - 1)
    return !Bytes.isJoining(before) && before != UInt8(ascii: "_")
      && !("-./".utf8.contains(before) && Bytes.isJoining(byte(start - 2)))
  }

  /// Whether a word stands at a position, without regard to case.
  func has(_ word: StaticString, at position: Int) -> Bool {
    word.withUTF8Buffer { letters in
      for index in letters.indices {
        let letter = unsafe letters[index]
        guard
          byte(position + index) == letter
            || Bytes.isLetter(letter) && byte(position + index) | 0x20 == letter | 0x20
        else { return false }
      }
      return true
    }
  }

  /// Whether a word stands anywhere in a range, without regard to case.
  func contains(_ word: StaticString, in range: Range<Int>) -> Bool {
    range.contains { has(word, at: $0) && $0 + word.utf8CodeUnitCount <= range.upperBound }
  }
}
