/// Scalars that are read as an ASCII sign, or not seen at all (Unicode 16, UTS 39 for the idea).
enum Lookalikes {
  enum Plain {
    case itself, nothing
    case byte(UInt8)
  }

  static func plain(_ scalar: UInt32) -> Plain {
    switch scalar {
    case 0..<0x80: .byte(UInt8(scalar))
    // Soft hyphen, joiners, zero-width spaces, marks and embeddings of direction, byte order mark, tags.
    case 0xAD, 0x34F, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F,
      0xFE00...0xFE0F, 0xFEFF, 0xE0000...0xE0FFF:
      .nothing
    // Marks over and through letters and digits, keycaps.
    case 0x300...0x36F, 0x20D0...0x20FF: .nothing
    case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .byte(UInt8(ascii: " "))
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
    // Superscripts, subscripts, digits in circles.
    case 0xB9: .byte(UInt8(ascii: "1"))
    case 0xB2, 0xB3: .byte(UInt8(scalar - 0xB0) + 0x30)
    case 0x2070, 0x2074...0x2079, 0x2080...0x2089: .byte(UInt8(scalar & 0xF) + 0x30)
    case 0x2460...0x2468: .byte(UInt8(scalar - 0x2460) + 0x31)
    case 0x2776...0x277E: .byte(UInt8(scalar - 0x2776) + 0x31)
    case 0x24EA: .byte(UInt8(ascii: "0"))
    // Mathematical digits, and letters: 26 capitals and 26 small ones for each style.
    case 0x1D7CE...0x1D7FF: .byte(UInt8((scalar - 0x1D7CE) % 10) + 0x30)
    case 0x1D400...0x1D6A3: .byte(letter((scalar - 0x1D400) % 52))
    case 0x1FBF0...0x1FBF9: .byte(UInt8(scalar - 0x1FBF0) + 0x30)
    default: digit(scalar).map { .byte($0) } ?? .itself
    }
  }

  /// Digits of other scripts: where their zeros stand.
  private static let zeros: [UInt32] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
    0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xAA50, 0xABF0,
  ]

  private static func digit(_ scalar: UInt32) -> UInt8? {
    guard scalar >= 0x660, scalar < 0xABFA, scalar < 0x1C5A || scalar >= 0xA620 else { return nil }
    for zero in zeros where scalar >= zero && scalar < zero + 10 { return UInt8(scalar - zero) + 0x30 }
    return nil
  }

  private static func letter(_ index: UInt32) -> UInt8 {
    UInt8(index < 26 ? 0x41 + index : 0x61 + index - 26)
  }

  /// The Latin letter that a Greek or Cyrillic one can't be told from by eye (UTS 39), or nil. Whether it stands in for
  /// it, what is beside it says.
  static func latin(_ scalar: UInt32) -> UInt8? {
    guard scalar >= 0x391, scalar <= 0x51C else { return nil }
    return letters[scalar]
  }

  private static let letters: [UInt32: UInt8] = {
    let pairs: [(String, String)] = [
      ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"), ("ανοριυκ", "avopiuk"),
      ("АВЕЅІЈКМНОРСТУХҮ", "ABESIJKMHOPCTYXY"), ("аеорсухіјѕһԁԛԝґк", "aeopcyxijshdqwrk"),
    ]
    var letters: [UInt32: UInt8] = [:]
    for (others, latin) in pairs {
      for (other, letter) in zip(others.unicodeScalars, latin.utf8) { letters[other.value] = letter }
    }
    return letters
  }()
}
