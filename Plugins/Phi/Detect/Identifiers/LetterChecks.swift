/// Numbers that have letters, or are checked by one.
extension NationalChecks {
  /// DNI and NIE: the letter of the number modulo 23; `X`, `Y`, `Z` stand for 0, 1, 2.
  static func dni(_ text: [UInt8]) -> Bool {
    guard text.count == 9, let last = text.last else { return false }
    var digits = Array(text.dropLast())
    if let place = "XYZ".utf8.firstIndex(of: digits[0]) {
      digits[0] = UInt8("XYZ".utf8.distance(from: "XYZ".utf8.startIndex, to: place)) + 0x30
    }
    guard digits.allSatisfy(Bytes.isDigit) else { return false }
    return Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[number(digits) % 23] == last
  }

  private static let oddValues = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
  ]

  /// Codice fiscale: sixteen signs, the last from the others (D.M. 23/12/1976).
  static func codiceFiscale(_ text: [UInt8]) -> Bool {
    guard text.count == 16 else { return false }
    var sum = 0
    for (index, byte) in text.prefix(15).enumerated() {
      let place = Bytes.isDigit(byte) ? value(byte) : Int(byte) - 0x41
      guard (0..<26).contains(place) else { return false }
      sum += index % 2 == 0 ? oddValues[place] : place
    }
    return sum % 26 == Int(text[15]) - 0x41
  }

  /// KVNR: a letter as two digits, then eight, and a check digit by weights 1 and 2 (GKV-Spitzenverband).
  static func kvnr(_ text: [UInt8]) -> Bool {
    guard text.count == 10, Bytes.isUpper(text[0]), text[1...].allSatisfy(Bytes.isDigit) else { return false }
    let letter = Int(text[0]) - 0x40
    let digits = [letter / 10, letter % 10] + text[1..<9].map(value)
    let sum = digits.enumerated().reduce(0) { sum, item in
      let product = item.element * (item.offset % 2 == 0 ? 1 : 2)
      return sum + product / 10 + product % 10
    }
    return sum % 10 == value(text[9])
  }

  /// NIR: thirteen digits and 97 less their remainder (INSEE); Corsica's 2A and 2B count as 19 and 18.
  static func nir(_ text: [UInt8]) -> Bool {
    guard text.count == 15, "123478".utf8.contains(text[0]) else { return false }
    var digits = text
    if digits[5] == UInt8(ascii: "2"), digits[6] == UInt8(ascii: "A") || digits[6] == UInt8(ascii: "B") {
      let isFirst = digits[6] == UInt8(ascii: "A")
      digits.replaceSubrange(5..<7, with: isFirst ? Array("19".utf8) : Array("18".utf8))
    }
    guard digits.allSatisfy(Bytes.isDigit) else { return false }
    let month = number(digits[3..<5])
    return ((1...12).contains(month) || (20...99).contains(month))
      && 97 - number(digits[..<13]) % 97 == number(digits[13...])
  }

  private static func nhiValue(_ byte: UInt8) -> Int? {
    Bytes.isDigit(byte)
      ? value(byte) : Array("ABCDEFGHJKLMNPQRSTUVWXYZ".utf8).firstIndex(of: byte).map { $0 + 1 }
  }

  /// NHI, both forms: `AAANNNC` modulo 11, `AAANNAX` modulo 23 (HISO 10046).
  static func nhi(_ text: [UInt8]) -> Bool {
    guard text.count == 7 else { return false }
    let values = text.compactMap { nhiValue($0) }
    guard values.count == 7 else { return false }
    let sum = zip(values, [7, 6, 5, 4, 3, 2]).reduce(0) { $0 + $1.0 * $1.1 }
    if Bytes.isDigit(text[6]) { return sum % 11 != 0 && (11 - sum % 11) % 10 == value(text[6]) }
    return 23 - sum % 23 == values[6]
  }

  /// HKID: one letter or two, six digits, and a check digit or `A`, modulo 11.
  static func hkid(_ text: [UInt8]) -> Bool {
    let letters = text.prefix { Bytes.isUpper($0) }
    guard (1...2).contains(letters.count), text.count == letters.count + 7 else { return false }
    var values = letters.map { Int($0) - 0x41 + 10 }
    if values.count == 1 { values.insert(36, at: 0) }
    let body = text.dropFirst(letters.count)
    guard body.dropLast().allSatisfy(Bytes.isDigit), let last = body.last else { return false }
    values += body.dropLast().map(value)
    values.append(last == UInt8(ascii: "A") ? 10 : value(last))
    return zip(values, (1...9).reversed()).reduce(0) { $0 + $1.0 * $1.1 } % 11 == 0
  }

  /// NRIC and FIN of Singapore: a letter, seven digits and a letter of their sum.
  static func nric(_ text: [UInt8]) -> Bool {
    guard text.count == 9, text[1..<8].allSatisfy(Bytes.isDigit) else { return false }
    var total = sum(text[1..<8], [2, 7, 6, 5, 4, 3, 2])
    let letters: String
    switch text[0] {
    case UInt8(ascii: "S"): letters = "JZIHGFEDCBA"
    case UInt8(ascii: "T"): (letters, total) = ("JZIHGFEDCBA", total + 4)
    case UInt8(ascii: "F"): letters = "XWUTRQPNMLK"
    case UInt8(ascii: "G"): (letters, total) = ("XWUTRQPNMLK", total + 4)
    case UInt8(ascii: "M"): (letters, total) = ("XWUTRQPNJLK", total + 3)
    default: return false
    }
    let index = total % 11
    return Array(letters.utf8)[text[0] == UInt8(ascii: "M") ? 10 - index : index] == text[8]
  }

  /// PPSN: seven digits, a letter modulo 23, and since 2013 a second one that counts with weight 9.
  static func ppsn(_ text: [UInt8]) -> Bool {
    guard (8...9).contains(text.count), text[..<7].allSatisfy(Bytes.isDigit), Bytes.isUpper(text[7]) else {
      return false
    }
    var total = sum(text[..<7], [8, 7, 6, 5, 4, 3, 2])
    if text.count == 9, text[8] != UInt8(ascii: "W") { total += (Int(text[8]) - 0x40) * 9 }
    return Array("WABCDEFGHIJKLMNOPQRSTUV".utf8)[total % 23] == text[7]
  }

  /// RUT and RUN of Chile: weights 2 to 7 from the right, `K` for 10.
  static func rut(_ text: [UInt8]) -> Bool {
    guard (8...9).contains(text.count), text.dropLast().allSatisfy(Bytes.isDigit), let last = text.last else {
      return false
    }
    let total = text.dropLast().reversed().enumerated().reduce(0) {
      $0 + value($1.element) * ($1.offset % 6 + 2)
    }
    return Array("0K987654321".utf8)[total % 11] == last
  }
}
