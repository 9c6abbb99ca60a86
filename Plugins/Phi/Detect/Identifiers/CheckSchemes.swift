/// Schemes that several states use.
extension NationalChecks {
  private static let product: [[Int]] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
  ]
  private static let permutation: [[Int]] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7], [9, 4, 5, 3, 1, 2, 6, 8, 7, 0], [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5], [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
  ]

  /// Aadhaar and ABHA: Verhoeff's scheme.
  static func verhoeff(_ digits: [UInt8]) -> Bool {
    var check = 0
    for (index, digit) in digits.reversed().enumerated() {
      check = product[check][permutation[index % 8][value(digit)]]
    }
    return check == 0
  }

  /// Steuer-ID: eleven digits, ISO/IEC 7064 MOD 11,10; one digit comes twice or three times among the first ten.
  static func steuerID(_ digits: [UInt8]) -> Bool {
    guard digits.count == 11, digits[0] != 0x30, (8...9).contains(Set(digits[..<10]).count) else {
      return false
    }
    return iso7064(digits)
  }

  /// ISO/IEC 7064, MOD 11,10: also of Croatia's OIB.
  static func iso7064(_ digits: [UInt8]) -> Bool {
    var product = 10
    for digit in digits.dropLast() {
      var sum = (value(digit) + product) % 10
      if sum == 0 { sum = 10 }
      product = sum * 2 % 11
    }
    return (11 - product) % 10 == digits.last.map(value)
  }

  /// SIN, OHIP, IHI: Luhn.
  static func luhn(_ digits: [UInt8]) -> Bool { Set(digits).count > 1 && Validators.luhn(digits) }

  /// Israel's number: nine digits by Luhn's sum.
  static func israel(_ digits: [UInt8]) -> Bool { digits.count == 9 && luhn(digits) }

  /// NSS of the IMSS: Luhn over eleven digits.
  static func nss(_ digits: [UInt8]) -> Bool { digits.count == 11 && luhn(digits) }
}
