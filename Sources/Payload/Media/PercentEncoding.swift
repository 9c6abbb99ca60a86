/// Percent-encoding (RFC 3986, 2.1), read and written.
enum PercentEncoding {
  /// The byte that the three at `position` stand for; nil where they are not `%` and two hexadecimal digits.
  @inline(__always)
  static func byte(_ text: Span<UInt8>, at position: Int, end: Int) -> UInt8? {
    guard position + 2 < end, text[position] == UInt8(ascii: "%"),
      let high = hexadecimal(text[position + 1]), let low = hexadecimal(text[position + 2])
    else { return nil }
    return high << 4 | low
  }

  /// Appends `range` of a text with its escapes decoded. A `%` that begins no escape stands for itself, as
  /// browsers have it (URL Standard, 1.3).
  static func decode(_ text: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8]) {
    var position = range.lowerBound
    output.reserveCapacity(output.count + range.count)
    while position < range.upperBound {
      if let byte = byte(text, at: position, end: range.upperBound) {
        output.append(byte)
        position += 3
      } else {
        output.append(text[position])
        position += 1
      }
    }
  }

  /// Appends bytes, with each that is not unreserved (RFC 3986, 2.3) as an escape.
  static func encode(_ bytes: Span<UInt8>, into output: inout [UInt8]) {
    output.reserveCapacity(output.count + bytes.count)
    for index in bytes.indices {
      if isUnreserved(bytes[index]) {
        output.append(bytes[index])
      } else {
        escape(bytes[index], into: &output)
      }
    }
  }

  static func escape(_ byte: UInt8, into output: inout [UInt8]) {
    output.append(UInt8(ascii: "%"))
    output.append(digit(byte >> 4))
    output.append(digit(byte & 0xF))
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }

  @inline(__always)
  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
