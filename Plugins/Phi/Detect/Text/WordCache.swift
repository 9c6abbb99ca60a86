/// What is known of the words met last: the lexicon, the hints and the tagger's lists are 5 MB, which no core keeps near, and
/// most words of a text come again soon.
///
/// Direct-mapped, 80 KiB, and compared by all letters, or by the whole hash: it changes nothing but the time.
struct WordCache {
  struct Known {
    let hash: UInt64
    let facts: WordFacts
    let hints: Hints
    let classes: Lexicon.Classes
    let shape: Word.Shape
    /// ``WordFacts/coarse``: each neighbour asks for it.
    let coarse: UInt16

    init(
      hash: UInt64, facts: WordFacts, hints: Hints, classes: Lexicon.Classes, shape: Word.Shape
    ) {
      (self.hash, self.facts, self.hints, self.classes, self.shape) = (hash, facts, hints, classes, shape)
      coarse = facts.coarse
    }
  }

  /// A word of at most 15 letters of ASCII as it is written, eight bytes each, and zeros behind; or a longer one's hash.
  struct Key: Equatable {
    let first, second: UInt64

    init(_ first: UInt64, _ second: UInt64) { (self.first, self.second) = (first, second) }
    /// No letters are so: none of ASCII has a byte's highest bit.
    init(hash: UInt64) { (first, second) = (hash, .max) }

    fileprivate var index: Int {
      let mixed = (first ^ second &* 0x9FB2_1C65_1E98_DF25) &* 0x9E37_79B9_7F4A_7C15
      return Int(truncatingIfNeeded: mixed >> 53)
    }

    fileprivate func byte(_ index: Int) -> UInt8 {
      UInt8(truncatingIfNeeded: (index < 8 ? first : second) >> UInt64((index & 7) << 3))
    }
  }

  private struct Entry {
    var key: Key
    var known: Known
  }

  private static let count = 2048
  private let model: TaggerModel
  private var entries: [Entry]

  init(_ model: TaggerModel) {
    self.model = model
    // No word is of no letters.
    let nothing = Known(hash: 0, facts: WordFacts(bits: 0), hints: [], classes: [], shape: .lower)
    entries = Array(repeating: Entry(key: Key(0, 0), known: nothing), count: Self.count)
  }

  /// What is known of a word of so many letters of ASCII.
  @inline(__always)
  mutating func known(_ key: Key, _ count: Int) -> Known {
    let index = key.index
    if entries[index].key == key { return entries[index].known }
    return look(key, count, into: index)
  }

  /// What is known of any word.
  mutating func known(_ hash: UInt64, _ shape: Word.Shape) -> Known {
    let key = Key(hash: hash)
    let index = key.index
    if entries[index].key == key, entries[index].known.shape == shape { return entries[index].known }
    return look(key, hash, shape, into: index)
  }

  private mutating func look(_ key: Key, _ count: Int, into index: Int) -> Known {
    var hash = Lexicon.emptyHash
    var uppers = 0
    for position in 0..<count {
      let byte = key.byte(position)
      if position > 0, byte < 0x61 { uppers &+= 1 }
      hash = Lexicon.hash(hash, byte | 0x20)
    }
    let shape = Word.Shape(
      isUpper: key.byte(0) < 0x61, count: count, uppers: uppers, lowers: count &- 1 &- uppers)
    return look(key, hash, shape, into: index)
  }

  private mutating func look(_ key: Key, _ hash: UInt64, _ shape: Word.Shape, into index: Int) -> Known {
    let known = Known(
      hash: hash, facts: model.facts(hash), hints: Hints.of(hash), classes: Lexicon.classes(hash),
      shape: shape)
    entries[index] = Entry(key: key, known: known)
    return known
  }
}
