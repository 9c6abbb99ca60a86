/// A size or a duration as pipelines write it: a whole number and a unit.
struct Quantity: Sendable {
  /// With its article.
  let name: String
  let examples: String
  /// From the largest to the smallest, with those that ``text(_:)`` does not use behind.
  private let units: [(suffix: String, factor: Int)]

  /// In bytes.
  static let size = Quantity(
    name: "a size", examples: "64KiB or 16MiB",
    units: [
      ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("GB", 1_000_000_000), ("MB", 1_000_000),
      ("KB", 1_000), ("B", 1),
    ])

  /// In milliseconds.
  static let duration = Quantity(
    name: "a duration", examples: "500ms, 90s, 15m or 1h",
    units: [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)])

  /// The number of bytes or milliseconds; nil where the text is none, or too large for any limit.
  func parse(_ text: String) -> Int? {
    let digits = text.utf8.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard !digits.isEmpty, let number = Int(Substring(digits)),
      let unit = units.first(where: { $0.suffix == text[digits.endIndex...] })
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
    return overflow ? nil : product
  }

  /// What a text was meant to be that has a space in it, or another case: `16 mib` for `16MiB`.
  func nearest(to text: String) -> String? {
    let folded = text.filter { $0 != " " }.lowercased()
    for unit in units where folded.hasSuffix(unit.suffix.lowercased()) {
      let candidate = "\(folded.dropLast(unit.suffix.count))\(unit.suffix)"
      if parse(candidate) != nil { return candidate }
    }
    return nil
  }

  /// The shortest way to write it.
  func text(_ value: Int) -> String {
    guard value > 0, let unit = units.first(where: { value.isMultiple(of: $0.factor) }) else {
      return "\(value)\(units.last?.suffix ?? "")"
    }
    return "\(value / unit.factor)\(unit.suffix)"
  }
}
