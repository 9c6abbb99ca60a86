/// The small pieces that field values are made of (RFC 9110, 5.6).
enum FieldSyntax {
  /// Whether a byte may stand in a token (RFC 9110, 5.6.2).
  @inline(__always)
  static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"),
      UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
      UInt8(ascii: "|"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  /// The end of the token that begins at `position`; `position` itself where none does.
  static func endOfToken(_ bytes: Span<UInt8>, from position: Int, end: Int) -> Int {
    var position = position
    while position < end, isTokenByte(bytes[position]) { position += 1 }
    return position
  }

  /// The first position from `position` on that holds neither a space nor a tab.
  static func endOfSpace(_ bytes: Span<UInt8>, from position: Int, end: Int) -> Int {
    var position = position
    while position < end, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    return position
  }

  /// `range` without the spaces and tabs at its ends.
  static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    let start = endOfSpace(bytes, from: range.lowerBound, end: range.upperBound)
    var end = range.upperBound
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return start..<end
  }
}

/// Reads the parameters behind a field value's first word, one after the other (RFC 9110, 5.6.6).
struct ParameterReader {
  /// One parameter: `name=value`.
  struct Parameter {
    /// From the semicolon before it on.
    let whole: Range<Int>
    /// From its name to its value's end.
    let pair: Range<Int>
    let name: Range<Int>
    /// Without the quotes.
    let value: Range<Int>
    let isQuoted: Bool
  }

  /// Where the next one's semicolon, with white space before it, begins.
  private var position: Int
  private let end: Int

  init(from position: Int, to end: Int) {
    self.position = position
    self.end = end
  }

  /// The next parameter; nil at the value's end. Throws where what follows is none.
  mutating func next(_ bytes: Span<UInt8>) throws(MultipartError) -> Parameter? {
    let start = position
    position = FieldSyntax.endOfSpace(bytes, from: position, end: end)
    guard position < end else { return nil }
    guard bytes[position] == UInt8(ascii: ";") else { throw malformed }
    position = FieldSyntax.endOfSpace(bytes, from: position + 1, end: end)
    guard position < end else { return nil }
    let nameEnd = FieldSyntax.endOfToken(bytes, from: position, end: end)
    guard nameEnd > position, nameEnd < end, bytes[nameEnd] == UInt8(ascii: "=") else { throw malformed }
    let name = position..<nameEnd
    position = nameEnd + 1
    let isQuoted = position < end && bytes[position] == UInt8(ascii: "\"")
    let value = isQuoted ? try quoted(bytes) : try token(bytes)
    return Parameter(
      whole: start..<position, pair: name.lowerBound..<position, name: name, value: value, isQuoted: isQuoted)
  }

  private mutating func token(_ bytes: Span<UInt8>) throws(MultipartError) -> Range<Int> {
    let start = position
    position = FieldSyntax.endOfToken(bytes, from: start, end: end)
    guard position > start else { throw malformed }
    return start..<position
  }

  /// A quoted-string (RFC 9110, 5.6.4). Where a backslash keeps a quote from ending it and a semicolon follows,
  /// receivers that know no backslashes (HTML Standard, 4.10.22.8) would read other parameters: refused.
  private mutating func quoted(_ bytes: Span<UInt8>) throws(MultipartError) -> Range<Int> {
    let start = position + 1
    var hasEscapedQuote = false
    position = start
    while position < end, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\"), position + 1 < end {
        position += 1
        if bytes[position] == UInt8(ascii: "\"") { hasEscapedQuote = true }
      } else if bytes[position] == UInt8(ascii: ";"), hasEscapedQuote {
        throw malformed
      }
      position += 1
    }
    guard position < end else { throw malformed }
    position += 1
    return start..<position - 1
  }

  private var malformed: MultipartError {
    MultipartError(
      .malformedParameter,
      "A field's parameters are not 'name=token' or 'name=\"text\"', parted by semicolons.", at: position)
  }
}
