internal import FilterKit

/// Dates in calendars besides the Gregorian one, with the month's name or with the Republic of China's years.
enum OtherCalendars {
  static let all: [PatternRule] = [
    PatternRule(
      #"(?:\b\d{1,2}(?:st|nd|rd|th)? )?\b(?:muharram|safar|rabi'?|jumada|rajab|sha'?ban|ramadan|shawwal|dhu|dhul|zul|farvardin|ordibehesht|khordad|tir|mordad|shahrivar|mehr|aban|azar|dey|bahman|esfand|tishr[ei]i?|cheshvan|kislev|tevet|shevat|adar|nisan|iyar|sivan|tammuz|elul|meskerem|tikimt|hidar|tahsas|yekatit|megabit|miyazya|ginbot|sene|hamle|nehase|pagume|baisakh|jestha|ashadh|shrawan|bhadra|kartik|mangsir|poush|falgun|chaitra)(?:[ -][a-z-]{1,12})?,? (?:1[234]|20|57)\d{2}\b"#
    ) { view, end in
      let year = view.number(end - 4..<end)
      guard
        (1280...1460).contains(year) || (2000...2035).contains(year) || (2060...2095).contains(year)
          || (5700...5799).contains(year)
      else { return nil }
      let start = view.start(before: end - 5, limit: 34) {
        Bytes.isAlphanumeric($0) || " '-,".utf8.contains($0)
      }
      guard
        let first = (start..<end - 5).last(where: { isMonth(view, $0) && !Bytes.isJoining(view.byte($0 - 1)) }
        )
      else { return nil }
      // The day, where one stands before it.
      var day = first
      if view.byte(first - 1) == 0x20 {
        let suffix = view.start(before: first - 1, limit: 2, where: Bytes.isLetter)
        let number = view.start(before: suffix, limit: 2, where: Bytes.isDigit)
        if number < suffix, view.isFree(before: number) { day = number }
      }
      // `Tir 2016` says it, but `azar 2016` may be somebody.
      guard
        day < first || (1330...1460).contains(year)
          || view.hasBefore(first, within: 8, ["since", "until", "in", "from"])
      else { return nil }
      return Candidate(range: day..<end, kind: "DATE", confidence: 7500, detector: "phi/date-calendar")
    }.beforeDigits(),
    // Without a year: `17 Tammuz`, `Meskerem 10`. Months that are words or names besides need one.
    PatternRule(
      #"\b\d{1,2}(?:st|nd|rd|th)? (?:muharram|rajab|sha'?ban|ramadan|ramzan|ramazan|shawwal|farvardin|ordibehesht|khordad|mordad|shahrivar|esfand|tishr[ei]i?|cheshvan|kislev|tevet|shevat|sivan|tammuz|meskerem|tikimt|yekatit|megabit|miyazya|ginbot|baisakh|jestha|ashadh|shrawan|bhadra|mangsir|poush|falgun|chaitra)\b"#
    ) { view, end in
      let word = view.start(before: end, limit: 16) { Bytes.isLetter($0) || $0 == UInt8(ascii: "'") }
      let suffix = view.start(before: word - 1, limit: 2, where: Bytes.isLetter)
      let day = view.start(before: suffix, limit: 2, where: Bytes.isDigit)
      guard view.isFree(before: day), (1...32).contains(view.number(day..<suffix)) else { return nil }
      return Candidate(range: day..<end, kind: "DATE", confidence: 7000, detector: "phi/date-calendar")
    },
    PatternRule(
      #"\b(?:meskerem|tikimt|yekatit|megabit|miyazya|ginbot|baisakh|jestha|ashadh|mangsir|poush) \d{1,2}\b"#
    ) { view, end in
      let day = view.start(before: end, limit: 3, where: Bytes.isDigit)
      let start = view.start(before: day - 1, limit: 12, where: Bytes.isLetter)
      guard (1...32).contains(view.number(day..<end)), !Bytes.isJoining(view.byte(start - 1)) else {
        return nil
      }
      return Candidate(range: start..<end, kind: "DATE", confidence: 7000, detector: "phi/date-calendar")
    }.beforeDigits(),
    // The Islamic and the Iranian calendars in numbers, and what says so behind them: `1405/07/12H`, `1362/5/14 AH`.
    PatternRule(#"\b1[34]\d{2}[/-]\d{1,2}[/-]\d{1,2}(?: ?(?:AH|H|SH)\b)?"#) { view, end in
      let start = view.start(before: end, limit: 14) { Bytes.isAlphanumeric($0) || "/- ".utf8.contains($0) }
      guard
        let first = (start..<end).first(where: {
          view.endOfDigits($0, limit: 5) == $0 + 4 && view.isFree(before: $0)
        }),
        !Bytes.isJoining(view.byte(end)), !"/-".utf8.contains(view.byte(end))
      else { return nil }
      let year = view.number(first..<first + 4)
      let isNamed = Bytes.isLetter(view.byte(end - 1))
      guard (1300...1460).contains(year),
        isNamed || view.hasBefore(first, within: 24, ["dob", "birth", "born", "date", "d.o.b"])
      else { return nil }
      return Candidate(range: first..<end, kind: "DATE", confidence: 7500, detector: "phi/date-calendar")
    },
    // `113/10/07` in Taiwan.
    PatternRule(#"\b1[0-3]\d[/.](?:0[1-9]|1[0-2])[/.](?:0[1-9]|[12]\d|3[01])\b"#) { view, end in
      let range = end - 9..<end
      guard view.isAlone(range), view.byte(end - 3) == view.byte(end - 6),
        view.byte(end - 3) == UInt8(ascii: "/")
      else { return nil }
      return Candidate(range: range, kind: "DATE", confidence: 6500, detector: "phi/date-calendar")
    },
  ]

  private static let months = WordSet(
    words: """
      muharram safar rabi jumada rajab shaban ramadan shawwal dhu dhul zul farvardin ordibehesht khordad tir mordad shahrivar mehr
      aban azar dey bahman esfand tishri tishrei tishre cheshvan kislev tevet shevat adar nisan iyar sivan tammuz elul meskerem tikimt
      hidar tahsas yekatit megabit miyazya ginbot sene hamle nehase pagume baisakh jestha ashadh shrawan bhadra kartik mangsir poush
      falgun chaitra
      """)

  private static func isMonth(_ view: borrowing TextView, _ start: Int) -> Bool {
    var end = start
    while end - start < 14, Bytes.isLetter(view.byte(end)) || view.byte(end) == UInt8(ascii: "'") { end += 1 }
    return end > start && months.contains(view.hash(start..<end))
  }
}
