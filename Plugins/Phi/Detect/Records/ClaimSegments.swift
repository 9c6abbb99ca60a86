internal import FilterKit

/// Identifiers in claims, payments and eligibility of ASC X12N (837, 835, 270, 271, 834), by segment and qualifier.
enum ClaimSegments {
  /// What NM108 says that NM109 is. Codes of payers (`PI`) and organisations (`46`, `EI`) are nobody's.
  private static let names: [(StaticString, Kind)] = [
    ("MI", "HEALTH_PLAN"), ("II", "HEALTH_PLAN"), ("HN", "HEALTH_PLAN"), ("ZZ", "HEALTH_PLAN"),
    ("C1", "HEALTH_PLAN"),
    ("34", "SSN"), ("SY", "SSN"), ("XX", "LICENSE"), ("SV", "LICENSE"), ("MR", "HEALTH_PLAN"), ("FI", "ID"),
    ("24", "ID"), ("N", "HEALTH_PLAN"),
  ]
  /// What REF01 says that REF02 is.
  private static let references: [(StaticString, Kind)] = [
    ("SY", "SSN"), ("EA", "MRN"), ("1W", "HEALTH_PLAN"), ("0F", "HEALTH_PLAN"), ("IG", "HEALTH_PLAN"),
    ("23", "HEALTH_PLAN"),
    ("F6", "HEALTH_PLAN"), ("1D", "HEALTH_PLAN"), ("3H", "ID"), ("Y4", "ID"), ("G1", "ID"), ("9F", "ID"),
    ("F8", "ID"),
    ("D9", "ID"), ("9A", "ID"), ("9C", "ID"), ("EJ", "MRN"), ("HPI", "LICENSE"), ("0B", "LICENSE"),
    ("1G", "LICENSE"),
    ("1C", "LICENSE"), ("G2", "LICENSE"), ("LU", "ID"), ("X4", "LICENSE"), ("P4", "ID"), ("BLT", "ID"),
    ("6R", "ID"),
    ("ABY", "HEALTH_PLAN"), ("1L", "HEALTH_PLAN"), ("6P", "HEALTH_PLAN"), ("XZ", "ID"), ("Q4", "HEALTH_PLAN"),
    ("DX", "ID"), ("4N", "ID"), ("EO", "ID"), ("TJ", "ID"),
    ("1K", "ID"), ("EI", "ID"),
  ]

  private static let qualifiers = #"(?:MI|II|HN|ZZ|C1|34|SY|XX|SV|MR|FI|24|N)"#

  static let all: [PatternRule] = [
    PatternRule(built: #"[*|^]"# + qualifiers + #"[*|^]"#, caseless: false) { view, end in name(view, end) },
    PatternRule(#"\bREF[*|][0-9A-Z]{2,3}[*|]"#, caseless: false) { view, end in
      let first = end - 1 - (view.byte(end - 4) == view.byte(end - 1) ? 2 : 3)
      guard let kind = kind(view, first..<end - 1, references) else { return nil }
      return element(view, from: end, sign: view.byte(end - 1), kind, least: 4)
    },
    // Whose claim it is: the account of the patient, in claims and in payments.
    PatternRule(#"\bCL[MP][*|]"#, caseless: false) { view, end in
      element(view, from: end, sign: view.byte(end - 1), "ACCOUNT", least: 3)
    },
    // The accounts that a payment goes from and to (BPR08, BPR14).
    PatternRule(#"\*(?:DA|SG)\*"#, caseless: false) { view, end in
      view.hasBefore(end, within: 120, ["BPR*"])
        ? element(view, from: end, sign: UInt8(ascii: "*"), "ACCOUNT", least: 4) : nil
    },
    PatternRule(#"\bPLB\*"#, caseless: false) { view, end in
      element(view, from: end, sign: UInt8(ascii: "*"), "LICENSE", least: 10)
    },
  ]

  private static func name(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let sign = view.byte(end - 1)
    var first = end - 1
    while end - first < 5, view.byte(first - 1) != sign { first -= 1 }
    guard end - first < 5, let kind = kind(view, first..<end - 1, names) else { return nil }
    // The segment's name: NM1 has eight elements before.
    var start = first
    var signs = 0
    while first - start < 140, start > view.lowerBound, signs < 8,
      !"~\n\r".utf8.contains(view.byte(start - 1))
    {
      start -= 1
      if view.byte(start) == sign {
        signs += 1
        // Organisations in payments have three.
        if signs == 3, view.has("N1", at: start - 2) {
          return element(view, from: end, sign: sign, kind, least: 4)
        }
      }
    }
    guard signs == 8, view.has("NM1", at: start - 3) else { return nil }
    return element(view, from: end, sign: sign, kind, least: 4)
  }

  private static func kind(
    _ view: borrowing TextView, _ range: Range<Int>, _ table: [(StaticString, Kind)]
  ) -> Kind? {
    table.first { $0.0.utf8CodeUnitCount == range.count && view.has($0.0, at: range.lowerBound) }?.1
  }

  /// The element from a position to the next sign that ends one.
  private static func element(
    _ view: borrowing TextView, from start: Int, sign: UInt8, _ kind: Kind, least: Int
  ) -> Candidate? {
    var end = start
    var digits = 0
    // Some write a number's groups apart: `W2281 90417`.
    while end - start < 50, view.byte(end) > 0x20 || view.byte(end) == 0x20 && end > start,
      view.byte(end) < 0x80, view.byte(end) != sign,
      !"~:>\\".utf8.contains(view.byte(end))
    {
      if Bytes.isDigit(view.byte(end)) { digits += 1 }
      end += 1
    }
    guard digits >= least, end - start >= 4, view.byte(end) == sign || "~\n\r".utf8.contains(view.byte(end))
    else {
      return nil
    }
    return Candidate(range: start..<end, kind: kind, confidence: 9200, detector: "phi/x12")
  }
}
