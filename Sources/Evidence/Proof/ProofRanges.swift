/// Which subtrees a proof is made of (RFC 9162 sections 2.1.3.1 and 2.1.4.1), as ranges of leaves that do not overlap.
enum ProofRanges {
  /// The inclusion proof's for leaf `index` of a tree of `size` leaves, in its order: from the leaf upwards.
  static func inclusion(_ index: UInt64, _ size: UInt64) -> [Range<UInt64>] {
    var ranges: [Range<UInt64>] = []
    var (low, high) = (UInt64(0), size)
    while high - low > 1 {
      let middle = low + split(high - low)
      if index < middle {
        ranges.append(middle..<high)
        high = middle
      } else {
        ranges.append(low..<middle)
        low = middle
      }
    }
    return ranges.reversed()
  }

  /// The consistency proof's from a tree of `old` leaves to one of `new`: none where they are the same, or the old
  /// one is empty.
  static func consistency(_ old: UInt64, _ new: UInt64) -> [Range<UInt64>] {
    guard old > 0, old < new else { return [] }
    var ranges: [Range<UInt64>] = []
    var (low, high) = (UInt64(0), new)
    var isWhole = true
    while old != high {
      let middle = low + split(high - low)
      if old <= middle {
        ranges.append(middle..<high)
        high = middle
      } else {
        ranges.append(low..<middle)
        low = middle
        isWhole = false
      }
    }
    // The old tree's own root is known to whoever checks, unless it's only a part of it.
    if !isWhole { ranges.append(low..<high) }
    return ranges.reversed()
  }

  /// The largest power of two below `count`, which is 2 at least.
  private static func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }
}
