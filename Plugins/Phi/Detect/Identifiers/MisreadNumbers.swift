internal import FilterKit

/// Dates, telephones and ZIP codes in which a scanner has read O for 0, and l or I for 1: `O3-17-l945`, `(4O6) 778-2l50`. Most of their
/// signs are digits, and what they mean has the form.
enum MisreadNumbers {
  static let all: [PatternRule] = [
    PatternRule(#"[\dOIl][/-][\dOIl]{1,2}[/-](?:[\dOIl]{4}|[\dOIl]{2})\b"#, caseless: false) { view, end in
      let start = view.start(before: end, limit: 10) { isSign($0) || "/-".utf8.contains($0) }
      guard let text = digits(view, start..<end, least: 3) else { return nil }
      let parts = text.split { !Bytes.isDigit($0) }
      guard parts.count == 3, parts[0].count <= 2,
        DateRun.isDay(Validators.number(Array(parts[0])), Validators.number(Array(parts[1])))
      else { return nil }
      return Candidate(range: start..<end, kind: "DATE", confidence: 7500, detector: "phi/misread")
    }.beforeDigits(),
    // Vectorscan looks for the last group alone: all three with so many signs in each place are dear.
    PatternRule(#"[-. ][\dOIl]{4}\b"#, caseless: false) { view, end in
      guard hasGroups(view, before: end - 5) else { return nil }
      var start = view.start(before: end, limit: 14) { isSign($0) || "-. ()".utf8.contains($0) }
      while !isSign(view.byte(start)), view.byte(start) != UInt8(ascii: "("), start < end { start += 1 }
      guard let text = digits(view, start..<end, least: 5), text.count(where: Bytes.isDigit) == 10 else {
        return nil
      }
      let range = start..<end
      return Candidate(
        range: range, kind: PhoneRules.isFax(view, range) ? "FAX" : "PHONE", confidence: 7500,
        detector: "phi/misread")
    }.beforeDigits(),
    PatternRule(#"\b[A-Z][A-Z],? {1,2}[\dOIl]{5}\b"#, caseless: false) { view, end in
      let state = view.start(before: end - 5, limit: 3) { $0 == 0x20 || $0 == UInt8(ascii: ",") }
      guard PlaceRules.isState(view, state - 2..<state), digits(view, end - 5..<end, least: 3) != nil else {
        return nil
      }
      return Candidate(range: end - 5..<end, kind: "ZIP", confidence: 7500, detector: "phi/misread")
    }.beforeDigits(),
  ]

  /// Whether what stands before a number's last group is `555-` or `(555) `, and `555`.
  private static func hasGroups(_ view: borrowing TextView, before end: Int) -> Bool {
    guard isGroup(view, endsAt: end) else { return false }
    var area = end - 3
    while end - 3 - area < 2, "-. ".utf8.contains(view.byte(area - 1)) { area -= 1 }
    guard area < end - 3 else { return false }
    return isGroup(view, endsAt: area)
      || view.byte(area - 1) == UInt8(ascii: ")") && isGroup(view, endsAt: area - 1)
  }

  private static func isGroup(_ view: borrowing TextView, endsAt end: Int) -> Bool {
    isSign(view.byte(end - 1)) && isSign(view.byte(end - 2)) && isSign(view.byte(end - 3))
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    Bytes.isDigit(byte) || byte == UInt8(ascii: "O") || byte == UInt8(ascii: "l") || byte == UInt8(ascii: "I")
  }

  /// What stands in a range, with digits for the letters; nil where none was misread, few are digits, or something touches it.
  private static func digits(_ view: borrowing TextView, _ range: Range<Int>, least: Int) -> [UInt8]? {
    var text = view.bytes(range) { _ in true }
    let count = text.count(where: Bytes.isDigit)
    for index in text.indices where isSign(text[index]) && !Bytes.isDigit(text[index]) {
      text[index] = text[index] == UInt8(ascii: "O") ? 0x30 : 0x31
    }
    let isMisread = text.count(where: Bytes.isDigit) > count
    return isMisread && count >= least && view.isAlone(range) ? text : nil
  }
}
