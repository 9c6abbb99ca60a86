internal import FilterKit

/// What of a value may stay under HIPAA's Safe Harbor (45 CFR 164.514(b)(2)(i)): three digits of a ZIP code, the year
/// of a date, an age below 90.
enum Generalisation {
  static let kinds: Set<Kind> = ["ZIP", "DATE", "AGE"]

  /// The areas of fewer than 20,000 people by the census of 2000, as the Department of Health lists them in its guidance
  /// on de-identification.
  private static let restricted: Set<Int> = [
    36, 59, 63, 102, 203, 556, 692, 790, 821, 823, 830, 831, 878, 879, 884, 890, 893,
  ]

  /// What stands for the value; nil where nothing of it may stay.
  static func of(_ value: Span<UInt8>, kind: Kind) -> [UInt8]? {
    switch kind {
    case "ZIP": zip(value)
    case "DATE": DateText(value)?.writtenYear.map { Array(String($0).utf8) }
    case "AGE": age(value)
    // A whole field, whatever it is called.
    case "FIELD": DateText(value)?.writtenYear.map { Array(String($0).utf8) } ?? zip(value)
    default: nil
    }
  }

  private static func zip(_ value: Span<UInt8>) -> [UInt8]? {
    let digits = Array(copying: value).filter(Bytes.isDigit)
    guard digits.count == 5 || digits.count == 9, value.count <= 10 else { return nil }
    return restricted.contains(Validators.number(digits[..<3])) ? Array("000".utf8) : Array(digits[..<3])
  }

  private static func age(_ value: Span<UInt8>) -> [UInt8]? {
    let digits = Array(copying: value).filter(Bytes.isDigit)
    guard (1...3).contains(digits.count) else { return nil }
    return Validators.number(digits) >= 90 ? Array("90+".utf8) : digits
  }
}
