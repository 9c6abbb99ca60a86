internal import FilterKit

/// People and where they are in X12 (837, 835, 270, 271, 834): `NM1*IL*1*DOE*JANE****MI*W123~`, N3, N4, PER. Identifiers have rules of
/// their own in ``ClaimSegments``, dates in ``CodeDateRules``.
enum X12Rules {
  static let all: [PatternRule] = [
    // A person: the family name, the given one, the middle one; all of it is one name.
    PatternRule(#"\bNM1\*[0-9A-Z]{2,3}\*1\*"#, caseless: false) { view, end in name(view, end) },
    PatternRule(#"\bN3\*"#, caseless: false) { view, end in value(view, end, "ADDRESS") },
    // Town, state and postal code by their places.
    PatternRule(all: #"\bN4\*"#, caseless: false) { view, end, emit in place(view, end, emit) },
    PatternRule(#"\bPER\*[A-Z]{2}\*"#, caseless: false) { view, end in value(view, end, "NAME") },
    PatternRule(#"\*(?:TE|CP|HP|WP|EX|FX)\*"#, caseless: false) { view, end in
      isIn("PER*", view, end)
        ? value(view, end, view.byte(end - 3) == UInt8(ascii: "F") ? "FAX" : "PHONE") : nil
    },
    PatternRule(#"\bSBR\*[A-Z]\*[0-9A-Z]{2}\*"#, caseless: false) { view, end in
      value(view, end, "HEALTH_PLAN")
    },
    PatternRule(#"\bTRN\*[12]\*"#, caseless: false) { view, end in value(view, end, "ID") },
  ]

  /// Whether a position is in a segment of that name.
  private static func isIn(_ name: StaticString, _ view: borrowing TextView, _ position: Int) -> Bool {
    let start = view.start(before: position, limit: 150) {
      $0 != UInt8(ascii: "~") && $0 != 0x0A && $0 != 0x0D
    }
    return (start..<min(start + 4, position)).contains {
      view.has(name, at: $0) && !Bytes.isJoining(view.byte($0 - 1))
    }
  }

  private static let star = UInt8(ascii: "*")

  private static func isEnd(_ byte: UInt8) -> Bool { byte == star || "~\n\r\"'`".utf8.contains(byte) }

  private static func value(_ view: borrowing TextView, _ start: Int, _ kind: Kind) -> Candidate? {
    var end = start
    while end - start < 60, !isEnd(view.byte(end)) { end += 1 }
    guard end - start >= 2, isEnd(view.byte(end)) else { return nil }
    let digits = (start..<end).count { Bytes.isDigit(view.byte($0)) }
    switch kind {
    case "NAME", "CITY": guard digits == 0, Bytes.isLetter(view.byte(start)) else { return nil }
    case "ADDRESS": guard Bytes.isJoining(view.byte(start)), end - start >= 4 else { return nil }
    default: guard digits >= 3, end - start >= 4 else { return nil }
    }
    return Candidate(range: start..<end, kind: kind, confidence: 9000, detector: "phi/x12")
  }

  private static func name(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    var (end, stars) = (start, 0)
    while end - start < 100, !isEnd(view.byte(end)) || view.byte(end) == star && stars < 2 {
      if view.byte(end) == star { stars += 1 }
      end += 1
    }
    while end > start, view.byte(end - 1) == star { end -= 1 }
    guard end - start >= 2, Bytes.isLetter(view.byte(start)), end - start < 100 else { return nil }
    return Candidate(range: start..<end, kind: "NAME", confidence: 9000, detector: "phi/x12")
  }

  private static func place(_ view: borrowing TextView, _ start: Int, _ emit: (Candidate) -> Void) {
    var part = 0
    var position = start
    while part < 3 {
      var end = position
      while end - position < 40, end < view.text.count, !isEnd(view.byte(end)) { end += 1 }
      if end > position, end - position < 40 {
        let range = position..<end
        if part == 0, range.contains(where: { Bytes.isLetter(view.byte($0)) }) {
          emit(Candidate(range: range, kind: "CITY", confidence: 9300, detector: "phi/x12"))
        } else if part == 2, range.count(where: { Bytes.isDigit(view.byte($0)) }) >= 3 {
          emit(Candidate(range: range, kind: "ZIP", confidence: 9300, detector: "phi/x12"))
        }
      }
      guard view.byte(end) == UInt8(ascii: "*") else { return }
      position = end + 1
      part += 1
    }
  }
}
