internal import FilterKit

/// Telephone numbers in the national forms of the world: most begin with the trunk prefix 0 (ITU-T E.123), and their groups tell
/// the rest. No word has to stand beside them, but a word of other numbers forbids them.
enum NationalPhoneRules {
  static let all: [PatternRule] = [
    PatternRule(#"\(\d{2,5}\)[-. /]{0,2}\d{3,8}\b"#) { view, end in number(view, end) },
    // Mobiles in one run: of the United Kingdom, Australia, Nigeria; and with the prefix 00 of other countries.
    PatternRule(#"\b0(?:7\d{9}|4\d{8}|[789][01]\d{8})\b"#) { view, end in
      let start = view.start(before: end, limit: 12, where: Bytes.isDigit)
      guard view.isAlone(start..<end), (10...11).contains(end - start), !isOther(view, start),
        " (\t,;:'\"|".utf8.contains(view.byte(start - 1)),
        view.byte(start - 1) == UInt8(ascii: ",") || !Bytes.isDigit(view.byte(start - 2)),
        view.byte(start - 2) != UInt8(ascii: "=")
      else { return nil }
      return candidate(view, start..<end, 6300)
    }.beforeDigits(),
    PatternRule(#"\b00[- ]?[1-9]\d{0,2}[-. ]\(?\d{1,5}\)?(?:[-. ]?\d{2,8}){1,4}"#) { view, end in
      guard !Bytes.isJoining(view.byte(end)),
        !("-. /".utf8.contains(view.byte(end)) && Bytes.isDigit(view.byte(end + 1)))
      else {
        return nil
      }
      let lower = view.start(before: end, limit: 26) { Bytes.isDigit($0) || "-. ()".utf8.contains($0) }
      guard let start = (lower..<end).first(where: { view.has("00", at: $0) && view.isFree(before: $0) }),
        (11...16).contains(view.bytes(start..<end, where: Bytes.isDigit).count), !isOther(view, start),
        !isDrugCode(view, start..<end)
      else { return nil }
      return candidate(view, start..<end, 7000)
    }.beforeDigits(),
    // A letter alone that says what the number is: `M: 98140 66273`, `T. 58 55 91 42`.
    PatternRule(#"\b(?:[TMPCWHF]|ph|mob|tlf|hp|cp|wa)[.:]{1,2} ?[(+]?\d"#) { view, end in lettered(view, end)
    }.beforeDigits(),
    // A pager's and an extension's own digits.
    PatternRule(
      #"\b(?:pager|bleep|beeper|bleeper|dect|vocera|ascom|spectralink|ext|extn|extension|durchwahl|ramal|poste|toestel|anknytning)\.?(?: no\.?| number| is)?[ :#]{0,3}\d{3,6}"#
    ) {
      view, end in
      let start = view.start(before: end, limit: 7, where: Bytes.isDigit)
      guard (3...6).contains(end - start), view.isAlone(start..<end), view.byte(end) != UInt8(ascii: ":"),
        ".:# ".utf8.contains(view.byte(start - 1))
      else { return nil }
      return candidate(view, start..<end, 6500)
    }.beforeDigits(),
  ]

  /// Whether the groups are those of a National Drug Code (21 CFR 207.33): `00406-0552-01`.
  private static func isDrugCode(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    range.count == 13 && view.byte(range.lowerBound + 5) == UInt8(ascii: "-")
      && view.byte(range.lowerBound + 10) == UInt8(ascii: "-")
  }

  /// A number's groups of digits and what stands between them.
  private struct Groups {
    var ranges: [Range<Int>] = []
    /// The first group stands in parentheses.
    var isParenthesised = false
    var signs: [UInt8] = []

    var lengths: [Int] { ranges.map { $0.count } }
    var count: Int { ranges.reduce(0) { $0 + $1.count } }
    func dropFirst(_ count: Int) -> Groups {
      Groups(
        ranges: Array(ranges.dropFirst(count)), isParenthesised: false, signs: Array(signs.dropFirst(count)))
    }
  }

  private static let mostGroups = 6

  /// The groups that end at a position, the first one as far back as the signs between allow.
  private static func groups(_ view: borrowing TextView, _ end: Int) -> Groups {
    var groups = Groups()
    var position = end
    while groups.ranges.count < mostGroups {
      let start = view.start(before: position, limit: 9, where: Bytes.isDigit)
      guard start < position, position - start <= 8 else { break }
      groups.ranges.append(start..<position)
      var gap = start
      if view.byte(start - 1) == UInt8(ascii: "("), groups.ranges.count > 1 {
        groups.isParenthesised = true
        gap -= 1
        if view.byte(gap - 1) == 0x20, Bytes.isDigit(view.byte(gap - 2)) { gap -= 1 } else { break }
      } else {
        while start - gap < 3, " -./)".utf8.contains(view.byte(gap - 1)) { gap -= 1 }
      }
      let signs = view.bytes(gap..<start) { $0 != 0x20 }
      guard gap < start, signs.count <= 1 || signs == Array(")-".utf8), start - gap < 3 || signs.count == 1,
        Bytes.isDigit(view.byte(gap - 1)), start - gap < 2 || !signs.isEmpty
      else { break }
      groups.signs.append(signs.first ?? 0x20)
      position = gap
    }
    groups.ranges.reverse()
    if let first = groups.ranges.first, view.byte(first.upperBound) != UInt8(ascii: ")") {
      groups.isParenthesised = false
    }
    groups.signs.reverse()
    if groups.signs.count >= groups.ranges.count {
      groups.signs.removeFirst(groups.signs.count - groups.ranges.count + 1)
    }
    return groups
  }

  /// Whether as many digits as any of the forms has stand before a position, with their signs.
  private static func hasDigits(_ view: borrowing TextView, _ end: Int) -> Bool {
    var (position, digits) = (end, 0)
    while digits < 7 {
      position -= 1
      let byte = view.byte(position)
      if Bytes.isDigit(byte) { digits += 1 } else if !" -./()".utf8.contains(byte) { return false }
    }
    return true
  }

  static func number(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let next = view.byte(end)
    guard !Bytes.isJoining(next), next != UInt8(ascii: "_"), next != UInt8(ascii: "%"),
      !("-./:,".utf8.contains(next) && Bytes.isDigit(view.byte(end + 1)))
    else { return nil }
    guard hasDigits(view, end) else { return nil }
    let all = groups(view, end)
    guard all.ranges.count >= 2 else { return nil }
    for first in 0..<all.ranges.count - 1 {
      // A number before it is another one where a blank alone, or a slash between blanks, stands between.
      let gap = first > 0 ? all.ranges[first].lowerBound - all.ranges[first - 1].upperBound : 0
      if first > 0, all.signs[first - 1] != 0x20, gap < 3 || all.signs[first - 1] != UInt8(ascii: "/") {
        break
      }
      let groups = first == 0 ? all : all.dropFirst(first)
      guard let confidence = confidence(view, groups, isWhole: first == 0) else { continue }
      var start = groups.ranges[0].lowerBound
      if groups.isParenthesised, view.byte(start - 1) == UInt8(ascii: "(") { start -= 1 }
      guard view.isFree(before: start), !"+$#@*".utf8.contains(view.byte(start - 1)), !isOther(view, start)
      else { return nil }
      return candidate(view, start..<PhoneRules.withExtension(view, end), confidence)
    }
    return nil
  }

  static func candidate(_ view: borrowing TextView, _ range: Range<Int>, _ confidence: UInt32) -> Candidate {
    Candidate(
      range: range, kind: PhoneRules.isFax(view, range) ? "FAX" : "PHONE", confidence: confidence,
      detector: "phi/phone-national")
  }

  /// How sure the groups are a telephone's; nil: they are none that can do without a word.
  private static func confidence(_ view: borrowing TextView, _ groups: Groups, isWhole: Bool) -> UInt32? {
    let lengths = groups.lengths
    let count = groups.count
    // The second digit may be the next group's.
    let start = groups.ranges[0].lowerBound
    let first = view.byte(start) &- 0x30
    let second = view.byte(groups.ranges[0].count > 1 ? start + 1 : groups.ranges[1].lowerBound) &- 0x30
    let isPlain =
      Self.plain.contains(lengths) && first != 0
      && !groups.signs.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }
    guard
      let sure = form(view, groups, lengths, count, first, second, isWhole: isWhole)
        ?? (isPlain && IntroducedPhones.isIntroduced(view, start, digits: count) ? 7000 : nil)
    else { return nil }
    let digits = groups.ranges.flatMap { view.bytes($0) { _ in true } }
    guard Set(digits).count > 2, !isCounting(view, groups) else { return nil }
    return sure
  }

  private static func form(
    _ view: borrowing TextView, _ groups: Groups, _ lengths: [Int], _ count: Int, _ first: UInt8,
    _ second: UInt8, isWhole: Bool
  ) -> UInt32? {
    let isSlash = groups.signs.first == UInt8(ascii: "/")
    // What stands before a slash may be the end of another number.
    if isSlash, !isWhole { return nil }
    let dots = groups.signs.count { $0 == UInt8(ascii: ".") }
    guard dots == 0 || dots == groups.signs.count && lengths.count >= 3,
      groups.signs.dropFirst().allSatisfy({ $0 != UInt8(ascii: "/") })
    else { return nil }
    if first == 0 {
      // Twelve are Indonesia's, in three groups of four.
      guard second != 0,
        (9...11).contains(count) || lengths == [4, 4, 4] && groups.signs == Array("--".utf8)
          || lengths == [5, 3, 4] || lengths == [4, 8],
        lengths.count <= 5, lengths[0] >= 2, lengths[0] <= 5
      else { return nil }
      if groups.isParenthesised { return 8500 }
      // More may follow: `02341 07123 456789`.
      let last = groups.ranges[groups.ranges.count - 1].upperBound
      if lengths == [5, 5], view.byte(last) == 0x20, Bytes.isDigit(view.byte(last + 1)) { return nil }
      return trunk.contains(lengths) ? 7800 : nil
    }
    switch lengths {
    case [2, 5, 4], [2, 4, 4]:
      // Brazil's, and others with an area code in parentheses.
      return groups.isParenthesised ? 8500 : nil
    case [3, 2, 2, 2]:
      // Spain's.
      return first >= 6 && dots == 0 ? 7000 : nil
    case [3, 4, 4]:
      // China's mobiles.
      return first == 1 && second >= 3 ? 7500 : nil
    case [3, 3, 4] where isSlash:
      return Validators.phone(groups.ranges.flatMap { view.bytes($0) { _ in true } }) ? 8000 : nil
    case [5, 5]:
      // India's mobiles.
      let isRow = !isWhole || Bytes.isDigit(view.byte(groups.ranges[1].upperBound + 1))
      let isTight = groups.ranges[1].lowerBound - groups.ranges[0].upperBound == 1
      guard first >= 6, !isSlash, !isRow, dots == 0, isTight else { return nil }
      return groups.signs[0] == UInt8(ascii: "-") || isNamed(view, groups.ranges[0].lowerBound) ? 6800 : nil
    case [1, 3, 3, 2, 2]: return first == 8 || first == 7 ? 7500 : nil
    case [3, 3, 3, 3], [2, 3, 3, 3], [2, 2, 3, 4]: return groups.isParenthesised ? 8000 : nil
    default: return nil
    }
  }

  /// The lengths of groups without a trunk prefix: of Hong Kong, Mexico, Poland, Iceland and others.
  private static let plain: Set<[Int]> = [
    [4, 4], [3, 4], [2, 4, 4], [2, 3, 4], [2, 3, 2, 2], [3, 3, 3], [3, 3, 2], [2, 3, 3], [2, 2, 2, 2],
    [3, 2, 2], [3, 7], [3, 2, 3],
    [4, 3, 3], [4, 6], [5, 5], [5, 4],
  ]

  /// Whether a word that is no abbreviation, or a sign of a list, stands before a number.
  private static func isNamed(_ view: borrowing TextView, _ start: Int) -> Bool {
    if let word = view.word(before: start, gap: 2, where: { " :".utf8.contains($0) }) {
      return word.count > 2 && Bytes.isLower(view.byte(word.upperBound - 1))
    }
    var sign = start
    while start - sign < 2, view.byte(sign - 1) == 0x20 { sign -= 1 }
    return "(,;|\"'".utf8.contains(view.byte(sign - 1)) && !Bytes.isDigit(view.byte(sign - 2))
  }

  /// The lengths of the groups behind a trunk prefix, by the countries that write them so.
  private static let trunk: Set<[Int]> = [
    // United Kingdom, Ireland, Nigeria
    [5, 6], [5, 3, 3], [4, 3, 4], [3, 4, 4], [4, 7], [3, 3, 4], [5, 5], [4, 3, 3], [3, 7], [5, 4],
    // Australia, New Zealand, South Africa, Kenya, Pakistan, Israel, Philippines
    [2, 4, 4], [2, 3, 4], [4, 6], [2, 7], [2, 8], [3, 3, 3], [3, 6],
    // France, Belgium, Switzerland, Sweden, Finland, Austria, Türkiye, Hungary
    [2, 2, 2, 2, 2], [3, 2, 2, 2], [4, 2, 2, 2], [3, 3, 2, 2], [4, 3, 2, 2], [2, 3, 2, 2], [2, 3, 3, 2],
    [2, 2, 3, 4], [2, 1, 3, 4],
    [4, 2, 3, 2], [3, 3, 3, 2], [2, 2, 3, 3], [2, 3, 3, 3], [3, 2, 3, 2], [2, 9], [5, 3, 4], [4, 8],
    // Germany, Japan, Korea, Taiwan, Indonesia
    [3, 8], [4, 5], [4, 2, 4], [4, 4, 3], [4, 4, 4], [3, 4, 3], [2, 4, 3], [5, 2, 4], [4, 2, 2, 3],
    [3, 5, 3], [5, 2, 2, 2],
    [3, 2, 2, 3],
  ]

  /// `01 02 03 04 05` counts.
  private static func isCounting(_ view: borrowing TextView, _ groups: Groups) -> Bool {
    let values = groups.ranges.map { view.number($0) }
    return values.count >= 3
      && zip(values, values.dropFirst()).allSatisfy { $1 - $0 == values[1] - values[0] }
  }

  private static let others = WordSet(
    words: """
      account acct card cards iban bsb id ids no nr ref reference mrn nhs order policy member medicare medicaid invoice case sort
      code urn hosp hospital patient chart licence license gmc nmc npi pin passport serial lot udi ihi dva isbn issn crn abn acn
      tfn vat ein ticket claim po sku barcode ean imei konto kto version model part batch record unit amount total sum balance
      tracking parcel postcode plz cpf cnpj cedula dni nif bsn cpr pesel ssn sin pps ppsn nino aadhaar uhid rut curp
      cpt icd hcpcs codes rev section sections page pages value values range size offset checksum hash rows bytes
      """)

  /// Whether a word before says that the number is another one: it is the last but two, or nearer.
  private static func isOther(_ view: borrowing TextView, _ start: Int) -> Bool {
    var position = start
    for _ in 0..<2 {
      guard let word = view.word(before: position, gap: 4, where: { " :#.=\"'(-_|".utf8.contains($0) }) else {
        return false
      }
      let hash = view.hash(word)
      if PhoneRules.labels.contains(hash) { return false }
      if others.contains(hash) { return true }
      position = word.lowerBound
    }
    return false
  }

  /// A number of any plan behind a letter alone.
  private static func lettered(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = end - 1
    while "+(".utf8.contains(view.byte(start - 1)) { start -= 1 }
    var stop = start
    var (digits, groups) = (0, 1)
    while stop - start < 22 {
      let byte = view.byte(stop)
      if Bytes.isDigit(byte) {
        digits += 1
      } else if "-. ()/+".utf8.contains(byte) {
        // Two blanks end a cell.
        if byte == 0x20, view.byte(stop - 1) == 0x20 { break }
        if Bytes.isDigit(view.byte(stop + 1)) { groups += 1 }
      } else {
        break
      }
      stop += 1
    }
    while stop > start, !Bytes.isDigit(view.byte(stop - 1)) { stop -= 1 }
    let first = view.byte(start)
    guard (8...15).contains(digits), groups > 1 || first == 0x30 || first == UInt8(ascii: "+"),
      !Bytes.isJoining(view.byte(stop)), !PhoneRules.isDate(view, start..<stop)
    else { return nil }
    let label = view.start(before: start, limit: 6) { !Bytes.isSpace($0) || $0 == 0x20 }
    guard (label..<start).contains(where: { Bytes.isUpper(view.byte($0)) }) || digits >= 9 else { return nil }
    return candidate(view, start..<PhoneRules.withExtension(view, stop), 7500)
  }
}
