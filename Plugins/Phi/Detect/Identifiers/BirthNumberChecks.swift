/// Numbers that have a day of birth in them.
extension NationalChecks {
  /// PESEL: a day of birth (the month says the century) and a check digit.
  static func pesel(_ digits: [UInt8]) -> Bool {
    guard digits.count == 11, isDay(number(digits[4..<6]), number(digits[2..<4]) % 20) else { return false }
    return sum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0
  }

  /// CPR, the Icelandic and other numbers that begin with the day of birth: `ddmmyy`.
  static func beginsWithDay(_ digits: [UInt8]) -> Bool { isDayMonth(digits[...]) }

  /// Fødselsnummer: a day of birth (a D number adds 40 to the day) and two check digits modulo 11 (Skatteetaten).
  static func fodselsnummer(_ digits: [UInt8]) -> Bool {
    guard digits.count == 11, isDay(number(digits[..<2]) % 40, number(digits[2..<4]) % 40) else {
      return false
    }
    return sum(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0
      && sum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
  }

  /// Personnummer: `yymmdd`, four digits, Luhn; a samordningsnummer adds 60 to the day (Skatteverket).
  static func personnummer(_ digits: [UInt8]) -> Bool {
    guard digits.count == 10, isDay(number(digits[4..<6]) % 60, number(digits[2..<4])) else { return false }
    return Validators.luhn(digits)
  }

  /// HETU: `ddmmyy`, the century's sign, three digits and the number's sign modulo 31 (DVV).
  static func hetu(_ text: [UInt8]) -> Bool {
    guard text.count == 11, isDayMonth(text[..<6]), text[..<6].allSatisfy(Bytes.isDigit),
      text[7..<10].allSatisfy(Bytes.isDigit)
    else { return false }
    return Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)[number(text[..<6] + text[7..<10]) % 31] == text[10]
  }

  /// South Africa's identity number: a day of birth, citizenship 0 to 2, Luhn.
  static func southAfrica(_ digits: [UInt8]) -> Bool {
    digits.count == 13 && isYearMonthDay(digits[..<6]) && digits[10] <= 0x32 && Validators.luhn(digits)
  }

  /// Korea's RRN: a day of birth, the sex and century; those since October 2020 have no check digit.
  static func rrn(_ digits: [UInt8]) -> Bool {
    digits.count == 13 && isYearMonthDay(digits[..<6]) && (0x31...0x38).contains(digits[6])
  }

  /// CNP of Romania: sex and century, a day of birth, and a check digit modulo 11.
  static func cnp(_ digits: [UInt8]) -> Bool {
    guard digits.count == 13, (0x31...0x39).contains(digits[0]), isYearMonthDay(digits[1..<7]) else {
      return false
    }
    let remainder = sum(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
    return (remainder == 10 ? 1 : remainder) == value(digits[12])
  }

  /// Rodné číslo: `yymmdd` (women's months have 50 more, further ones 20), and a whole divisible by 11 since 1954.
  static func rodneCislo(_ digits: [UInt8]) -> Bool {
    guard digits.count == 9 || digits.count == 10 else { return false }
    let month = number(digits[2..<4]) % 50
    guard isDay(number(digits[4..<6]), month > 20 ? month - 20 : month) else { return false }
    return digits.count == 9 || number(digits) % 11 == 0
      || number(digits[..<9]) % 11 == 10 && digits[9] == 0x30
  }

  /// EGN: the month says the century; a check digit modulo 11.
  static func egn(_ digits: [UInt8]) -> Bool {
    guard digits.count == 10, isDay(number(digits[4..<6]), number(digits[2..<4]) % 20) else { return false }
    return sum(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == value(digits[9])
  }

  /// China's citizen number: a day of birth and ISO 7064 MOD 11-2 (GB 11643).
  static func china(_ text: [UInt8]) -> Bool {
    guard text.count == 18, text[..<17].allSatisfy(Bytes.isDigit),
      (1900...2099).contains(number(text[6..<10])),
      isDay(number(text[12..<14]), number(text[10..<12]))
    else { return false }
    let total = sum(text[..<17], [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
    return Array("10X98765432".utf8)[total % 11] == text[17]
  }

  /// Kuwait's civil number: the century, a day of birth, and a check digit modulo 11.
  static func kuwait(_ digits: [UInt8]) -> Bool {
    guard digits.count == 12, digits[0] == 0x32 || digits[0] == 0x33, isYearMonthDay(digits[1..<7]) else {
      return false
    }
    return 11 - sum(digits, [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11 == value(digits[11])
  }

  /// The Emirates' number: 784, a year, and Luhn.
  static func emirates(_ digits: [UInt8]) -> Bool {
    digits.count == 15 && number(digits[..<3]) == 784 && (1900...2099).contains(number(digits[3..<7]))
      && Validators.luhn(digits)
  }

  /// JMBG of the former Yugoslavia: a day of birth with three digits of the year, and a check digit modulo 11.
  static func jmbg(_ digits: [UInt8]) -> Bool {
    guard digits.count == 13, isDayMonth(digits[..<4]), digits[4] == 0x39 || digits[4] == 0x30 else {
      return false
    }
    let check = 11 - sum(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
    return check % 11 % 10 == value(digits[12])
  }

  /// CURP: the sixteen signs of a name and a birth, and a check digit over 37 signs.
  static func curp(_ text: [UInt8]) -> Bool {
    guard text.count == 18, isYearMonthDay(text[4..<10]) else { return false }
    var total = 0
    for (index, byte) in text[..<17].enumerated() {
      // Ñ stands behind N in the order of signs.
      let place =
        Bytes.isDigit(byte) ? value(byte) : Int(byte) - 0x41 + 10 + (byte > UInt8(ascii: "N") ? 1 : 0)
      total += place * (18 - index)
    }
    return (10 - total % 10) % 10 == value(text[17])
  }

  /// National code of Iran and others aside, Malaysia's card begins with a day of birth: `yymmdd`.
  static func beginsWithYear(_ digits: [UInt8]) -> Bool { digits.count >= 6 && isYearMonthDay(digits[..<6]) }
}
