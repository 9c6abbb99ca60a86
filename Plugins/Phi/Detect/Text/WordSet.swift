/// A small set of words by their hashes: one multiplication and mostly one comparison a look.
///
/// The factor is this process's own, so that nobody can choose words that all want the same slot. The hash 0 is taken
/// for 1: no word has it but by chance.
struct WordSet {
  private static let factor = UInt64.random(in: 0...(.max)) | 1

  private var slots: [UInt64] = []
  private let factor = Self.factor
  private(set) var count = 0

  init() {}

  init(_ hashes: [UInt64]) { for hash in hashes { insert(hash) } }

  mutating func removeAll() {
    guard count > 0 else { return }
    for index in slots.indices { slots[index] = 0 }
    count = 0
  }

  @inline(__always)
  func contains(_ hash: UInt64) -> Bool {
    guard count > 0 else { return false }
    // Nearly all that is asked for is settled by the first slot.
    let wanted = hash | UInt64(hash == 0 ? 1 : 0)
    let found = slots[place(wanted)]
    return found == wanted || found != 0 && slots[slot(hash)] != 0
  }

  @inline(__always)
  private func place(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: (hash &* factor) >> 40) & (slots.count &- 1)
  }

  mutating func insert(_ hash: UInt64) {
    if (count + 1) * 2 > slots.count { grow() }
    let index = slot(hash)
    if slots[index] == 0 {
      slots[index] = hash | UInt64(hash == 0 ? 1 : 0)
      count += 1
    }
  }

  /// Where a hash is, or the free slot where it belongs.
  private func slot(_ hash: UInt64) -> Int {
    let hash = hash | UInt64(hash == 0 ? 1 : 0)
    let mask = slots.count - 1
    var index = place(hash)
    while slots[index] != 0, slots[index] != hash { index = (index + 1) & mask }
    return index
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: max(old.count * 2, 16))
    for hash in old where hash != 0 { slots[slot(hash)] = hash }
  }
}

extension WordSet {
  /// The entries of a list, as ``Lexicon/hashes(of:)`` has them.
  init(words: String) { self.init(Lexicon.hashes(of: words)) }
}
