/// The names in a part's Content-Disposition (RFC 7578, 4.2), read and written.
enum QuotedText {
  /// Appends the text that a quoted-string's or a token's bytes stand for; whether it is UTF-8 without NULs.
  ///
  /// Senders differ. Read are: a backslash before a quote or a backslash (RFC 9110, 5.6.4); before all else it
  /// stands for itself, as in the Windows paths that some send. A `%` and two hexadecimal digits are a byte (RFC
  /// 7578, 2; browsers write quotes and line ends so).
  static func decode(
    _ bytes: Span<UInt8>, _ range: Range<Int>, isQuoted: Bool, into text: inout [UInt8]
  ) -> Bool {
    let start = text.count
    let end = range.upperBound
    var position = range.lowerBound
    while position < end {
      if let byte = PercentEncoding.byte(bytes, at: position, end: end) {
        text.append(byte)
        position += 3
        continue
      }
      if isQuoted, bytes[position] == UInt8(ascii: "\\"), position + 1 < end,
        bytes[position + 1] == UInt8(ascii: "\\") || bytes[position + 1] == UInt8(ascii: "\"")
      {
        position += 1
      }
      text.append(bytes[position])
      position += 1
    }
    return isText(text.span.extracting(start..<text.count))
  }

  /// Appends the text of an ext-value (RFC 8187, 3.2.1): `UTF-8'language'percent-encoded`; whether it is one.
  static func decodeExtended(_ bytes: Span<UInt8>, _ range: Range<Int>, into text: inout [UInt8]) -> Bool {
    let start = text.count
    let quote = UInt8(ascii: "'")
    guard let first = range.first(where: { bytes[$0] == quote }),
      bytes.extracting(range.lowerBound..<first).isEqual(ignoringCaseTo: "utf-8"),
      let second = (first + 1..<range.upperBound).first(where: { bytes[$0] == quote }),
      // An empty language, or letters, digits and hyphens (RFC 5646).
      (first + 1..<second).allSatisfy({ bytes[$0] == UInt8(ascii: "-") || isLetterOrDigit(bytes[$0]) })
    else { return false }
    var position = second + 1
    while position < range.upperBound {
      if let byte = PercentEncoding.byte(bytes, at: position, end: range.upperBound) {
        text.append(byte)
        position += 3
      } else {
        // attr-char leaves out of a token: `*`, `'` and `%`.
        switch bytes[position] {
        case UInt8(ascii: "*"), quote, UInt8(ascii: "%"): return false
        default: text.append(bytes[position])
        }
        position += 1
      }
    }
    return isText(text.span.extracting(start..<text.count))
  }

  /// Appends a text as a quoted-string that ``decode(_:_:isQuoted:into:)`` reads back: a backslash behind another;
  /// quotes as `%22`, as browsers write them (HTML Standard, 4.10.22.8), so that the string ends at the same place
  /// for receivers that know backslashes and for those that don't; controls, which may not stand there, as such
  /// escapes, too; and a `%` where it would be read as the beginning of one.
  static func encode(_ text: Span<UInt8>, into output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for index in text.indices {
      switch text[index] {
      case 0..<0x20, 0x7F, UInt8(ascii: "\""): PercentEncoding.escape(text[index], into: &output)
      case UInt8(ascii: "%") where PercentEncoding.byte(text, at: index, end: text.count) != nil:
        PercentEncoding.escape(text[index], into: &output)
      case UInt8(ascii: "\\"):
        output.append(text[index])
        output.append(text[index])
      default: output.append(text[index])
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Whether bytes are UTF-8 without a NUL.
  static func isText(_ bytes: Span<UInt8>) -> Bool {
    var position = 0
    while position < bytes.count {
      if bytes[position] == 0 { return false }
      let length = bytes[position] < 0x80 ? 1 : ByteScanner.sequenceLength(bytes, at: position)
      guard length > 0 else { return false }
      position += length
    }
    return true
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
