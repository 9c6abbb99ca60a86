internal import FilterKit

/// Dates as programs and messages write them, and forms that nobody mistakes for something else.
enum CodeDateRules {
  static let all: [PatternRule] = [
    // `date(1984, 7, 21)`, `LocalDate.of(1978, Month.APRIL, 12)`, `year=1984, month=7, day=21`
    PatternRule(
      #"\b(?:19|20)\d{2}[,;] ?(?:["']?month["']? ?[=:] ?)?(?:\d{1,2}|(?:[a-z]{1,10}\.)?[a-z]{3,9})[,;] ?(?:["']?day["']? ?[=:] ?)?\d{1,2}"#
    ) { view, end in constructor(view, end) },
    // X12's D8 and RD8, and the date of a BHT or GS segment.
    PatternRule(#"\*(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"#) { view, end in
      let isPair = view.byte(end) == UInt8(ascii: "-") && view.endOfDigits(end + 1, limit: 9) == end + 9
      let stop = isPair ? end + 9 : end
      guard "*~\n\r|:^".utf8.contains(view.byte(stop)) else { return nil }
      return date(end - 8..<stop, 8500)
    },
    // X12's ISA has six digits, and the time behind them.
    PatternRule(#"\*\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\*[0-2]\d[0-5]\d\*"#) { view, end in
      date(end - 12..<end - 6, 8000)
    }.beforeDigits(),
    // NCPDP's telecommunication standard: a birthday and days of a prescription behind their fields' two letters.
    PatternRule(#"\b(?:C4|D1|DE)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\b"#, caseless: false) {
      view, end in date(end - 8..<end, 8000)
    }.beforeDigits(),
    // FileMan's: the year without 1700, between circumflexes.
    PatternRule(#"\^[23]\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\.\d{1,6})?\^"#) { view, end in
      let start = view.start(before: end - 1, limit: 15) { Bytes.isDigit($0) || $0 == UInt8(ascii: ".") }
      return date(start..<end - 1, 7500)
    }.beforeDigits(),
    // The second line that machines read in a passport (ICAO 9303): the holder's birthday, and the last day it is good for.
    PatternRule(#"[A-Z<]{3}\d{7}[MFX<]"#, caseless: false) { view, end in
      isPassport(view, end) ? date(end - 8..<end - 2, 8000) : nil
    }.beforeDigits(),
    PatternRule(#"[A-Z<]{3}\d{7}[MFX<]\d{7}"#, caseless: false) { view, end in
      isPassport(view, end - 7) ? date(end - 7..<end - 1, 8000) : nil
    }.beforeDigits(),
    // `25DEC23`, `11MAR 2359` in capitals.
    PatternRule(#"\b[0-3]\d(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?:\d{2})?\b"#) {
      view, end in
      let start = view.start(before: end, limit: 7, where: Bytes.isJoining)
      guard view.isAlone(start..<end), (1...31).contains(view.number(start..<start + 2)),
        Bytes.isUpper(view.byte(start + 2))
      else { return nil }
      return date(start..<end, 7500)
    },
    // A year and a month, where nothing else stands beside them or a word says so.
    PatternRule(#"\b(?:19|20)\d{2}[-/](?:0[1-9]|1[0-2])\b"#) { view, end in
      let range = end - 7..<end
      guard view.isAlone(range), !ProgramContext.isProgram(view, range.lowerBound) else { return nil }
      let word = view.word(before: range.lowerBound, gap: 3) { " :=".utf8.contains($0) }
      let isSaid = word.map { isCue(view.hash($0)) } ?? false
      // `Mohs 2018-11 by`, but a winter's `2011-12`.
      let isMonth = view.number(end - 5..<end - 3) + 1 != view.number(end - 2..<end)
      let isTold =
        isMonth && view.byte(end - 8) == 0x20 && DayRules.isPhraseEnd(view, end)
        && (word.map { $0.count > 2 && Bytes.isLower(view.byte($0.upperBound - 1)) } ?? false)
      return isSaid || isTold || DateNeighbours.isCell(view, range) ? date(range, 6500) : nil
    },
    // A day, a month and a year of four digits, with blanks and zeros.
    PatternRule(#"\b[0-3]\d [0-3]\d (?:19|20)\d{2}\b"#) { view, end in
      let range = end - 10..<end
      let (one, two) = (view.number(end - 10..<end - 8), view.number(end - 7..<end - 5))
      guard view.isAlone(range), DateRun.isDay(one, two),
        one < 10 || two < 10
          || view.hasBefore(range.lowerBound, within: 40, ["birth", "born", "dob", "d.o.b"]),
        !Bytes.isDigit(view.byte(end - 12)), !Bytes.isDigit(view.byte(end + 1)),
        view.byte(end - 11) != UInt8(ascii: "+"),
        (1900...2049).contains(view.number(end - 4..<end))
      else { return nil }
      return date(range, 6500)
    },
    // In a cell, also with two digits of the year: `  03 03 21  `.
    PatternRule(#"\b[0-3]\d [0-3]\d \d{2}\b"#) { view, end in
      let range = end - 8..<end
      let (one, two) = (view.number(end - 8..<end - 6), view.number(end - 5..<end - 3))
      guard view.isAlone(range), DateRun.isDay(one, two), one < 10 || two < 10,
        DateNeighbours.isCell(view, range) || isTimed(view, end),
        (10...29).contains(view.number(end - 2..<end))
      else { return nil }
      return date(range, 6000)
    },
    // A part of it nobody knew: `9/?/23`, `2-??-72`.
    PatternRule(#"\b\d{1,2}([/-])\?{1,2}[/-](?:(?:19|20)\d{2}|\d{2})\b"#) { view, end in
      let start = view.start(before: end, limit: 10) { Bytes.isDigit($0) || "?/-".utf8.contains($0) }
      guard Bytes.isDigit(view.byte(start)), view.isAlone(start..<end) else { return nil }
      return date(start..<end, 7500)
    },
    // Only a question for it makes `11 12 99` a birthday: at the line's end.
    PatternRule(#"\b[0-3]?\d[ .][0-3]?\d[ .]\d{2}(?:\d{2})?\b"#) { view, end in
      guard view.byte(end) == 0x0A || view.has(".\n", at: end) || view.has(",", at: end) else { return nil }
      let start = view.start(before: end, limit: 10) { Bytes.isDigit($0) || " .".utf8.contains($0) }
      guard let first = (start..<end).first(where: { Bytes.isDigit(view.byte($0)) }),
        view.isAlone(first..<end),
        view.bytes(first..<end, where: { !Bytes.isDigit($0) }).count == 2
      else { return nil }
      let before = max(view.lowerBound, first - 90)..<first
      guard view.contains("dob", in: before) || view.contains("birth", in: before) else { return nil }
      let one = view.endOfDigits(first, limit: 2)
      let two = view.endOfDigits(one + 1, limit: 2)
      return DateRun.isDay(view.number(first..<one), view.number(one + 1..<two))
        ? date(first..<end, 7000) : nil
    },
    // DICOM's DA, as dumps show it.
    PatternRule(
      #"\bD[AT]:? {0,4}[\['"]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"#, caseless: false
    ) {
      view, end in
      let stop = view.endOfDigits(end, limit: 6)
      return Bytes.isJoining(view.byte(stop)) ? nil : date(end - 8..<stop, 8500)
    },
    // EXIF's: `2024:04:18 15:26:07`.
    PatternRule(#"\b(?:19|20)\d{2}:(?:0[1-9]|1[0-2]):(?:0[1-9]|[12]\d|3[01])\b"#) { view, end in
      view.isAlone(end - 10..<end) && view.byte(end) != UInt8(ascii: ":")
        ? date(end - 10..<ClockTimes.end(view, behind: end), 8000) : nil
    },
    // Thailand's years, and the years of Japan's eras: 昭和27年6月14日.
    PatternRule(#"\b25\d{2}[-/](?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)), view.isFree(before: end - 10) else { return nil }
      return date(end - 10..<ClockTimes.end(view, behind: end), 7500)
    },
    // GS1's dates by their application identifiers.
    PatternRule(#"\((?:11|12|13|15|16|17)\)\d{2}(?:0[1-9]|1[0-2])[0-3]\d"#) { view, end in
      Bytes.isDigit(view.byte(end)) ? nil : date(end - 6..<end, 8000)
    },
    // Compact ones behind a label or in a field: `BD=04301949`, `dob: 30041949`.
    PatternRule(
      #"(?:\bbd|dob|birth[_. -]?(?:date|day|dt)?|b_?date|_dt|date|geb(?:urtsdatum)?|nascimento|nacimiento|naissance|nascita|fodselsdato|f\xc3\xb8dselsdato|admitted|discharged|adm|dos|datum|fecha|data)["'`\]]{0,2} ?(?:=>|:=|[:=|])? ?["'`\[]?\d{8}"#
    ) { view, end in
      guard !Bytes.isJoining(view.byte(end)), !Bytes.isJoining(view.byte(end - 9)),
        isCompact(view, end - 8)
      else { return nil }
      return date(end - 8..<end, 8500)
    }.beforeDigits(),
    // Six and eight digits with the form that a program reads them by: `to_date('031461', 'MMDDYY')`.
    PatternRule(#"\d{6}(?:\d{2})?['"], ?['"](?:YY|MM|DD|%)"#) { view, end in
      var stop = end
      while end - stop < 8, !Bytes.isDigit(view.byte(stop - 1)) { stop -= 1 }
      let start = view.start(before: stop, limit: 9, where: Bytes.isDigit)
      return "'\"".utf8.contains(view.byte(start - 1)) ? date(start..<stop, 8500) : nil
    },
    // Six digits behind a label: `DOB 120456`.
    PatternRule(
      #"\b(?:dob|d\.o\.b\.?|birth ?date|date of birth|bd|geb|dos|doa|dod|doi|admit(?:ted)?|disch(?:arged?)?|date)[:=]? {0,2}\d{6}"#
    ) { view, end in
      guard !Bytes.isJoining(view.byte(end)), !Bytes.isJoining(view.byte(end - 7)) else { return nil }
      let parts = [0, 2, 4].map { view.number(end - 6 + $0..<end - 4 + $0) }
      guard DateRun.isDay(parts[0], parts[1]) || DateRun.isDay(parts[1], parts[2]) else { return nil }
      return date(end - 6..<end, 8000)
    }.beforeDigits(),
    // Months in Roman numerals: `3.II.1952`, `14 XI 2025`.
    PatternRule(
      #"\b\d{1,2}(?:(?:[. /-]{1,2}(?:I{1,3}|IV|VI{0,3}|IX|XI{0,2})[. /-]{1,2}|[./](?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})[./])(?:18|19|20)\d{2}|[./](?:I{1,3}|IV|VI{0,3}|IX|XI{0,2}|i{1,3}|iv|vi{0,3}|ix|xi{0,2})[./]\d{2})\b"#,
      caseless: false
    ) {
      view, end in
      let start = view.start(before: end, limit: 18) { Bytes.isDigit($0) || "IVXivx. /-".utf8.contains($0) }
      guard let first = (start..<end - 4).last(where: { isDayBeforeRoman(view, $0) }),
        !Bytes.isJoining(view.byte(end)),
        view.byte(end) != UInt8(ascii: ".") || !Bytes.isDigit(view.byte(end + 1))
      else { return nil }
      return date(first..<end, 8500)
    },
    // Chinese, Japanese and Korean: 2026年1月8日, 2026년 1월 8일.
    PatternRule(#"\d{1,2} ?(?:\xe6\x9c\x88|\xec\x9b\x94) ?\d{1,2} ?(?:\xe6\x97\xa5|\xec\x9d\xbc)"#) {
      view, end in
      // From the end: day, month, and a year where there is one.
      var start = view.start(before: end - 3, limit: 10) { Bytes.isDigit($0) || $0 == 0x20 }
      start = view.start(before: start - 3, limit: 4) { Bytes.isDigit($0) || $0 == 0x20 }
      if view.has("年", at: start - 3) || view.has("년", at: start - 3) {
        let year = view.start(before: start - 3, limit: 5) { Bytes.isDigit($0) || $0 == 0x20 }
        if year < start - 3 { start = year }
        // Japan's eras have two letters.
        for era in ["昭和", "平成", "令和", "大正", "明治"] as [StaticString] where view.has(era, at: start - 6) {
          start -= 6
        }
      }
      while view.byte(start) == 0x20 { start += 1 }
      return Bytes.isDigit(view.byte(start - 1)) ? nil : date(start..<end, 8800)
    },
    // Vietnamese: `ngày 8 tháng 1 năm 2026`.
    PatternRule(#"ng\xc3\xa0y \d{1,2} th\xc3\xa1ng \d{1,2}(?: n\xc4\x83m (?:19|20)\d{2})?"#) { view, end in
      let start = view.start(before: end, limit: 40) { $0 != 0x0A }
      guard !Bytes.isDigit(view.byte(end)),
        let first = (start..<end).last(where: { view.has("ngày", at: $0) })
      else { return nil }
      return date(first + 6..<end, 8500)
    },
  ]

  private static func date(_ range: Range<Int>, _ confidence: UInt32) -> Candidate {
    Candidate(range: range, kind: "DATE", confidence: confidence, detector: "phi/date-form")
  }

  /// Whether hours and minutes follow: `09 02 24 0745`.
  private static func isTimed(_ view: borrowing TextView, _ end: Int) -> Bool {
    let stop = view.endOfDigits(end + 1, limit: 5)
    return view.byte(end) == 0x20 && stop == end + 5 && view.number(end + 1..<end + 3) < 24
      && view.number(end + 3..<stop) < 60 && !Bytes.isJoining(view.byte(stop))
      && (view.byte(end - 9) == 0x0A || DateNeighbours.isClause(view, end - 8))
  }

  private static func isCue(_ hash: UInt64) -> Bool {
    Cues.strong.contains(hash) || Cues.month.contains(hash) || Cues.events.contains(hash)
      || Cues.begun.contains(hash)
      || Cues.weak.contains(hash)
  }

  /// Whether the six digits before a check digit and a sex are a day.
  private static func isPassport(_ view: borrowing TextView, _ end: Int) -> Bool {
    DateRun.isDay(view.number(end - 6..<end - 4), view.number(end - 4..<end - 2))
      && Bytes.isDigit(view.byte(end))
      && Bytes.isJoining(view.byte(end - 12))
  }

  /// Names that make a date of three numbers end with one of these: of classes, of functions, of fields.
  private static let makers: [StaticString] = [
    "date", "datetime", "time", "ymd", "utc", "of", "parts", "opt", "calendar", "new", "components", "day",
    "dob", "birth", "mdy", "local", "instance",
    "year", "stamp", "make_date",
  ]

  private static func constructor(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard !Bytes.isDigit(view.byte(end)) else { return nil }
    let limit = max(view.lowerBound, end - 48)
    guard
      let start = (limit..<end - 7).last(where: { isYear(view, $0) && ",;".utf8.contains(view.byte($0 + 4)) }
      ),
      let comma = (start + 5..<end).last(where: { ",;".utf8.contains(view.byte($0)) })
    else { return nil }
    let month = view.bytes(start + 5..<comma) { $0 != 0x20 }
    let day = view.number(comma..<end)
    guard (1...31).contains(day), isMonth(month) else { return nil }
    // `DateTime(year: 1984, …`
    var open = start
    var isNamed = false
    if ":= ".utf8.contains(view.byte(open - 1)) {
      while start - open < 4, ":= \"'".utf8.contains(view.byte(open - 1)) { open -= 1 }
      isNamed = view.has("year", at: open - 4)
      if isNamed { open -= 4 }
    }
    let sign = view.byte(open - 1)
    guard "([{".utf8.contains(sign) || isNamed else { return nil }
    if isNamed { return date(open..<end, 8500) }
    var name = open - 1
    while open - name < 8, " :=\"'!(".utf8.contains(view.byte(name - 1)) { name -= 1 }
    let word = view.start(before: name, limit: 24) { Bytes.isJoining($0) || $0 == UInt8(ascii: "_") }
    guard
      makers.contains(where: {
        view.has($0, at: name - $0.utf8CodeUnitCount) && name - $0.utf8CodeUnitCount >= word
      })
    else { return nil }
    return date(start..<end, 8500)
  }

  private static func isYear(_ view: borrowing TextView, _ start: Int) -> Bool {
    !Bytes.isJoining(view.byte(start - 1)) && view.endOfDigits(start, limit: 5) == start + 4
      && (1900...2100).contains(view.number(start..<start + 4))
  }

  private static func isMonth(_ text: [UInt8]) -> Bool {
    let name = text.split { ".:=".utf8.contains($0) }.last.map { Array($0) } ?? []
    if name.allSatisfy(Bytes.isDigit) { return (0...12).contains(Validators.number(name)) && !name.isEmpty }
    return MonthNames.isEnglish(Lexicon.hash(name.span, name.indices))
  }

  private static func isDayBeforeRoman(_ view: borrowing TextView, _ start: Int) -> Bool {
    let end = view.endOfDigits(start, limit: 2)
    guard end > start, !Bytes.isJoining(view.byte(start - 1)), view.byte(start - 1) != UInt8(ascii: "."),
      (1...31).contains(view.number(start..<end))
    else { return false }
    var next = end
    while next - end < 2, ". /-".utf8.contains(view.byte(next)) { next += 1 }
    return next > end && "IVXivx".utf8.contains(view.byte(next))
  }

  /// Eight digits in one of the three orders: year first, month first, day first.
  private static func isCompact(_ view: borrowing TextView, _ start: Int) -> Bool {
    func at(_ offset: Int, _ count: Int) -> Int { view.number(start + offset..<start + offset + count) }
    if (1900...2100).contains(at(0, 4)), DateRun.isDay(at(4, 2), at(6, 2)) { return true }
    return (1900...2100).contains(at(4, 4)) && DateRun.isDay(at(0, 2), at(2, 2))
  }
}
