/// What is known of the words met last, by their hashes: the lexicon, the hints and the tagger's lists are 5 MB, which no core
/// keeps near, and most words of a text come again soon.
///
/// Direct-mapped, 32 KiB, and compared by the whole hash: it changes nothing but the time.
struct WordCache {
  struct Known {
    let facts: WordFacts
    let hints: Hints
    let classes: Lexicon.Classes
  }

  private struct Entry {
    var hash: UInt64
    var facts: UInt32
    /// Hints, and the classes in the highest eight bits.
    var rest: UInt32
  }

  private static let count = 2048
  private let model: TaggerModel
  private var entries: [Entry]

  init(_ model: TaggerModel) {
    self.model = model
    // A hash that belongs into another slot: no word has it here.
    entries = (0..<Self.count).map { Entry(hash: UInt64($0 ^ 1), facts: 0, rest: 0) }
  }

  @inline(__always)
  mutating func known(_ hash: UInt64) -> Known {
    let index = Int(truncatingIfNeeded: hash) & (Self.count - 1)
    let entry = entries[index]
    guard entry.hash == hash else { return look(hash, into: index) }
    return Known(
      facts: WordFacts(bits: entry.facts), hints: Hints(rawValue: entry.rest & 0xFF_FFFF),
      classes: Lexicon.Classes(rawValue: UInt8(truncatingIfNeeded: entry.rest >> 24)))
  }

  private mutating func look(_ hash: UInt64, into index: Int) -> Known {
    let known = Known(facts: model.facts(hash), hints: Hints.of(hash), classes: Lexicon.classes(hash))
    entries[index] = Entry(
      hash: hash, facts: known.facts.bits, rest: known.hints.rawValue | UInt32(known.classes.rawValue) << 24)
    return known
  }
}
