internal import FilterKit

/// Identifiers that are known by their form: numbers with groups and check digits, addresses of networks.
enum NumberRules {
  private static let phoneContext: [StaticString] = [
    "phone", "tel", "cell", "mobile", "call", "contact", "reach", "pager", "ph",
  ]

  static let all: [PatternRule] = [
    PatternRule(#"\d{3}[- ]\d{2}[- ]\d{4}"#) { view, end in
      let range = end - 11..<end
      guard range.lowerBound >= view.lowerBound, view.isAlone(range),
        Validators.ssn(view.bytes(range, where: Bytes.isDigit))
      else { return nil }
      return Candidate(range: range, kind: "SSN", confidence: 9200, detector: "phi/ssn")
    },
    PatternRule(#"\d{3}\)?[-. ]{0,2}\d{3}[-. ]\d{4}"#) { view, end in
      phone(view, end)
    },
    PatternRule(#"\d{10}"#) { view, end in
      let range = end - 10..<end
      guard range.lowerBound >= view.lowerBound, view.isAlone(range) else { return nil }
      let digits = view.bytes(range, where: Bytes.isDigit)
      if view.hasBefore(range.lowerBound, within: 24, ["npi"]), Validators.npi(digits) {
        return Candidate(range: range, kind: "LICENSE", confidence: 9600, detector: "phi/npi")
      }
      guard Validators.phone(digits), view.hasBefore(range.lowerBound, within: 24, phoneContext + ["fax"])
      else { return nil }
      let isFax = view.hasBefore(range.lowerBound, within: 12, ["fax"])
      return Candidate(range: range, kind: isFax ? "FAX" : "PHONE", confidence: 8500, detector: "phi/phone")
    },
    PatternRule(#"\+\d{1,3}[-. ]?\(?\d{1,4}\)?(?:[-. ]?\d{2,4}){2,4}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 26) { Bytes.isDigit($0) || "+-. ()".utf8.contains($0) }
      guard let plus = (start..<end).last(where: { view.byte($0) == UInt8(ascii: "+") }) else { return nil }
      let count = view.bytes(plus..<end, where: Bytes.isDigit).count
      guard (9...15).contains(count), !Bytes.isAlphanumeric(view.byte(plus - 1)) else { return nil }
      return Candidate(range: plus..<end, kind: "PHONE", confidence: 8800, detector: "phi/phone")
    },
    PatternRule(#"\d(?:[ -]?\d){12,18}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 23) {
        Bytes.isDigit($0) || $0 == 0x20 || $0 == UInt8(ascii: "-")
      }
      guard let first = (start..<end).first(where: { Bytes.isDigit(view.byte($0)) }),
        view.isAlone(first..<end)
      else { return nil }
      guard Validators.card(view.bytes(first..<end, where: Bytes.isDigit)) else { return nil }
      return Candidate(range: first..<end, kind: "ACCOUNT", confidence: 8800, detector: "phi/card")
    },
    PatternRule(#"[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?"#) { view, end in
      guard !Bytes.isAlphanumeric(view.byte(end)) else { return nil }
      let limit = view.start(before: end, limit: 42) { Bytes.isAlphanumeric($0) || $0 == 0x20 }
      for start in limit..<end
      where !Bytes.isAlphanumeric(view.byte(start - 1)) && Bytes.isLetter(view.byte(start)) {
        if Validators.iban(view.bytes(start..<end, where: Bytes.isAlphanumeric)) {
          return Candidate(range: start..<end, kind: "ACCOUNT", confidence: 9300, detector: "phi/iban")
        }
      }
      return nil
    },
    PatternRule(#"[a-z][a-z9]\d{7}"#) { view, end in
      let range = end - 9..<end
      guard range.lowerBound >= view.lowerBound, view.isAlone(range),
        Validators.dea(view.bytes(range) { _ in true })
      else { return nil }
      let hasContext = view.hasBefore(range.lowerBound, within: 24, ["dea"])
      return Candidate(
        range: range, kind: "LICENSE", confidence: hasContext ? 9600 : 6000, detector: "phi/dea")
    },
    PatternRule(
      #"[1-9][ac-hj-kmnp-rt-y][ac-hj-kmnp-rt-y0-9]\d-?[ac-hj-kmnp-rt-y][ac-hj-kmnp-rt-y0-9]\d-?[ac-hj-kmnp-rt-y]{2}\d{2}"#
    ) {
      view, end in
      let start = view.start(before: end, limit: 13) { Bytes.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      let length = view.bytes(start..<end, where: Bytes.isAlphanumeric).count
      guard length == 11, view.isAlone(start..<end) else { return nil }
      return Candidate(range: start..<end, kind: "HEALTH_PLAN", confidence: 9000, detector: "phi/mbi")
    },
    PatternRule(#"[a-hj-npr-z0-9]{17}"#) { view, end in
      let range = end - 17..<end
      guard range.lowerBound >= view.lowerBound, view.isAlone(range),
        Validators.vin(view.bytes(range) { _ in true })
      else { return nil }
      return Candidate(range: range, kind: "VEHICLE", confidence: 8800, detector: "phi/vin")
    },
    PatternRule(#"\(01\)\d{14}"#) { view, end in
      var stop = end
      while stop - end < 48, Bytes.isAlphanumeric(view.byte(stop)) || "()".utf8.contains(view.byte(stop)) {
        stop += 1
      }
      return Candidate(range: end - 18..<stop, kind: "DEVICE", confidence: 9000, detector: "phi/udi")
    },
    PatternRule(#"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 15) { Bytes.isDigit($0) || $0 == UInt8(ascii: ".") }
      guard view.isAlone(start..<end) else { return nil }
      let parts = view.bytes(start..<end) { _ in true }.split(separator: UInt8(ascii: "."))
      guard parts.count == 4,
        parts.allSatisfy({ Validators.number($0) <= 255 && ($0.count == 1 || $0[$0.startIndex] != 0x30) })
      else { return nil }
      if view.hasBefore(start, within: 20, ["version", "release", "v", "ver", "build"]) { return nil }
      let first = Validators.number(parts[0])
      guard first != 0, first != 127, first < 224 else { return nil }
      return Candidate(range: start..<end, kind: "IP", confidence: 7500, detector: "phi/ip")
    },
    PatternRule(#"(?:[0-9a-f]{1,4}:){4,7}(?::?[0-9a-f]{1,4})"#) { view, end in
      guard !Bytes.isAlphanumeric(view.byte(end)), view.byte(end) != UInt8(ascii: ":") else { return nil }
      let start = view.start(before: end, limit: 40) {
        Bytes.isDigit($0) || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x66 || $0 == UInt8(ascii: ":")
      }
      guard !Bytes.isAlphanumeric(view.byte(start - 1)) else { return nil }
      let groups = view.bytes(start..<end) { _ in true }.split(
        separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      if groups.count == 6, groups.allSatisfy({ $0.count == 2 }) {
        return Candidate(range: start..<end, kind: "DEVICE", confidence: 8500, detector: "phi/mac")
      }
      guard groups.count >= 5, groups.allSatisfy({ $0.count <= 4 }), groups.contains(where: { $0.count >= 3 })
      else { return nil }
      return Candidate(range: start..<end, kind: "IP", confidence: 8000, detector: "phi/ip")
    },
    PatternRule(#"(?:9\d|1[01]\d)[- ]?(?:years?|yrs?|y/?o|y\.o)"#) { view, end in
      let start = view.start(before: end, limit: 12) { $0 != 0x20 && $0 != UInt8(ascii: "-") || false }
      var first = start
      if !Bytes.isDigit(view.byte(first)) {
        first = view.start(before: start - 1, limit: 3, where: Bytes.isDigit)
      }
      var stop = first
      while Bytes.isDigit(view.byte(stop)) { stop += 1 }
      let age = Validators.number(view.bytes(first..<stop) { _ in true })
      guard stop > first, (90...119).contains(age), !Bytes.isAlphanumeric(view.byte(first - 1)) else {
        return nil
      }
      return Candidate(range: first..<stop, kind: "AGE", confidence: 8500, detector: "phi/age")
    },
    PatternRule(#"aged?:? (?:9\d|1[01]\d)"#) { view, end in
      let start = view.start(before: end, limit: 3, where: Bytes.isDigit)
      guard !Bytes.isDigit(view.byte(end)),
        !Bytes.isLetter(view.byte(start - 5)) || !Bytes.isLetter(view.byte(start - 6))
      else { return nil }
      return Candidate(range: start..<end, kind: "AGE", confidence: 8500, detector: "phi/age")
    },
  ]

  private static func phone(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard !Bytes.isDigit(view.byte(end)) else { return nil }
    let limit = view.start(before: end, limit: 20) { Bytes.isDigit($0) || "+-. ()".utf8.contains($0) }
    // From the right: four, three and three digits, then perhaps a country code of 1.
    var start = end
    var digits = 0
    while start > limit, digits < 10 {
      start -= 1
      if Bytes.isDigit(view.byte(start)) { digits += 1 }
    }
    guard digits == 10 else { return nil }
    if view.byte(start - 1) == UInt8(ascii: "(") { start -= 1 }
    var country = start
    while country > limit, "-. ".utf8.contains(view.byte(country - 1)) { country -= 1 }
    if view.byte(country - 1) == UInt8(ascii: "1"), !Bytes.isDigit(view.byte(country - 2)) {
      start = country - 1
      if view.byte(start - 1) == UInt8(ascii: "+") { start -= 1 }
    }
    guard Validators.phone(view.bytes(start..<end, where: Bytes.isDigit)), view.isAlone(start..<end) else {
      return nil
    }
    var stop = end
    // An extension belongs to the number.
    for marker in [" x", " ext. ", " ext ", ", ext. ", " ext"] {
      let bytes = Array(marker.utf8)
      if bytes.indices.allSatisfy({ view.byte(end + $0) == bytes[$0] }),
        Bytes.isDigit(view.byte(end + bytes.count))
      {
        stop = end + bytes.count
        while stop - end < 12, Bytes.isDigit(view.byte(stop)) { stop += 1 }
        break
      }
    }
    let isFax = view.hasBefore(start, within: 12, ["fax"])
    return Candidate(
      range: start..<stop, kind: isFax ? "FAX" : "PHONE", confidence: 8800, detector: "phi/phone")
  }
}
