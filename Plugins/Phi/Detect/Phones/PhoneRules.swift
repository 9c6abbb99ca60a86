internal import FilterKit

/// Telephone and fax numbers: of the North American plan by their form, others by a word beside them.
enum PhoneRules {
  static let all: [PatternRule] =
    plan + NationalPhoneRules.all + PhoneLists.all + RecordPhones.all + Extensions.all + SpokenPhones.all

  private static let plan: [PatternRule] = [
    PatternRule(#"\d{3}\)?[-. ]{0,2}\d{3}[-. ]\d{4}"#) { view, end in grouped(view, end) },
    // Toll-free ones with the country's code: `18335550157`.
    PatternRule(#"\b18(?:00|33|44|55|66|77|88)[2-9]\d{6}\b"#) { view, end in
      view.isAlone(end - 11..<end) && Validators.phone(view.bytes(end - 10..<end, where: Bytes.isDigit))
        ? phone(view, end - 11..<end, 6500) : nil
    },
    PatternRule(#"\d{10}"#) { view, end in
      let range = end - 10..<end
      guard range.lowerBound >= view.lowerBound, view.isAlone(range) else { return nil }
      let digits = view.bytes(range, where: Bytes.isDigit)
      if view.hasBefore(range.lowerBound, within: 24, ["npi"]), Validators.npi(digits) {
        return Candidate(range: range, kind: "LICENSE", confidence: 9600, detector: "phi/npi")
      }
      if Validators.npi(digits),
        view.hasBefore(range.lowerBound, within: 40, ["provider", "identifier", "physician", "prescriber"])
      {
        return Candidate(range: range, kind: "LICENSE", confidence: 8000, detector: "phi/npi")
      }
      guard Validators.phone(digits) else { return nil }
      if hasContext(view, range.lowerBound) { return phone(view, range, 8500) }
      if !Validators.npi(digits), IntroducedPhones.isIntroduced(view, range.lowerBound, digits: 8) {
        return phone(view, range, 7000)
      }
      return isBesidePhone(view, range) ? phone(view, range, 7000) : nil
    },
    PatternRule(#"\+\d{1,3}[-. ]?\(?\d{1,4}\)?(?:[-. ]?\d{1,4}){2,5}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 26) { Bytes.isDigit($0) || "+-. ()".utf8.contains($0) }
      guard let plus = (start..<end).last(where: { view.byte($0) == UInt8(ascii: "+") }) else { return nil }
      let count = view.bytes(plus..<end, where: Bytes.isDigit).count
      guard (9...15).contains(count), !Bytes.isJoining(view.byte(plus - 1)) else { return nil }
      return phone(view, plus..<withExtension(view, end), 8800)
    },
    PatternRule(
      #"\b(?:(?:tele)?phone[sd]?|tel|cell|mobile|mob|pager|fax|fx|call(?:ed|ing|back)?|reach(?:ed|able)?|answering|contact(?:ed)?|whatsapp|ph|landline|te?xt(?:ed)?|sms|(?:my|his|her|their|our|your|new|old|same|home|work) (?:number|no)|(?:mi|su|mon|mein|meine|mijn|min|moj|mio|meu) (?:n\xc3\xbamero|numero|num\xc3\xa9ro|nummer|numer)|(?:tel\.? )?kom|rang|ring(?:e|en)?|dial|reception|switchboard|helpline|hotline|lm|l/m|vm|voicemail|msg|viber|telegram|signal|t\xc3\xa9l(?:\xc3\xa9phone)?|telefon[aeio]?|tel\xc3\xa9fono|telefoon|telefonnummer|telefonnr|tlfn?|tfno|puhelin|handy|mobil(?:e|nr|nummer|telefon)?|m\xc3\xb3vil|movil|celular|cel|cellulare|portable|gsm|mobiel|kom\xc3\xb3rka|cep|ligar|llamar|ll\xc3\xa1meme|chiamare|appeler|bellen|anrufen|zadzwo\xc5\x84|rufnummer|fijo|fixe|telefax|faks|faksem|telefonem|puh|tfn|fono|wapp|wsp|hp|cb|whats|help ?desk|front desk|s (?:number|no)|(?:contact|daytime|evening|emergency|best|clinic|office|school) (?:number|no|nr|#))\b"#
    ) { view, end in behind(view, end) }.beforeDigits(),
    // Letters that are none of ASCII have no boundary in a pattern.
    PatternRule(
      #"(?:\xe9\x9b\xbb\xe8\xa9\xb1|\xe7\x94\xb5\xe8\xaf\x9d|\xec\xa0\x84\xed\x99\x94|\xe6\x89\x8b\xe6\x9c\xba|\xe6\x90\xba\xe5\xb8\xaf|\xd1\x82\xd0\xb5\xd0\xbb(?:\xd0\xb5\xd1\x84\xd0\xbe\xd0\xbd)?|\xcf\x84\xce\xb7\xce\xbb|\xd9\x87\xd8\xa7\xd8\xaa\xd9\x81)"#
    ) { view, end in behind(view, end) },
    PatternRule(#"\d{2}[- ,\\]{1,3}(?:office|mobile|cell|desk|fax)\b"#) { view, end in before(view, end) },
  ]

  private static let context: [StaticString] = [
    "phone", "tel", "cell", "mobile", "call", "contact", "reach", "pager", "ph", "fax",
  ]

  static func hasContext(_ view: borrowing TextView, _ start: Int) -> Bool {
    view.hasBefore(start, within: 24, context)
  }

  /// Whether a number in the groups of a telephone's stands right before or behind, in a list of them.
  private static func isBesidePhone(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    var before = range.lowerBound
    while range.lowerBound - before < 6, " ,;/|&\n\t".utf8.contains(view.byte(before - 1)) { before -= 1 }
    var after = range.upperBound
    while after - range.upperBound < 6, " ,;/|&\n\t".utf8.contains(view.byte(after)) { after += 1 }
    if before < range.lowerBound, isGrouped(view, before - 12..<before) { return true }
    if view.byte(after) == UInt8(ascii: "(") { after += 1 }
    return after > range.upperBound && isGrouped(view, after..<after + 12)
      || after > range.upperBound && isGrouped(view, after..<after + 13)
  }

  /// `217-555-0143`, `217) 555-0143`.
  private static func isGrouped(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    var digits = 0
    var signs = 0
    for index in range {
      if Bytes.isDigit(view.byte(index)) {
        digits += 1
      } else if "-. )".utf8.contains(view.byte(index)) {
        signs += 1
      }
    }
    return digits == 10 && signs == range.count - 10
      && "-.".utf8.contains(view.byte(range.upperBound - 5))
  }

  private static func phone(_ view: borrowing TextView, _ range: Range<Int>, _ confidence: UInt32)
    -> Candidate
  {
    return Candidate(
      range: range, kind: isFax(view, range) ? "FAX" : "PHONE", confidence: confidence, detector: "phi/phone")
  }

  /// Words of a telephone, right before its number.
  static let labels = WordSet(
    words: """
      phone phones telephone tel cell mobile mob pager call called ring rang reach reached contact contacted whatsapp ph landline text
      texted sms number reception ward on at telefon telefono telefone tlf telefoon puhelin handy mobil movil celular cel cellulare
      portable gsm mobiel callback fax fx
      """)
  private static let faxLabels = WordSet(words: "fax fx telefax faks faksem faxnr")

  static func isFax(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    if view.hasBefore(range.lowerBound, within: 12, ["fax"]) || isFaxBehind(view, range.upperBound) {
      return true
    }
    guard let word = view.word(before: range.lowerBound, gap: 4, where: { " :.=#".utf8.contains($0) }) else {
      return false
    }
    if word.count == 1 {
      return view.byte(word.lowerBound) == UInt8(ascii: "F")
        && !Bytes.isJoining(view.byte(word.lowerBound - 1))
    }
    return faxLabels.contains(view.hash(word))
  }

  private static func isFaxBehind(_ view: borrowing TextView, _ end: Int) -> Bool {
    var start = end
    while start - end < 2, " -".utf8.contains(view.byte(start)) { start += 1 }
    return start > end && view.has("fax", at: start)
  }

  /// Ten digits in groups of three, three and four, with an area code in parentheses or a country code before them.
  private static func grouped(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard !Bytes.isDigit(view.byte(end)) else { return nil }
    let limit = view.start(before: end, limit: 22) { Bytes.isDigit($0) || "+-. ()".utf8.contains($0) }
    var start = end
    var digits = 0
    while start > limit, digits < 10 {
      start -= 1
      if Bytes.isDigit(view.byte(start)) { digits += 1 }
    }
    guard digits == 10 else { return nil }
    let area = start
    let isParenthesised = view.byte(start - 1) == UInt8(ascii: "(")
    if isParenthesised { start -= 1 }
    start = withCountry(view, start, limit)
    let stop = withExtension(view, end)
    // A letter may follow only as an extension's sign.
    guard view.isAlone(start..<(stop > end ? end : stop)) || stop > end && view.isFree(before: start) else {
      return nil
    }
    if Validators.phone(view.bytes(area..<end, where: Bytes.isDigit)) {
      return phone(view, start..<stop, 8800)
    }
    // Numbers that the plan does not have: made up, or of another one.
    let isSure = isParenthesised || stop > end || start < area || hasContext(view, start)
    guard isSure || view.byte(end - 5) == UInt8(ascii: "-") && view.byte(area + 3) == UInt8(ascii: "-") else {
      return nil
    }
    return phone(view, start..<stop, isSure ? 7500 : 5500)
  }

  /// Where a number begins with its country code: `1`, `+1` or `001`.
  private static func withCountry(_ view: borrowing TextView, _ start: Int, _ limit: Int) -> Int {
    var country = start
    while country > limit, "-. ".utf8.contains(view.byte(country - 1)) { country -= 1 }
    guard view.byte(country - 1) == UInt8(ascii: "1") else { return start }
    country -= 1
    if view.byte(country - 1) == UInt8(ascii: "+") { return country - 1 }
    if view.byte(country - 1) == UInt8(ascii: "0"), view.byte(country - 2) == UInt8(ascii: "0") {
      country -= 2
    }
    return Bytes.isDigit(view.byte(country - 1)) ? start : country
  }

  /// Where a number ends with its extension.
  static func withExtension(_ view: borrowing TextView, _ end: Int) -> Int {
    for marker in [
      "x", " x", " ext. ", " ext ", ", ext. ", " ext", " ext.", " x ", ", ext ", " extension ", " ext: ",
      " int. ", " ramal ",
    ] as [StaticString]
    where view.has(marker, at: end) {
      var stop = end + marker.utf8CodeUnitCount
      guard Bytes.isDigit(view.byte(stop)) else { continue }
      while stop - end < 12, Bytes.isDigit(view.byte(stop)) { stop += 1 }
      return Bytes.isAlphanumeric(view.byte(stop)) ? end : stop
    }
    return end
  }

  /// A number of any plan behind a word that says so, with at most a few small words between.
  private static func behind(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    // The acidity of blood: `pH 7.18 7.29 7.37`.
    if view.byte(end - 1) == UInt8(ascii: "H"), view.byte(end - 2) == UInt8(ascii: "p") { return nil }
    var start = end
    while start - end < 28 {
      let byte = view.byte(start)
      if Bytes.isDigit(byte) || byte == UInt8(ascii: "+")
        || byte == UInt8(ascii: "(") && Bytes.isDigit(view.byte(start + 1))
      {
        break
      }
      if " :#.-='\"\t(".utf8.contains(byte) {
        start += 1
        continue
      }
      guard
        let word =
          ([
            "number", "numbers", "no", "num", "is", "to", "was", "at", "me", "us", "him", "her", "them", "on",
            "back", "still", "now", "p\u{E5}", "til", "til", "au", "al", "no", "en", "el", "op", "nr",
            "unter", "numero", "line", "for",
            "results", "mobile", "ok", "okay", "or", "via", "ved", "od", "pod", "ao", "er", "und", "es",
            "est", "ist", "e",
            "ar",
          ] as [StaticString]).first(where: {
            view.has($0, at: start) && !Bytes.isLetter(view.byte(start + $0.utf8CodeUnitCount))
          })
      else { return nil }
      start += word.utf8CodeUnitCount
    }
    guard start > end, start - end < 28 else { return nil }
    var stop = start
    var digits = 0
    while stop - start < 22 {
      let byte = view.byte(stop)
      if Bytes.isDigit(byte) {
        digits += 1
      } else if !"-. ()+/".utf8.contains(byte) {
        break
      }
      stop += 1
    }
    while stop > start, !Bytes.isDigit(view.byte(stop - 1)) { stop -= 1 }
    // Some countries have numbers of six digits, in three groups.
    // A term of the Human Phenotype Ontology.
    if digits == 7, view.has("HP:0", at: start - 3) { return nil }
    let isShort = digits == 6 && isPairs(view, start..<stop)
    guard isShort || (7...15).contains(digits) && !isDate(view, start..<stop),
      !Bytes.isJoining(view.byte(stop)) || view.byte(stop) | 0x20 == UInt8(ascii: "x")
    else { return nil }
    return phone(view, start..<withExtension(view, stop), 7500)
  }

  /// A number before a word that says so.
  private static func before(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let word = view.start(before: end, limit: 8, where: Bytes.isLetter)
    var stop = word
    while stop > view.lowerBound, word - stop < 4, !Bytes.isDigit(view.byte(stop - 1)) { stop -= 1 }
    var start = view.start(before: stop, limit: 22) { Bytes.isDigit($0) || "-. ()+".utf8.contains($0) }
    while start < stop, !Bytes.isDigit(view.byte(start)), view.byte(start) != UInt8(ascii: "("),
      view.byte(start) != UInt8(ascii: "+")
    {
      start += 1
    }
    let digits = view.bytes(start..<stop, where: Bytes.isDigit).count
    let isShort = digits == 6 && isPairs(view, start..<stop)
    guard isShort || (7...15).contains(digits) && !isDate(view, start..<stop), view.isFree(before: start)
    else { return nil }
    return Candidate(
      range: start..<stop, kind: view.has("fax", at: word) ? "FAX" : "PHONE", confidence: 7500,
      detector: "phi/phone")
  }

  /// `33 93 31`, but not `12-31-99`.
  private static func isPairs(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    range.count == 8 && view.byte(range.lowerBound + 2) == 0x20 && view.byte(range.lowerBound + 5) == 0x20
  }

  /// `2024-03-14` and `03/14/2024` are none.
  static func isDate(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let groups = view.bytes(range) { _ in true }.split { !Bytes.isDigit($0) }
    guard groups.count >= 3 else { return false }
    if groups.count > 3, !groups[0].starts(with: "19".utf8), !groups[0].starts(with: "20".utf8) {
      return false
    }
    return groups[0].count == 4 && groups[1].count <= 2 && groups[2].count <= 2
      || groups[0].count <= 2 && groups[1].count <= 2 && (groups[2].count == 4 || groups[2].count == 2)
  }
}
