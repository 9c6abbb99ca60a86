internal import FilterKit

/// The form in which a date is one date: `2021-01-05`, whether it was written `1/5/2021`, `Jan 5th, 2021`,
/// `5 January 2021`, `2021-01-05` or `20210105`.
///
/// Where only the numbers tell, the month comes first, as in the United States, unless it can't be one. Two digits of
/// a year from 30 on are of the last century. What is not known is left out: `2021-01`, `--01-05` (ISO 8601).
enum DateForm {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let monthNames: Set<String> = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november",
    "december", "sept",
  ]
  /// Words that say nothing more.
  private static let fillers: Set<String> = [
    "st", "nd", "rd", "th", "of", "the", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat",
    "sun",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  private struct Parts {
    var year: Int?
    var month: Int?
    var day: Int?
  }

  /// Appends the form of a folded text; returns false, and appends nothing, where it can't be read as a date.
  static func append(_ text: Span<UInt8>, to output: inout [UInt8]) -> Bool {
    var numbers: [(value: Int, digits: Int)] = []
    var month: Int?
    var rest: [Range<Int>] = []
    var runs: [Range<Int>] = []
    appendTokens(of: text, to: &runs)
    for run in runs {
      if isDigit(text[run.lowerBound]) {
        let isPart = numbers.count < (month == nil ? 3 : 2) && rest.isEmpty && run.count <= 8
        if isPart { numbers.append((number(text, run), run.count)) } else { rest.append(run) }
        continue
      }
      let word = run.count > 12 ? "" : String(decoding: Array(copying: text.extracting(run)), as: UTF8.self)
      if fillers.contains(word) { continue }
      if month == nil, let named = months.firstIndex(of: String(word.prefix(3))),
        word.count == 3 || monthNames.contains(word)
      {
        month = named + 1
      } else {
        rest.append(run)
      }
    }
    guard let parts = parts(numbers, month), isValid(parts) else { return false }
    append(parts, to: &output)
    // A time of day, and anything else, makes it another value.
    for run in rest {
      output.append(0x20)
      for index in run { output.append(text[index]) }
    }
    return true
  }

  private static func parts(_ numbers: [(value: Int, digits: Int)], _ month: Int?) -> Parts? {
    switch (numbers.count, month) {
    case (1, nil) where numbers[0].digits == 8:
      return Parts(
        year: numbers[0].value / 10_000, month: numbers[0].value / 100 % 100, day: numbers[0].value % 100)
    case (1, let month?):
      let isYear = numbers[0].digits == 4
      return isYear
        ? Parts(year: numbers[0].value, month: month) : Parts(month: month, day: numbers[0].value)
    case (2, let month?):
      return numbers[0].digits == 4
        ? Parts(year: numbers[0].value, month: month, day: numbers[1].value)
        : Parts(year: year(numbers[1]), month: month, day: numbers[0].value)
    case (2, nil):
      if numbers[1].digits == 4 { return Parts(year: numbers[1].value, month: numbers[0].value) }
      if numbers[0].digits == 4 { return Parts(year: numbers[0].value, month: numbers[1].value) }
      return swapped(Parts(month: numbers[0].value, day: numbers[1].value))
    case (3, nil):
      return numbers[0].digits == 4
        ? Parts(year: numbers[0].value, month: numbers[1].value, day: numbers[2].value)
        : swapped(Parts(year: year(numbers[2]), month: numbers[0].value, day: numbers[1].value))
    default: return nil
    }
  }

  /// With day and month changed, where only that makes sense.
  private static func swapped(_ parts: Parts) -> Parts {
    guard let month = parts.month, let day = parts.day, month > 12, day <= 12 else { return parts }
    return Parts(year: parts.year, month: day, day: month)
  }

  private static func year(_ number: (value: Int, digits: Int)) -> Int {
    number.digits > 2 ? number.value : number.value + (number.value >= 30 ? 1900 : 2000)
  }

  private static func isValid(_ parts: Parts) -> Bool {
    (parts.year.map { (1000...2999).contains($0) } ?? true)
      && (parts.month.map { (1...12).contains($0) } ?? true)
      && (parts.day.map { (1...31).contains($0) } ?? true)
  }

  private static func append(_ parts: Parts, to output: inout [UInt8]) {
    if let year = parts.year {
      output.append(contentsOf: String(year).utf8)
    } else {
      output.append(UInt8(ascii: "-"))
    }
    for part in [parts.month, parts.day] {
      guard let part else { continue }
      output.append(UInt8(ascii: "-"))
      output.append(UInt8(ascii: "0") + UInt8(part / 10))
      output.append(UInt8(ascii: "0") + UInt8(part % 10))
    }
  }

  /// Stretches of digits, and stretches of letters: "5th" is two.
  private static func appendTokens(of text: Span<UInt8>, to runs: inout [Range<Int>]) {
    var index = 0
    while index < text.count {
      let start = index
      guard isCharacter(text[start]) else {
        index += 1
        continue
      }
      while index < text.count, isCharacter(text[index]), isDigit(text[index]) == isDigit(text[start]) {
        index += 1
      }
      runs.append(start..<index)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private static func number(_ text: Span<UInt8>, _ run: Range<Int>) -> Int {
    var value = 0
    for index in run { value = value * 10 + Int(text[index] - 0x30) }
    return value
  }
}
