internal import FilterKit

/// Dates with the month's name, in the languages of ``MonthNames``: a day before or behind it, a year, or both.
enum WrittenDateRules {
  static let all: [PatternRule] = [
    PatternRule(Patterns.monthDay) { view, end in backwards(view, end) }.beforeDigits(),
    PatternRule(Patterns.dayMonth) { view, end in backwards(view, end) },
    PatternRule(Patterns.monthYear) { view, end in backwards(view, end) }.beforeDigits(),
    PatternRule(built: MonthNames.pattern) { view, end in month(view, endingAt: end, behind: true) }
      .beforeDigits(),
    PatternRule(built: MonthNames.shortPattern) { view, end in month(view, endingAt: end, behind: false) },
  ]

  private enum Patterns {
    static let monthDay: StaticString =
      #"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? {1,2}\d{1,2}(?:st|nd|rd|th)?(?:,? {1,2}(?:19|20)\d{2})?\b"#
    static let dayMonth: StaticString =
      #"\b\d{1,2}(?:st|nd|rd|th)?[- ]{1,2}(?:of )?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?(?:,?[- ]{1,2}(?:19|20)\d{2}\b)?"#
    static let monthYear: StaticString =
      #"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?(?:,? (?:of )?|-)(?:(?:19|20)\d{2}|['’]\d{2})\b"#
  }

  /// The date at an English month's word: Vectorscan 5.4.9 overlooks some of them, by where they stand.
  static func word(_ view: borrowing TextView, _ word: Word) -> Candidate? {
    guard MonthNames.isEnglish(word.hash) else { return nil }
    let next = view.byte(word.range.upperBound)
    return date(view, word.range, isDayBehind: next == 0x20 || next == UInt8(ascii: "."))
  }

  /// The date of a match: the last month before its end.
  private static func backwards(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let limit = max(view.lowerBound, end - 32)
    var position = end
    while position > limit {
      guard Bytes.isLetter(view.byte(position - 1)) else {
        position -= 1
        continue
      }
      let start = view.start(before: position, limit: 24, where: Bytes.isLetter)
      if MonthNames.isEnglish(view.hash(start..<position)) {
        return date(view, start..<position, isDayBehind: true)
      }
      position = start
    }
    return nil
  }

  private static func month(_ view: borrowing TextView, endingAt end: Int, behind: Bool) -> Candidate? {
    // Vectorscan 5.4.9 overlooks `maio` behind `mai`: the word's end is looked for here. Most words have no number beside them.
    let start = view.start(before: end, limit: 32, where: Bytes.isLetter)
    var end = end
    while end - start < 32, Bytes.isLetter(view.byte(end)) { end += 1 }
    guard hasDigit(view, start - 8..<start) || hasDigit(view, end..<end + 4),
      MonthNames.isMonth(view.hash(start..<end))
    else { return nil }
    return date(
      view, start..<end, isDayBehind: behind,
      needsYear: !behind && !MonthNames.isClear(view.hash(start..<end)))
  }

  private static func hasDigit(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    for index in range where Bytes.isDigit(view.byte(index)) { return true }
    return false
  }

  private static func date(
    _ view: borrowing TextView, _ month: Range<Int>, isDayBehind: Bool, needsYear: Bool = false
  ) -> Candidate? {
    // A month in Portuguese, and in English a score: `7 out of 10`.
    if view.has("out of ", at: month.lowerBound) { return nil }
    var (start, end) = (month.lowerBound, month.upperBound)
    let behindDot = view.byte(end) == UInt8(ascii: ".") ? end + 1 : end
    var day = day(view, before: start)
    // In `bed 4 November 12, 2025` the day is the second number.
    if day != nil, isDayBehind, let stop = dayBehind(view, behindDot), view.has(", ", at: stop),
      isYear(view, stop + 2)
    {
      day = nil
    }
    // In `May 30, Jun 2` the day is the second number, too.
    if day != nil, isDayBehind, view.has(", ", at: start - 2), dayBehind(view, behindDot) != nil { day = nil }
    var isWhole = day != nil
    var isYearFirst = false
    if let day {
      start = rangeStart(view, day)
    } else {
      // `1961 Mar 14`, `1961. március 14.`
      if let year = yearBefore(view, start) { (start, isYearFirst) = (year, true) }
      // Mayo is a clinic and its score where no year follows.
      let isClinic = view.has("mayo", at: month.lowerBound) && month.count == 4 && !isYearFirst
      if isDayBehind && !isClinic || isYearFirst, let stop = dayBehind(view, behindDot) {
        (end, isWhole) = (stop, true)
      }
      if isYearFirst, !isWhole { return nil }
    }
    let behind = end == month.upperBound ? behindDot : end
    let yearLast = isYearFirst || day != nil ? nil : ClockTimes.endOfYearLast(view, behind: end)
    let year = isYearFirst ? nil : yearLast ?? year(view, behind: behind, day: day != nil, month)
    if let year { (end, isWhole) = (year, true) }
    guard isWhole, !needsYear || year != nil, !Bytes.isJoining(view.byte(end)),
      view.byte(end) != UInt8(ascii: "_"),
      !Bytes.isJoining(view.byte(start - 1)), view.byte(start - 1) != UInt8(ascii: "_")
    else { return nil }
    let weekday = Weekdays.start(view, of: start)
    start = weekday < start || day == nil ? weekday : DayRules.withArticle(view, start)
    end = ClockTimes.end(view, behind: withTime(view, end))
    return Candidate(range: start..<end, kind: "DATE", confidence: 8800, detector: "phi/date-written")
  }

  /// Where the time ends that VistA writes behind a date: `JUN 11, 2019@09:14:52`.
  private static func withTime(_ view: borrowing TextView, _ end: Int) -> Int {
    guard view.byte(end) == UInt8(ascii: "@") else { return end }
    var stop = end + 1
    while stop - end < 9, Bytes.isDigit(view.byte(stop)) || view.byte(stop) == UInt8(ascii: ":") { stop += 1 }
    return stop - end > 4 && Bytes.isDigit(view.byte(stop - 1)) ? stop : end
  }

  /// Where the day stands before a month: `14. `, `8 de `, `1er `, `3rd of `, `06-`.
  private static func day(_ view: borrowing TextView, before month: Int) -> Int? {
    var end = month
    for word in [" day of ", " of ", " de ", " di ", " d'", " del ", " d’"] as [StaticString]
    where view.has(word, at: end - word.utf8CodeUnitCount) {
      end -= word.utf8CodeUnitCount
      break
    }
    if end == month {
      while month - end < 3, " -/.,".utf8.contains(view.byte(end - 1)) { end -= 1 }
      // `14MAR1961` has its own rule.
      guard end < month else { return nil }
    } else if view.byte(end - 1) == UInt8(ascii: ".") {
      end -= 1
    }
    let suffix = view.start(before: end, limit: 3, where: Bytes.isLetter)
    let ordinal = end
    if suffix < end {
      let isKnown = (["st", "nd", "rd", "th", "er", "re", "e", "de", "ste", "º", "ª"] as [StaticString])
        .contains {
          $0.utf8CodeUnitCount == end - suffix && view.has($0, at: suffix)
        }
      guard isKnown else { return nil }
      end = suffix
      // `29 th jan`
      if ordinal - suffix == 2, view.byte(end - 1) == 0x20 { end -= 1 }
    }
    let start = view.start(before: end, limit: 3, where: Bytes.isDigit)
    guard (1...2).contains(end - start), (1...31).contains(view.number(start..<end)),
      !Bytes.isLetter(view.byte(start - 1)) || view.byte(start - 1) >= 0x80,
      !(".:/".utf8.contains(view.byte(start - 1)) && Bytes.isDigit(view.byte(start - 2)))
    else { return nil }
    return start
  }

  /// Where the first of two days begins: `6-8 May`, `6. - 8. Mai`.
  private static func rangeStart(_ view: borrowing TextView, _ day: Int) -> Int {
    var end = day
    for word in [" to ", " and ", " or ", " bis ", " al ", " au ", " & ", "/"] as [StaticString]
    where view.has(word, at: day - word.utf8CodeUnitCount) { end = day - word.utf8CodeUnitCount }
    if end == day {
      while day - end < 3, " -.".utf8.contains(view.byte(end - 1)) { end -= 1 }
      guard end < day, (end..<day).contains(where: { view.byte($0) == UInt8(ascii: "-") }) else { return day }
    }
    if view.byte(end - 1) == UInt8(ascii: ".") { end -= 1 }
    for suffix in ["st", "nd", "rd", "th"] as [StaticString]
    where view.has(suffix, at: end - 2) && Bytes.isDigit(view.byte(end - 3)) { end -= 2 }
    let start = view.start(before: end, limit: 3, where: Bytes.isDigit)
    let isDay = (1...2).contains(end - start) && (1...31).contains(view.number(start..<end))
    return isDay && view.isFree(before: start) && view.byte(start - 1) != UInt8(ascii: ":") ? start : day
  }

  private static func yearBefore(_ view: borrowing TextView, _ month: Int) -> Int? {
    var end = month
    while month - end < 2, " -/.".utf8.contains(view.byte(end - 1)) { end -= 1 }
    let start = view.start(before: end, limit: 5, where: Bytes.isDigit)
    guard end < month, end - start == 4, isYear(view, start) else { return nil }
    return start
  }

  /// Where a day behind a month ends: ` 14`, ` 9th`, `-14`, and a second one.
  private static func dayBehind(_ view: borrowing TextView, _ month: Int) -> Int? {
    var start = month
    while start - month < 2, " -/".utf8.contains(view.byte(start)) { start += 1 }
    let isSaid = view.has("the ", at: start)
    if isSaid { start += 4 }
    var end = view.endOfDigits(start, limit: 3)
    guard start > month, (1...2).contains(end - start), (1...31).contains(view.number(start..<end)) else {
      return nil
    }
    for suffix in ["st", "nd", "rd", "th"] as [StaticString] where view.has(suffix, at: end) { end += 2 }
    // `April the 3d`
    if isSaid, view.has("d", at: end) { end += 1 }
    let next = view.byte(end)
    guard !Bytes.isJoining(next), next != UInt8(ascii: "%"),
      !".:".utf8.contains(next) || !Bytes.isDigit(view.byte(end + 1))
    else { return nil }
    // `May 6-8`
    if next == UInt8(ascii: "-") {
      let second = view.endOfDigits(end + 1, limit: 3)
      if (1...2).contains(second - end - 1), (1...31).contains(view.number(end + 1..<second)),
        !Bytes.isJoining(view.byte(second)), view.byte(second) != UInt8(ascii: "-")
      {
        return second
      }
    }
    return secondDay(view, end) ?? end
  }

  /// Where the second of two days ends: `3 to 5,`, `12th through the 19th`, `14 and 18.`
  private static func secondDay(_ view: borrowing TextView, _ end: Int) -> Int? {
    let joints: [StaticString] = [" to ", " and ", " & ", " through ", " thru ", " or "]
    guard let joint = joints.first(where: { view.has($0, at: end) }) else { return nil }
    var start = end + joint.utf8CodeUnitCount
    if view.has("the ", at: start) { start += 4 }
    var stop = view.endOfDigits(start, limit: 3)
    guard (1...2).contains(stop - start), (1...31).contains(view.number(start..<stop)) else { return nil }
    let digits = stop
    for suffix in ["st", "nd", "rd", "th"] as [StaticString] where view.has(suffix, at: stop) { stop += 2 }
    let next = view.byte(stop)
    guard !Bytes.isJoining(next), !"%:/-".utf8.contains(next),
      !(".,".utf8.contains(next) && Bytes.isDigit(view.byte(stop + 1)))
    else { return nil }
    return stop > digits || ",.;)\n".utf8.contains(next) ? stop : nil
  }

  /// Where a year behind a month or a day ends.
  private static func year(
    _ view: borrowing TextView, behind end: Int, day: Bool, _ month: Range<Int>
  ) -> Int? {
    var start = end
    for word in [", of ", " of ", " de ", " del ", ", ", ",", " ", "-", "/", "."] as [StaticString]
    where view.has(word, at: start) {
      start += word.utf8CodeUnitCount
      break
    }
    if view.byte(start) == 0x20 { start += 1 }
    guard start > end else { return nil }
    let isShort = view.byte(start) == UInt8(ascii: "'") || view.has("’", at: start)
    if isShort { start += view.byte(start) == UInt8(ascii: "'") ? 1 : 3 }
    let stop = view.endOfDigits(start, limit: 5)
    if stop - start == 4, !isShort, isYear(view, start) { return stop }
    guard stop - start == 2, !Bytes.isJoining(view.byte(stop)) else { return nil }
    if isShort { return stop }
    guard view.byte(stop) != UInt8(ascii: ":") else { return nil }
    // `Mar/22`
    if !day, end == month.upperBound, view.byte(end) == UInt8(ascii: "/"), start == end + 1,
      !"/-".utf8.contains(view.byte(stop))
    {
      return stop
    }
    // `14-Feb-25`, `06/JUN/26`: the same sign on both sides.
    let sign = view.byte(end)
    if day, "-/.".utf8.contains(sign), sign == view.byte(month.lowerBound - 1) { return stop }
    guard sign == 0x20 else { return nil }
    // `12 Nov 79` at the end of a phrase, `Aug 8 89`, `AUG 01 24` in a cell.
    if day { return DayRules.isPhraseEnd(view, stop) || isHour(view, stop + 1) ? stop : nil }
    let isYear = view.number(start..<stop) > 31 || view.has("  ", at: stop) || view.byte(stop) == 0x0A
    return end > month.upperBound + 1 && isYear && view.byte(stop) <= 0x20 ? stop : nil
  }

  /// `6 Feb 24 4:11p`
  private static func isHour(_ view: borrowing TextView, _ start: Int) -> Bool {
    let hour = view.endOfDigits(start, limit: 2)
    return view.byte(start - 1) == 0x20 && hour > start && view.byte(hour) == UInt8(ascii: ":")
      && Bytes.isDigit(view.byte(hour + 1))
  }

  private static func isYear(_ view: borrowing TextView, _ start: Int) -> Bool {
    // Thailand counts from 543 BC.
    let year = view.number(start..<start + 4)
    return (1850...2100).contains(year) || (2510...2599).contains(year)
      ? !Bytes.isDigit(view.byte(start + 4)) : false
  }
}
