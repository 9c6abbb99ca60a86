/// Brings text into plain lower-case letters: "JOSÉ", "José" (composed or not) and "jose" are one.
enum Folding {
  /// Appends the text without case, accents, and characters that nobody sees; white space of any sort is one blank
  /// each, dashes are `-` and apostrophes `'`.
  static func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
    var isASCII = true
    for index in text.indices where text[index] >= 0x80 { isASCII = false }
    if isASCII {
      for index in text.indices { output.append(fold(text[index])) }
      return
    }
    do {
      let valid = try UTF8Span(validating: text)
      var scalars = valid.makeUnicodeScalarIterator()
      while let scalar = scalars.next() { append(scalar, to: &output) }
    } catch {
      // What is no UTF-8 is compared byte by byte.
      for index in text.indices { output.append(fold(text[index])) }
    }
  }

  static func fold(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case 0x09...0x0D: 0x20
    default: byte
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
    switch scalar.value {
    case 0..<0x80: output.append(fold(UInt8(truncatingIfNeeded: scalar.value)))
    case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: output.append(0x20)
    case 0xAD, 0x300...0x36F, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFE00...0xFE0F, 0xFEFF:
      return
    case 0x2018, 0x2019, 0x2BC, 0x2032, 0xB4: output.append(UInt8(ascii: "'"))
    case 0x2010...0x2015, 0x2212: output.append(UInt8(ascii: "-"))
    // Other punctuation separates words.
    case 0xAB, 0xB7, 0xBB, 0x2016...0x205E, 0x3001...0x3003, 0x3008...0x3011: output.append(0x20)
    case 0xFF01...0xFF5E: output.append(fold(UInt8(truncatingIfNeeded: scalar.value - 0xFF01 + 0x21)))
    case 0xC6, 0xE6: output.append(contentsOf: [0x61, 0x65])  // æ
    case 0xDE, 0xFE: output.append(contentsOf: [0x74, 0x68])  // þ
    case 0xDF, 0x1E9E: output.append(contentsOf: [0x73, 0x73])  // ß
    case 0x152, 0x153: output.append(contentsOf: [0x6F, 0x65])  // œ
    case 0x132, 0x133: output.append(contentsOf: [0x69, 0x6A])  // ĳ
    default:
      if let base = base(of: scalar.value) {
        output.append(base)
      } else {
        output.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
      }
    }
  }

  /// The letter under the accents, by the decompositions of the Unicode Character Database; nil where there is none.
  private static func base(of scalar: UInt32) -> UInt8? {
    let letter: UInt8
    switch scalar {
    case 0xC0...0x17F: letter = bases[Int(scalar) - 0xC0]
    case 0x1E00...0x1EFF: letter = additional[Int(scalar) - 0x1E00]
    default: return nil
    }
    return letter == UInt8(ascii: ".") ? nil : letter
  }

  /// U+00C0 to U+017F; `.` where there is none.
  private static let bases = Array(
    ("aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
      + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkklllllll"
      + "lllnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)

  /// U+1E00 to U+1EFF.
  private static let additional = Array(
    ("aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
      + "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
      + "wwwwwwwwwwxxxxyyzzzzzzhtwy......aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
      + "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......").utf8)
}
