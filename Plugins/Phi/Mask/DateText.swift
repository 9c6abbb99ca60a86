internal import FilterKit

/// A date as it is written: which of its words and numbers are year, month and day. Another date can be written in the
/// same way.
///
/// Where only the numbers tell, the month comes first, as in the United States, unless it can't be one; two digits of
/// a year from 30 on are of the last century: as ``DateForm`` compares dates.
struct DateText {
  private enum Part { case year, month, day, monthName, suffix, weekday, compact }

  private struct Token {
    let range: Range<Int>
    var part: Part?
  }

  private let text: [UInt8]
  private var tokens: [Token] = []
  private var year: Int?
  private var month = 0
  private var day: Int?

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
  ]
  private static let weekdays = [
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  ]

  init?(_ text: Span<UInt8>) {
    guard text.count <= 64 else { return nil }
    self.text = Array(copying: text)
    split()
    guard read(), (1...12).contains(month), (1...31).contains(day ?? 1),
      (1000...2999).contains(year ?? 2000)
    else { return nil }
  }

  /// The year, where it is written.
  var writtenYear: Int? { year }

  /// The date so many days later, or earlier, as this one is written. What it doesn't say is taken for the middle of
  /// its month, and for a year of 365 days.
  func shifted(by days: Int) -> [UInt8] {
    let moved = Calendar.date(Calendar.days(year ?? 2001, month, day ?? 15) + days)
    var output: [UInt8] = []
    var position = 0
    for token in tokens {
      output += text[position..<token.range.lowerBound]
      output += rendered(token, moved)
      position = token.range.upperBound
    }
    return output + text[position...]
  }

  // MARK: Reading

  private mutating func split() {
    var index = 0
    while index < text.count {
      let start = index
      if Bytes.isDigit(text[index]) {
        while index < text.count, Bytes.isDigit(text[index]) { index += 1 }
      } else if Bytes.isJoining(text[index]) {
        while index < text.count, Bytes.isJoining(text[index]), !Bytes.isDigit(text[index]) { index += 1 }
      } else {
        index += 1
        continue
      }
      tokens.append(Token(range: start..<index))
    }
  }

  private mutating func read() -> Bool {
    var numbers: [Int] = []
    var hasMonth = false
    for index in tokens.indices {
      let range = tokens[index].range
      if Bytes.isDigit(text[range.lowerBound]) {
        // A time of day stays as it is.
        if range.upperBound < text.count, text[range.upperBound] == UInt8(ascii: ":") { break }
        if numbers.count < (hasMonth ? 2 : 3) { numbers.append(index) }
        continue
      }
      let word = lowered(range)
      if ["st", "nd", "rd", "th"].contains(word), index > 0,
        tokens[index - 1].range.upperBound == range.lowerBound
      {
        tokens[index].part = .suffix
      } else if let named = Self.index(of: word, in: Self.months), !hasMonth {
        month = named + 1
        hasMonth = true
        tokens[index].part = .monthName
      } else if Self.index(of: word, in: Self.weekdays) != nil {
        tokens[index].part = .weekday
      } else if word == "t" {
        break
      }
    }
    return assign(numbers, hasMonth)
  }

  private mutating func assign(_ numbers: [Int], _ hasMonth: Bool) -> Bool {
    let digits = numbers.map { tokens[$0].range.count }
    switch (numbers.count, hasMonth) {
    case (1, false) where [8, 12, 14].contains(digits[0]):
      tokens[numbers[0]].part = .compact
      let start = tokens[numbers[0]].range.lowerBound
      year = Validators.number(text[start..<start + 4])
      month = Validators.number(text[start + 4..<start + 6])
      day = Validators.number(text[start + 6..<start + 8])
    case (1, true):
      if digits[0] == 4 { set(.year, numbers[0]) } else { set(.day, numbers[0]) }
    case (2, true):
      let isYearFirst = digits[0] == 4
      set(isYearFirst ? .year : .day, numbers[0])
      set(isYearFirst ? .day : .year, numbers[1])
    case (2, false):
      if digits[1] == 4 {
        set(.month, numbers[0])
        set(.year, numbers[1])
      } else if digits[0] == 4 {
        set(.year, numbers[0])
        set(.month, numbers[1])
      } else {
        setMonthAndDay(numbers[0], numbers[1])
      }
    case (3, false):
      if digits[0] == 4 {
        set(.year, numbers[0])
        set(.month, numbers[1])
        set(.day, numbers[2])
      } else {
        setMonthAndDay(numbers[0], numbers[1])
        set(.year, numbers[2])
      }
    default: return false
    }
    return true
  }

  private mutating func setMonthAndDay(_ first: Int, _ second: Int) {
    let isDayFirst =
      Validators.number(text[tokens[first].range]) > 12 && Validators.number(text[tokens[second].range]) <= 12
    set(isDayFirst ? .day : .month, first)
    set(isDayFirst ? .month : .day, second)
  }

  private mutating func set(_ part: Part, _ index: Int) {
    tokens[index].part = part
    let range = tokens[index].range
    guard range.count <= 4 else { return month = 0 }  // no date
    let number = Validators.number(text[range])
    switch part {
    case .year: year = range.count > 2 ? number : number + (number >= 30 ? 1900 : 2000)
    case .month: month = number
    default: day = number
    }
  }

  private func lowered(_ range: Range<Int>) -> String {
    String(decoding: text[range].map { $0 | 0x20 }, as: UTF8.self)
  }

  /// The place of a name in a list, whole or shortened to three or four letters.
  private static func index(of word: String, in names: [String]) -> Int? {
    guard word.count >= 3 else { return nil }
    return names.firstIndex { $0 == word || word.count <= 5 && $0.hasPrefix(word) }
  }

  // MARK: Writing

  private func rendered(_ token: Token, _ date: (year: Int, month: Int, day: Int)) -> [UInt8] {
    let original = text[token.range]
    switch token.part {
    case .year:
      return padded(token.range.count > 2 ? date.year : date.year % 100, token.range.count)
    case .month: return number(date.month, like: token.range)
    case .day: return number(date.day, like: token.range)
    case .monthName: return cased(Self.months[date.month - 1], like: token.range)
    case .suffix: return cased(Self.suffix(date.day), like: token.range)
    case .weekday:
      guard year != nil, day != nil else { return Array(original) }
      let days = Calendar.days(date.year, date.month, date.day)
      return cased(Self.weekdays[((days + 4) % 7 + 7) % 7], like: token.range)
    case .compact:
      return padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2) + original.dropFirst(8)
    case nil: return Array(original)
    }
  }

  private func padded(_ number: Int, _ count: Int) -> [UInt8] {
    var digits = Array(String(number).utf8)
    while digits.count < count { digits.insert(0x30, at: 0) }
    return digits
  }

  /// A month or a day with a leading zero where the text has such, or may have.
  private func number(_ number: Int, like range: Range<Int>) -> [UInt8] {
    let others = tokens.filter { $0.part == .month || $0.part == .day }.map(\.range)
    let hasZero = others.contains { text[$0.lowerBound] == 0x30 }
    let hasSingle = others.contains { $0.count == 1 }
    let isNamed = tokens.contains { $0.part == .monthName }
    return padded(number, hasZero || !hasSingle && !isNamed ? 2 : 1)
  }

  private func cased(_ name: String, like range: Range<Int>) -> [UInt8] {
    let original = text[range]
    // `May` may be short or not.
    let isShort =
      original.count == 3 && lowered(range) != "may" || original.count == 4 && lowered(range) == "sept"
    var bytes = Array(isShort ? String(name.prefix(3)) : name).flatMap { Array($0.utf8) }
    if original.allSatisfy(Bytes.isUpper) {
      bytes = bytes.map { $0 & 0xDF }
    } else if Bytes.isUpper(original[range.lowerBound]) {
      bytes[0] &= 0xDF
    }
    return bytes
  }

  private static func suffix(_ day: Int) -> String {
    switch day {
    case 1, 21, 31: "st"
    case 2, 22: "nd"
    case 3, 23: "rd"
    default: "th"
    }
  }
}

/// The Gregorian calendar, in days since 1970-01-01.
enum Calendar {
  static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
  }
}
