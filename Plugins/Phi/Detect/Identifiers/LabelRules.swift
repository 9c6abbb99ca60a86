internal import FilterKit

/// Numbers behind a label whose digits may be taken apart in any way, `1.2.3.4.5.6.7.8.9`: of social security, licences, vehicles, faxes and
/// ZIP codes. The labels of other identifiers are in ``IdentifierLabels``.
enum LabelRules {
  private struct Label {
    let pattern: StaticString
    let kind: Kind
    let detector: StaticString
    var leastDigits = 3
  }

  private static let labels: [Label] = [
    Label(
      pattern:
        #"\b(?:ssn|social security(?: (?:number|no\.?|#))?|soc\.? sec\.?(?: (?:number|no\.?|#))?|ss ?#)"#,
      kind: "SSN",
      detector: "phi/ssn-label", leastDigits: 4),
    Label(
      pattern: #"\b(?:social|i?tin|tax(?:payer)? id(?:entification number)?)"#, kind: "SSN",
      detector: "phi/ssn-label", leastDigits: 9),
    Label(
      pattern:
        #"""
        \b(?:licen[sc]e(?: (?:number|no\.?|#|id))?|dl ?(?:number|no\.?|#)?|dln|oln|lic\.? (?:number|no\.?|#)|\#
        npi|dea(?: (?:number|no\.?|#))?|cert(?:ificat(?:e|ion))?\.? (?:number|no\.?|#|id)|\#
        registration (?:number|no\.?|#)|bar (?:number|no\.?))
        """#,
      kind: "LICENSE", detector: "phi/license-label"),
    Label(
      pattern: #"\b(?:vin|(?:vehicle|car) (?:id|identification number))"#, kind: "VEHICLE",
      detector: "phi/vehicle-label", leastDigits: 2),
    Label(pattern: #"\bfax(?: (?:number|no\.?))?"#, kind: "FAX", detector: "phi/fax-label", leastDigits: 7),
    Label(pattern: #"\bzip(?: ?code)?"#, kind: "ZIP", detector: "phi/zip-label", leastDigits: 5),
  ]

  static let all: [PatternRule] = labels.map { label in
    PatternRule(label: "\(label.pattern)") { view, end in
      value(view, after: end, label)
    }
  }

  /// At most this many bytes of separators stand between a label and its value.
  private static let gap = 12

  private static func value(_ view: borrowing TextView, after end: Int, _ label: Label) -> Candidate? {
    // `mg/dL` is no licence.
    guard !Bytes.isJoining(view.byte(end)), !view.has("/dL", at: end - 3) else { return nil }
    var start = end
    for word in [" is", " was", " number", " no.", " id", " ending in", " ending"] {
      let bytes = Array(word.utf8)
      if bytes.indices.allSatisfy({ view.byte(start + $0) | 0x20 == bytes[$0] | 0x20 }) {
        start += bytes.count
      }
    }
    let first = start
    while start - first < gap, " :#=\"'\t()|,.-*>".utf8.contains(view.byte(start)) { start += 1 }
    guard start > first || "#.".utf8.contains(view.byte(end - 1)) else { return nil }
    let (stop, digits) = self.end(view, of: start)
    guard digits >= label.leastDigits, stop - start >= 4, !looksLikeDate(view, start..<stop) else {
      return nil
    }
    return Candidate(range: start..<stop, kind: label.kind, confidence: 9400, detector: label.detector)
  }

  /// Where the value that begins at `start` ends, and how many digits it has: letters and digits, hyphens between
  /// them, and spaces and other signs between digits (`1.2.3.4.5.6.7.8.9`, which with fewer is a version).
  private static func end(_ view: borrowing TextView, of start: Int) -> (stop: Int, digits: Int) {
    var stop = start
    var digits = 0
    var firstSign: (stop: Int, digits: Int)?
    while stop - start < 40 {
      let byte = view.byte(stop)
      if Bytes.isDigit(byte) { digits += 1 }
      let isBetweenDigits =
        digits > 0 && Bytes.isDigit(view.byte(stop - 1)) && Bytes.isDigit(view.byte(stop + 1))
        && stop - start < 24
      let isSign = isBetweenDigits && "./_*".utf8.contains(byte)
      if isSign, firstSign == nil { firstSign = (stop, digits) }
      guard
        isSign || Bytes.isJoining(byte)
          || byte == UInt8(ascii: "-") && Bytes.isJoining(view.byte(stop + 1))
          || byte == 0x20 && isBetweenDigits
      else { break }
      stop += 1
    }
    if let firstSign, digits < 7 { return firstSign }
    return (stop, digits)
  }

  /// A date behind a label is somebody else's to report.
  private static func looksLikeDate(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    range.count == 10 && view.byte(range.lowerBound + 4) == UInt8(ascii: "-")
      && view.byte(range.lowerBound + 7) == UInt8(ascii: "-")
  }
}
