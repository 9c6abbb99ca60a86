internal import FilterKit

/// Values that look like identifiers behind words that no list of labels has: behind one that counts (`stamp no.`, `BAND#`), behind an
/// abbreviation in capitals (`HRN`, `CAQH`), behind somebody's name, or by their form alone (`LV-0067731`).
enum UnlistedIdentifiers {
  static let all: [PatternRule] = [
    PatternRule(#"[^0-9]\d\d-\d\d-\d\d"#) { view, end in value(view, at: end - 8) }.beforeDigits(),
    PatternRule(#"#:? {0,2}[0-9a-z]"#) { view, end in value(view, at: end - 1) }.beforeDigits(),
  ]

  private static let longestStart = 24

  static func value(_ view: borrowing TextView, at digit: Int) -> Candidate? {
    // A reading, a year: most numbers are short and stand alone.
    if isShort(view, digit) { return nil }
    var start = view.start(before: digit, limit: longestStart, where: isInside)
    while start < digit, !Bytes.isJoining(view.byte(start)) { start += 1 }
    if Bytes.isDigit(view.byte(start)) { start = firstGroup(view, start) }
    guard isFree(view, start) else { return nil }
    var heading = IdentifierHeading(view, before: start)
    if heading.isNobodys { return nil }
    // `sub# KDM 70062311 02`: letters in front are the value's where a label stands before them.
    if let prefix = heading.prefix {
      start = prefix
      heading.isAbbreviation = false
    }
    guard let reading = LabelledIdentifier.read(view, at: start), reading.range.contains(digit),
      !IdentifierForm.isOthers(view, reading), !isPart(view, reading.range, heading)
    else { return nil }
    let form = IdentifierForm(view, reading)
    if heading.prefix != nil, reading.digits < 5 { return nil }
    // Capitals and digits in quotes of their own: `"NHN 0356307"`.
    if heading.isAbbreviation, form.isLong, !reading.hasUpper, let quoted = quotedGroups(view, reading.range)
    {
      return Candidate(
        range: quoted, kind: "ID", confidence: 7000, detector: "phi/unlisted-id", evidence: .literal)
    }
    func found(_ confidence: UInt32, _ evidence: Candidate.Evidence) -> Candidate? {
      let isLiteral = form.isDistinct && isQuoted(view, reading.range)
      return Candidate(
        range: reading.range, kind: "ID", confidence: confidence, detector: "phi/unlisted-id",
        evidence: isLiteral ? .literal : evidence)
    }
    if heading.isCounted, form.isAnything, !form.isNamedNobodys {
      return found(7500, heading.hasWord ? .form : .neighbour)
    }
    if heading.isAbbreviation, form.isLong || heading.isLong && form.isPlain, !form.isNamedNobodys {
      return found(7000, .form)
    }
    if form.isDistinct { return found(6500, .form) }
    return form.isLong || heading.isCounted ? found(6500, .neighbour) : nil
  }

  private static func isInside(_ byte: UInt8) -> Bool {
    Bytes.isJoining(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "/")
      || byte == UInt8(ascii: ".")
  }

  /// Whether a number has fewer than five digits, and nothing that joins it with others.
  private static func isShort(_ view: borrowing TextView, _ digit: Int) -> Bool {
    guard !isInside(view.byte(digit - 1)), !Bytes.isDigit(view.byte(digit - 2)) else { return false }
    var end = digit
    while end - digit < 5, Bytes.isDigit(view.byte(end)) { end += 1 }
    guard end - digit < 5, !isInside(view.byte(end)) || view.byte(end) == UInt8(ascii: ".") else {
      return false
    }
    return view.byte(end) != 0x20
      || !Bytes.isDigit(view.byte(end + 1)) && !Bytes.isUpper(view.byte(digit - 2))
  }

  /// Whether nothing before a value says that it is a price, a part of something, a member or a colour.
  private static func isFree(_ view: borrowing TextView, _ start: Int) -> Bool {
    let (before, other) = (view.byte(start - 1), view.byte(start - 2))
    if before == 0x20 { return true }
    if before >= 0x80 || Bytes.isJoining(before) || "$+~^&@\\%*<{".utf8.contains(before) { return false }
    if before == UInt8(ascii: ":") { return !Bytes.isJoining(other) }
    return before != UInt8(ascii: "#") || !"\"',:".utf8.contains(other)
  }

  /// Where the first of several groups begins: `2404 7731 0955`.
  private static func firstGroup(_ view: borrowing TextView, _ start: Int) -> Int {
    var first = start
    while start - first < longestStart, view.byte(first - 1) == 0x20, Bytes.isDigit(view.byte(first - 2)) {
      let next = view.start(before: first - 1, limit: 10) { Bytes.isDigit($0) || $0 == UInt8(ascii: "-") }
      // No part of a date: `04/19/1961 00718832`.
      guard first - next <= 10, view.byte(next - 1) <= 0x20 || "(:#=\"'|".utf8.contains(view.byte(next - 1))
      else {
        break
      }
      first = next
    }
    return first
  }

  private static func quotedGroups(_ view: borrowing TextView, _ range: Range<Int>) -> Range<Int>? {
    let start = view.start(before: range.lowerBound - 1, limit: 5, where: Bytes.isUpper)
    let quote = view.byte(start - 1)
    return view.byte(range.lowerBound - 1) == 0x20 && "\"'".utf8.contains(quote)
      && view.byte(range.upperBound) == quote
      && (2...4).contains(range.lowerBound - 1 - start) ? start..<range.upperBound : nil
  }

  private static func isQuoted(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let before = view.byte(range.lowerBound - 1)
    return "\"'".utf8.contains(before) && view.byte(range.upperBound) == before
  }

  /// Whether a value is a field of HL7, which its position explains, or the name of a member: `|MSG00213|`, `"00100020":`.
  private static func isPart(_ view: borrowing TextView, _ range: Range<Int>, _ heading: IdentifierHeading)
    -> Bool
  {
    let (before, after) = (view.byte(range.lowerBound - 1), view.byte(range.upperBound))
    if after == UInt8(ascii: "^") { return true }
    // A ticket before what it is about: `[EHR-20418] Wrong banner`.
    if before == UInt8(ascii: "["), after == UInt8(ascii: "]"), view.byte(range.lowerBound - 2) == 0x0A,
      Bytes.isUpper(view.byte(range.lowerBound))
    {
      return true
    }
    if before == UInt8(ascii: "|") { return after == before && !heading.isCounted }
    // A member's name is no number with an office's letters: `FIXES = {"SW-104482": …}`.
    return "\"'".utf8.contains(before) && after == before
      && view.byte(range.upperBound + 1) == UInt8(ascii: ":")
      && !(Bytes.isUpper(view.byte(range.lowerBound))
        && range.contains { view.byte($0) == UInt8(ascii: "-") })
  }
}
