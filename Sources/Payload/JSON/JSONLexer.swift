/// Passes the tokens of a JSON text (RFC 8259), strictly. Each moves `position` from a token's first byte to behind its last.
enum JSONLexer {
  /// What a number is made of.
  struct Number {
    /// Where its digits begin, behind a sign.
    let first: Int
    /// How many digits it has before a fraction and an exponent.
    let whole: Int
    let isInteger: Bool
  }

  /// Where space ends that begins at `start`.
  @inline(__always)
  static func endOfSpace(_ body: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < body.count {
      let byte = body[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
      position &+= 1
    }
    return position
  }

  /// Passes a string, from its opening quote to behind its closing one; whether it has escapes.
  @inline(__always)
  static func string(_ body: Span<UInt8>, _ position: inout Int) throws(PayloadError) -> Bool {
    var isEscaped = false
    position &+= 1
    while true {
      position = ByteScanner.endOfPlainText(body, from: position)
      guard position < body.count else {
        throw PayloadError(.invalidJSON, "A string has no end.", at: position, in: body)
      }
      switch body[position] {
      case UInt8(ascii: "\""):
        position &+= 1
        return isEscaped
      case UInt8(ascii: "\\"):
        isEscaped = true
        try escape(body, &position)
      case 0..<0x20:
        throw PayloadError(
          .invalidJSON, "A string has a control character that is not escaped.", at: position, in: body)
      default:
        let length = ByteScanner.sequenceLength(body, at: position)
        guard length > 0 else {
          throw PayloadError(.invalidUTF8, "The JSON text is not valid UTF-8.", at: position, in: body)
        }
        position &+= length
      }
    }
  }

  private static func escape(_ body: Span<UInt8>, _ position: inout Int) throws(PayloadError) {
    let isValid: Bool
    switch position + 1 < body.count ? body[position + 1] : 0 {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      isValid = true
      position += 2
    case UInt8(ascii: "u"):
      isValid = StringEscapes.codeUnit(body, at: position + 2) != nil
      if isValid { position += 6 }
    default: isValid = false
    }
    guard isValid else {
      throw PayloadError(
        .invalidJSON, "A string has an escape that JSON does not know.", at: position, in: body)
    }
  }

  static func word(_ word: StaticString, _ body: Span<UInt8>, _ position: inout Int) throws(PayloadError) {
    let end = position + word.utf8CodeUnitCount
    guard end <= body.count, body.extracting(position..<end).isEqual(to: word) else {
      throw PayloadError(.invalidJSON, "A value is none of JSON's.", at: position, in: body)
    }
    position = end
  }

  /// Passes a number: `-? int frac? exp?`.
  static func number(_ body: Span<UInt8>, _ position: inout Int) throws(PayloadError) -> Number {
    let start = position
    func digits() -> Int {
      let first = position
      while position < body.count, body[position] >= 0x30, body[position] <= 0x39 { position &+= 1 }
      return position - first
    }
    if position < body.count, body[position] == UInt8(ascii: "-") { position += 1 }
    let first = position
    let whole = digits()
    var isValid = whole > 0 && (whole == 1 || body[first] != 0x30)
    var isInteger = true
    if position < body.count, body[position] == UInt8(ascii: ".") {
      position += 1
      isInteger = false
      isValid = digits() > 0 && isValid
    }
    if position < body.count, body[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      isInteger = false
      if position < body.count, body[position] == UInt8(ascii: "+") || body[position] == UInt8(ascii: "-") {
        position += 1
      }
      isValid = digits() > 0 && isValid
    }
    guard isValid else {
      throw PayloadError(.invalidJSON, "A value is none of JSON's.", at: start, in: body)
    }
    return Number(first: first, whole: whole, isInteger: isInteger)
  }
}
