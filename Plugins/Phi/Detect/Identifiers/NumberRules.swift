internal import FilterKit

/// Identifiers that are known by their form: numbers with groups and check digits, addresses of networks.
enum NumberRules {
  /// What is numbered like an address of a network.
  private static let notAddresses: [StaticString] = [
    "version", "release", "ver", "build", "firmware", "fw", "software", "sw", "driver", "bridge", "app",
    "runner", "revision", "section", "sections", "rfc", "oid", "chapter", "table",
    "figure",
  ]

  private static let cardWords: [StaticString] = [
    "card", "visa", "mastercard", "amex", "credit", "debit", "payment", "paid", "pan", "charge", "cc",
  ]
  /// What is numbered at length and is nobody's card.
  private static let otherNumbers: [StaticString] = [
    "order", "tracking", "timestamp", "time", "epoch", "isbn", "commit", "build", "hash", "offset", "seed",
  ]

  /// Whether digits stand in pairs and alone, as bytes and indices are listed and no card is written.
  private static func isListed(_ view: borrowing TextView, _ digits: Range<Int>) -> Bool {
    view.byte(digits.lowerBound + 2) == 0x20 && view.byte(digits.lowerBound + 5) == 0x20
  }

  static let all: [PatternRule] = [
    // Europe's health card: the industry's 80 and the country's 380, Italy (EN 1867).
    PatternRule(#"\b80380\d{15}\b"#) { _, end in
      Candidate(range: end - 20..<end, kind: "HEALTH_PLAN", confidence: 8000, detector: "phi/health-card")
    },
    PatternRule(#"\d{3}[- ]\d{2}[- ]\d{4}"#) { view, end in
      let range = end - 11..<end
      guard range.lowerBound >= view.lowerBound, view.isAlone(range, inIdentifiers: true),
        Validators.ssn(view.bytes(range, where: Bytes.isDigit))
      else { return nil }
      return Candidate(range: range, kind: "SSN", confidence: 9200, detector: "phi/ssn")
    },
    PatternRule(#"\d(?:[ -]?\d){12,18}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 23) {
        Bytes.isDigit($0) || $0 == 0x20 || $0 == UInt8(ascii: "-")
      }
      // Another number may stand right before it.
      for first in start..<end where Bytes.isDigit(view.byte(first)) && !Bytes.isDigit(view.byte(first - 1)) {
        let digits = view.bytes(first..<end, where: Bytes.isDigit)
        guard view.isAlone(first..<end), !isListed(view, first..<end), Validators.card(digits) else {
          continue
        }
        // One in ten numbers has a right check digit: groups and words make it a card, other words another number.
        let confidence: UInt32 =
          view.hasBefore(first, within: 40, cardWords)
          ? 9600
          : view.hasBefore(first, within: 24, otherNumbers) ? 4000 : digits.count < end - first ? 8800 : 6500
        return Candidate(range: first..<end, kind: "ACCOUNT", confidence: confidence, detector: "phi/card")
      }
      return nil
    },
    PatternRule(#"\d{4}\.\d{4}\.\d{4}\.\d{4}"#) { view, end in
      let range = end - 19..<end
      guard range.lowerBound >= view.lowerBound, view.isAlone(range),
        Validators.card(view.bytes(range, where: Bytes.isDigit))
      else { return nil }
      return Candidate(range: range, kind: "ACCOUNT", confidence: 8800, detector: "phi/card")
    },
    PatternRule(#"[a-z]{2}\d{2} [a-z0-9]{4} [a-z0-9]{4} "#) { view, end in iban(view, groupsFrom: end - 15) },
    PatternRule(#"[a-z][a-z9]\d{7}"#) { view, end in
      let range = end - 9..<end
      guard range.lowerBound >= view.lowerBound, view.isAlone(range),
        Validators.dea(view.bytes(range) { _ in true })
      else { return nil }
      let hasContext = view.hasBefore(
        range.lowerBound, within: 40, ["dea", "prescri", "provider", "physician"])
      let isUpper =
        Bytes.isUpper(view.byte(range.lowerBound)) && !Bytes.isLower(view.byte(range.lowerBound + 1))
      return Candidate(
        range: range, kind: "LICENSE", confidence: hasContext ? 9600 : isUpper ? 6000 : 4500,
        detector: "phi/dea")
    },
    PatternRule(
      #"[1-9][ac-hj-kmnp-rt-y][ac-hj-kmnp-rt-y0-9]\d[- ]?[ac-hj-kmnp-rt-y][ac-hj-kmnp-rt-y0-9]\d[- ]?[ac-hj-kmnp-rt-y]{2}\d{2}"#
    ) {
      view, end in
      var start = end
      var signs = 0
      while signs < 11, end - start < 13, view.byte(start - 1) != 0x0A {
        start -= 1
        if Bytes.isJoining(view.byte(start)) { signs += 1 }
      }
      guard signs == 11, view.isAlone(start..<end) else { return nil }
      let hasContext = view.hasBefore(
        start, within: 40, ["medicare", "mbi", "beneficiary", "member", "insur"])
      return Candidate(
        range: start..<end, kind: "HEALTH_PLAN", confidence: hasContext ? 9700 : 8500, detector: "phi/mbi")
    },
    PatternRule(#"\(01\)\d{14}"#) { view, end in
      var stop = end
      while stop - end < 48, Bytes.isAlphanumeric(view.byte(stop)) || "()".utf8.contains(view.byte(stop)) {
        stop += 1
      }
      let isChecked = Validators.gtin(view.bytes(end - 14..<end) { _ in true })
      return Candidate(
        range: end - 18..<stop, kind: "DEVICE", confidence: isChecked ? 9300 : 7500, detector: "phi/udi")
    },
    // HIBC (ANSI/HIBC 2.6): labeler, product, `/` and what says which one it is.
    PatternRule(#"\+[A-Z]\d{3}[A-Z0-9]{2,19}/\$"#, caseless: false) { view, end in
      udi(view, end, from: UInt8(ascii: "+")) {
        Bytes.isJoining($0) || "$/+-. %".utf8.contains($0) && $0 != 0x20
      }
    },
    // ISBT 128 of ICCBBA: processor, product and its data.
    PatternRule(#"=/[A-Z]\d{4}[A-Z0-9]{7}\d{4}"#, caseless: false) { view, end in
      udi(view, end, from: UInt8(ascii: "=")) { Bytes.isJoining($0) || "=,>}/&".utf8.contains($0) }
    },
    // A MAC address as routers write it.
    PatternRule(#"[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}"#) { view, end in
      let range = end - 14..<end
      guard range.lowerBound >= view.lowerBound, view.isAlone(range),
        range.contains(where: { Bytes.isLetter(view.byte($0)) })
      else { return nil }
      return Candidate(range: range, kind: "DEVICE", confidence: 7500, detector: "phi/mac")
    },
    PatternRule(#"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 15) { Bytes.isDigit($0) || $0 == UInt8(ascii: ".") }
      guard view.isAlone(start..<end) else { return nil }
      let parts = view.bytes(start..<end) { _ in true }.split(separator: UInt8(ascii: "."))
      guard parts.count == 4,
        parts.allSatisfy({ Validators.number($0) <= 255 && ($0.count == 1 || $0[$0.startIndex] != 0x30) })
      else { return nil }
      if view.hasBefore(start, within: 20, notAddresses) || view.has("v ", at: start - 2) { return nil }
      let first = Validators.number(parts[0])
      guard first != 0, first != 127, first < 224 else { return nil }
      // A whole network, or its mask.
      if parts.dropFirst().allSatisfy({ Validators.number($0) == 0 }) { return nil }
      // The arcs of object identifiers begin like that (ITU-T X.660).
      if first <= 2,
        !view.hasBefore(start, within: 24, ["ip", "address", "host", "server", "addr", "client"])
      {
        return nil
      }
      return Candidate(range: start..<end, kind: "IP", confidence: 7500, detector: "phi/ip")
    },
    PatternRule(#"(?:[0-9a-f]{1,4}:){4,7}(?::?[0-9a-f]{1,4})"#) { view, end in
      guard !Bytes.isJoining(view.byte(end)), view.byte(end) != UInt8(ascii: ":") else { return nil }
      let start = view.start(before: end, limit: 40) {
        Bytes.isDigit($0) || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x66 || $0 == UInt8(ascii: ":")
      }
      guard !Bytes.isJoining(view.byte(start - 1)) else { return nil }
      let groups = view.bytes(start..<end) { _ in true }.split(
        separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      if groups.count == 6, groups.allSatisfy({ $0.count == 2 }) {
        return Candidate(range: start..<end, kind: "DEVICE", confidence: 8500, detector: "phi/mac")
      }
      guard groups.count >= 5, !isMulticast(view, start), groups.allSatisfy({ $0.count <= 4 }),
        groups.contains(where: { $0.count >= 3 })
      else { return nil }
      return Candidate(range: start..<end, kind: "IP", confidence: 8000, detector: "phi/ip")
    },
    PatternRule(#"[0-9a-f]{1,4}::[0-9a-f]{1,4}"#) { view, end in
      guard !Bytes.isJoining(view.byte(end)), view.byte(end) != UInt8(ascii: ":") else { return nil }
      let start = view.start(before: end, limit: 40, where: isHexOrColon)
      guard !Bytes.isJoining(view.byte(start - 1)), view.byte(start) != UInt8(ascii: ":") else {
        return nil
      }
      return shortened(view, start..<end)
    },
    PatternRule(#"[0-9a-f]{1,4}::(?:[0-9a-f]{1,4}:){1,6}[0-9a-f]{1,4}"#) { view, end in
      guard !Bytes.isJoining(view.byte(end)), view.byte(end) != UInt8(ascii: ":") else { return nil }
      let start = view.start(before: end, limit: 40, where: isHexOrColon)
      guard !Bytes.isJoining(view.byte(start - 1)), view.byte(start) != UInt8(ascii: ":") else {
        return nil
      }
      return shortened(view, start..<end)
    },
    PatternRule(#"(?:[0-9a-f]{2}-){5}[0-9a-f]{2}"#) { view, end in
      guard end - 17 >= view.lowerBound, view.isAlone(end - 17..<end) else { return nil }
      return Candidate(range: end - 17..<end, kind: "DEVICE", confidence: 8500, detector: "phi/mac")
    },
  ]

  /// A device's identifier around a match: back to its first sign, and on over the signs that it may have.
  private static func udi(
    _ view: borrowing TextView, _ end: Int, from first: UInt8, _ isInside: (UInt8) -> Bool
  ) -> Candidate? {
    var start = end - 1
    while end - start < 30, view.byte(start) != first || start + 1 < end && view.byte(start - 1) == first {
      start -= 1
    }
    guard view.byte(start) == first, !Bytes.isJoining(view.byte(start - 1)) else { return nil }
    var stop = end
    while stop - end < 64, isInside(view.byte(stop)) { stop += 1 }
    while stop > end, !Bytes.isJoining(view.byte(stop - 1)) { stop -= 1 }
    return Candidate(range: start..<stop, kind: "DEVICE", confidence: 9000, detector: "phi/udi")
  }

  /// An IBAN in groups of four: the longest that fits.
  private static func iban(_ view: borrowing TextView, groupsFrom start: Int) -> Candidate? {
    guard start >= view.lowerBound, !Bytes.isJoining(view.byte(start - 1)) else { return nil }
    var ends: [Int] = []
    var position = start
    while position - start < 42 {
      var end = position
      while end - position < 4, Bytes.isJoining(view.byte(end)) { end += 1 }
      guard end > position, !Bytes.isJoining(view.byte(end)) else { break }
      ends.append(end)
      guard end - position == 4, view.byte(end) == 0x20 else { break }
      position = end + 1
    }
    let isNamed = view.hasBefore(start, within: 12, ["iban"])
    let fitting = ends.last {
      isNamed && $0 - start >= 18 || Validators.iban(view.bytes(start..<$0, where: Bytes.isJoining))
    }
    return fitting.map {
      Candidate(range: start..<$0, kind: "ACCOUNT", confidence: 9300, detector: "phi/iban")
    }
  }

  /// What is known by its length and check digits alone, in a run without spaces: no pattern has anything to look for.
  static func token(_ view: borrowing TextView, _ range: Range<Int>) -> Candidate? {
    let check = view.byte(range.lowerBound + 8)
    if range.count == 17, Bytes.isDigit(check) || check | 0x20 == UInt8(ascii: "x"), view.isAlone(range),
      Validators.vin(view.bytes(range) { _ in true })
        || isVehicle(view, range) && view.hasBefore(range.lowerBound, within: 40, vehicles)
    {
      let hasContext = view.hasBefore(
        range.lowerBound, within: 40, ["vin", "veh", "car", "truck", "auto"])
      return Candidate(
        range: range, kind: "VEHICLE", confidence: hasContext ? 9600 : 7000, detector: "phi/vin")
    }
    let start = range.lowerBound
    guard range.count >= 15, range.count <= 34, Bytes.isLetter(view.byte(start)),
      Bytes.isLetter(view.byte(start + 1)), Bytes.isDigit(view.byte(start + 2)),
      Bytes.isDigit(view.byte(start + 3)), Validators.iban(view.bytes(range) { _ in true })
    else { return nil }
    return Candidate(range: range, kind: "ACCOUNT", confidence: 9300, detector: "phi/iban")
  }

  private static let vehicles: [StaticString] = [
    "vin", "veh", "car", "truck", "auto", "van", "ford", "ram", "chev", "toyota", "honda", "nissan", "dodge",
    "jeep", "gmc", "buick", "bmw", "fin",
  ]

  /// Whether a number is built as a vehicle's, which may be mistyped: capitals without I, O and Q, and four digits at its end.
  private static func isVehicle(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let letters = range.count { Bytes.isUpper(view.byte($0)) }
    return (3...12).contains(letters) && range.suffix(4).allSatisfy { Bytes.isDigit(view.byte($0)) }
      && !range.contains { Bytes.isLower(view.byte($0)) || "IOQ".utf8.contains(view.byte($0)) }
  }

  private static func isHexOrColon(_ byte: UInt8) -> Bool {
    Bytes.isDigit(byte) || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66 || byte == UInt8(ascii: ":")
  }

  /// Addresses of groups and masks (RFC 4291, 2.7) are nobody's, as those from 224 on are in IPv4.
  private static func isMulticast(_ view: borrowing TextView, _ start: Int) -> Bool {
    view.has("ff", at: start) && Bytes.isJoining(view.byte(start + 2))
      && Bytes.isJoining(view.byte(start + 3))
  }

  /// An address of IPv6 in which a run of zeros is left out (RFC 5952), but not `Bad::Face` of a program.
  private static func shortened(_ view: borrowing TextView, _ range: Range<Int>) -> Candidate? {
    let groups = view.bytes(range) { _ in true }.split(
      separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard !isMulticast(view, range.lowerBound), groups.count(where: \.isEmpty) == 1, groups.count <= 8,
      groups.allSatisfy({ $0.count <= 4 })
    else {
      return nil
    }
    let hasDigits = groups[0].contains(where: Bytes.isDigit)
    guard groups.count >= 4 || hasDigits && groups[0].count >= 3 else { return nil }
    return Candidate(range: range, kind: "IP", confidence: 8000, detector: "phi/ip")
  }
}
