internal import FilterKit

/// The names of the numbers that states and health services give to people. Behind one, a value counts whatever its form and check digit: a
/// mistyped number is somebody's still.
enum NationalLabels {
  private struct Label {
    let pattern: StaticString
    let leastDigits: Int
    var leastSigns = 0
    var kind: Kind = "ID"
  }

  private static let labels: [Label] = [
    // Europe.
    Label(
      pattern:
        #"(?:\b|_)(?:nhs|h&c|hsc|chi|nino|ni number|ni no|national insurance|ppsn?|bsn|burgerservicenummer|pesel|dowod osobisty|codice fiscale|cod\.? ?fisc\.?|c\.f\.|partita iva|cpr|cpr-?nr|personnummer|personnr|pnr|f(?:o|ø)dselsnummer|fnr|d-nummer|fodselsnr|kennitala|hetu|henkil(?:o|ö)tunnus|isikukood|asmens kodas|personas kods|ahv|avs|ahv-?nr|sozialversicherungsnummer|sv-?nummer|svnr|steuer-?id|steueridentifikationsnummer|idnr|steuernummer|kvnr|rentenversicherungsnummer|num(?:e|é)ro de s(?:e|é)curit(?:e|é) sociale|s(?:e|é)curit(?:e|é) sociale|n(?:°| )?s(?:e|é)cu|insz|niss|rijksregisternummer|num(?:e|é)ro national|cnp|rodn(?:e|é) (?:c|č)(?:i|í)slo|egn|oib|jmbg|emso|em(?:s|š)o|amka|afm|rnokpp|snils)"#,
      leastDigits: 6),
    Label(
      pattern: #"РНОКПП|рнокпп|ІПН|ідентифікаційний код|СНИЛС|снилс|ИНН|ЕГН|егн|rodné číslo|RČ|rč|ΑΜΚΑ"#,
      leastDigits: 8
    ),
    Label(pattern: #"(?:\b|_)(?:dni|nie|nif|nir|nuss|naf|cip)"#, leastDigits: 7),
    // The Americas.
    Label(
      pattern:
        #"(?:\b|_)(?:sin|social insurance|ohip|ramq|nam|phn|ahcip|hcn|mcp|msp|personal health(?: care)?|provincial health|cpf|cns|cart(?:a|ã)o nacional de sa(?:u|ú)de|cart(?:a|ã)o sus|rg n|curp|nss|imss|issste|clave de elector|cuil|cuit|rut|c(?:e|é)dula(?: de (?:identidad|ciudadan(?:i|í)a|ciudadania))?|cedula|dui|dpi|ssnit|ein|fein|itin|a-?number|uscis)"#,
      leastDigits: 7),
    // Asia and the Pacific.
    Label(
      pattern:
        #"(?:\b|_)(?:aa?dh?aa?r|uidai|abha|health id|pan|cnic|nicop|nid|nrc|nric|my ?kad|mykad|ic no|ic number|ktp|nik|bpjs|cccd|cmnd|philhealth|sss|gsis|umid|philsys|hkid|my number|mynumber|ihi|dva|ird number|tfn|medicare card|centrelink|teudat zehut|t\.z\.|mispar zehut|civil id|emirates id|iqama|national id(?:entity)?|identity card|identity|resident registration|rrn)"#,
      leastDigits: 6),
    // New Zealand's has four digits, or two (HISO 10046).
    Label(pattern: #"(?:\b|_)nhi"#, leastDigits: 2, leastSigns: 7),
    Label(
      pattern:
        #"आधार|ஆதார்|ת\.?ז\.?|תעודת זהות|主민등록번호|주민등록번호|マイナンバー|個人番号|身份证号?|身份證|证件号|كود|الرقم المدني|الهوية"#,
      leastDigits: 6),
    // Africa and the Middle East.
    Label(
      pattern:
        #"(?:\b|_)(?:sa id|rsa id|nin|bvn|ghana card|huduma|kra|omang|tckn|t\.?c\.? ?(?:kimlik|no)|t\.c\.|kimlik|shenasnameh|kode melli|code melli)"#,
      leastDigits: 7),
    // What many a form calls it.
    Label(
      pattern: #"(?:\b|_)(?:id|identity|i\.d\.)[ _.-]{0,2}(?:no\b|num\b|number|nr\b|#|card)"#, leastDigits: 5),
  ]

  static let all: [PatternRule] = labels.map { label in
    PatternRule(label: "\(label.pattern)") { view, end in value(view, after: end, label) }
  }

  private static func value(_ view: borrowing TextView, after end: Int, _ label: Label) -> Candidate? {
    if Bytes.isLower(view.byte(end)) { return nil }
    guard let reading = LabelledIdentifier.read(view, after: end, whole: true), !reading.hasLower,
      reading.digits >= label.leastDigits, reading.range.count >= label.leastSigns,
      LabelledIdentifier.isMostlyDigits(view, reading, outOf: label.leastSigns > 0 ? 4 : 3)
    else { return nil }
    return Candidate(range: reading.range, kind: label.kind, confidence: 9200, detector: "phi/national-label")
  }
}
