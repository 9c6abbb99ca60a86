/// Sizes and durations as pipelines write them.
enum Quantity {
  private static let sizes: [(suffix: String, factor: Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ("B", 1),
  ]
  private static let durations: [(suffix: String, factor: Int)] = [
    ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]

  /// Bytes; nil where the text is no size.
  static func bytes(_ text: String) -> Int? { parse(text, sizes) }

  /// Milliseconds; nil where the text is no duration.
  static func milliseconds(_ text: String) -> Int? { parse(text, durations) }

  private static func parse(_ text: String, _ units: [(suffix: String, factor: Int)]) -> Int? {
    for unit in units where text.hasSuffix(unit.suffix) {
      let digits = text.dropLast(unit.suffix.count)
      guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(digits) else {
        continue
      }
      let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
      return overflow ? nil : product
    }
    return nil
  }
}
