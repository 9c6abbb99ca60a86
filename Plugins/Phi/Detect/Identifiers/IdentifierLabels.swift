internal import FilterKit

/// The words that identifiers of people stand behind, in the languages of those who write them. How a value is read is the business of
/// ``LabelledIdentifier``; how sure it has to be depends on the label.
enum IdentifierLabels {
  /// How much a label says.
  enum Strength {
    /// Nothing else stands behind it: `MRN`, `PESEL`.
    case whole
    /// A word of prose as well (`chart`, `member`): behind `no.`, `#` or `id` any value, else one that looks like an identifier.
    case noun
    /// A word of prose that needs `no.`, `#` or `id`, which its pattern ends with: `patient no.`, `case id`.
    case counted
    /// A word before which an identifier's own form is needed, however it is counted: `sensor`, `user`.
    case weak
    /// It counts parts as well, in capitals: `REF 5520-B-400`, `ref 1405-6630`.
    case reference
  }

  private struct Label {
    let kind: Kind
    let strength: Strength
    let leastDigits: Int
    /// It counts beside something that stays in a body: reagents and vaccines have lots, too.
    let isOfImplant: Bool
    let evidence: Candidate.Evidence
    /// A word of prose and of programs: digits are not enough behind it, even where they are assigned.
    let isWord: Bool
    let pattern: String

    /// - Parameters:
    ///   - hasBorder: signs of other scripts than ASCII's letters have none that `\b` sees.
    ///   - hasCount: the words end with what counts.
    ///   - words: the label's alternatives, as Vectorscan has them.
    init(
      _ kind: Kind, _ strength: Strength, leastDigits: Int = 3, hasBorder: Bool = true,
      hasCount: Bool = false, isOfImplant: Bool = false,
      evidence: Candidate.Evidence = .own, isWord: Bool = false, _ words: String
    ) {
      self.kind = kind
      self.strength = strength
      self.leastDigits = leastDigits
      self.isOfImplant = isOfImplant
      self.evidence = evidence
      self.isWord = isWord
      pattern =
        (hasBorder ? #"(?:\b|_)"# : "") + "(?:" + words + ")"
        + (strength == .counted && !hasCount ? Self.counting : "")
    }

    private static let counting = #"(?:[ _'-]{0,2}(?:s |no|num|nr|id|#|code|ref)|\. ?(?:no|num|#))"#
  }

  private static let detectors: [Kind: StaticString] = [
    "MRN": "phi/mrn", "ID": "phi/id-label", "HEALTH_PLAN": "phi/health-plan-label",
    "LICENSE": "phi/license-label",
    "ACCOUNT": "phi/account-label", "DEVICE": "phi/device-label", "BIOMETRIC": "phi/biometric-label",
  ]

  static let all: [PatternRule] = labels.map { label in
    let detector = detectors[label.kind] ?? "phi/label"
    return PatternRule(label: label.pattern) { view, end in value(view, after: end, label, detector) }
  }

  private static let labels: [Label] = [
    // Records of hospitals and practices.
    Label(
      "MRN", .whole,
      #"""
      c?mrn|empi|uhid|patid|pat_no|umrn|nhc|fallnummer|fall-?nr|patientennummer|patientennr|\#
      aufnahmenummer|pati(?:e|ë)ntnummer|hrn|rio|n(?:º|o\.|ro\.?) de historia|historia cl(?:i|í)nica|prontu(?:a|á)rio|cartella clinica|\#
      num(?:e|é)ro de dossier|dossier patient|journalnummer|potilasnumero|patientnummer|pasientnummer|\#
      numero paziente
      """#),
    // No letter of ASCII stands at their borders, so that `\b` sees none.
    Label(
      "MRN", .whole, hasBorder: false,
      #"""
      病历号|病歷號|住院号|門診號|カルテ番号|患者番号|診察券番号|등록번호|환자번호|номер карты|номер історії|номер медкарти
      """#),
    Label("HEALTH_PLAN", .whole, hasBorder: false, #"保険者番号|被保険者番号|記号番号|номер полиса|полис омс"#),
    Label("MRN", .whole, leastDigits: 6, #"urn|crn|ipp|umr|mpi"#),
    Label("MRN", .whole, leastDigits: 7, #"hn"#),
    Label(
      "MRN", .noun, leastDigits: 4,
      #"""
      chart|folder|(?:medical|hospital|health|clinic|patient|case)[ _-](?:record|file|chart|folder)|\#
      med(?:ical)?\.? rec|mr|epi
      """#),
    Label(
      "MRN", .counted, leastDigits: 4,
      #"""
      patients?|paciente|patienten?|paziente|pacjent|hosp(?:ital)?|unit|record|file|dossier|clinic|\#
      admission|registration|mother|baby|donor|recipient
      """#),
    // A patient's number is letters and digits where no word counts: `patient LS0091442`.
    Label("MRN", .weak, leastDigits: 4, isWord: true, "patients?|pt|paciente|person"),
    // Records that are made one.
    Label(
      "MRN", .noun, leastDigits: 6, evidence: .form,
      #"""
      (?:un)?merged?|merging(?: (?:values|records|charts|mrns))?|survivor|retired?|(?:dup(?:licate)?|double) (?:chart|record|mrn)s?(?: found)?|\#
      overlay(?:s|ed)?
      """#),
    // Two letters are in half of all words: what counts is a part of the pattern.
    Label("MRN", .counted, leastDigits: 4, hasCount: true, #"(?:[io]pd?|pt)\.?[ _]?(?:no\b|num|id\b|#)"#),
    // Numbers of stays, samples, claims and people.
    Label(
      "ID", .noun,
      #"""
      accession|accn|csn|fin|specimen|path(?:ology)? slides?|passport|reisepass|pasaporte|passeport
      """#),
    Label(
      "ID", .noun, leastDigits: 4,
      #"""
      claim|encounter|episode|reference|(?:pre-?)?auth|(?:pre-?|prior )?authori[sz]ation|referral|\#
      docket|inmate|badge|requisition|slides?|biopsy|wc|siniestro|sinistre|schadennummer|aktenzeichen|\#
      prior auth|clm|incident|inc|evidence|barcodes?|seal|property (?:sheet|bag)|intake|match run|(?:rl|safety) event|brp
      """#),
    Label("ID", .reference, leastDigits: 4, "ref"),
    // Words of prose and of programs, behind which letters and many digits are needed: `order L-770021`.
    Label(
      "ID", .weak, leastDigits: 5, isWord: true, #"order|case|cause|path|note id|study|sub|crosswalk|bk|book"#
    ),
    // Organ donors have three digits: `DonorID AKFG214`.
    Label("ID", .counted, leastDigits: 3, #"donor|unos|unet donor|wait ?list|wl"#),
    Label(
      "ID", .counted, leastDigits: 4,
      #"""
      emp(?:loyee)?|staff|visit|accession|path(?:ology)?|lab|sample|study|subject|participant|contact|\#
      client|person|guarantor|student|resident|case|claim|rx|prescription|script|order|booking|\#
      appointment|appt|admission|referral|screening|confirmation|enrollee|household|worker|personnel|\#
      payroll|service|military|visa|permit|alien|subj|family|star|inc|incident|clm|badge|officer|deputy|trooper
      """#),
    Label(
      "ID", .weak, leastDigits: 4,
      #"""
      (?:user|subject|person|operator|employee|staff|customer)_?(?:ref|id|no|number|key)
      """#),
    // Insurance.
    Label(
      "HEALTH_PLAN", .noun,
      #"""
      member|subscriber|policy|policyholder|insured|beneficiary|enrollee|ins|rx ?gro?u?p|p(?:o|ó)liza|\#
      ap(?:o|ó)lice|polizza|polisse?|versicherten|adh(?:e|é)rent|afiliado|asegurado|associado|\#
      medical[ -]aid|scheme|health[ -]?card|health[ -]insurance|insurance|\#
      (?:blue (?:cross|shield)|bcbs[a-z]{0,4}|caloptima|provider ?one|highmark|geisinger|ambetter|fidelis|healthfirst|premera|regence|\#
      carefirst|amerigroup|peach ?state|utente|mutuelle|humana|aetna|cigna|anthem|kaiser|tricare|medicaid|medicare|\#
      medi-?cal|uhc|united ?healthcare|bupa|medibank|discovery|vhi|laya|wellcare|centene|molina),?
      """#),
    Label(
      "HEALTH_PLAN", .whole,
      #"""
      carteirinha|carteira do plano|versichertennummer|versicherten-?nr|\#
      krankenversichertennummer|polisnummer|policenummer|relatienummer|lidnummer|tessera sanitaria|\#
      obra social|medlemsnummer|medical aid number
      """#),
    Label("HEALTH_PLAN", .whole, leastDigits: 6, #"mbi|hicn"#),
    Label("HEALTH_PLAN", .counted, leastDigits: 4, #"group|grp|plan|payer"#),
    Label("HEALTH_PLAN", .weak, leastDigits: 5, #"pol"#),
    // Licences of professionals, by who keeps their register.
    Label(
      "LICENSE", .whole, leastDigits: 4,
      #"""
      gmc|nmc|ahpra|hpcsa|gdc|gphc|hcpc\b|mdcn|nmcn|ptan|upin|rpps|adeli|lanr|\#
      c(?:e|é)d(?:ula|\.)? prof(?:esional|\.)?|colegiad[oa]|n\.º col\.|mcrn|hpr|cpso|omceo|\#
      big-?(?:nummer|register)|pmdc|bmdc|irish medical council|medical council|mci
      """#),
    Label(
      "LICENSE", .noun, leastDigits: 5,
      #"""
      prov(?:ider)?|prescriber|lic(?:en[sc]e|\.)?|lcsw|lmft|lpcc?|lmsw|licsw|bcba|crna|rph|psy|notary|\#
      bar|registrant|registration|reg\.|regn|physician|doctor|practitioner|pharmacist
      """#),
    // Brazil writes the state behind the council: `CRM-SP 123456`.
    Label(
      "LICENSE", .whole, leastDigits: 4,
      #"""
      (?:crm|coren|cro|crf|crp)[-/ ](?:a[clmp]|ba|ce|df|es|go|m[agst]|p[abeir]|r[jnors]|s[cep]|to)
      """#),
    // Accounts.
    Label(
      "ACCOUNT", .whole, leastDigits: 6,
      #"""
      clabe|iban|har|kontonummer|konto-?nr|rekeningnummer|num(?:e|é)ro de compte|\#
      n(?:u|ú)mero de cuenta|conto corrente|conta corrente|cuenta bancaria
      """#),
    Label(
      "ACCOUNT", .noun, leastDigits: 4,
      #"""
      acct?|account|guarantor|a/c|routing|aba|billing|cuenta|compte|conta|rekening|konto|invoice|bill
      """#),
    // Devices.
    Label(
      "DEVICE", .whole, leastDigits: 4,
      #"""
      udi(?:-di|-pi)?|imei|gtin|s/n|hwaddr|\#
      (?:device|implant|pacemaker|icd|pump|model)[ /_-](?:id|identifier|serial|number|no)|\#
      serial[ _-]?(?:no|number|nr|#)|seriennummer|\#
      num(?:e|é)ro de s(?:e|é)rie|n(?:u|ú)mero de serie|matricola
      """#),
    Label(
      "DEVICE", .weak, leastDigits: 5,
      #"""
      sensor|kiosk|pump|pacemaker|icd|device|generator|implant|ventilator|cgm|transmitter|infusor|\#
      defibrillator|prosthesis|stent|valve|asset(?: tag)?|handset|monitor|concentrator|cpap|\#
      hearing aid|meter|glucometer
      """#),
    Label("DEVICE", .noun, leastDigits: 4, #"sn|serial|mac addr(?:ess)?"#),
    Label("DEVICE", .noun, leastDigits: 3, isOfImplant: true, #"lot(?:[ _-]?(?:no|number))?"#),
    // Measures of bodies.
    Label(
      "BIOMETRIC", .noun, leastDigits: 4, #"voice ?print|finger ?print|palm ?print|retinal? scan|iris scan"#),
    Label(
      "BIOMETRIC", .noun, leastDigits: 4,
      #"""
      (?:finger ?prints?|voice ?prints?|face ?prints?|palm ?prints?|iris|retinal?|biometrics?|face|\#
      facial|palm|voice|finger|minutiae)[ _-]{1,2}(?:ref|reference|template|tmpl|key|handle|\#
      enrol?lment|record|scan|hash|id|code|vector|no|num|number|embedding)
      """#),
  ]

  private static func value(
    _ view: borrowing TextView, after end: Int, _ label: Label, _ detector: StaticString
  ) -> Candidate? {
    // `MRNs 448210 and 448377`
    let isPlural =
      label.strength == .whole && view.byte(end) == UInt8(ascii: "s") && !Bytes.isLetter(view.byte(end + 1))
    let labelEnd = isPlural ? end + 1 : end
    let next = view.byte(labelEnd)
    // `members`, `patience`; `memberNo` goes on with a capital.
    // What counts goes on behind its first letters: `patient number`, `sample identifier`.
    if label.strength != .counted, Bytes.isLower(next) || next >= 0x80 && label.strength != .whole {
      return nil
    }
    let end = label.strength == .counted ? self.end(view, ofWordAt: labelEnd) : labelEnd
    guard var reading = LabelledIdentifier.read(view, after: end, whole: label.strength == .whole) else {
      return nil
    }
    if label.kind == "BIOMETRIC" { reading.isNumbered = true }
    guard reading.range.count >= 4, reading.digits >= label.leastDigits,
      // `ICD-10-CM 2024` is no defibrillator's.
      !view.has("icd-10", at: labelEnd - 3), !view.has("icd-9", at: labelEnd - 3),
      !isPart(view, labelEnd, before: reading.range.upperBound)
    else { return nil }
    let isFit =
      switch label.strength {
      case .whole: true
      case .noun where label.isOfImplant && reading.hasUpper && !reading.hasLower: true
      case .noun: reading.isNumbered || LabelledIdentifier.isIdentifier(view, reading)
      case .counted:
        !isYear(view, reading)
          && (!reading.hasLower
            || reading.digits >= 5 && (label.kind != "ID" || !isHexadecimal(view, reading.range)))
      case .reference where !reading.isNumbered && !reading.isAssigned:
        LabelledIdentifier.isIdentifier(view, reading) && !Bytes.isUpper(view.byte(labelEnd - 1))
          && (reading.hasUpper || reading.range.count { view.byte($0) == UInt8(ascii: "-") } != 1)
      case .reference: reading.isNumbered || LabelledIdentifier.isIdentifier(view, reading)
      case .weak:
        LabelledIdentifier.isIdentifier(view, reading)
          && (reading.hasUpper
            || (label.kind == "DEVICE" || label.kind == "HEALTH_PLAN") && reading.digits >= 7
            || !label.isWord && reading.isAssigned && reading.digits >= 6)
      }
    guard isFit, !label.isOfImplant || isBesideImplant(view, end, behind: reading.range.upperBound) else {
      return nil
    }
    return Candidate(
      range: reading.range, kind: label.kind,
      confidence: [.whole, .counted].contains(label.strength) || reading.isNumbered ? 9200 : 7500,
      detector: detector, evidence: label.evidence)
  }

  private static let implants: [StaticString] = [
    "implant", "prosthe", "stent", "graft", "rod,", "screw", "mesh", "femoral", "tibial", "acetabul", "iol ",
    "pacemaker", "perm cath",
    "permcath", "powerport", "expander", "shunt", "anchor", "udi", "xience", "synergy",
  ]

  /// Whether something that stays in a body is told of before a value, or with its number behind one.
  private static func isBesideImplant(_ view: borrowing TextView, _ label: Int, behind end: Int) -> Bool {
    view.hasBefore(label, within: 90, implants) || view.contains("sn ", in: end..<end + 12)
  }

  /// Whether a value is the catalogue number on a part's label, which has its lot behind: `REF 5515-F-402   LOT PXJ4E`.
  private static func isPart(_ view: borrowing TextView, _ labelEnd: Int, before end: Int) -> Bool {
    view.has("REF", at: labelEnd - 3) && Bytes.isUpper(view.byte(labelEnd - 1))
      && view.contains("LOT ", in: end..<end + 24)
  }

  /// Where the word ends that counts, if it is one: `num` of `number`; else far from any value.
  private static func end(_ view: borrowing TextView, ofWordAt end: Int) -> Int {
    if view.byte(end - 1) == UInt8(ascii: "#") { return end - 1 }
    guard Bytes.isLower(view.byte(end)) || Bytes.isUpper(view.byte(end)) else { return end }
    for rest in ["ber", "mer", "ero", "bers", "entifier", "entification", "m", "mber", "erence"]
      as [StaticString]
    where view.has(rest, at: end) && !Bytes.isLetter(view.byte(end + rest.utf8CodeUnitCount)) {
      return end + rest.utf8CodeUnitCount
    }
    return view.text.count
  }

  /// `5c1a77f0`: what programs call themselves.
  private static func isHexadecimal(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    range.allSatisfy {
      let byte = view.byte($0)
      return Bytes.isDigit(byte) || (0x61...0x66).contains(byte) || byte == UInt8(ascii: "-")
    }
  }

  /// `case number 2024`, `order of 2019`.
  private static func isYear(_ view: borrowing TextView, _ reading: LabelledIdentifier.Reading) -> Bool {
    reading.range.count == 4 && !reading.hasUpper
      && (view.has("19", at: reading.range.lowerBound) || view.has("20", at: reading.range.lowerBound))
  }
}
