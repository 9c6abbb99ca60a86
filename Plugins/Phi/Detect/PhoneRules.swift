internal import FilterKit

/// Telephone and fax numbers: of the North American plan by their form, others by a word beside them.
enum PhoneRules {
  static let all: [PatternRule] = [
    PatternRule(#"\d{3}\)?[-. ]{0,2}\d{3}[-. ]\d{4}"#) { view, end in grouped(view, end) },
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
      return isBesidePhone(view, range) ? phone(view, range, 7000) : nil
    },
    PatternRule(#"\+\d{1,3}[-. ]?\(?\d{1,4}\)?(?:[-. ]?\d{2,4}){2,4}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 26) { Bytes.isDigit($0) || "+-. ()".utf8.contains($0) }
      guard let plus = (start..<end).last(where: { view.byte($0) == UInt8(ascii: "+") }) else { return nil }
      let count = view.bytes(plus..<end, where: Bytes.isDigit).count
      guard (9...15).contains(count), !Bytes.isJoining(view.byte(plus - 1)) else { return nil }
      return phone(view, plus..<withExtension(view, end), 8800)
    },
    PatternRule(
      #"\b(?:(?:tele)?phones?|tel|cell|mobile|pager|fax|call(?:ed|ing)?|reach(?:ed)?|answering|contact|whatsapp)\b"#
    ) { view, end in behind(view, end) },
    PatternRule(#"\d{2}[- ,\\]{1,3}(?:office|mobile|cell|desk|fax)\b"#) { view, end in before(view, end) },
  ]

  private static let context: [StaticString] = [
    "phone", "tel", "cell", "mobile", "call", "contact", "reach", "pager", "ph", "fax",
  ]

  private static func hasContext(_ view: borrowing TextView, _ start: Int) -> Bool {
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
    let isFax = view.hasBefore(range.lowerBound, within: 12, ["fax"]) || isFaxBehind(view, range.upperBound)
    return Candidate(
      range: range, kind: isFax ? "FAX" : "PHONE", confidence: confidence, detector: "phi/phone")
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
  private static func withExtension(_ view: borrowing TextView, _ end: Int) -> Int {
    for marker in ["x", " x", " ext. ", " ext ", ", ext. ", " ext"] as [StaticString]
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
            "number", "no", "num", "is", "at", "me", "us", "him", "her", "them", "on", "back",
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
  private static func isDate(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let groups = view.bytes(range) { _ in true }.split { !Bytes.isDigit($0) }
    guard groups.count >= 3 else { return false }
    if groups.count > 3, !groups[0].starts(with: "19".utf8), !groups[0].starts(with: "20".utf8) {
      return false
    }
    return groups[0].count == 4 && groups[1].count <= 2 && groups[2].count <= 2
      || groups[0].count <= 2 && groups[1].count <= 2 && (groups[2].count == 4 || groups[2].count == 2)
  }
}
