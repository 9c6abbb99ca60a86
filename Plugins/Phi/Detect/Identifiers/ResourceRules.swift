internal import FilterKit

/// Identifiers in paths and references (`/patients/40217`, `Patient/9920418`), of FHIR's resources, and of templates in logs.
enum ResourceRules {
  static let all: [PatternRule] = [
    PatternRule(
      #"/(?:patients?|members?|encounters?|persons?|clients?|subscribers?|beneficiar(?:y|ies)|charts?|visits?|admissions?|episodes?|residents?|child(?:ren)?|dependents?|results?|enrollees?|claims?|policyholders?|pacientes?|patienten)/"#
    ) { view, end in identifier(view, from: end, leastDigits: 4) },
    PatternRule(
      #"\b(?:Patient|Encounter|Coverage|RelatedPerson|Person|EpisodeOfCare|Claim|ExplanationOfBenefit|Account|Appointment|ServiceRequest|DiagnosticReport|Specimen|Device|DocumentReference|Observation|Condition|MedicationRequest|Immunization|Procedure|CarePlan|Consent)/"#,
      caseless: false
    ) { view, end in
      view.byte(end) == UInt8(ascii: "_") ? nil : identifier(view, from: end, leastDigits: 4)
    },
    PatternRule(
      #"[?&](?:patient|subject|patient_?id|pat_?id|mrn|member_?id|person_?id|encounter|client_?id|pid|pt|chart|visit|claim)="#
    ) {
      view, end in identifier(view, from: end, leastDigits: 4)
    },
    PatternRule(#"patient_?id["']? {0,2}[:=] {0,2}(?:[a-z.]{1,16}\()?["'][0-9a-f]{8}-"#) { view, end in
      identifier(view, from: end - 9, leastDigits: 100)
    },
    PatternRule(#"["']id["'] {0,2}: {0,2}["']"#) { view, end in resource(view, end) },
    PatternRule(#"["']value["'] {0,2}: {0,2}["']"#) { view, end in identifierValue(view, end) },
    PatternRule(#"\b(?:(?:id|ref|uid|key)=|(?:hash|handle|template|tmpl|tpl)[=:] ?)"#) { view, end in
      template(view, end)
    },
    PatternRule(#"(?:\btemplates?|\b[lr] hand|\bhand|print|face id)(?: id| ref)?,? "#) { view, end in
      template(view, end)
    },
    // Minutiae of fingers (ISO/IEC 19794-2) begin with FMR and a zero, in hexadecimal or in base64; WSQ is a picture of one.
    PatternRule(#"\bRk1SA[A-Za-z0-9+/]{8}"#, caseless: false) { view, end in
      minutiae(view, end - 13) { Bytes.isJoining($0) || "+/=".utf8.contains($0) }
    },
    PatternRule(#"\b46 ?4d ?52 ?00[ 0-9a-f]{6}"#) { view, end in
      let start = view.start(before: end, limit: 17) { Bytes.isJoining($0) || $0 == 0x20 }
      var first = start
      while first < end, !view.has("46", at: first) { first += 1 }
      return minutiae(view, first) {
        Bytes.isDigit($0) || (0x61...0x66).contains($0 | 0x20) || $0 == 0x20
      }
    },
    PatternRule(#"[a-z0-9_-]\.(?:wsq|fmr)\b"#) { view, end in
      let start = view.start(before: end, limit: 64) { Bytes.isJoining($0) || "._-".utf8.contains($0) }
      return (start..<end).contains { Bytes.isDigit(view.byte($0)) }
        ? Candidate(range: start..<end, kind: "BIOMETRIC", confidence: 7500, detector: "phi/biometric-label")
        : nil
    },
  ]

  /// A run of letters, digits and hyphens with so many digits, no word of a path; a UUID only where it is a patient's.
  private static func identifier(
    _ view: borrowing TextView, from start: Int, leastDigits: Int, _ kind: Kind = "ID"
  ) -> Candidate? {
    guard let (end, digits) = run(view, from: start), digits >= leastDigits, digits * 3 >= end - start else {
      return view.hasBefore(start, within: 40, ["patient"]) ? uuid(view, start, kind) : nil
    }
    return Candidate(range: start..<end, kind: kind, confidence: 8000, detector: "phi/resource")
  }

  private static func run(_ view: borrowing TextView, from start: Int) -> (end: Int, digits: Int)? {
    var end = start
    var digits = 0
    while end - start < 40, Bytes.isJoining(view.byte(end)) || "-_".utf8.contains(view.byte(end)) {
      if Bytes.isDigit(view.byte(end)) { digits += 1 }
      end += 1
    }
    while end > start, "-_".utf8.contains(view.byte(end - 1)) { end -= 1 }
    // Digests and dates tell programs apart, and not people.
    guard end - start >= 4, end - start < 32, !isDate(view, start..<end), view.byte(end) != UInt8(ascii: ".")
    else {
      return nil
    }
    return (end, digits)
  }

  /// RFC 9562, section 4.
  private static func uuid(_ view: borrowing TextView, _ start: Int, _ kind: Kind) -> Candidate? {
    for index in 0..<36 {
      let byte = view.byte(start + index)
      let isHyphen = [8, 13, 18, 23].contains(index)
      guard isHyphen ? byte == UInt8(ascii: "-") : Bytes.isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
      else { return nil }
    }
    return Bytes.isJoining(view.byte(start + 36))
      ? nil : Candidate(range: start..<start + 36, kind: kind, confidence: 8000, detector: "phi/resource")
  }

  private static func isDate(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    range.count == 10 && view.byte(range.lowerBound + 4) == UInt8(ascii: "-")
      && view.byte(range.lowerBound + 7) == UInt8(ascii: "-")
  }

  private static let resources: [StaticString] = [
    "Patient", "Encounter", "Coverage", "RelatedPerson", "Person", "EpisodeOfCare", "Claim", "Account",
    "Appointment",
    "Specimen", "Device", "Observation", "Condition", "MedicationRequest", "Immunization", "Procedure",
    "ExplanationOfBenefit", "DiagnosticReport", "ServiceRequest",
  ]

  /// FHIR's logical id, behind the type of a resource about somebody: `"resourceType": "Patient", "id": "pt-77120"`.
  private static func resource(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let name: StaticString = "resourceType"
    var position = end - 4
    while position > max(view.lowerBound, end - 80), !view.has(name, at: position) {
      // The id of something inside.
      if view.byte(position) == UInt8(ascii: "{") { return nil }
      position -= 1
    }
    guard view.has(name, at: position) else { return nil }
    var start = position + name.utf8CodeUnitCount
    while start < end, !Bytes.isLetter(view.byte(start)) { start += 1 }
    let isAbout = resources.contains {
      view.has($0, at: start) && !Bytes.isLetter(view.byte(start + $0.utf8CodeUnitCount))
    }
    if view.has("Patient", at: start), let uuid = uuid(view, end, "ID") { return uuid }
    return isAbout ? identifier(view, from: end, leastDigits: 3) : nil
  }

  /// The value of FHIR's identifiers, told from those of telecoms by a system that is a URI: `"system": "urn:oid:1.2.3", "value": "H0093312"`.
  private static func identifierValue(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard let found = identifier(view, from: end, leastDigits: 4, "MRN") else { return nil }
    let name: StaticString = "\"system\""
    // In the same object, on either side.
    var position = end
    while position > max(view.lowerBound, end - 170), view.byte(position) != UInt8(ascii: "[") {
      if view.has(name, at: position) { return isURI(view, position + 8) ? found : nil }
      position -= 1
    }
    position = found.range.upperBound
    while position < found.range.upperBound + 120, view.byte(position) != UInt8(ascii: "}") {
      if view.has(name, at: position) { return isURI(view, position + 8) ? found : nil }
      position += 1
    }
    return nil
  }

  private static func isURI(_ view: borrowing TextView, _ start: Int) -> Bool {
    var position = start
    while position - start < 6, " :\"'\n".utf8.contains(view.byte(position)) { position += 1 }
    return view.has("urn:", at: position) || view.has("http", at: position)
  }

  private static let measures: [StaticString] = [
    "fingerprint", "finger=", "template saved", "template id", "voiceprint", "faceprint", "biometric", "iris",
    "retina",
    "palmprint", "palm vein", "thumbprint", "face id", "facial", "minutiae", "iso19794", "enroll",
  ]

  /// The id of a biometric template in a line of a log: `template saved fmt=ISO19794-2 size=498 id=FPT-7f31c0aa92e4`.
  private static func template(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = end
    while start - end < 3, "\"'[(".utf8.contains(view.byte(start)) || start > end && view.byte(start) == 0x20
    {
      start += 1
    }
    var (stop, digits) = (start, 0)
    while stop - start < 48, Bytes.isJoining(view.byte(stop)) || "-_:".utf8.contains(view.byte(stop)) {
      if Bytes.isDigit(view.byte(stop)) { digits += 1 }
      stop += 1
    }
    while stop > start, "-_:".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
    let isKey = view.has("tmpl=", at: end - 5)
    guard stop - start >= 6, digits >= 4, (start..<stop).contains(where: { Bytes.isLetter(view.byte($0)) }),
      isKey || view.hasBefore(end, within: 110, measures)
    else { return nil }
    return Candidate(
      range: start..<stop, kind: "BIOMETRIC", confidence: 7500, detector: "phi/biometric-label")
  }

  private static func minutiae(
    _ view: borrowing TextView, _ start: Int, _ isInside: (UInt8) -> Bool
  ) -> Candidate? {
    var stop = start
    while stop - start < 1000, stop < view.text.count, isInside(view.byte(stop)) { stop += 1 }
    while stop > start, view.byte(stop - 1) == 0x20 { stop -= 1 }
    return Candidate(
      range: start..<stop, kind: "BIOMETRIC", confidence: 8500, detector: "phi/biometric-label")
  }
}
