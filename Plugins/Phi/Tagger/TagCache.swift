/// The sums of those weights of a word that ask nothing of its neighbours, for the words met last: a third of all rows, which lie
/// far apart in 7 MB, come as one cache line.
///
/// Direct-mapped, 128 KiB, and compared by all that the rows are made from: it changes nothing but the time. It belongs to
/// whoever scans; a stream that waits has none.
struct TagCache {
  /// All that the rows of one word by itself are made from.
  struct Key: Equatable {
    let hash: UInt64
    /// Its first and last letters, four bytes each.
    let letters: UInt64
    /// Its size, build and shape, the tag before, and how well it is known.
    let form: UInt64
  }

  private struct Entry {
    var key: Key
    var sums: SIMD8<Int16>
  }

  /// The facts of a word with the one behind it.
  private struct Pair {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var facts = WordFacts(bits: 0)
  }

  private static let count = 2048
  private var entries: [Entry]
  /// Pairs met last: to hash two words as one takes each letter of the second.
  private var pairs: [Pair]
  /// The word that is judged, and the one behind it, whose rows are on their way.
  var sights: [WordSight]
  /// Which of the two is the one that is judged: they are large, and so change places by it alone.
  private(set) var judged = 0
  /// A word of which is known already whether a name may begin at it.
  private var gated = (index: -1, isCandidate: false)
  /// A word of which is known already whether its run is inert.
  private var tried = (index: -1, isInert: false)

  /// One that holds nothing, ever.
  static let none = TagCache(entries: [], pairs: [], sights: [])

  private init(entries: [Entry], pairs: [Pair], sights: [WordSight]) {
    (self.entries, self.pairs, self.sights) = (entries, pairs, sights)
  }

  init() {
    // No word is of that form.
    let empty = Entry(key: Key(hash: 0, letters: 0, form: .max), sums: .zero)
    self.init(
      entries: Array(repeating: empty, count: Self.count), pairs: Array(repeating: Pair(), count: Self.count),
      sights: Array(repeating: WordSight(), count: 2))
  }

  /// Forgets where words stood: others are looked at.
  mutating func begin() {
    for index in sights.indices { sights[index].forget() }
    gated.index = -1
    tried.index = -1
  }

  /// Whether a name may begin at a word.
  mutating func isCandidate(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    if gated.index != index { gated = (index, NameGate.isCandidate(words, index, view)) }
    return gated.isCandidate
  }

  /// Whether a word stands in an inert run: the tagger asks, and then the rules.
  mutating func isInert(
    _ words: [Word], _ index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness
  ) -> Bool {
    if tried.index != index {
      tried = (index, inertness.isInert(words, index, view.text, from: view.lowerBound))
    }
    return tried.isInert
  }

  /// Looks at a word, and ahead at the next one if a name may begin there: ``sights`` has them.
  mutating func look(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ model: borrowing TaggerModel
  ) {
    let rowCount = model.rowCount
    if sights[judged].index != index {
      if sights[judged ^ 1].index == index {
        judged ^= 1
      } else {
        sights[judged].look(words, at: index, view, rowCount)
      }
    }
    let (next, other) = (index + 1, judged ^ 1)
    guard next < words.count, sights[other].index != next, isCandidate(words, next, view) else { return }
    sights[other].look(words, at: next, view, rowCount)
    sights[other].prefetch(model)
  }

  private static func index(_ key: Key) -> Int {
    Int(truncatingIfNeeded: key.hash ^ key.form &* 0x9E37_79B9) & (count - 1)
  }

  @inline(__always)
  func sums(_ key: Key) -> SIMD8<Int16>? {
    let index = Self.index(key)
    return index < entries.count && entries[index].key == key ? entries[index].sums : nil
  }

  mutating func keep(_ sums: SIMD8<Int16>, for key: Key) {
    if entries.isEmpty { return }
    entries[Self.index(key)] = Entry(key: key, sums: sums)
  }

  private static func place(_ first: UInt64, _ second: UInt64) -> Int {
    Int(truncatingIfNeeded: ((first ^ second &* 0x9FB2_1C65_1E98_DF25) &* 0x9E37_79B9_7F4A_7C15) >> 53)
  }

  /// The facts of two words as one, where they were asked for.
  @inline(__always)
  func facts(_ first: UInt64, _ second: UInt64) -> WordFacts? {
    let place = Self.place(first, second)
    guard place < pairs.count, pairs[place].first == first, pairs[place].second == second else { return nil }
    return pairs[place].facts
  }

  mutating func keep(_ facts: WordFacts, for first: UInt64, _ second: UInt64) {
    if pairs.isEmpty { return }
    pairs[Self.place(first, second)] = Pair(first: first, second: second, facts: facts)
  }
}
