/// Checks proofs as RFC 9162 has it, with nothing but hashes.
enum ProofCheck {
  /// Section 2.1.3.2: whether `leaf` is leaf `index` of the tree of `size` leaves with that root.
  static func includes(
    _ leaf: HashValue, index: UInt64, size: UInt64, root: HashValue, _ path: [HashValue], _ hasher: Hasher256
  ) -> Bool {
    guard index < size else { return false }
    var (node, last) = (index, size - 1)
    var result = leaf
    for hash in path {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        result = hasher.node(hash, result)
        while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
      } else {
        result = hasher.node(result, hash)
      }
      (node, last) = (node >> 1, last >> 1)
    }
    return last == 0 && result == root
  }

  /// Section 2.1.4.2: whether the tree of `new` leaves begins with that of `old` leaves.
  static func extends(
    old: UInt64, _ oldRoot: HashValue, new: UInt64, _ newRoot: HashValue, _ path: [HashValue],
    _ hasher: Hasher256
  ) -> Bool {
    guard old <= new else { return false }
    if old == new { return path.isEmpty && oldRoot == newRoot }
    if old == 0 { return path.isEmpty }
    var path = path[...]
    if old & (old - 1) == 0 { path = [oldRoot] + path }
    guard let first = path.popFirst() else { return false }
    var (node, last) = (old - 1, new - 1)
    while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
    var (before, after) = (first, first)
    for hash in path {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        (before, after) = (hasher.node(hash, before), hasher.node(hash, after))
        while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
      } else {
        after = hasher.node(after, hash)
      }
      (node, last) = (node >> 1, last >> 1)
    }
    return last == 0 && before == oldRoot && after == newRoot
  }
}
