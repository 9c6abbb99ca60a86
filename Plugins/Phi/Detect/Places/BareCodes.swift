internal import FilterKit

/// Postal codes that are nothing but digits: beside a town behind a street's line, behind a state, or behind a label.
enum BareCodes {
  static let all: [PatternRule] = [
    // Before a town: `20730 Azpeitia`, `4200 Slagelse`.
    PatternRule(all: #"\b\d{3,6} [A-Z\xC3-\xC5]"#, caseless: false) { view, end, emit in
      before(view, end, emit)
    },
    // Singapore's: `S(090118)`, `Singapore 090118`.
    PatternRule(all: #"\b(?:S ?\(|Singapore )\d{6}\b"#, caseless: false) { view, end, emit in
      emit(Candidate(range: end - 6..<end, kind: "ZIP", confidence: 8500, detector: "phi/zip"))
    }.beforeDigits(),
    // A cell of a record.
    PatternRule(all: #"[,;|\t"'*^]\d{4,9}(?:-\d{4})?[,;|\t"'\n\r*^~]"#) { view, end, emit in
      cell(view, end - 1, emit)
    }.beforeDigits(),
    PatternRule(
      all:
        #"\b(?:post ?code|postal(?: code)?|zip(?:[ -]?code)?|plz|postleitzahl|cep|c\.p\.|CP|CAP|c\xC3\xB3digo postal|codigo postal|code postal|pin(?: ?code)?|postnummer|postnr\.?|kod pocztowy|ps\xC4\x8D|ir\xC3\xA1ny\xC3\xADt\xC3\xB3sz\xC3\xA1m|eircode|postinumero|\xE3\x80\x92)\b"#
    ) { view, end, emit in labelled(view, end, emit) }.beforeDigits(),
  ]

  private static func before(_ view: borrowing TextView, _ match: Int, _ emit: (Candidate) -> Void) {
    var end = match - 1
    while end > view.lowerBound, view.byte(end - 1) == 0x20 { end -= 1 }
    let start = view.start(before: end, limit: 7, where: Bytes.isDigit)
    let code = start..<end
    guard (3...6).contains(code.count), PostalCodes.isAlone(view, code),
      let town = AddressWalk.town(view, after: end)
    else { return }
    if let street = AddressWalk.street(view, before: start), AddressWalk.isSure(view, street, before: town),
      !isHour(view, code) || AddressWalk.isSure(view, street, before: street)
    {
      return PostalCodes.report(view, code, AddressWalk(), town: town, street: street, confidence: 8500, emit)
    }
    guard code.count >= 5, PostalCodes.isOpen(view, start), PostalCodes.isPlaceEnd(view, town.upperBound),
      AddressWalk.isKnown(view, town)
    else { return }
    PostalCodes.report(view, code, AddressWalk(), town: town, confidence: 7000, emit)
  }

  /// Whether four digits at a line's beginning may say when something was: `1030 Corazon came`.
  private static func isHour(_ view: borrowing TextView, _ code: Range<Int>) -> Bool {
    guard code.count == 4, view.byte(code.lowerBound - 1) == 0x0A else { return false }
    return view.number(code) / 100 < 24 && view.number(code) % 100 < 60
  }

  /// Behind a town, where a run of three to six digits ends: `Wodonga VIC 3690`, `Sydenham, 6001`, `Punjab 148101`, `Chennai - 600 020`.
  static func behind(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    var start = view.start(before: end, limit: 7, where: Bytes.isDigit)
    if end - start == 3, view.byte(start - 1) == 0x20, Bytes.isDigit(view.byte(start - 2)) {
      let first = view.start(before: start - 1, limit: 4, where: Bytes.isDigit)
      guard start - first == 4 else { return }
      start = first
    }
    let code = start..<end
    guard (3...7).contains(code.count), isBehindLetter(view, start), PostalCodes.isAlone(view, code) else {
      return
    }
    // The last of an address: `kalea 9, 3.º izda., 20870.`
    if code.count == 5, AddressExtent.isEnd(view, end), let street = AddressWalk.street(view, before: start),
      AddressWalk.isSure(view, street, before: street)
    {
      return PostalCodes.report(view, code, AddressWalk(), street: street, confidence: 7500, emit)
    }
    let isClosed = AddressExtent.isEnd(view, end) || isOpenEnd(view, end)
    // `Seoul 03034 for 88 days`, `Karaikudi 630 002 on`: no number of things begins so, or has such groups.
    let isGrouped =
      code.count == 7
      || code.count == 5 && view.byte(start) == UInt8(ascii: "0")
        // `07700 900377` is a telephone's.
        && !(view.byte(end) == 0x20 && Bytes.isDigit(view.byte(end + 1)))
    guard isClosed || isGrouped || code.count == 4 && Bytes.isUpper(view.byte(start - 2)) else { return }
    // The word before, which a town's name ends with, has a capital.
    var stop = start
    while stop > view.lowerBound, start - stop < 4, " ,.-".utf8.contains(view.byte(stop - 1)) { stop -= 1 }
    let word = view.start(before: stop, limit: 24) { Bytes.isLetter($0) || "-'".utf8.contains($0) }
    guard word < stop, AddressFields.isCapital(view, word..<stop),
      !AddressWords.never.contains(AddressFields.hash(view, word..<stop)),
      !AddressWords.numbered.contains(AddressFields.hash(view, word..<stop))
    else { return }
    let walk = AddressWalk(view, before: start)
    let isSix = code.count == 6 || code.count == 7
    let isKnown =
      isClosed && walk.isSure(view, digits: code.count) || isAustralian(view, walk.state, code)
      || isGrouped && code.count == 5 && (walk.address != nil || walk.towns.count > 1)
      || isSix && view.byte(start) != UInt8(ascii: "0") && (isClosed || isGrouped)
        && (isProvince(view, word..<stop) || walk.towns.count > 1
          || walk.towns.first.map { AddressWalk.isKnown(view, $0) } ?? false)
    guard isKnown else { return }
    PostalCodes.report(view, code, walk, confidence: 8500, emit)
  }

  /// Whether a letter stands before, with a full stop, a comma, a space, and a hyphen: `Chennai - 600 020`.
  private static func isBehindLetter(_ view: borrowing TextView, _ start: Int) -> Bool {
    var stop = start - 1
    let isHyphen = view.byte(stop) == UInt8(ascii: "-")
    if isHyphen || view.byte(stop) == 0x20 && view.byte(stop - 1) == UInt8(ascii: "-") {
      stop -= isHyphen ? 1 : 2
    }
    guard view.byte(stop) == 0x20 else { return false }
    if view.byte(stop - 1) == UInt8(ascii: ",") { stop -= 1 }
    if view.byte(stop - 1) == UInt8(ascii: ".") { stop -= 1 }
    return Bytes.isLetter(view.byte(stop - 1)) && view.byte(stop - 1) < 0xC0
  }

  /// Whether a sentence goes on behind a code: no measure.
  private static func isOpenEnd(_ view: borrowing TextView, _ end: Int) -> Bool {
    "?!".utf8.contains(view.byte(end))
      || view.byte(end) == 0x20 && (Bytes.isUpper(view.byte(end + 1)) || view.byte(end + 1) == 0xE2)
  }

  private static func isProvince(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    AddressWords.provinces.contains(AddressFields.hash(view, word))
  }

  /// Australia's states and the first digits of their codes.
  private static func isAustralian(_ view: borrowing TextView, _ state: Range<Int>?, _ code: Range<Int>)
    -> Bool
  {
    guard let state, code.count == 4 else { return false }
    let first = view.byte(code.lowerBound)
    let pairs: [(StaticString, String)] = [
      ("NSW", "12"), ("VIC", "38"), ("QLD", "49"), ("ACT", "02"), ("TAS", "7"), ("SA", "5"), ("WA", "6"),
      ("NT", "0"),
    ]
    return pairs.contains {
      $0.0.utf8CodeUnitCount == state.count && view.has($0.0, at: state.lowerBound)
        && $0.1.utf8.contains(first)
    }
  }

  private static func cell(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    let start = view.start(before: end, limit: 10) { Bytes.isDigit($0) || $0 == UInt8(ascii: "-") }
    let code = start..<end
    let walk = AddressWalk(view, before: start)
    let digits = code.count(where: { Bytes.isDigit(view.byte($0)) })
    guard (4...6).contains(digits) || digits == 9 else { return }
    if let state = walk.state, digits == 5 || digits == 9, PlaceRules.isState(view, state),
      isWhole(view, state)
    {
      return PostalCodes.report(view, code, walk, confidence: 8800, emit)
    }
    guard code.count == digits, digits < 9 else { return }
    if let street = AddressWalk.street(view, before: start) {
      let town = AddressWalk.town(view, after: end)
      guard let town, AddressWalk.isSure(view, street, before: town) else { return }
      return PostalCodes.report(view, code, AddressWalk(), town: town, street: street, confidence: 8500, emit)
    }
    // India's behind a town that the lists have.
    if digits == 6, view.byte(start) != UInt8(ascii: "0"), let town = walk.towns.first,
      AddressWalk.isKnown(view, town),
      AddressFields.end(view, before: start) == town.upperBound, !ProgramContext.isProgram(view, start)
    {
      return PostalCodes.report(view, code, walk, confidence: 7000, emit)
    }
    // Europe's spreadsheets have semicolons: `;Lille;59000;`.
    let isSheet =
      view.byte(start - 1) == UInt8(ascii: ";") && view.byte(end) == UInt8(ascii: ";") && digits == 5
    guard
      walk.isSure(view, digits: digits)
        || isSheet && walk.towns.first.map({ AddressWalk.isKnown(view, $0) }) ?? false
    else { return }
    PostalCodes.report(view, code, walk, confidence: 8500, emit)
  }

  /// Whether a state's letters are all of their part.
  private static func isWhole(_ view: borrowing TextView, _ state: Range<Int>) -> Bool {
    AddressFields.isBorder(view, state.lowerBound - 1) || view.byte(state.lowerBound - 1) == 0x20
  }

  // MARK: Labels

  private static func labelled(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    let isPin = view.has("pin", at: end - 3)
    let isShort = view.has("cp", at: end - 2) || view.has("cap", at: end - 3)
    var start = end
    for word in [" is", " number", " no", ":", " code", " like", " in ("] as [StaticString]
    where view.has(word, at: start) {
      start += word.utf8CodeUnitCount
    }
    while start - end < 40, " :#=\"'\t(.-|".utf8.contains(view.byte(start)) { start += 1 }
    guard start > end else { return }
    // `cap 50000` in lower case is a limit.
    if isShort, !Bytes.isUpper(view.byte(end - 1)), view.byte(end) != UInt8(ascii: ":"),
      view.byte(end) != UInt8(ascii: "\"")
    {
      return
    }
    guard let stop = value(view, start), (start..<stop).contains(where: { view.byte($0) != 0x30 }) else {
      return
    }
    let digits = (start..<stop).count(where: { Bytes.isDigit(view.byte($0)) })
    let letters = (start..<stop).contains { Bytes.isLetter(view.byte($0)) }
    if isPin, digits != 6 || letters { return }
    if isShort, digits != 5 || letters { return }
    emit(Candidate(range: start..<stop, kind: "ZIP", confidence: 9300, detector: "phi/zip-label"))
  }

  /// The end of a value that a label of postal codes announces: one run of letters and digits, or two.
  private static func value(_ view: borrowing TextView, _ start: Int) -> Int? {
    var stop = start
    while stop - start < 10, Bytes.isJoining(view.byte(stop)) { stop += 1 }
    guard stop > start, !Bytes.isAlphanumeric(view.byte(stop)) else { return nil }
    if " -".utf8.contains(view.byte(stop)) {
      var next = stop + 1
      while next - stop < 6, Bytes.isJoining(view.byte(next)) { next += 1 }
      let second = stop + 1..<next
      let hasDigit = second.contains { Bytes.isDigit(view.byte($0)) }
      let isCapitals = second.count == 2 && second.allSatisfy { Bytes.isUpper(view.byte($0)) }
      if (2...4).contains(second.count), hasDigit || isCapitals, !Bytes.isAlphanumeric(view.byte(next)),
        stop - start <= 5
      {
        stop = next
      }
    }
    let digits = (start..<stop).count(where: { Bytes.isDigit(view.byte($0)) })
    let letters = (start..<stop).count(where: { Bytes.isLetter(view.byte($0)) })
    guard
      letters == 0 ? (4...9).contains(digits) : digits >= 2 && letters <= 5 && (5...9).contains(stop - start)
    else { return nil }
    return stop
  }
}
