internal import FilterKit

/// Numbers of telephones in lists, in parts, and in letters: `217-555-0143, 555-0188`, `555-0143/0144`, `(217)5550143`, `1-800-FLOWERS`,
/// `call x4471`.
enum PhoneLists {
  static let all: [PatternRule] = [
    // Behind another: the same area, or the same exchange.
    PatternRule(#"\d{4} ?(?:/|,|;|&|or|and) ?(?:\d{3}[-.])?\d{4}\b"#) { view, end in second(view, end) },
    PatternRule(#"\(\d{3}\) ?\d{7}\b"#) { view, end in
      let start = view.start(before: end, limit: 13) { Bytes.isDigit($0) || "() ".utf8.contains($0) }
      guard let open = (start..<end).first(where: { view.byte($0) == UInt8(ascii: "(") }),
        view.isFree(before: open),
        Validators.phone(view.bytes(open..<end, where: Bytes.isDigit))
      else { return nil }
      return NationalPhoneRules.candidate(view, open..<end, 8000)
    }.beforeDigits(),
    PatternRule(#"\barea code \d{3}[,;]? {0,2}\d{3}[-. ]?\d{4}\b"#) { view, end in
      let start = view.start(before: end, limit: 15) { Bytes.isDigit($0) || " ,;-.".utf8.contains($0) }
      return NationalPhoneRules.candidate(view, start + 1..<end, 8000)
    }.beforeDigits(),
    // Toll-free ones with letters.
    PatternRule(#"\b(?:1[-. ])?8(?:00|33|44|55|66|77|88)[-. ](?:\d{3}[-. ])?[A-Z]{4,8}\b"#, caseless: false) {
      view, end in
      var start = view.start(before: end, limit: 18) { Bytes.isJoining($0) || "-.".utf8.contains($0) }
      if view.byte(start) != UInt8(ascii: "1"), view.byte(start) != UInt8(ascii: "8") {
        guard let first = (start..<end).first(where: { Bytes.isDigit(view.byte($0)) }) else { return nil }
        start = first
      }
      return view.isAlone(start..<end) ? NationalPhoneRules.candidate(view, start..<end, 7000) : nil
    }.beforeDigits(),
    // Australia's for one price, and an extension that a call is asked for.
    PatternRule(#"\b1[38]00[ -]\d{3}[ -]\d{3}\b"#) { view, end in
      view.isAlone(end - 12..<end) ? NationalPhoneRules.candidate(view, end - 12..<end, 6500) : nil
    }.beforeDigits(),
    PatternRule(#"\bx ?(?:\d-)?\d{4,5}\b"#) { view, end in
      let start = view.start(before: end, limit: 8) { Bytes.isDigit($0) || "- xX".utf8.contains($0) }
      guard let sign = (start..<end).first(where: { view.byte($0) | 0x20 == UInt8(ascii: "x") }),
        !Bytes.isAlphanumeric(view.byte(sign - 1)), !Bytes.isDigit(view.byte(sign - 2)),
        view.hasBefore(sign, within: 24, called), !ProgramContext.isProgram(view, sign)
      else { return nil }
      return NationalPhoneRules.candidate(view, sign..<end, 6500)
    }.beforeDigits(),
    // A trunk prefix and nothing between, behind somebody's word: `wife 0612345678`.
    PatternRule(#"\b0[1-9]\d{7,9}\b"#) { view, end in
      let start = view.start(before: end, limit: 12, where: Bytes.isDigit)
      guard view.isAlone(start..<end), IntroducedPhones.isIntroduced(view, start, digits: 8) else {
        return nil
      }
      return NationalPhoneRules.candidate(view, start..<end, 6500)
    }.beforeDigits(),
  ]

  private static let called: [StaticString] = [
    "call", "page", "reach", "phone", "dial", "ring", "desk", "office", "me at", "lab", "pharmacy",
    "questions", "contact", "ward",
    "unit", "callback",
  ]

  private static func second(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = end - 4
    if "-.".utf8.contains(view.byte(start - 1)), Bytes.isDigit(view.byte(start - 2)) { start -= 4 }
    var first = start
    while start - first < 6, !Bytes.isDigit(view.byte(first - 1)) { first -= 1 }
    // The number before has its groups.
    let number = view.start(before: first, limit: 14) { Bytes.isDigit($0) || "-. ()".utf8.contains($0) }
    let digits = view.bytes(number..<first, where: Bytes.isDigit)
    guard [7, 10].contains(digits.count), "-. ".utf8.contains(view.byte(first - 5)),
      digits.count == 10
        ? Validators.phone(digits) : digits[0] > 0x31 && "-.".utf8.contains(view.byte(first - 5)),
      !Bytes.isJoining(view.byte(end)), view.byte(end) != UInt8(ascii: "-"),
      !PhoneRules.isDate(view, start..<end)
    else { return nil }
    // Of seven digits alone a word has to say what they are.
    guard digits.count == 10 || PhoneRules.hasContext(view, number) else { return nil }
    // `555-0143, 2024` may be a year.
    if start == end - 4,
      view.byte(first) == UInt8(ascii: ",") || (1900...2099).contains(view.number(start..<end))
    {
      return nil
    }
    return NationalPhoneRules.candidate(view, start..<end, 7000)
  }
}
