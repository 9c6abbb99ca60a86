/// Notices an object with the same key twice, in time n log n and without memory of its own per object.
///
/// Keys are compared by a 64-bit hash under a seed of this process: a key that comes twice is always seen, and
/// if two others ever met, a request would be refused that need not have been.
struct DuplicateKeys {
  private var hashes: [UInt64] = []
  private static let seed = UInt64.random(in: .min ... .max)
  private static let factor = UInt64.random(in: 1 << 62 ... .max) | 1
  /// Up to this many keys are compared pair by pair; more are sorted.
  private static let pairwise = 24

  /// Where the keys of an object that begins now will stand.
  var mark: Int { hashes.count }

  mutating func reset() { hashes.removeAll(keepingCapacity: true) }

  mutating func add(_ key: Span<UInt8>) {
    var hash = Self.seed ^ UInt64(truncatingIfNeeded: key.count)
    var position = 0
    repeat {
      // Both halves of a 128-bit product, so that every bit of the word reaches every bit of the hash.
      let product = (hash ^ ByteScanner.word(key, from: position)).multipliedFullWidth(by: Self.factor)
      hash = product.high ^ product.low
      position &+= 8
    } while position < key.count
    hashes.append(hash)
  }

  /// Forgets the keys from `mark` on: their objects are none.
  mutating func forget(from mark: Int) { hashes.removeSubrange(mark...) }

  /// Ends the object whose keys began at `mark`; whether two of them were the same.
  mutating func end(at mark: Int) -> Bool {
    defer { hashes.removeSubrange(mark...) }
    let count = hashes.count - mark
    if count <= Self.pairwise {
      for one in mark..<hashes.count {
        for other in one + 1..<hashes.count where hashes[one] == hashes[other] { return true }
      }
      return false
    }
    hashes[mark...].sort()
    for index in mark + 1..<hashes.count where hashes[index] == hashes[index - 1] { return true }
    return false
  }
}
