internal import FilterKit

/// Numbers that states and health services give to people, known by how they are written and by their check digits. A check digit alone is
/// one in ten: words beside it, a day of birth or letters in their places make a number sure.
enum NationalForms {
  private typealias Check = @Sendable ([UInt8]) -> Bool

  private struct Form: Sendable {
    /// `0` is a digit, `A` a capital, `N` either, `~` a hyphen or a space; all else is itself.
    let template: StaticString
    let check: Check
    /// How sure one is with a right check digit.
    let right: UInt32
    /// And with a wrong one: the form alone says so much.
    var wrong: UInt32 = 0
    var kind: Kind = "ID"
  }

  private static let always: Check = { _ in true }

  private static let forms: [Form] = [
    // United Kingdom and Ireland.
    Form(template: "AA 00 00 00 A", check: isNationalInsurance, right: 8500),
    Form(template: "AA000000A", check: isNationalInsurance, right: 7000),
    // Brazil, Chile, Argentina, Mexico.
    Form(template: "000.000.000-00", check: NationalChecks.cpf, right: 9300, wrong: 7000),
    Form(template: "00.000.000-N", check: NationalChecks.rut, right: 8500),
    Form(template: "0.000.000-N", check: NationalChecks.rut, right: 8000),
    Form(template: "00-00000000-0", check: NationalChecks.cuil, right: 8500),
    Form(template: "000 0000 0000 0000", check: NationalChecks.cns, right: 8000),
    Form(template: "AAAA000000AAAAAAN0", check: NationalChecks.curp, right: 9500, wrong: 8500),
    // The Nordic countries, the Baltic, the Netherlands, Belgium, Switzerland, Germany, France, Spain, Italy.
    Form(template: "000000-0000", check: isNordic, right: 7000),
    Form(template: "00000000-0000", check: isLongNordic, right: 8500),
    Form(template: "000000+0000", check: NationalChecks.personnummer, right: 8500),
    Form(template: "000000 00000", check: NationalChecks.fodselsnummer, right: 8500),
    Form(template: "000000-00000", check: NationalChecks.beginsWithDay, right: 7000),
    Form(template: "000000-000N", check: { isHetu($0, "-") }, right: 8500),
    Form(template: "000000A000N", check: NationalChecks.hetu, right: 9000),
    Form(template: "000000+000N", check: { isHetu($0, "+") }, right: 8500),
    Form(template: "00.00.00-000.00", check: NationalChecks.belgium, right: 9300, wrong: 7500),
    Form(template: "000.0000.0000.00", check: NationalChecks.ahv, right: 9500),
    Form(template: "00 000 000 000", check: NationalChecks.steuerID, right: 7500),
    Form(template: "00 000000 A 000", check: always, right: 7500),
    Form(template: "0 00 00 NN 000 000 00", check: NationalChecks.nir, right: 9500, wrong: 7000),
    Form(template: "00000000A", check: isDNI, right: 6500),
    Form(template: "00000000-A", check: isDNI, right: 8000),
    Form(template: "A0000000A", check: isForeignersNumber, right: 8500),
    Form(template: "A-0000000-A", check: isForeignersNumber, right: 9000),
    Form(template: "AAAAAA00A00A000A", check: isCodiceFiscale, right: 9500),
    // Poland's neighbours.
    Form(template: "000000/0000", check: NationalChecks.rodneCislo, right: 8500),
    Form(template: "000-000-000 00", check: NationalChecks.snils, right: 9000),
    // Canada.
    Form(template: "0000~000~000~AA", check: always, right: 7500, kind: "HEALTH_PLAN"),
    Form(template: "AAAA 0000 0000", check: isRAMQ, right: 8500, kind: "HEALTH_PLAN"),
    Form(template: "AAAA00000000", check: isRAMQ, right: 6500, kind: "HEALTH_PLAN"),
    // Australia.
    Form(template: "0000 00000 0", check: NationalChecks.medicareAU, right: 8500, kind: "HEALTH_PLAN"),
    Form(template: "0000 0000 0000 0000", check: isIHI, right: 9500),
    // India.
    Form(template: "0000 0000 0000", check: isAadhaar, right: 7500),
    Form(template: "0000-0000-0000", check: isAadhaar, right: 7500),
    Form(template: "00-0000-0000-0000", check: always, right: 7000),
    Form(template: "AAAPA0000A", check: always, right: 7500),
    // South and east of Asia, the Gulf.
    Form(template: "00000-0000000-0", check: always, right: 8500),
    Form(template: "000000-00-0000", check: NationalChecks.beginsWithYear, right: 7500),
    Form(template: "000000-0000000", check: NationalChecks.rrn, right: 8500),
    Form(template: "000-0000-0000000-0", check: isEmirates, right: 9000),
    Form(template: "A000000(N)", check: NationalChecks.hkid, right: 9300, wrong: 7500),
    Form(template: "AA000000(N)", check: NationalChecks.hkid, right: 9300, wrong: 7500),
    Form(template: "A0000000A", check: NationalChecks.nric, right: 8500),
    Form(template: "00-000000000-0", check: always, right: 7000),
    // ITIN of the United States: it begins with 9, and its fourth and fifth digits are of few groups (IRS).
    Form(template: "000-00-0000", check: isITIN, right: 8500, kind: "SSN"),
  ]

  /// A form that has a run of four digits and more is looked for where such a run stands: one pattern finds them, and how long the run is
  /// leaves a few forms. Vectorscan would have to walk over every capital for the others.
  private struct Anchored: Sendable {
    let form: Form
    /// Where the run begins in the form.
    let offset: Int
  }

  private static let anchored: [[Anchored]] = {
    var byLength = [[Anchored]](repeating: [], count: 20)
    for form in forms {
      if let run = firstRun(form.template) {
        byLength[run.count].append(Anchored(form: form, offset: run.lowerBound))
      }
    }
    return byLength
  }()

  static let all: [PatternRule] =
    forms.filter { firstRun($0.template) == nil }.map { form in
      PatternRule(built: trigger(form.template), caseless: false) { view, end in
        find(view, from: end - form.template.utf8CodeUnitCount, form)
      }
    }

  /// The first run of four digits and more.
  private static func firstRun(_ template: StaticString) -> Range<Int>? {
    let signs = Array("\(template)".utf8)
    var start = 0
    while start < signs.count {
      var end = start
      while end < signs.count, Bytes.isDigit(signs[end]) { end += 1 }
      if end - start >= 4 { return start..<end }
      start = max(end, start + 1)
    }
    return nil
  }

  /// What a run of digits is the anchor of.
  static func run(_ view: borrowing TextView, at start: Int) -> Candidate? {
    var end = start + 4
    while end - start < 20, Bytes.isDigit(view.byte(end)) { end += 1 }
    guard end - start < 20 else { return nil }
    var best: Candidate?
    // `000N` may end with a digit that belongs to the run.
    for length in [end - start, end - start - 1] where length >= 4 {
      for item in anchored[length] {
        if let found = find(view, from: start - item.offset, item.form),
          found.confidence > best?.confidence ?? 0
        {
          best = found
        }
      }
    }
    return best ?? (end - start >= 9 ? bare(view, start) : nil)
  }

  /// What Vectorscan looks for: the form from its first digit on, as capitals are everywhere in a program.
  private static func trigger(_ template: StaticString) -> String {
    "\(template)".drop { !$0.isNumber }.map { sign in
      switch sign {
      case "0": #"\d"#
      case "A": "[A-Z]"
      case "N": "[0-9A-Z]"
      case "~": "[- ]"
      case ".", "+", "(", ")", "/": "\\\(sign)"
      default: String(sign)
      }
    }.joined()
  }

  private static func find(_ view: borrowing TextView, from start: Int, _ form: Form) -> Candidate? {
    let range = start..<start + form.template.utf8CodeUnitCount
    guard start >= view.lowerBound, range.upperBound <= view.text.count, fits(view, range, form.template),
      isAlone(view, range)
    else { return nil }
    let isRight = form.check(view.bytes(range, where: Bytes.isJoining))
    let confidence = isRight ? form.right : form.wrong
    guard confidence > 0 else { return nil }
    return Candidate(range: range, kind: form.kind, confidence: confidence, detector: "phi/national-number")
  }

  private static func fits(_ view: borrowing TextView, _ range: Range<Int>, _ template: StaticString) -> Bool
  {
    template.withUTF8Buffer { signs in
      for index in signs.indices {
        let byte = view.byte(range.lowerBound + index)
        let sign = unsafe signs[index]
        let isFit =
          switch sign {
          case UInt8(ascii: "0"): Bytes.isDigit(byte)
          case UInt8(ascii: "A"): Bytes.isUpper(byte)
          case UInt8(ascii: "N"): Bytes.isDigit(byte) || Bytes.isUpper(byte)
          case UInt8(ascii: "~"): byte == 0x20 || byte == UInt8(ascii: "-")
          default: byte == sign
          }
        if !isFit { return false }
      }
      return true
    }
  }

  /// Whether no further group of digits stands beside a number in groups.
  private static func isAlone(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    guard view.isAlone(range) else { return false }
    if view.byte(range.lowerBound - 1) == 0x20, Bytes.isDigit(view.byte(range.lowerBound - 2)),
      Bytes.isDigit(view.byte(range.lowerBound))
    {
      return false
    }
    return view.byte(range.upperBound) != 0x20 || !Bytes.isDigit(view.byte(range.upperBound + 1))
      || !range.contains { view.byte($0) == 0x20 }
  }

  // MARK: Forms with conditions

  private static let isNationalInsurance: Check = { text in
    !"DFIQUV".utf8.contains(text[0]) && !"DFIOQUV".utf8.contains(text[1]) && "ABCD".utf8.contains(text[8])
      && !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(String(decoding: text[..<2], as: UTF8.self))
  }
  /// CPR, personnummer or kennitala: they begin with a day of birth, of which the Swedish one has its year in front.
  private static let isNordic: Check = { digits in
    NationalChecks.beginsWithDay(digits) || NationalChecks.personnummer(digits)
  }
  /// A mistyped one is known by a day long ago: numbers of documents begin with one of these years.
  private static let isLongNordic: Check = { digits in
    let year = Validators.number(digits[..<4])
    return (1900...2099).contains(year) && NationalChecks.personnummer(Array(digits[2...]))
      || (1900...2010).contains(year)
        && NationalChecks.isDay(Validators.number(digits[6..<8]), Validators.number(digits[4..<6]))
  }
  private static func isHetu(_ text: [UInt8], _ sign: Character) -> Bool {
    guard let sign = sign.asciiValue, text.count == 10 else { return false }
    return NationalChecks.hetu(Array(text[..<6]) + [sign] + text[6...])
  }
  /// The letter is one in 23, and `12345678L` is a number of a program.
  private static let isDNI: Check = { NationalChecks.dni($0) && $0.last != UInt8(ascii: "L") }
  private static let isForeignersNumber: Check = { "XYZ".utf8.contains($0[0]) && NationalChecks.dni($0) }
  /// The month is one of twelve letters; the form says enough where the check letter is wrong.
  private static let isCodiceFiscale: Check = { text in
    "ABCDEHLMPRST".utf8.contains(text[8]) && (1...71).contains(Validators.number(text[9..<11]))
  }
  /// The name's four letters, and a day of birth with 50 more in a woman's month.
  private static let isRAMQ: Check = { text in
    NationalChecks.isDay(Validators.number(text[8..<10]), Validators.number(text[6..<8]) % 50)
  }
  private static let isAadhaar: Check = { (0x32...0x39).contains($0[0]) && NationalChecks.verhoeff($0) }
  private static let isIHI: Check = { Validators.number($0[..<5]) == 80036 && NationalChecks.luhn($0) }
  /// The country and a year of birth, in their groups, say enough.
  private static let isEmirates: Check = { digits in
    Validators.number(digits[..<3]) == 784 && (1900...2099).contains(Validators.number(digits[3..<7]))
  }
  private static let isITIN: Check = { digits in
    let group = Validators.number(digits[3..<5])
    return digits[0] == UInt8(ascii: "9") && Set(digits).count > 1
      && ((50...65).contains(group) || (70...88).contains(group) || (90...92).contains(group)
        || (94...99).contains(group))
  }

  // MARK: Digits in one run

  /// The numbers' names, on whatever line before: somebody asks, and somebody else answers.
  private static let names: [StaticString] = [
    "bsn", "burgerservice", "nhs", "ssn", "social security", "social insurance", "pesel", "cpf", "aadhaar",
    "personnummer", "fødsels",
    "steuer", "codice fiscale", "teudat", "kimlik", "identity number", "national id", "national insurance",
  ]
  private static let reach = 150

  private static func isNamed(_ view: borrowing TextView, _ start: Int) -> Bool {
    let range = max(view.lowerBound, start - reach)..<start
    return names.contains { name in
      range.contains { view.has(name, at: $0) && !Bytes.isJoining(view.byte($0 - 1)) }
    }
  }

  private static let people: [StaticString] = [
    "patient", "pt ", "pt:", "dob", "born", "mr ", "mr.", "mrs", "ms ", "ms.", "name", "citizen", "insured",
    "identity",
    "paciente", "patiente", "née", "nato", "nata", "geb", "nasc", "født", "född", "ur.", "klient", "pacjent",
    "hasta",
    "kimlik", "medicare", "health",
  ]

  /// What a run of digits alone is: those that have a day of birth beside a check digit, or a person beside them.
  private static func bare(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    var stop = start + 9
    while stop - start < 20, Bytes.isDigit(view.byte(stop)) { stop += 1 }
    // A citizen's number of China may end with `X`.
    if stop - start == 17, view.byte(stop) == UInt8(ascii: "X") { stop += 1 }
    let range = start..<stop
    guard start >= view.lowerBound, (9...18).contains(range.count), isAlone(view, range) else { return nil }
    let digits = view.bytes(range) { _ in true }
    let (kind, alone, beside): (Kind, UInt32, UInt32) =
      switch range.count {
      case 18 where NationalChecks.china(digits): ("ID", 9300, 9300)
      case 18 where NationalChecks.clabe(digits): ("ACCOUNT", 4500, 6500)
      case 15 where NationalChecks.nir(digits): ("ID", 7000, 8500)
      case 15 where NationalChecks.emirates(digits): ("ID", 7500, 8500)
      case 13 where NationalChecks.ahv(digits): ("ID", 8500, 9000)
      case 13 where NationalChecks.southAfrica(digits): ("ID", 6500, 8500)
      case 13 where NationalChecks.cnp(digits) || NationalChecks.jmbg(digits): ("ID", 4500, 7500)
      case 12 where isAadhaar(digits) || NationalChecks.kuwait(digits): ("ID", 4500, 7000)
      case 11
      where NationalChecks.pesel(digits) || NationalChecks.fodselsnummer(digits)
        || NationalChecks.turkey(digits)
        || NationalChecks.cpf(digits):
        ("ID", 4500, 7000)
      case 11 where NationalChecks.steuerID(digits): ("ID", 4000, 6000)
      case 10 where NationalChecks.nhs(digits) || NationalChecks.egn(digits): ("ID", 4000, 6000)
      case 9 where NationalChecks.bsn(digits) || NationalChecks.israel(digits) || Validators.ssn(digits):
        ("ID", 0, 3000)
      default: ("ID", 0, 0)
      }
    guard beside > 0 else { return nil }
    var confidence = view.hasBefore(start, within: 60, people) ? beside : alone
    if confidence < 8000, isNamed(view, start) { confidence = 8000 }
    guard confidence > 0 else { return nil }
    return Candidate(range: range, kind: kind, confidence: confidence, detector: "phi/national-number")
  }
}
