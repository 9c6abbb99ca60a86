/// A folder of the bucket whose objects are named by ascending numbers, found by as many requests as the logarithm of
/// how many there are, however many years that is.
struct Listing {
  let bucket: Bucket
  let folder: String
  /// The number in a key; nil: it is not one of ours.
  let number: (String) -> UInt64?

  private func key(before number: UInt64) -> String { folder + ObjectNames.number(number) }

  /// Keys of ours after that one, in order, and whether there are no more. What else lies there is left out.
  func page(after: String?) throws(StoreFailure) -> (keys: [String], isLast: Bool, last: String?) {
    let page = try bucket.list(prefix: folder, after: after)
    return (page.keys.filter { number($0) != nil }, page.isLast, page.keys.last)
  }

  /// The key of the greatest number.
  func newest() throws(StoreFailure) -> String? {
    var page = try page(after: nil)
    guard var newest = page.keys.last, var low = number(newest) else { return nil }
    // Nothing is at this number or beyond.
    var empty: UInt64?
    var step: UInt64 = 1 << 10
    while !page.isLast {
      let (sum, overflow) = low.addingReportingOverflow(empty.map { ($0 - low) / 2 } ?? step)
      let middle = overflow ? .max : sum
      // Between two neighbours there is nothing left to halve: page on.
      let isNarrow = middle == low
      page = try self.page(after: isNarrow ? newest : key(before: middle))
      if let last = page.keys.last, let found = number(last) {
        (newest, low) = (last, found)
        if empty == nil { step <<= 2 }
      } else {
        empty = middle
        page.isLast = isNarrow
      }
    }
    return newest
  }

  /// The key after which those of the greatest number up to this one, and all that follow, stand; nil: the folder's
  /// beginning.
  func start(for wanted: UInt64) throws(StoreFailure) -> String? {
    var step: UInt64 = 0
    while step < wanted {
      let from = key(before: wanted - step)
      if let first = try bucket.list(prefix: folder, after: from, limit: 1).keys.first,
        let found = number(first),
        found <= wanted
      {
        return from
      }
      step = max(1, step << 2)
    }
    return nil
  }
}
