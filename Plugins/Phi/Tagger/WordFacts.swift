/// What public lists say of a word, in 32 bits; 0 where they say nothing. `Training/gazetteer.py` makes them.
///
/// Ranks are 0 where the word is in no such list, and else 1 (rare) to 7 (common).
package struct WordFacts {
  package let bits: UInt32

  package init(bits: UInt32) { self.bits = bits }

  /// How common a given name it is.
  var given: UInt32 { bits & 7 }
  /// How common a family name it is.
  var family: UInt32 { bits >> 3 & 7 }
  /// How large a place of that name is.
  var place: UInt32 { bits >> 6 & 7 }
  /// A country, a state, a nationality.
  var isArea: Bool { bits >> 9 & 1 == 1 }
  var isDrug: Bool { bits >> 10 & 1 == 1 }
  /// In the names of diseases and procedures.
  var isDisease: Bool { bits >> 11 & 1 == 1 }
  /// An English word in lower case.
  var isWord: Bool { bits >> 12 & 1 == 1 }
  /// How often people write it with a capital: 1 hardly ever, 7 nearly always, 0 unknown.
  var capital: UInt32 { bits >> 13 & 7 }
  /// How frequent it is, 1 to 7; 0 unknown.
  var frequency: UInt32 { bits >> 16 & 7 }
  /// Its Brown cluster; 0 unknown.
  var cluster: UInt32 { bits >> 19 & 0x3FF }
  /// Given or family names of other languages than English.
  var foreign: UInt32 { bits >> 29 & 3 }

  /// What medicine has named after somebody: `Kell`, `Ober`, `Weber`.
  private var eponym: UInt64 { UInt64(bits >> 31) }

  /// The ranks of names and places, and which kinds of word it is.
  var lists: UInt64 { UInt64(bits & 0x1FFF) | UInt64(foreign) << 13 | eponym << 15 }
  /// The same, coarser, in 15 bits.
  var coarse: UInt16 {
    let ranks = (given + 1) / 2 | ((family + 1) / 2) << 3 | ((place + 1) / 2) << 6
    return UInt16(
      truncatingIfNeeded: ranks | (bits >> 9 & 0xF) << 9 | min(foreign, 1) << 13 | UInt32(eponym) << 14)
  }
  /// How it is used: frequency and capitals.
  var usage: UInt64 { UInt64(capital) | UInt64(frequency) << 3 | UInt64(bits >> 12 & 1) << 6 }
  var isName: Bool { bits & 0x3F != 0 || foreign != 0 }
}
