/// A Merkle tree (RFC 6962 section 2.1) reduced to what appending needs: the roots of its complete subtrees,
/// largest first, one for each bit that is set in the size. At most 64 hashes, whatever the size.
struct MerkleFrontier: Equatable, Sendable {
  /// How many leaves there are.
  private(set) var size: UInt64 = 0
  private(set) var roots: [HashValue] = []

  init() {}

  /// Nil unless there are as many roots as `size` has bits set.
  init?(size: UInt64, roots: [HashValue]) {
    guard roots.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.roots = roots
  }

  mutating func append(_ leaf: HashValue, _ hasher: Hasher256) {
    var carried = leaf
    // Each trailing one bit of the size is a subtree that the carry completes.
    for _ in 0..<(~size).trailingZeroBitCount {
      carried = hasher.node(roots.removeLast(), carried)
    }
    roots.append(carried)
    size += 1
  }

  /// The tree's root; SHA-256 of nothing where it has no leaf.
  func root(_ hasher: Hasher256) -> HashValue {
    guard var result = roots.last else { return unsafe hasher.digest([UInt8]().span.bytes) }
    for larger in roots.dropLast().reversed() { result = hasher.node(larger, result) }
    return result
  }
}
