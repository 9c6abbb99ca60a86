internal import FilterKit

/// Identifiers that are known by what is written before them: the label is matched, the value is read behind it.
enum LabelRules {
  /// What a label's value looks like.
  private struct Label {
    let pattern: StaticString
    let kind: Kind
    let detector: StaticString
    var leastDigits = 3
  }

  private static let labels: [Label] = [
    Label(
      pattern:
        #"\b(?:mrn|medical record(?: (?:number|no\.?|num))?|med(?:ical)? rec(?:ord)? (?:no\.?|#)|patient (?:id|identifier|number|no\.?)|patient_?id|pt\.? id|chart (?:number|no\.?|#)|hospital (?:number|no\.?)|record (?:number|no\.))"#,
      kind: "MRN", detector: "phi/mrn"),
    Label(
      pattern: #"\b(?:ssn|social security(?: (?:number|no\.?|#))?|soc sec(?: no)?)"#, kind: "SSN",
      detector: "phi/ssn-label", leastDigits: 4),
    Label(
      pattern:
        #"\b(?:member (?:id|number|no\.?)|member_?id|policy (?:number|no\.?|id|#)|insurance (?:id|number|no\.?)|subscriber (?:id|number)|medicare (?:id|number|no\.?)|medicaid (?:id|number|no\.?)|beneficiary (?:id|number)|group (?:number|no\.?)|health plan (?:id|number)|mbi|hicn)"#,
      kind: "HEALTH_PLAN", detector: "phi/health-plan-label"),
    Label(
      pattern:
        #"\b(?:account (?:number|no\.?|num|id|#)|har|guarantor (?:account|number|no\.?|id)|acct(?:\.|ount)?(?: (?:number|no\.?|#))?|(?:bank|checking|savings) account(?: (?:number|no\.?|#))?|routing (?:number|no\.?|#)|aba(?: number)?|iban|invoice (?:number|no\.?|#)|claim (?:number|no\.?|#|id))"#,
      kind: "ACCOUNT", detector: "phi/account-label", leastDigits: 4),
    Label(
      pattern:
        #"\b(?:(?:driver'?s? |medical |state |nursing |rn |pharmacy |professional )?licen[sc]e(?: (?:number|no\.?|#|id))?|dl ?(?:number|no\.?|#)?|npi|dea(?: (?:number|no\.?|#))?|cert(?:ificat(?:e|ion))?\.? (?:number|no\.?|#|id)|registration (?:number|no\.?|#)|bar (?:number|no\.?))"#,
      kind: "LICENSE", detector: "phi/license-label", leastDigits: 4),
    Label(
      pattern:
        #"\b(?:serial (?:number|no\.?|#)|s/n|device (?:id|identifier|serial)|implant (?:serial|id)|pacemaker (?:serial|id)|icd serial|lot (?:number|no\.?|#)|model (?:number|no\.?)|imei|udi(?:-di|-pi)?)"#,
      kind: "DEVICE", detector: "phi/device-label"),
    Label(
      pattern:
        #"\b(?:licen[sc]e plate(?: (?:number|no\.?|#))?|plate(?: (?:number|no\.?|#))?|tag (?:number|no\.?|#)|vin|vehicle (?:id|identification number|registration))"#,
      kind: "VEHICLE", detector: "phi/vehicle-label", leastDigits: 2),
    Label(
      pattern:
        #"\b(?:(?:finger ?print|biometric|retinal?(?: scan)?|iris(?: scan)?|voice ?print|palm(?: ?print| vein)?|face(?: print| scan)?|facial)[ _-](?:id|hash|template|code|record|number|no\.?|scan id|embedding))"#,
      kind: "BIOMETRIC", detector: "phi/biometric-label"),
    Label(
      pattern:
        #"\b(?:passport(?: (?:number|no\.?))?|national id|case (?:number|no\.?|id)|encounter (?:id|number|no\.?)|visit (?:id|number|no\.?)|accession (?:number|no\.?|#)|specimen (?:id|number)|study id|order (?:number|no\.)|employee (?:id|number)|confirmation (?:number|no\.?)|csn|fin (?:number|no\.?))"#,
      kind: "ID", detector: "phi/id-label"),
    Label(pattern: #"\bfax(?: (?:number|no\.?))?"#, kind: "FAX", detector: "phi/fax-label", leastDigits: 7),
    Label(pattern: #"\bzip(?: ?code)?"#, kind: "ZIP", detector: "phi/zip-label", leastDigits: 5),
  ]

  static let all: [PatternRule] = labels.map { label in
    PatternRule(label.pattern) { view, end in
      value(view, after: end, label)
    }
  }

  /// At most this many bytes of separators stand between a label and its value.
  private static let gap = 12

  private static func value(_ view: borrowing TextView, after end: Int, _ label: Label) -> Candidate? {
    guard !Bytes.isJoining(view.byte(end)) else { return nil }
    var start = end
    for word in [" is", " was", " number", " no.", " id"] {
      let bytes = Array(word.utf8)
      if bytes.indices.allSatisfy({ view.byte(start + $0) | 0x20 == bytes[$0] | 0x20 }) {
        start += bytes.count
      }
    }
    let first = start
    while start - first < gap, " :#=\"'\t()|,.-*".utf8.contains(view.byte(start)) { start += 1 }
    guard start > first else { return nil }
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
