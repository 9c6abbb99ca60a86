internal import FilterKit

/// What a match of a pattern makes of the text around it.
struct Candidate {
  var range: Range<Int>
  let kind: Kind
  var confidence: UInt32
  let detector: StaticString
  /// A pipeline's own rule found it: what it begins with says nothing against it.
  var isCustom = false
  var evidence = Evidence.own

  /// What speaks for a value.
  enum Evidence {
    case own
    /// Its form, or a word that says little: it counts where nothing else was found.
    case form
    /// Its form, in quotes of its own: it counts in a program, too.
    case literal
    /// As a form, and only behind somebody's name.
    case neighbour
  }

  /// By it, values are in the order in which they begin, the longest first, and the surest of those. What was found earlier, by its
  /// number, comes before what is the same.
  func order(_ number: Int) -> UInt128 {
    let place =
      UInt64(range.lowerBound) << 32 | UInt64(UInt32.max - UInt32(truncatingIfNeeded: range.upperBound))
    return UInt128(place) << 64 | UInt128(UInt32.max - confidence) << 32
      | UInt128(UInt32(truncatingIfNeeded: number))
  }
}

/// A pattern that Vectorscan looks for, and what decides whether its match is a value. The match tells only where
/// it ends; `find` looks for the start, at most ``Scanner/leftContext`` bytes back, and never beyond the line.
struct PatternRule {
  let pattern: String
  let isCaseless: Bool
  /// What a match that ends at the position makes; nil: nothing.
  let find: @Sendable (borrowing TextView, Int) -> Candidate?
  /// For a match that makes several values: a postal code, its town and its street. Nil for others.
  let findAll: (@Sendable (borrowing TextView, Int, (Candidate) -> Void) -> Void)?
  /// What it finds has a digit shortly behind the beginning of the match.
  private(set) var isBeforeDigits = false

  init(
    _ pattern: StaticString, caseless: Bool = true,
    _ find: @escaping @Sendable (borrowing TextView, Int) -> Candidate?
  ) {
    self.init(built: "\(pattern)", caseless: caseless, find)
  }

  /// For a pattern that is put together from lists.
  init(
    built pattern: String, caseless: Bool = true,
    _ find: @escaping @Sendable (borrowing TextView, Int) -> Candidate?
  ) {
    self.pattern = pattern
    isCaseless = caseless
    self.find = find
    findAll = nil
  }

  init(
    all pattern: StaticString, caseless: Bool = true,
    _ findAll: @escaping @Sendable (borrowing TextView, Int, (Candidate) -> Void) -> Void
  ) {
    self.init(builtAll: "\(pattern)", caseless: caseless, findAll)
  }

  private init(
    builtAll pattern: String, caseless: Bool = true,
    _ findAll: @escaping @Sendable (borrowing TextView, Int, (Candidate) -> Void) -> Void
  ) {
    self.pattern = pattern
    isCaseless = caseless
    find = { _, _ in nil }
    self.findAll = findAll
  }
}

extension PatternRule {
  /// For a label: what `find` makes of it, and the values that a list goes on with behind it.
  init(
    label pattern: String, _ find: @escaping @Sendable (borrowing TextView, Int) -> Candidate?
  ) {
    self.init(builtAll: pattern) { view, end, emit in
      if let first = find(view, end) { LabelledIdentifier.list(view, from: first, emit) }
    }
  }

  private static let numbers = [
    #"\d"#, #"[\d"#, #"(?:[\d"#, #"(?:19|20)\d"#, #"(?:9\d|1[01]\d)"#, "[1-9]", "(?:0[1-9]", #"\(\d"#,
    "[A-Z][A-Z]", #"[A-Z]\d"#,
    #"[A-Z]-\d"#, #"[A-Z]{2},? {1,2}\d"#, #"[a-z][a-z9]\d{7}"#, #"[ -]\d"#,
  ]

  /// For a rule that finds nothing where no digit stands within ``DigitWindows``' reach.
  func beforeDigits() -> PatternRule {
    var rule = self
    rule.isBeforeDigits = true
    return rule
  }

  /// Whether all that a rule finds has a digit in the match or shortly behind it: its matches lie in ``DigitWindows``.
  var isNumber: Bool {
    if isBeforeDigits { return true }
    let body = pattern.hasPrefix(#"\b"#) ? pattern.dropFirst(2) : pattern[...]
    return Self.numbers.contains { body.hasPrefix($0) } && body.contains(#"\d"#)
  }
}

/// A text with what rules ask of it. Behind its end there are lines' ends, as many as one asks for: a pattern's match may end among them.
struct TextView: ~Escapable {
  let text: Span<UInt8>
  /// Rules do not look before this.
  let lowerBound: Int
  /// Where signs were escaped, counted from `base` bytes before the text. A span: to copy a view counts no reference.
  private let escaped: Span<Int>
  private let base: Int

  @_lifetime(copy text, copy escaped)
  init(_ text: Span<UInt8>, from lowerBound: Int, escaped: Span<Int> = Span(), base: Int = 0) {
    self.text = text
    self.lowerBound = lowerBound
    self.escaped = escaped
    self.base = base
  }

  /// Whether the sign there ends a URL: one that was written as a percent escape does not.
  func endsURL(_ index: Int) -> Bool {
    EscapedSigns.endsURL(byte(index)) && (escaped.isEmpty || !EscapedSigns.contains(escaped, index + base))
  }

  func byte(_ index: Int) -> UInt8 { index >= lowerBound && index < text.count ? text[index] : 0x0A }

  /// Four bytes of the text, the first one lowest.
  func four(at index: Int) -> UInt32 {
    precondition(index >= 0 && index + 4 <= text.count)
    return unsafe UInt32(littleEndian: text.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self))
  }

  /// The first position of the longest run of allowed bytes that ends at `end`, at most `limit` long.
  func start(before end: Int, limit: Int, where isAllowed: (UInt8) -> Bool) -> Int {
    var start = end
    while start > lowerBound, end - start < limit, isAllowed(byte(start - 1)) { start -= 1 }
    return start
  }

  /// The bytes in a range that fit.
  func bytes(_ range: Range<Int>, where isWanted: (UInt8) -> Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    for index in range where isWanted(byte(index)) { result.append(byte(index)) }
    return result
  }

  /// Whether the value stands alone: no letter, digit, `_` or further digit group touches it.
  func isAlone(_ range: Range<Int>, inIdentifiers: Bool = false) -> Bool {
    let before = byte(range.lowerBound - 1)
    let after = byte(range.upperBound)
    if Bytes.isJoining(before) || (before == UInt8(ascii: "_") && !inIdentifiers) { return false }
    if Bytes.isJoining(after) || (after == UInt8(ascii: "_") && !inIdentifiers) { return false }
    if Self.joinsGroups(before), Bytes.isJoining(byte(range.lowerBound - 2)) { return false }
    if Self.joinsGroups(after), Bytes.isJoining(byte(range.upperBound + 1)) {
      return beginsSentence(after: range.upperBound)
    }
    return true
  }

  private static func joinsGroups(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
  }

  /// Whether a full stop at a position ends a sentence although no space follows: `1961.Patient was seen`.
  func beginsSentence(after end: Int) -> Bool {
    byte(end) == UInt8(ascii: ".") && Bytes.isDigit(byte(end - 1)) && Bytes.isUpper(byte(end + 1))
      && (Bytes.isLower(byte(end + 2)) || byte(end + 2) == 0x20)
  }

  /// Whether one of the words stands, without regard to case, within `distance` bytes before `position` and on
  /// its line.
  func hasBefore(_ position: Int, within distance: Int, _ words: [StaticString]) -> Bool {
    let position = min(position, text.count)
    var start = position
    while start > max(lowerBound, position - distance), text[start - 1] != 0x0A { start -= 1 }
    for word in words {
      let length = word.utf8CodeUnitCount
      guard position - start >= length else { continue }
      let first = word.withUTF8Buffer { unsafe $0[0] | 0x20 }
      for offset in start...position - length where text[offset] | 0x20 == first {
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
      && !(Self.joinsGroups(before) && Bytes.isJoining(byte(start - 2)))
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
    let first = word.withUTF8Buffer { unsafe $0[0] | 0x20 }
    for index in range where byte(index) | 0x20 == first {
      if has(word, at: index), index + word.utf8CodeUnitCount <= range.upperBound { return true }
    }
    return false
  }
}
