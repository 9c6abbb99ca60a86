/// Scalars that are read as an ASCII sign, or not seen at all (Unicode 16, UTS 39 for the idea).
enum Lookalikes {
  enum Plain {
    case itself, nothing
    case byte(UInt8)
  }

  static func plain(_ scalar: UInt32) -> Plain {
    switch scalar {
    // Soft hyphen, joiners, zero-width spaces, marks and embeddings of direction, byte order mark.
    case 0xAD, 0x34F, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F,
      0xFE00...0xFE0F,
      0xFEFF:
      .nothing
    case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .byte(UInt8(ascii: " "))
    case 0x85, 0x2028, 0x2029: .byte(0x0A)
    case 0x2014, 0x2015: .byte(UInt8(ascii: " "))
    case 0x2010...0x2013, 0x2043, 0x2212, 0xFE58, 0xFE63: .byte(UInt8(ascii: "-"))
    case 0x2BC, 0x2018, 0x2019, 0x201B, 0x2032: .byte(UInt8(ascii: "'"))
    case 0xAB, 0xBB, 0x201C...0x201F, 0x2033: .byte(UInt8(ascii: "\""))
    case 0x2024, 0x3002, 0xFF61: .byte(UInt8(ascii: "."))
    case 0x2022, 0x25AA, 0x25CF: .byte(UInt8(ascii: "*"))
    case 0x2044, 0x2215: .byte(UInt8(ascii: "/"))
    // Full-width forms of ASCII.
    case 0xFF01...0xFF5E: .byte(UInt8(scalar - 0xFF01 + 0x21))
    // Digits: Arabic-Indic, Extended Arabic-Indic, Devanagari, Bengali, mathematical.
    case 0x660...0x669, 0x6F0...0x6F9: .byte(UInt8(scalar & 0xF) + 0x30)
    case 0x966...0x96F, 0x9E6...0x9EF: .byte(UInt8(scalar & 0xF) - 6 + 0x30)
    case 0x1D7CE...0x1D7FF: .byte(UInt8((scalar - 0x1D7CE) % 10) + 0x30)
    // Mathematical letters: 26 capitals and 26 small ones for each style.
    case 0x1D400...0x1D6A3: .byte(letter((scalar - 0x1D400) % 52))
    default: .itself
    }
  }

  private static func letter(_ index: UInt32) -> UInt8 {
    UInt8(index < 26 ? 0x41 + index : 0x61 + index - 26)
  }
}
