/// JSON's string escapes (RFC 8259, 7), read and written.
enum StringEscapes {
  /// One step of a string's raw text: how many raw bytes, and which scalar they stand for.
  struct Step {
    let rawLength: Int
    let scalar: Unicode.Scalar
  }

  /// The escape at `position`, which holds a backslash. The text has been checked by the walk; an unpaired
  /// surrogate, which JSON's grammar allows, reads as U+FFFD.
  static func step(_ raw: Span<UInt8>, at position: Int) -> Step {
    guard position + 1 < raw.count else { return Step(rawLength: 1, scalar: "\u{FFFD}") }
    switch raw[position + 1] {
    case UInt8(ascii: "n"): return Step(rawLength: 2, scalar: "\n")
    case UInt8(ascii: "t"): return Step(rawLength: 2, scalar: "\t")
    case UInt8(ascii: "r"): return Step(rawLength: 2, scalar: "\r")
    case UInt8(ascii: "b"): return Step(rawLength: 2, scalar: "\u{8}")
    case UInt8(ascii: "f"): return Step(rawLength: 2, scalar: "\u{C}")
    case UInt8(ascii: "u"): return unicode(raw, at: position)
    case let byte: return Step(rawLength: 2, scalar: Unicode.Scalar(byte))
    }
  }

  private static func unicode(_ raw: Span<UInt8>, at position: Int) -> Step {
    guard let unit = codeUnit(raw, at: position + 2) else { return Step(rawLength: 2, scalar: "\u{FFFD}") }
    if let scalar = Unicode.Scalar(UInt32(unit)) { return Step(rawLength: 6, scalar: scalar) }
    if unit < 0xDC00, position + 7 < raw.count, raw[position + 6] == UInt8(ascii: "\\"),
      raw[position + 7] == UInt8(ascii: "u"), let low = codeUnit(raw, at: position + 8),
      low & 0xFC00 == 0xDC00,
      let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(low) & 0x3FF)
    {
      return Step(rawLength: 12, scalar: scalar)
    }
    return Step(rawLength: 6, scalar: "\u{FFFD}")
  }

  /// Four hexadecimal digits.
  static func codeUnit(_ raw: Span<UInt8>, at position: Int) -> UInt16? {
    guard position + 4 <= raw.count else { return nil }
    var unit: UInt16 = 0
    for index in position..<position + 4 {
      guard let digit = hexadecimal(raw[index]) else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Appends the text that `raw`, a string between its quotes, stands for.
  static func decode(_ raw: Span<UInt8>, into text: inout [UInt8]) {
    var position = 0
    while position < raw.count {
      if raw[position] == UInt8(ascii: "\\") {
        let step = step(raw, at: position)
        position += step.rawLength
        if step.scalar.isASCII {
          text.append(UInt8(truncatingIfNeeded: step.scalar.value))
        } else {
          text.append(
            contentsOf: Unicode.UTF8.encode(step.scalar) ?? Unicode.UTF8.encodedReplacementCharacter)
        }
      } else {
        text.append(raw[position])
        position += 1
      }
    }
  }

  /// Where in `raw` the decoded text's byte `offset` comes from: the raw position of the code point that holds
  /// it. Offsets are asked in ascending order; `cursor` remembers the last one.
  static func rawPosition(of offset: Int, in raw: Span<UInt8>, cursor: inout (decoded: Int, raw: Int)) -> Int
  {
    while cursor.decoded < offset, cursor.raw < raw.count {
      let (rawLength, decodedLength): (Int, Int)
      if raw[cursor.raw] == UInt8(ascii: "\\") {
        let step = step(raw, at: cursor.raw)
        (rawLength, decodedLength) = (step.rawLength, Unicode.UTF8.width(step.scalar))
      } else {
        (rawLength, decodedLength) = (1, 1)
      }
      if cursor.decoded + decodedLength > offset { return cursor.raw }
      cursor.decoded += decodedLength
      cursor.raw += rawLength
    }
    return cursor.raw
  }

  /// Appends `text`, which is UTF-8, as the inside of a JSON string.
  static func encode(_ text: Span<UInt8>, into output: inout [UInt8]) {
    for index in text.indices {
      switch text[index] {
      case 0x22: output.append(contentsOf: [0x5C, 0x22])
      case 0x5C: output.append(contentsOf: [0x5C, 0x5C])
      case 0x0A: output.append(contentsOf: [0x5C, UInt8(ascii: "n")])
      case 0x0D: output.append(contentsOf: [0x5C, UInt8(ascii: "r")])
      case 0x09: output.append(contentsOf: [0x5C, UInt8(ascii: "t")])
      case let byte where byte < 0x20:
        let digits = Array("0123456789abcdef".utf8)
        output.append(contentsOf: "\\u00".utf8)
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
      case let byte: output.append(byte)
      }
    }
  }
}
