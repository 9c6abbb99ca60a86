internal import FilterKit

/// Telephones that the fields of a record tell, and no word beside them: `^PRN^PH^^^863^5550172`, `|6035550127|`,
/// `"system": "phone", "value": "01443 774 012"`.
enum RecordPhones {
  static let all: [PatternRule] = [
    // HL7's XTN: the area and the number are components of their own.
    PatternRule(#"\^\d{3}\^\d{7}\b"#) { view, end in
      let digits = view.bytes(end - 11..<end, where: Bytes.isDigit)
      return Validators.phone(digits) ? NationalPhoneRules.candidate(view, end - 11..<end, 8500) : nil
    }.beforeDigits(),
    // A field of ten digits by itself.
    PatternRule(#"\d{10}"#) { view, end in field(view, end - 10..<end) },
    // With a trunk prefix: `,0244817733,`.
    PatternRule(#",0[1-9]\d{8},"#) { view, end in
      isFew(view, end - 11..<end - 1) ? NationalPhoneRules.candidate(view, end - 11..<end - 1, 5800) : nil
    }.beforeDigits(),
    // A cell of seven digits with a hyphen.
    PatternRule(#""[2-9]\d{2}-\d{4}""#) { view, end in
      ProgramContext.isProgram(view, end - 9)
        ? nil : NationalPhoneRules.candidate(view, end - 9..<end - 1, 6000)
    }.beforeDigits(),
    // FHIR's ContactPoint: the system before the value.
    PatternRule(#""(?:phone|sms|fax|pager)",\s{0,8}"value"\s?:\s?"[+(\d]"#) { view, end in
      var stop = end
      var digits = 0
      while stop - end < 24, Bytes.isDigit(view.byte(stop)) || " -.()+/x".utf8.contains(view.byte(stop)) {
        if Bytes.isDigit(view.byte(stop)) { digits += 1 }
        stop += 1
      }
      guard digits >= 4, view.byte(stop) == UInt8(ascii: "\"") else { return nil }
      return NationalPhoneRules.candidate(view, end - 1..<stop, 8800)
    }.beforeDigits(),
    // `608 5550170`: an area and a number, in a field of its own.
    PatternRule(#"[/|,;~\t] ?\d{3} [2-9]\d{6}\b"#) { view, end in
      let range = end - 11..<end
      guard Validators.phone(view.bytes(range, where: Bytes.isDigit)), view.isAlone(range),
        !ProgramContext.isProgram(view, range.lowerBound)
      else { return nil }
      return NationalPhoneRules.candidate(view, range, 6000)
    }.beforeDigits(),
    // `***-***-0175`: what is left of a number points at somebody still.
    PatternRule(#"[*xX]{3}[-. )]{1,2}[*xX]{3}[-. ]\d{4}\b"#) { view, end in
      NationalPhoneRules.candidate(view, end - 4..<end, 7000)
    }.beforeDigits(),
    PatternRule(
      #"\bend(?:s|ing)(?: in| with)? \d{4}\b"#
    ) {
      view, end in
      view.hasBefore(end, within: 60, ["number", "phone", "cell", "mobile", "mine", "landline"])
        && !view.hasBefore(end, within: 60, ["card", "visa", "account", "acct", "ssn", "social"])
        ? NationalPhoneRules.candidate(view, end - 4..<end, 6500) : nil
    }.beforeDigits(),
    // Behind a number, only where the fax differs: `5550-12, Fax -19`.
    PatternRule(#"\d, ?(?:tele)?fax -\d{1,4}\b"#) { view, end in
      let start = view.start(before: end, limit: 5, where: Bytes.isDigit)
      return Candidate(range: start - 1..<end, kind: "FAX", confidence: 7000, detector: "phi/phone-national")
    },
    // `555-0119, area code 956`
    PatternRule(#"\d{4},? \(?area code \d{3}\b"#) { view, end in
      NationalPhoneRules.candidate(view, end - 3..<end, 7000)
    },
  ]

  private static func field(_ view: borrowing TextView, _ range: Range<Int>) -> Candidate? {
    let (before, after) = (view.byte(range.lowerBound - 1), view.byte(range.upperBound))
    let digits = view.bytes(range, where: Bytes.isDigit)
    guard range.lowerBound > view.lowerBound, Validators.phone(digits), !isLargest(view.number(range)),
      Set(digits).count > 2,
      !Bytes.isJoining(after)
    else { return nil }
    let isEnd = "|~,;\t^<'".utf8.contains(after) || after == 0x0A || view.has(" (", at: range.upperBound)
    // `cb 30 min @ 5195550141`
    if view.has("@ ", at: range.lowerBound - 2) { return NationalPhoneRules.candidate(view, range, 6000) }
    guard isEnd, before == UInt8(ascii: "'") ? after == before : true else { return nil }
    if before == UInt8(ascii: "|"), after != UInt8(ascii: "^") {
      return NationalPhoneRules.candidate(view, range, 5800)
    }
    guard "|~,;\t>'".utf8.contains(before), !Validators.npi(digits) || before == UInt8(ascii: ","),
      isFew(view, range),
      !ProgramContext.isProgram(view, range.lowerBound)
    else { return nil }
    return NationalPhoneRules.candidate(view, range, 5800)
  }

  /// The largest numbers of 32 bits look like telephones.
  private static func isLargest(_ number: Int) -> Bool {
    number >= 1 << 31 - 2 && number <= 1 << 31 + 1 || number >= 1 << 32 - 2 && number <= 1 << 32 + 1
  }

  /// Whether no other long number stands beside it: a list of them is of something else.
  private static func isFew(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    var next = range.upperBound
    while next - range.upperBound < 3, !Bytes.isDigit(view.byte(next)) { next += 1 }
    var before = range.lowerBound
    while range.lowerBound - before < 3, !Bytes.isDigit(view.byte(before - 1)) { before -= 1 }
    return view.endOfDigits(next, limit: 8) - next < 8
      && before - view.start(before: before, limit: 8, where: Bytes.isDigit) < 8
  }
}
