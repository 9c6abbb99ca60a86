internal import FilterKit

/// Dates that say more than a year.
enum DateRules {
  private static let context: [StaticString] = [
    "dob", "d.o.b", "born", "birth", "date", "on", "since", "until", "seen", "admitted", "discharged",
    "visit", "appointment",
    "from", "to", "through", "before", "after", "by", "dated", "scheduled", "follow",
  ]

  static let all: [PatternRule] = [
    PatternRule(#"\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 10) {
        Bytes.isDigit($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-")
      }
      guard view.isAlone(start..<end) else { return nil }
      let parts = view.bytes(start..<end) { _ in true }.split {
        $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-")
      }.map { Validators.number($0) }
      guard parts.count == 3, isDay(parts[0], parts[1]), isYear(parts[2]) else { return nil }
      return Candidate(range: start..<end, kind: "DATE", confidence: 9000, detector: "phi/date")
    },
    PatternRule(#"\d{1,2}\.\d{1,2}\.(?:19|20)\d{2}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 10) { Bytes.isDigit($0) || $0 == UInt8(ascii: ".") }
      let parts = view.bytes(start..<end) { _ in true }.split(separator: UInt8(ascii: ".")).map {
        Validators.number($0)
      }
      guard view.isAlone(start..<end), parts.count == 3, isDay(parts[0], parts[1]) else { return nil }
      return Candidate(range: start..<end, kind: "DATE", confidence: 8000, detector: "phi/date")
    },
    PatternRule(#"(?:19|20)\d{2}[-/](?:0?[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01]|[1-9])"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 10) {
        Bytes.isDigit($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-")
      }
      guard !Bytes.isJoining(view.byte(start - 1)), view.byte(start - 1) != UInt8(ascii: "-") else {
        return nil
      }
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
      guard stop > end || !Bytes.isJoining(view.byte(end)) else { return nil }
      return Candidate(range: start..<max(stop, end), kind: "DATE", confidence: 9000, detector: "phi/date")
    },
    PatternRule(#"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"#) { view, end in
      let start = end - 8
      var stop = end
      while stop - end < 6, Bytes.isDigit(view.byte(stop)) { stop += 1 }
      guard start >= view.lowerBound, !Bytes.isJoining(view.byte(start - 1)),
        !Bytes.isJoining(view.byte(stop))
      else { return nil }
      let isField = "|^~".utf8.contains(view.byte(start - 1)) || "|^~".utf8.contains(view.byte(stop))
      guard isField || view.hasBefore(start, within: 24, ["dob", "birth", "date", "admitted", "discharged"])
      else { return nil }
      return Candidate(range: start..<stop, kind: "DATE", confidence: 8200, detector: "phi/date-compact")
    },
    PatternRule(StaticPattern.monthDay) { view, end in written(view, end) },
    PatternRule(StaticPattern.dayMonth) { view, end in written(view, end) },
    PatternRule(StaticPattern.monthYear) { view, end in written(view, end) },
    PatternRule(#"(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)), view.byte(end) != UInt8(ascii: "/") else { return nil }
      let start = view.start(before: end, limit: 5) { Bytes.isDigit($0) || $0 == UInt8(ascii: "/") }
      guard view.isAlone(start..<end), view.hasBefore(start, within: 12, context) else { return nil }
      // A dose or a measurement is not a date.
      var next = end
      while view.byte(next) == 0x20, next - end < 2 { next += 1 }
      for unit in ["mg", "mcg", "ml", "mmhg", "%", "pain", "strength", "/"] {
        let bytes = Array(unit.utf8)
        if bytes.indices.allSatisfy({ view.byte(next + $0) | 0x20 == bytes[$0] | 0x20 }) { return nil }
      }
      let parts = view.bytes(start..<end) { _ in true }.split(separator: UInt8(ascii: "/")).map {
        Validators.number($0)
      }
      guard parts.count == 2, (1...12).contains(parts[0]), (1...31).contains(parts[1]) else { return nil }
      return Candidate(range: start..<end, kind: "DATE", confidence: 6500, detector: "phi/date-partial")
    },
  ]

  private enum StaticPattern {
    static let monthDay: StaticString =
      #"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? {1,2}\d{1,2}(?:st|nd|rd|th)?(?:,? {1,2}(?:19|20)\d{2})?\b"#
    static let dayMonth: StaticString =
      #"\b\d{1,2}(?:st|nd|rd|th)?[- ]{1,2}(?:of )?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?(?:,?[- ]{1,2}(?:19|20)\d{2}\b)?"#
    static let monthYear: StaticString =
      #"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?,? (?:of )?(?:19|20)\d{2}\b"#
  }

  private static let names = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ].map { Array($0.utf8) }

  /// A date with the month's name: the match's end is known, its start is the month's or the day's.
  private static func written(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let limit = view.start(before: end, limit: 32) { Bytes.isAlphanumeric($0) || " .,-".utf8.contains($0) }
    var month: Int?
    var position = end
    while position > limit {
      position -= 1
      guard Bytes.isLetter(view.byte(position)), !Bytes.isLetter(view.byte(position - 1)) else { continue }
      if names.contains(where: { name in
        name.indices.allSatisfy { view.byte(position + $0) | 0x20 == name[$0] }
      }) {
        month = position
        break
      }
    }
    guard let month else { return nil }
    var start = month
    var back = month
    if view.byte(back - 1) == 0x20, view.byte(back - 2) | 0x20 == UInt8(ascii: "f"),
      view.byte(back - 3) | 0x20 == UInt8(ascii: "o")
    {
      back -= 3
    }
    while back > limit, view.byte(back - 1) == 0x20 || view.byte(back - 1) == UInt8(ascii: "-") { back -= 1 }
    let suffix = view.start(before: back, limit: 2, where: Bytes.isLetter)
    let digits = view.start(
      before: Bytes.isDigit(view.byte(suffix - 1)) ? suffix : back, limit: 2, where: Bytes.isDigit)
    if Bytes.isDigit(view.byte(digits)), !Bytes.isDigit(view.byte(digits - 1)), digits < back {
      start = digits
    }
    let hasDigit = (start..<end).contains { Bytes.isDigit(view.byte($0)) }
    guard hasDigit, !Bytes.isJoining(view.byte(end)) || !Bytes.isJoining(view.byte(end - 1)) else {
      return nil
    }
    return Candidate(range: start..<end, kind: "DATE", confidence: 8800, detector: "phi/date-written")
  }

  private static func isDay(_ one: Int, _ other: Int) -> Bool {
    (1...12).contains(one) && (1...31).contains(other) || (1...31).contains(one) && (1...12).contains(other)
  }

  private static func isYear(_ year: Int) -> Bool { year < 100 || (1880...2100).contains(year) }
}
