/// Checks that standards define for identifiers. All take the digits or letters without separators.
enum Validators {
  /// The check digit of ISO/IEC 7812-1, annex B.
  static func luhn(_ digits: [UInt8], prefix: Int = 0) -> Bool {
    var sum = prefix
    for (index, digit) in digits.reversed().enumerated() {
      let value = Int(digit - 0x30)
      sum += index % 2 == 0 ? value : value * 2 - (value > 4 ? 9 : 0)
    }
    return sum % 10 == 0
  }

  /// A payment card: an issuer's first digits with a length that it gives out (ISO/IEC 7812-1), and Luhn.
  static func card(_ digits: [UInt8]) -> Bool {
    guard (13...19).contains(digits.count) else { return false }
    let first = number(digits[..<4])
    let isIssued =
      switch first / 100 {
      case 34, 37: digits.count == 15
      case 30, 36, 38, 39: (14...19).contains(digits.count)
      case 35: (16...19).contains(digits.count)
      case 40...49: [13, 16, 18, 19].contains(digits.count)
      case 51...55: digits.count == 16
      case 50, 56...69: digits.count >= 13
      default: (2221...2720).contains(first) && digits.count == 16
      }
    return isIssued && luhn(digits) && Set(digits).count > 1
  }

  /// A Global Trade Item Number of 14 digits with its check digit (GS1 General Specifications, 7.9).
  static func gtin(_ digits: some Collection<UInt8>) -> Bool {
    var sum = 0
    for (index, digit) in digits.enumerated() { sum += Int(digit &- 0x30) * (index % 2 == 0 ? 3 : 1) }
    return digits.count == 14 && sum % 10 == 0
  }

  /// A National Provider Identifier: ten digits, Luhn with the prefix 80840 (45 CFR 162.406).
  static func npi(_ digits: [UInt8]) -> Bool {
    digits.count == 10 && (digits[0] == UInt8(ascii: "1") || digits[0] == UInt8(ascii: "2"))
      && luhn(digits, prefix: 24)
  }

  /// A DEA registration number: the letter of a kind of registrant, a letter or 9, six digits and a check digit
  /// (21 CFR 1301; DEA, "Registrant Validation").
  static func dea(_ text: [UInt8]) -> Bool {
    guard text.count == 9, text[2...].allSatisfy(Bytes.isDigit),
      "ABCDEFGHJKLMPRSTUX".utf8.contains(text[0] & 0xDF)
    else { return false }
    let digits = text[2...].map { Int($0 - 0x30) }
    return (digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])) % 10 == digits[6]
  }

  /// A vehicle identification number: 17 characters with a check digit (49 CFR 565.15).
  static func vin(_ text: [UInt8]) -> Bool {
    guard text.count == 17 else { return false }
    let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    let values: [UInt8: Int] = [
      0x41: 1, 0x42: 2, 0x43: 3, 0x44: 4, 0x45: 5, 0x46: 6, 0x47: 7, 0x48: 8, 0x4A: 1, 0x4B: 2, 0x4C: 3,
      0x4D: 4,
      0x4E: 5, 0x50: 7, 0x52: 9, 0x53: 2, 0x54: 3, 0x55: 4, 0x56: 5, 0x57: 6, 0x58: 7, 0x59: 8, 0x5A: 9,
    ]
    var sum = 0
    for (index, byte) in text.enumerated() {
      let upper = byte >= 0x61 ? byte & 0xDF : byte
      guard let value = Bytes.isDigit(upper) ? Int(upper - 0x30) : values[upper] else { return false }
      sum += value * weights[index]
    }
    let check = text[8] | 0x20 == UInt8(ascii: "x") ? 10 : Bytes.isDigit(text[8]) ? Int(text[8] - 0x30) : -1
    return sum % 11 == check && text.contains(where: Bytes.isLetter)
  }

  /// An IBAN (ISO 13616): the remainder of its rearranged number by 97 is 1.
  static func iban(_ text: [UInt8]) -> Bool {
    guard (15...34).contains(text.count) else { return false }
    var remainder = 0
    for byte in text[4...] + text[..<4] {
      if Bytes.isDigit(byte) {
        remainder = (remainder * 10 + Int(byte - 0x30)) % 97
      } else {
        let upper = byte & 0xDF
        guard upper >= 0x41, upper <= 0x5A else { return false }
        remainder = (remainder * 100 + Int(upper) - 55) % 97
      }
    }
    return remainder == 1
  }

  /// A Social Security number that the SSA may have issued: no area 000, 666 or 9xx, no group 00, no serial 0000.
  static func ssn(_ digits: [UInt8]) -> Bool {
    guard digits.count == 9 else { return false }
    let area = number(digits[..<3])
    return area != 0 && area != 666 && area < 900 && number(digits[3..<5]) != 0 && number(digits[5...]) != 0
  }

  /// A ten-digit number of the North American plan: area and exchange begin with 2 to 9.
  static func phone(_ digits: [UInt8]) -> Bool {
    let local = digits.count == 11 && digits[0] == UInt8(ascii: "1") ? Array(digits.dropFirst()) : digits
    return local.count == 10 && local[0] >= 0x32 && local[3] >= 0x32
  }

  static func number(_ digits: some Sequence<UInt8>) -> Int {
    digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
  }
}
