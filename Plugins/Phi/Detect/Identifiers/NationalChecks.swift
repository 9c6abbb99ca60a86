/// The check digits of the numbers that states give to people. All take the digits or letters without separators, letters as capitals.
enum NationalChecks {
  static func value(_ byte: UInt8) -> Int { Int(byte) - 0x30 }

  /// The sum of digits by weights.
  static func sum(_ digits: some Collection<UInt8>, _ weights: [Int]) -> Int {
    zip(digits, weights).reduce(0) { $0 + value($1.0) * $1.1 }
  }

  static func number(_ digits: some Sequence<UInt8>) -> Int { Validators.number(digits) }

  /// Whether a month has that day; `year` has two digits, so that 29 February is always one.
  static func isDay(_ day: Int, _ month: Int) -> Bool {
    guard (1...12).contains(month) else { return false }
    return (1...[31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]).contains(day)
  }

  static func isDayMonth(_ digits: ArraySlice<UInt8>) -> Bool {
    isDay(number(digits.prefix(2)), number(digits.dropFirst(2).prefix(2)))
  }

  static func isYearMonthDay(_ digits: ArraySlice<UInt8>) -> Bool {
    isDay(number(digits.dropFirst(4).prefix(2)), number(digits.dropFirst(2).prefix(2)))
  }

  /// NHS number and CHI: modulus 11 with weights 10 to 2 (NHS Data Dictionary).
  static func nhs(_ digits: [UInt8]) -> Bool {
    guard digits.count == 10, Set(digits).count > 2 else { return false }
    let check = 11 - sum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return check % 11 == value(digits[9]) && check != 10
  }

  /// BSN: the eleven test, with −1 for the last digit.
  static func bsn(_ digits: [UInt8]) -> Bool {
    digits.count == 9 && sum(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0 && Set(digits).count > 1
  }

  /// CPF: two check digits modulo 11 (Receita Federal).
  static func cpf(_ digits: [UInt8]) -> Bool {
    guard digits.count == 11, Set(digits).count > 1 else { return false }
    let first = sum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10
    let second = sum(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10
    return first == value(digits[9]) && second == value(digits[10])
  }

  /// CNS: fifteen digits whose sum by 15 to 1 is divisible by 11 (Ministério da Saúde).
  static func cns(_ digits: [UInt8]) -> Bool {
    digits.count == 15 && "12789".utf8.contains(digits[0])
      && sum(digits, Array((1...15).reversed())) % 11 == 0
  }

  /// AHV number: an EAN-13 with the country 756 (eCH-0044).
  static func ahv(_ digits: [UInt8]) -> Bool {
    digits.count == 13 && number(digits[..<3]) == 756
      && sum(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0
  }

  /// Medicare in Australia: weights 1, 3, 7, 9 for the first eight digits; the reference number counts not.
  static func medicareAU(_ digits: [UInt8]) -> Bool {
    digits.count >= 10 && (0x32...0x36).contains(digits[0])
      && sum(digits[..<8], [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == value(digits[8])
  }

  /// T.C. Kimlik No: two check digits.
  static func turkey(_ digits: [UInt8]) -> Bool {
    guard digits.count == 11, digits[0] != 0x30 else { return false }
    let values = digits.map(value)
    let odd = values[0] + values[2] + values[4] + values[6] + values[8]
    let even = values[1] + values[3] + values[5] + values[7]
    return (odd * 7 + even * 9) % 10 == values[9] && values[..<10].reduce(0, +) % 10 == values[10]
  }

  /// My Number: twelve digits, modulo 11.
  static func myNumber(_ digits: [UInt8]) -> Bool {
    guard digits.count == 12 else { return false }
    let remainder = sum(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return (remainder <= 1 ? 0 : 11 - remainder) == value(digits[11])
  }

  /// РНОКПП of Ukraine: a check digit modulo 11.
  static func rnokpp(_ digits: [UInt8]) -> Bool {
    guard digits.count == 10 else { return false }
    let total = sum(digits, [-1, 5, 7, 9, 4, 6, 10, 5, 7])
    return (total % 11 + 11) % 11 % 10 == value(digits[9])
  }

  /// Belgium's number: 97 less the remainder of nine digits, with a 2 before them for those born since 2000.
  static func belgium(_ digits: [UInt8]) -> Bool {
    guard digits.count == 11 else { return false }
    let (body, check) = (number(digits[..<9]), number(digits[9...]))
    return 97 - body % 97 == check || 97 - (2_000_000_000 + body) % 97 == check
  }

  /// CUIL and CUIT of Argentina: weights 5, 4, 3, 2, 7, 6, 5, 4, 3, 2.
  static func cuil(_ digits: [UInt8]) -> Bool {
    guard digits.count == 11, [20, 23, 24, 27].contains(number(digits[..<2])) else { return false }
    return (11 - sum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == value(digits[10])
  }

  /// СНИЛС: weights 9 to 1, modulo 101.
  static func snils(_ digits: [UInt8]) -> Bool {
    digits.count == 11 && sum(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100 == number(digits[9...])
  }

  /// CLABE: weights 3, 7, 1 (Banco de México).
  static func clabe(_ digits: [UInt8]) -> Bool {
    guard digits.count == 18 else { return false }
    let total = digits[..<17].enumerated().reduce(0) {
      $0 + value($1.element) * [3, 7, 1][$1.offset % 3] % 10
    }
    return (10 - total % 10) % 10 == value(digits[17])
  }

  /// ABA routing number: weights 3, 7, 1.
  static func aba(_ digits: [UInt8]) -> Bool {
    digits.count == 9 && sum(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0
  }
}
