internal import FilterKit

/// Seasons of a year, which say more than the year does: `fall 2023`, `winter of '71`.
enum Seasons {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:spring|summer|autumn|fall|winter),? (?:of )?(?:(?:19|20)\d{2}|['’]\d{2})\b"#
    ) { view, end in
      let year = view.start(before: end, limit: 4, where: Bytes.isDigit)
      guard
        let start = (max(view.lowerBound, year - 18)..<year).first(where: { position in
          !Bytes.isJoining(view.byte(position - 1)) && names.contains { view.has($0, at: position) }
        }), !ProgramContext.isProgram(view, start)
      else { return nil }
      return Candidate(range: start..<end, kind: "DATE", confidence: 6500, detector: "phi/date-season")
    }.beforeDigits()
  ]

  private static let names: [StaticString] = ["spring", "summer", "autumn", "fall", "winter"]
}
