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
    PatternRule(#"\d{10}"#) { view, end in
      let range = end - 10..<end
      let (before, after) = (view.byte(range.lowerBound - 1), view.byte(end))
      let isIndian = view.byte(range.lowerBound) >= 0x36 && before == UInt8(ascii: ",")
      guard range.lowerBound > view.lowerBound, "|~,;\t>'".utf8.contains(before),
        "|~,;\t^<'".utf8.contains(after) || after == 0x0A && isIndian || view.has(" (", at: end),
        before == UInt8(ascii: "'") ? after == before : true
      else { return nil }
      let digits = view.bytes(range, where: Bytes.isDigit)
      guard Validators.phone(digits), !Validators.npi(digits), !isLargest(view.number(range)),
        Set(digits).count > 2,
        isFew(view, range), !ProgramContext.isProgram(view, range.lowerBound)
      else { return nil }
      return NationalPhoneRules.candidate(view, range, 5800)
    },
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
      #"\b(?:phone|cell|mobile|number|mine|his|hers)(?: is)?(?:, (?:it )?| |, the one )(?:that )?(?:ends|ending) (?:in|with) \d{4}\b"#
    ) {
      view, end in NationalPhoneRules.candidate(view, end - 4..<end, 6500)
    }.beforeDigits(),
    // `555-0119, area code 956`
    PatternRule(#"\d{4},? \(?area code \d{3}\b"#) { view, end in
      NationalPhoneRules.candidate(view, end - 3..<end, 7000)
    },
  ]

  /// The largest numbers of 32 bits look like telephones.
  private static func isLargest(_ number: Int) -> Bool {
    number >= 1 << 31 - 2 && number <= 1 << 31 + 1 || number >= 1 << 32 - 2 && number <= 1 << 32 + 1
  }

  /// Whether no other number of ten digits stands beside it: a list of them is of something else.
  private static func isFew(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    var next = range.upperBound
    while next - range.upperBound < 3, !Bytes.isDigit(view.byte(next)) { next += 1 }
    var before = range.lowerBound
    while range.lowerBound - before < 3, !Bytes.isDigit(view.byte(before - 1)) { before -= 1 }
    return view.endOfDigits(next, limit: 10) - next < 10
      && before - view.start(before: before, limit: 10, where: Bytes.isDigit) < 10
  }
}
