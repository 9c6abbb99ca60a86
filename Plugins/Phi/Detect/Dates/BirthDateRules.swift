internal import FilterKit

/// Dates in forms that are rarer, or that only a word such as `born` tells from other numbers.
enum BirthDateRules {
  private static let birth: [StaticString] = ["dob", "d.o.b", "born", "birth", "b."]
  private static let dated: [StaticString] = [
    "dob", "d.o.b", "born", "birth", "b.", "date", "dated", "admitted", "discharged", "seen",
  ]
  private static let versions: [StaticString] = ["version", "release", "v", "ver", "build", "tag"]

  static let all: [PatternRule] = [
    // `14MAR1961`, as military records and passports have it.
    PatternRule(
      #"\b\d{1,2}(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}(?:(?:19|20)\d{2}|\d{2})\b"#
    ) { view, end in
      let start = view.start(before: end, limit: 16, where: Bytes.isJoining)
      guard Bytes.isDigit(view.byte(start)), view.isAlone(start..<end) else { return nil }
      let hasYear = Bytes.isDigit(view.byte(end - 4)) && Bytes.isDigit(view.byte(end - 3))
      guard hasYear || view.hasBefore(start, within: 24, dated) else { return nil }
      return date(start..<end, 8800)
    },
    // `1961 Mar 14`, `1961-Mar-14`.
    PatternRule(
      #"\b(?:19|20)\d{2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?[-/ ]\d{1,2}\b"#
    ) { view, end in
      let start = view.start(before: end, limit: 22) { Bytes.isJoining($0) || "-/ .".utf8.contains($0) }
      guard
        let first = (start..<end).last(where: {
          isYear(view, $0) && !Bytes.isJoining(view.byte($0 - 1)) && end - $0 > 8
        })
      else { return nil }
      return date(first..<end, 8800)
    },
    // `Mar-14-1961`, `Mar/14/1961`.
    PatternRule(
      #"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}[-/]\d{1,2}[-/](?:19|20)\d{2}\b"#
    ) { view, end in
      let start = view.start(before: end, limit: 20) { Bytes.isJoining($0) || "-/".utf8.contains($0) }
      guard Bytes.isLetter(view.byte(start)) else { return nil }
      return date(start..<end, 8800)
    },
    // `14. March 1961`, `14/Mar/1961`, and the months of the neighbours' languages: `14. März 1961`, `14 de marzo de 1961`.
    PatternRule(
      #"\b\d{1,2}(?:[./-]|\.? (?:de )?)(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|mai|dez|janv|fev|avr|juin|juil|aout|ene|abr|ago|dic|marz|m\xc3\xa4rz|f\xc3\xa9v|d\xc3\xa9c)(?:[a-z]|\xc3.){0,7}(?:[./-]|\.? (?:de )?)(?:19|20)\d{2}\b"#
    ) { view, end in
      let start = view.start(before: end, limit: 30) {
        Bytes.isAlphanumeric($0) || "./- ".utf8.contains($0)
      }
      // The day is the number before the month.
      guard
        let first = (start..<end - 6).last(where: {
          Bytes.isDigit(view.byte($0)) && !Bytes.isJoining(view.byte($0 - 1))
        })
      else { return nil }
      return date(first..<ClockTimes.end(view, behind: end), 8800)
    },
    PatternRule(#"\b(?:19|20)\d{2}\.(?:0[1-9]|1[0-2])\.(?:0[1-9]|[12]\d|3[01])\b"#) { view, end in
      let range = end - 10..<end
      guard view.isAlone(range), !view.hasBefore(range.lowerBound, within: 20, versions) else { return nil }
      return date(range, 7000)
    },
    PatternRule(#"\b\d{1,2}/\d{1,2}/['’]\d{2}\b"#) { view, end in
      let start = view.start(before: end, limit: 12) {
        Bytes.isDigit($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "'") || $0 >= 0x80
      }
      return Bytes.isDigit(view.byte(start)) ? date(start..<end, 8500) : nil
    },
    // What a word alone makes a date: `3.14.61`, `03 14 1961`, `03141961`.
    PatternRule(#"\b\d{1,2}[. ]\d{1,2}[. ](?:(?:19|20)\d{2}|\d{2})\b"#) { view, end in
      let start = view.start(before: end, limit: 10) { Bytes.isDigit($0) || ". ".utf8.contains($0) }
      guard let first = (start..<end).first(where: { Bytes.isDigit(view.byte($0)) }),
        view.isAlone(first..<end),
        view.bytes(first..<end, where: { !Bytes.isDigit($0) }).count == 2,
        view.hasBefore(first, within: 20, birth)
      else { return nil }
      return date(first..<end, 8500)
    },
    PatternRule(#"\b(?:0[1-9]|[12]\d|3[01]){2}(?:19|20)\d{2}\b"#) { view, end in
      let range = end - 8..<end
      guard view.isAlone(range), view.hasBefore(range.lowerBound, within: 20, birth) else { return nil }
      return date(range, 8500)
    },
    PatternRule(#"\b(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\b"#) { view, end in
      let range = end - 8..<end
      guard view.isAlone(range), view.hasBefore(range.lowerBound, within: 20, birth) else { return nil }
      return date(range, 8500)
    },
  ]

  private static func date(_ range: Range<Int>, _ confidence: UInt32) -> Candidate {
    Candidate(range: range, kind: "DATE", confidence: confidence, detector: "phi/date-form")
  }

  private static func isYear(_ view: borrowing TextView, _ index: Int) -> Bool {
    (view.has("19", at: index) || view.has("20", at: index))
      && (index..<index + 4).allSatisfy { Bytes.isDigit(view.byte($0)) }
      && !Bytes.isJoining(view.byte(index + 4))
  }
}
