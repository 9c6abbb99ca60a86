internal import PhiLexicon

/// Which words are names and which are only words: a hash table that is part of the library.
enum Lexicon {
  struct Classes: OptionSet {
    let rawValue: UInt8

    static let given = Classes(rawValue: 1)
    static let givenCommon = Classes(rawValue: 2)
    static let family = Classes(rawValue: 4)
    static let familyCommon = Classes(rawValue: 8)
    /// An English word in lower case.
    static let word = Classes(rawValue: 16)
    /// Capitalised, and nobody's name: an eponym, a drug, a month, a product.
    static let never = Classes(rawValue: 32)
    /// A city or town. Of several words: their hash with one space between.
    static let place = Classes(rawValue: 64)

    var isName: Bool { !isDisjoint(with: [.given, .family]) && !contains(.never) }
    /// A name that is no English word as well.
    var isOnlyName: Bool { isName && !contains(.word) }
  }

  private static let slots = Int(SLUICE_LEXICON_SLOTS)
  private nonisolated(unsafe) static let table = unsafe UnsafeRawPointer(sluice_lexicon()!)

  /// The hash of no letter at all (FNV-1a's offset basis).
  static let emptyHash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Goes on with a hash by one byte, which is in lower case.
  @inline(__always)
  static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }

  /// The hash of a word (FNV-1a), its letters in lower case and without the accents of Latin; apostrophes
  /// don't count.
  @inline(__always)
  static func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    hash(emptyHash, text, range)
  }

  /// Goes on with the hash of what stands before a range.
  @inline(__always)
  static func hash(_ start: UInt64, _ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var value = start
    var index = range.lowerBound
    let end = min(range.upperBound, text.count)
    while index < end {
      var byte = text[index]
      index += 1
      if byte == UInt8(ascii: "'") { continue }
      if byte >= 0xC3 && byte <= 0xC5, index < end {
        byte = plainLetters[Int(byte &- 0xC3) << 6 | Int(text[index] & 0x3F)]
        index += 1
      } else if byte >= 0x41 && byte <= 0x5A {
        byte |= 0x20
      }
      value = hash(value, byte)
    }
    return value
  }

  /// The letters of U+00C0 to U+017F (Latin-1 and Latin Extended-A) without their accents.
  private static let plainLetters = Array(
    ("aaaaaaaceeeeiiiidnooooo_ouuuuytsaaaaaaaceeeeiiiidnooooo_ouuuuyty"
      + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
      + "lllnnnnnn_nnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)

  /// What is known of a word by its hash.
  @inline(__always)
  static func classes(_ hash: UInt64) -> Classes {
    let print = UInt32(truncatingIfNeeded: hash >> 40) & 0xFF_FFFF
    var index = Int(truncatingIfNeeded: hash) & (slots - 1)
    while true {
      let slot = unsafe table.load(fromByteOffset: index << 2, as: UInt32.self)
      if slot == 0 { return [] }
      if slot >> 8 == print { return Classes(rawValue: UInt8(truncatingIfNeeded: slot)) }
      index = (index + 1) & (slots - 1)
    }
  }
}

extension Lexicon {
  /// The entries of a list, parted by spaces and lines' ends, by the hashes of ``hash(_:_:)``: in lower case, and without accents and
  /// apostrophes. `_` stands for a space within an entry.
  static func hashes(of list: String) -> [UInt64] {
    list.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { entry in
      let bytes = entry.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 }
      return hash(bytes.span, bytes.indices)
    }
  }
}
