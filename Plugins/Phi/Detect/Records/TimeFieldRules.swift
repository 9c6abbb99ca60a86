internal import FilterKit

/// Keys of dates and telephones that no other rule has, anywhere in a line: `"celular": "(73) 99814-2207"`, `ward_tel: 0141 339 6027`,
/// `BD=04301949`, `op_date: 6.2.25`.
enum TimeFieldRules {
  static let all: [PatternRule] = [
    PatternRule(
      #"(?:tel(?:[_ -]?(?:no|nr|num|[12]))?|telefon[aeo]?|tel\xc3\xa9fono|t\xc3\xa9l\xc3\xa9phone|telefoon|telefonnummer|telefonnr|tele?movel|tlf|celular|movil|m\xc3\xb3vil|cellulare|mobil|handy|gsm|fone|puhelin|ph(?:one|_?no)?[_ -]?[12]?|mob(?:ile)?(?:[_ -]?(?:no|number|nr))?|cell(?:[_ -]?(?:no|number))?|contact[_ -]?(?:no|number)|callback|landline|whatsapp|pager|msisdn|telefax|faks|fax(?:[_ -]?(?:no|nr))?)(?:[_-](?:raw|str|txt|text|orig|old|new|clean|iso|fmt|value|val|local|utc))?["'`\]]{0,2} {0,3}(?:=>|:=|[:=|]) {0,3}"#
    ) { view, end in
      value(view, end) {
        $0 == "PHONE" || $0 == "FAX"
      } of: {
        view, kind, range in
        FieldValues.phone(view.text, range)
      }
    },
    PatternRule(
      #"(?:date|_dt|dat|day|datum|geboren|geb\.?|nascimento|nacimiento|naissance|nascita|narozen\xc3\xad|urodzenia|dob|bd|doa|dos|dol|implanted|admitted|discharged|collected|valid[_ ]?(?:to|until)|expires)(?:[_-](?:raw|str|txt|text|orig|old|new|clean|iso|fmt|value|val|local|utc))?["'`\]]{0,2} {0,3}(?:=>|:=|[:=|]) {0,3}"#
    ) { view, end in
      value(view, end) {
        $0 == "DATE"
      } of: { view, kind, range in
        date(view, range)
      }
    },
    PatternRule(
      #"(?:age(?:[_ -]?(?:in[_ -]?)?(?:years|yrs?))?|age[_ -]?at[_ -]?[a-z]{2,10}|alter|edad|idade|leeftijd)(?:[_-](?:raw|str|txt|text|orig|old|new|clean|iso|fmt|value|val|local|utc))?["'`\]]{0,2} {0,3}(?:=>|:=|[:=|]) {0,3}"#
    ) { view, end in
      let age = value(view, end) {
        $0 == "AGE"
      } of: { view, kind, range in
        FieldValues.age(view.text, range)
      }
      // An argument of a call is a program's.
      return age.flatMap { view.byte($0.range.upperBound) == UInt8(ascii: ")") ? nil : $0 }
    },
  ]

  /// The value behind a key whose last words name one of the kinds.
  private static func value(
    _ view: borrowing TextView, _ end: Int, _ isWanted: (Kind) -> Bool,
    of read: (borrowing TextView, Kind, Range<Int>) -> Range<Int>?
  ) -> Candidate? {
    var sign = end
    while sign > view.lowerBound, end - sign < 10, !Bytes.isJoining(view.byte(sign - 1)),
      view.byte(sign - 1) < 0x80
    { sign -= 1 }
    guard let kind = FieldRules.kind(view, endingAt: sign), isWanted(kind) else { return nil }
    let quote = view.byte(end)
    // The match with all of the blanks is still to come.
    if quote == 0x20 { return nil }
    let isQuoted = "\"'`".utf8.contains(quote)
    let start = isQuoted ? end + 1 : end
    var stop = start
    while stop - start < 48, view.byte(stop) != 0x0A, view.byte(stop) != 0x0D {
      let byte = view.byte(stop)
      if isQuoted ? byte == quote : ",;&|<>)}]\"'".utf8.contains(byte) { break }
      if !isQuoted, byte == 0x20, view.byte(stop + 1) == 0x20 { break }
      stop += 1
    }
    guard let range = read(view, kind, start..<stop), range.lowerBound == start, !range.isEmpty else {
      return nil
    }
    return Candidate(range: range, kind: kind, confidence: 8800, detector: "phi/key")
  }

  /// The date that a text begins with: its first words as far as they are one.
  private static func date(_ view: borrowing TextView, _ range: Range<Int>) -> Range<Int>? {
    var end = range.lowerBound
    while end < range.upperBound, view.byte(end) > 0x20 { end += 1 }
    let first = range.lowerBound..<end
    guard Bytes.isDigit(view.byte(first.lowerBound)) else { return nil }
    let groups = view.bytes(first) { _ in true }.split { !Bytes.isDigit($0) }
    guard first.allSatisfy({ Bytes.isDigit(view.byte($0)) || "/.-:TZ+".utf8.contains(view.byte($0)) }) else {
      return nil
    }
    if groups.count == 1 {
      if first.count == 6 {
        let parts = [0, 2, 4].map { view.number(first.lowerBound + $0..<first.lowerBound + $0 + 2) }
        return DateRun.isDay(parts[0], parts[1]) || DateRun.isDay(parts[1], parts[2]) ? first : nil
      }
      return [8, 12, 14].contains(first.count) ? FieldValues.date(view.text, first) : nil
    }
    let values = groups.map { Validators.number($0) }
    guard groups.count <= 3, groups.allSatisfy({ $0.count <= 4 }) else { return nil }
    let isMonthYear =
      groups.count == 2
      && ((1...12).contains(values[0]) && groups[0].count <= 2 && [2, 4].contains(groups[1].count)
        || groups[0].count == 4 && (1...12).contains(values[1]) && (1880...2100).contains(values[0]))
    let isFull =
      groups.count == 3
      && (groups[0].count == 4 && DateRun.isDay(values[1], values[2])
        || DateRun.isDay(values[0], values[1]) && [2, 4].contains(groups[2].count))
    return isMonthYear || isFull ? first : nil
  }
}
