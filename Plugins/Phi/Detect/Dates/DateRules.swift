internal import FilterKit

/// Dates that say more than a year, in numbers.
enum DateRules {
  static let all: [PatternRule] =
    numbers + PartialDateRules.all + WrittenDateRules.all + SpokenDateRules.all + CodeDateRules.all
    + OtherCalendars.all + Weekdays.all + DayRules.all + Holidays.all + FileDateRules.all
    + DottedDateRules.all + Seasons.all

  /// The date that the word of a month, a holiday or an ordinal begins or is.
  static func word(_ view: borrowing TextView, _ word: Word) -> Candidate? {
    WrittenDateRules.word(view, word) ?? MonthsAlone.word(view, word) ?? DayRules.word(view, word)
  }

  private static let numbers: [PatternRule] = [
    PatternRule(#"(?:19|20)\d{2}[-/](?:0?[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01]|[1-9])"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 10) {
        Bytes.isDigit($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-")
      }
      guard
        !Bytes.isJoining(view.byte(start - 1)) && view.byte(start - 1) != UInt8(ascii: "-")
          || DateRun.isLabelled(view, start)
      else { return nil }
      var stop = end
      // The time that follows is part of it.
      if view.byte(end) == UInt8(ascii: "T")
        || view.byte(end) == 0x20 && Bytes.isDigit(view.byte(end + 1))
          && view.byte(end + 3) == UInt8(ascii: ":")
      {
        stop = end + 1
        while stop - end < 32,
          Bytes.isDigit(view.byte(stop)) || ":.Z+".utf8.contains(view.byte(stop))
            || view.byte(stop) == UInt8(ascii: "-") && Bytes.isDigit(view.byte(stop + 1))
        { stop += 1 }
        while stop > end, !Bytes.isJoining(view.byte(stop - 1)) { stop -= 1 }
      }
      stop = max(stop, ClockTimes.end(view, behind: end))
      // Nepal's years.
      if (2060...2095).contains(view.number(start..<start + 4)), view.has(" BS", at: end),
        !Bytes.isJoining(view.byte(end + 3))
      {
        stop = end + 3
      }
      guard stop > end || !Bytes.isJoining(view.byte(end)) else { return nil }
      return Candidate(range: start..<max(stop, end), kind: "DATE", confidence: 9000, detector: "phi/date")
    },
    PatternRule(#"\b(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19|20)\d{2}\b"#) { view, end in
      yearLast(view, end)
    },
    PatternRule(#"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"#) { view, end in
      let start = end - 8
      var stop = end
      while stop - end < 6, Bytes.isDigit(view.byte(stop)) { stop += 1 }
      // `20240422T093000`
      if stop == end, view.byte(end) == UInt8(ascii: "T"), view.endOfDigits(end + 1, limit: 7) == end + 7 {
        stop = end + (view.byte(end + 7) == UInt8(ascii: "Z") ? 8 : 7)
      }
      // A column of fixed width may have the sex right behind it: `19610314M`.
      let isSexed =
        stop == end && "MFU".utf8.contains(view.byte(stop)) && !Bytes.isLetter(view.byte(stop + 1))
        && (1900...2049).contains(view.number(start..<start + 4))
      guard start >= view.lowerBound, !Bytes.isDigit(view.byte(start - 1)),
        view.byte(stop) != UInt8(ascii: "_") || stop == end,
        !Bytes.isJoining(view.byte(start - 1)) || DateRun.isLabelled(view, start),
        !Bytes.isJoining(view.byte(stop)) || isSexed
      else { return nil }
      let isField = "|^~".utf8.contains(view.byte(start - 1)) || "|^~".utf8.contains(view.byte(stop))
      let isSaid =
        isField || isSexed
        || view.hasBefore(start, within: 24, ["dob", "birth", "date", "admitted", "discharged"])
      // Of numbers of eight digits, one in a thousand looks so by chance.
      guard
        isSaid
          || isRecent(view, start, stop) && (view.isAlone(start..<stop) || isInFileName(view, start, stop))
      else { return nil }
      return Candidate(
        range: start..<stop, kind: "DATE", confidence: isSaid ? 8200 : 6000, detector: "phi/date-compact")
    },
  ]

  /// Eight digits alone, the month first and the year last: of numbers of eight digits, one in two thousand looks so by chance.
  private static func yearLast(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let range = end - 8..<end
    guard view.isAlone(range), (1900...2029).contains(view.number(end - 4..<end)),
      !"#$@=:".utf8.contains(view.byte(end - 9)),
      view.byte(end - 9) != 0x20 || !"#:=".utf8.contains(view.byte(end - 10)),
      !ProgramContext.isProgram(view, range.lowerBound)
    else { return nil }
    return Candidate(range: range, kind: "DATE", confidence: 5600, detector: "phi/date-compact")
  }

  /// Whether a year of people who live stands there, and behind the day nothing or a time.
  private static func isRecent(_ view: borrowing TextView, _ start: Int, _ end: Int) -> Bool {
    // `sonnet@20250219`, `claude sonnet 4 5 20250929`: a model's version.
    guard (1900...2049).contains(view.number(start..<start + 4)), !"#$@".utf8.contains(view.byte(start - 1)),
      !view.hasBefore(start, within: 16, ["sonnet", "opus", "haiku", "gpt"])
    else { return false }
    switch end - start {
    case 8, 15, 16: return true
    case 12, 14:
      return view.number(start + 8..<start + 10) < 24 && view.number(start + 10..<start + 12) < 60
    default: return false
    }
  }

  /// `scan_20240314.pdf`, `IMG-20240314-WA0012.jpg`
  private static func isInFileName(_ view: borrowing TextView, _ start: Int, _ end: Int) -> Bool {
    end - start == 8 && "_-".utf8.contains(view.byte(start - 1)) && Bytes.isLetter(view.byte(start - 2))
      && "._-".utf8.contains(view.byte(end)) && Bytes.isLetter(view.byte(end + 1))
  }

  /// `14/03/2024`, `3.2.24`: three numbers that end at a position.
  static func numeric(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard !Bytes.isDigit(view.byte(end)), let run = DateRun(view, around: end),
      let (range, form) = run.date(endingAt: end)
    else { return nil }
    if form == .dotted, !DottedDateRules.isDate(view, range) { return nil }
    guard form != .short, form != .month else { return nil }
    let isSure = view.byte(end - 5) != UInt8(ascii: ".") && form == .full
    return Candidate(
      range: Weekdays.start(view, of: range.lowerBound)..<ClockTimes.end(view, behind: range.upperBound),
      kind: "DATE", confidence: isSure ? 9000 : 8000, detector: "phi/date")
  }
}
