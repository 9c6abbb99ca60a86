/// The sums of those weights of a word that ask nothing of its neighbours, for the words met last: a third of all rows, which lie
/// far apart in 4 MB, come as one cache line.
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

  /// One that holds nothing, ever.
  static let none = TagCache(entries: [])

  private init(entries: [Entry]) { self.entries = entries }

  init() {
    // No word is of that form.
    let empty = Entry(key: Key(hash: 0, letters: 0, form: .max), sums: .zero)
    entries = Array(repeating: empty, count: Self.count)
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
