internal import FilterKit

/// Days that have a name and stand in a year, or are one day whatever the year: `Easter 2019`, `New Year's Eve`, `Boxing Day`.
enum Holidays {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:christmas|xmas|easter|thanksgiving|halloween|valentine.?s?(?: day)?|new year.{0,3}s? (?:eve|day)|boxing day|labor day|memorial day|canada day|anzac day|australia day|independence day|mother.?s.? day|father.?s.? day)(?: (?:eve|day|sunday|monday|morning))? (?:19|20)\d{2}\b"#
    ) { view, end in holiday(view, end) },
    PatternRule(
      #"\b(?:(?:christmas|xmas|new year.{0,3}s?) (?:eve|day)|boxing day|easter (?:sunday|monday)|valentine.?s.? day|st\.? patrick.{0,3}s day|fourth of july|4th of july|bastille day|pioneer day|anzac day|ash wednesday|good friday)\b"#
    ) { view, end in
      // A plan's visits and a shop's hours are told by them, too: somebody's day stands behind a word of time.
      guard let found = holiday(view, end),
        let word = view.word(before: found.range.lowerBound),
        before.contains(view.hash(word))
      else { return nil }
      return found
    },
  ]

  private static let before = WordSet(words: "on since until till til from last before after by around")
  private static let names: [StaticString] = [
    "christmas", "xmas", "easter", "thanksgiving", "halloween", "valentine", "new year", "boxing", "labor",
    "memorial", "canada", "anzac", "australia", "st", "fourth", "4th", "bastille", "pioneer", "ash", "good",
    "independence", "mother", "father",
  ]
  private static let longest = 40

  private static func holiday(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    for start in max(view.lowerBound, end - longest)..<end
    where !Bytes.isJoining(view.byte(start - 1)) && names.contains(where: { view.has($0, at: start) }) {
      return Candidate(range: start..<end, kind: "DATE", confidence: 7000, detector: "phi/date-holiday")
    }
    return nil
  }
}
