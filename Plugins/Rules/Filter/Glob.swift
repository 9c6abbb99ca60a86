internal import FilterKit

/// A name with `*` for any run of bytes, compared without regard to ASCII case.
struct Glob {
  private let pattern: [UInt8]

  init(_ text: String) {
    pattern = text.utf8.map(lowercased)
  }

  /// Whether the whole name fits. The name has been lower-cased before.
  ///
  /// Only the last star is ever taken back, which is enough as any later match could be had with it too: so the
  /// cost is at most the product of the lengths, and not exponential.
  func matches(_ name: Span<UInt8>) -> Bool {
    var (at, next) = (0, 0)
    var (star, mark) = (-1, 0)
    while at < name.count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        (star, mark) = (next, at)
        next += 1
      } else if next < pattern.count, pattern[next] == name[at] {
        at += 1
        next += 1
      } else if star >= 0 {
        mark += 1
        (at, next) = (mark, star + 1)
      } else {
        return false
      }
    }
    while next < pattern.count, pattern[next] == UInt8(ascii: "*") { next += 1 }
    return next == pattern.count
  }
}
