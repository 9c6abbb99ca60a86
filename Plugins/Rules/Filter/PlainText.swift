internal import FilterKit

/// Undoes cheap evasions: characters that nobody sees, and other code points for the same letters and blanks.
enum PlainText {
  static func isASCII(_ text: Span<UInt8>) -> Bool {
    var all: UInt8 = 0
    for index in text.indices { all |= text[index] }
    return all < 0x80
  }

  /// Appends the text, with U+FFFD for what is not UTF-8: the scanner may be given valid UTF-8 only.
  static func appendValid(_ text: Span<UInt8>, to output: inout [UInt8]) {
    forEachScalar(text) { append($0, to: &output) }
  }

  /// Appends the text in plain letters.
  static func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
    forEachScalar(text) { scalar in
      if scalar < 0x80 {
        output.append(UInt8(truncatingIfNeeded: scalar))
      } else {
        appendPlain(scalar, to: &output)
      }
    }
  }

  private static func appendPlain(_ scalar: UInt32, to output: inout [UInt8]) {
    switch scalar {
    case 0xAD, 0x34F, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F,
      0xFE00...0xFE0F,
      0xFEFF, 0xE0000...0xE0FFF:
      return  // invisible: soft hyphen, joiners, direction marks, variation selectors, tags
    case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: output.append(0x20)
    case 0x2010...0x2015, 0x2212: output.append(UInt8(ascii: "-"))
    case 0x2018, 0x2019, 0x2032: output.append(UInt8(ascii: "'"))
    case 0x201C, 0x201D, 0x2033: output.append(UInt8(ascii: "\""))
    // Full-width forms.
    case 0xFF01...0xFF5E: output.append(UInt8(truncatingIfNeeded: scalar - 0xFF01 + 0x21))
    default:
      if let letter = lookAlike(scalar) { output.append(letter) } else { append(scalar, to: &output) }
    }
  }

  /// The Latin letter that a Cyrillic or Greek one can't be told from by eye (Unicode TR 39), or nil.
  private static func lookAlike(_ scalar: UInt32) -> UInt8? {
    let letter: Unicode.Scalar
    switch scalar {
    case 0x430, 0x3B1: letter = "a"
    case 0x435: letter = "e"
    case 0x43E, 0x3BF: letter = "o"
    case 0x440, 0x3C1: letter = "p"
    case 0x441: letter = "c"
    case 0x443: letter = "y"
    case 0x445: letter = "x"
    case 0x455: letter = "s"
    case 0x456, 0x3B9: letter = "i"
    case 0x458: letter = "j"
    case 0x410, 0x391: letter = "A"
    case 0x412, 0x392: letter = "B"
    case 0x415, 0x395: letter = "E"
    case 0x417: letter = "3"
    case 0x405: letter = "S"
    case 0x406, 0x399: letter = "I"
    case 0x41A, 0x39A: letter = "K"
    case 0x41C, 0x39C: letter = "M"
    case 0x41D, 0x397: letter = "H"
    case 0x41E, 0x39F: letter = "O"
    case 0x420, 0x3A1: letter = "P"
    case 0x421: letter = "C"
    case 0x422, 0x3A4: letter = "T"
    case 0x425, 0x3A7: letter = "X"
    case 0x39D: letter = "N"
    default: return nil
    }
    return UInt8(ascii: letter)
  }

  private static func append(_ scalar: UInt32, to output: inout [UInt8]) {
    switch scalar {
    case 0..<0x80: output.append(UInt8(scalar))
    case 0x80..<0x800:
      output.append(UInt8(0xC0 | scalar >> 6))
      output.append(UInt8(0x80 | scalar & 0x3F))
    case 0x800..<0x10000:
      output.append(UInt8(0xE0 | scalar >> 12))
      output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      output.append(UInt8(0x80 | scalar & 0x3F))
    default:
      output.append(UInt8(0xF0 | scalar >> 18 & 0x07))
      output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
      output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      output.append(UInt8(0x80 | scalar & 0x3F))
    }
  }

  /// Decodes UTF-8 (RFC 3629); each byte that belongs to no code point is one U+FFFD.
  private static func forEachScalar(_ text: Span<UInt8>, _ body: (UInt32) -> Void) {
    var at = 0
    while at < text.count {
      let (scalar, length) = decode(text, at)
      body(scalar)
      at += length
    }
  }

  private static func decode(_ text: Span<UInt8>, _ at: Int) -> (scalar: UInt32, length: Int) {
    let invalid: (UInt32, Int) = (0xFFFD, 1)
    let first = UInt32(text[at])
    let length: Int
    var scalar: UInt32
    switch first {
    case 0..<0x80: return (first, 1)
    case 0xC2...0xDF: (length, scalar) = (2, first & 0x1F)
    case 0xE0...0xEF: (length, scalar) = (3, first & 0x0F)
    case 0xF0...0xF4: (length, scalar) = (4, first & 0x07)
    default: return invalid
    }
    guard at + length <= text.count else { return invalid }
    for index in 1..<length {
      let byte = UInt32(text[at + index])
      guard byte & 0xC0 == 0x80 else { return invalid }
      scalar = scalar << 6 | byte & 0x3F
    }
    let isShortest = length == 2 || (length == 3 && scalar >= 0x800) || (length == 4 && scalar >= 0x10000)
    guard isShortest, Unicode.Scalar(scalar) != nil else { return invalid }
    return (scalar, length)
  }
}
