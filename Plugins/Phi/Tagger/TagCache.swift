/// The sums of those weights of a word that ask nothing of its neighbours, for the words met last: a third of all rows, which lie
/// far apart in 8 MB, come as one cache line.
///
/// Direct-mapped, 64 KiB, and compared by all that the rows are made from: it changes nothing but the time. It belongs to
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
    var sums: SIMD8<Int32>
  }

  /// The facts of a word with the one behind it.
  struct Pair {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var facts = WordFacts(bits: 0)
  }

  private static let count = 1024
  private var entries: [Entry]
  var pair = Pair()
  /// The word that is judged, and the one behind it, whose rows are on their way.
  var sights: [WordSight]
  /// Which of the two is the one that is judged: they are large, and so change places by it alone.
  private(set) var judged = 0
  /// A word of which is known already whether a name may begin at it.
  private var gated = (index: -1, isCandidate: false)

  /// One that holds nothing, ever.
  static let none = TagCache(entries: [], sights: [])

  private init(entries: [Entry], sights: [WordSight]) { (self.entries, self.sights) = (entries, sights) }

  init() {
    // No word is of that form.
    let empty = Entry(key: Key(hash: 0, letters: 0, form: .max), sums: .zero)
    self.init(
      entries: Array(repeating: empty, count: Self.count), sights: Array(repeating: WordSight(), count: 2))
  }

  /// Forgets where words stood: others are looked at.
  mutating func begin() {
    for index in sights.indices { sights[index].forget() }
    gated.index = -1
  }

  /// Whether a name may begin at a word.
  mutating func isCandidate(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    if gated.index != index { gated = (index, NameGate.isCandidate(words, index, view)) }
    return gated.isCandidate
  }

  /// Looks at a word, and ahead at the next one if a name may begin there: ``sights`` has them.
  mutating func look(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ model: borrowing TaggerModel
  ) {
    let shift = 64 - model.rowBits
    if sights[judged].index != index {
      if sights[judged ^ 1].index == index {
        judged ^= 1
      } else {
        sights[judged].look(words, at: index, view, shift)
      }
    }
    let (next, other) = (index + 1, judged ^ 1)
    guard next < words.count, sights[other].index != next, isCandidate(words, next, view) else { return }
    sights[other].look(words, at: next, view, shift)
    sights[other].prefetch(model)
  }

  private static func index(_ key: Key) -> Int {
    Int(truncatingIfNeeded: key.hash ^ key.form &* 0x9E37_79B9) & (count - 1)
  }

  @inline(__always)
  func sums(_ key: Key) -> SIMD8<Int32>? {
    let index = Self.index(key)
    return index < entries.count && entries[index].key == key ? entries[index].sums : nil
  }

  mutating func keep(_ sums: SIMD8<Int32>, for key: Key) {
    if entries.isEmpty { return }
    entries[Self.index(key)] = Entry(key: key, sums: sums)
  }
}
