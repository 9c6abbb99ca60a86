internal import FilterKit

/// Plates of vehicles behind the words that countries have for them. A plate is one to three groups of capitals and digits.
enum PlateRules {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:(?:lic(?:en[sc]e|\.)?|number|registration|vehicle|car|parking|temp(?:orary)?) ?(?:plates?|tags?)|plates?|tag (?:number|no|#)|rego|reg(?:istration)? (?:plate|mark)|(?:vehicle|car|veh)\.? reg(?:istration)?|(?:amtliches )?kennzeichen|kfz-kennzeichen|immatriculation|kenteken|targa|placas?|rendszám|nummerplade|nummerplåt|registreringsnummer|rejestracja|nr rej\.?|plaka|gosnomer|госномер|номерний знак|номерной знак)"#
    ) { view, end in plate(view, end) },
    // The state's letters stand before: `FL tag QRT K18`.
    PatternRule(
      #"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|ON|QC|BC|AB|MB|SK|NS|NB|NL|NSW|VIC|QLD|TAS|ACT) (?:tags?|lic|LP|TAGS?|LIC|reg|REG)\b"#,
      caseless: false
    ) { view, end in plate(view, end) },
    // Great Britain's since 2001: no postal code has three letters behind a blank.
    PatternRule(#"\b[A-Z]{2}\d{2} [A-Z]{3}\b"#, caseless: false) { view, end in
      ProgramContext.isProgram(view, end - 8)
        ? nil
        : Candidate(
          range: end - 8..<end, kind: "VEHICLE", confidence: 7000, detector: "phi/plate", evidence: .form)
    }.beforeDigits(),
    // A plate by its form, somewhere behind a vehicle.
    PatternRule(#"[ :(\"'][A-Z]{2,3}[- ]\d{3,4}"#, caseless: false) { view, end in
      guard !Bytes.isJoining(view.byte(end)) else { return nil }
      let digits = view.start(before: end, limit: 4, where: Bytes.isDigit)
      let start = view.start(before: digits - 1, limit: 3, where: Bytes.isUpper)
      return !view.has("rfc", at: start) && view.hasBefore(start, within: 60, vehicles)
        ? plate(view, from: start, .form) : nil
    }.beforeDigits(),
    // Digits before letters, and both in one word: `418 LVN`, `8KXR317`, `T 448 DKL`.
    PatternRule(
      #"[ :(\"'](?:\d[A-Z]{3}\d{3}|\d{3} [A-Z]{3}|[A-Z]{3}\d{3}|[A-Z] \d{3} [A-Z]{3})\b"#, caseless: false
    ) { view, end in
      let start = view.start(before: end, limit: 9) { Bytes.isDigit($0) || Bytes.isUpper($0) }
      var first = start
      while end - first < 9, view.byte(first - 1) == 0x20,
        Bytes.isDigit(view.byte(first - 2)) || Bytes.isUpper(view.byte(first - 2)),
        end - view.start(before: first - 1, limit: 9, where: { Bytes.isDigit($0) || Bytes.isUpper($0) }) <= 9
      {
        first = view.start(before: first - 1, limit: 9) { Bytes.isDigit($0) || Bytes.isUpper($0) }
      }
      return view.hasBefore(first, within: 50, vehicles) ? plate(view, from: first, .form) : nil
    }.beforeDigits(),
    PatternRule(#"\btag[ :#]{1,2}[A-Z0-9]{2,3}[ -]?\d{3}"#) { view, end in
      var start = end
      while end - start < 14, !view.has("tag", at: start) { start -= 1 }
      guard end - start < 14, view.hasBefore(start, within: 60, vehicles) else { return nil }
      var first = start + 3
      while " :#".utf8.contains(view.byte(first)) { first += 1 }
      return plate(view, from: first)
    }.beforeDigits(),
    // Vehicles have tags, and so have many things.
    PatternRule(
      #"\b(?:car|truck|vehicle|sedan|suv|van|pickup|motorcycle|trailer|honda|toyota|ford|chevy|chevrolet|nissan|subaru|bmw|volkswagen|hyundai|kia|jeep|accord|civic|camry|corolla)[ ,(]{1,3}(?:with )?(?:tags?|reg|plates?)\b"#
    ) { view, end in plate(view, end) },
  ]

  private static func plate(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var position = end
    if Bytes.isJoining(view.byte(end)) { return nil }
    for _ in 0..<3 {
      while position - end < 24, " :#=\"'([.,|\t-_".utf8.contains(view.byte(position)) { position += 1 }
      for word in ["number", "nummer", "no.", "no ", "nr.", "nr ", "is ", "was ", "num ", "of ", "reads "]
        as [StaticString]
      where view.has(word, at: position) && Bytes.isLower(view.byte(position + 1)) {
        position += word.utf8CodeUnitCount
        break
      }
    }
    return position > end ? plate(view, from: position) : nil
  }

  private static let vehicles: [StaticString] = [
    "plate", "vehicle", "veh ", "car ", "car,", "truck", "van ", "pickup", "driv", "parked", "suv",
    "sedan",
    "motorcycle", "rego", "altima", "tacoma", "camry", "corolla", "civic", "accord ", "transit ", "malibu",
    "impala", "buick", "chevy", "ford ",
    "honda", "toyota", "nissan", "subaru", "jeep", "hyundai", "kia ", "mazda", "demio", "hilux", "tahoe",
    "silverado", "f-150", "f150", "ram ", "taxi",
  ]

  /// The groups of a plate.
  private static func plate(
    _ view: borrowing TextView, from start: Int, _ evidence: Candidate.Evidence = .own
  ) -> Candidate? {
    var stop = start
    var digits = 0
    var letters = 0
    var groups = 0
    while groups < 4 {
      var next = groups == 0 ? start : stop + 1
      // German plates have a seal between: `M-AB 1234`; French ones hyphens.
      if groups > 0, !" -·".utf8.contains(view.byte(stop)) { break }
      let first = next
      var (more, capitals) = (0, 0)
      while next - first < 8, Bytes.isDigit(view.byte(next)) || Bytes.isUpper(view.byte(next)) {
        if Bytes.isDigit(view.byte(next)) { more += 1 } else { capitals += 1 }
        next += 1
      }
      guard next > first, !Bytes.isJoining(view.byte(next)), digits + letters + more + capitals <= 9 else {
        break
      }
      // Words in capitals behind a whole plate are no part of it.
      if groups > 0, more == 0,
        capitals > 3 || digits + letters >= 6 && !(letters == 3 && digits == 3 && capitals == 2)
          || digits > 0 && letters == 0 && capitals == 1
      {
        break
      }
      if groups > 0, view.byte(stop) == 0x20, digits >= 2, letters >= 2, digits + letters >= 6,
        !(letters == 3 && digits == 3 && capitals == 2)
      {
        break
      }
      (digits, letters, stop, groups) = (digits + more, letters + capitals, next, groups + 1)
    }
    guard digits > 0, (4...9).contains(digits + letters), letters > 0 || digits >= 5 else { return nil }
    return Candidate(
      range: start..<stop, kind: "VEHICLE", confidence: evidence == .own ? 8500 : 6500, detector: "phi/plate",
      evidence: evidence)
  }
}
