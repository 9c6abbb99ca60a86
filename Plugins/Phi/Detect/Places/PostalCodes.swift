internal import FilterKit

/// Postal codes whose form says what they are: the United Kingdom's, Ireland's, Canada's, the Netherlands', those with a hyphen, those
/// behind a country's letters (UPU S42).
///
/// What is around one is found with it: the towns and the street of the address.
enum PostalCodes {
  static let all: [PatternRule] =
    [
      PatternRule(all: #"\b[a-z]{1,2}\d[a-z0-9]? ?\d[abd-hjlnp-uw-z]{2}\b"#) { view, end, emit in
        british(view, end, emit)
      }.beforeDigits(),
      PatternRule(all: #"\b(?:[ac-fhknprtv-y]\d{2}|d6w) ?[0-9ac-fhknprtv-y]{4}\b"#) { view, end, emit in
        irish(view, end, emit)
      }.beforeDigits(),
      PatternRule(all: #"\b[abceghj-nprstvxy]\d[abceghj-nprstv-z][ -]?\d[abceghj-nprstv-z]\d\b"#) {
        view, end, emit in
        canadian(view, end, emit)
      }.beforeDigits(),
      PatternRule(all: #"\b[1-9]\d{3} ?[A-Z]{2}\b"#, caseless: false) { view, end, emit in
        dutch(view, end, emit)
      },
      PatternRule(all: #"\b\d{2,5}-\d{3,4}\b"#) { view, end, emit in hyphenated(view, end, emit) },
      PatternRule(all: #"\b\d{3} \d{2} [A-Z\xC3-\xC5]"#, caseless: false) { view, end, emit in
        spaced(view, end, emit)
      },
      PatternRule(
        all:
          #"\b(?:AD|AT|A|BE|B|BG|CH|CY|CZ|D|DE|DK|E|EE|ES|F|FI|FIN|FL|FO|FR|GR|H|HR|HU|I|IS|IT|L|LT|LU|LV|MC|MD|N|NO|NL|P|PL|PT|RO|RS|S|SE|SI|SK|TR|UA)-\d{3,6} [A-Z\xC3-\xC5]"#,
        caseless: false
      ) { view, end, emit in prefixed(view, end, emit) }.beforeDigits(),
    ] + BareCodes.all

  /// Reports a code, and what its address has before it, or the town behind it.
  static func report(
    _ view: borrowing TextView, _ code: Range<Int>, _ walk: AddressWalk, town: Range<Int>? = nil,
    street: Range<Int>? = nil,
    confidence: UInt32, _ emit: (Candidate) -> Void
  ) {
    emit(Candidate(range: code, kind: "ZIP", confidence: confidence, detector: "phi/postal-code"))
    if let town, AddressFields.isSettled(view, code.lowerBound, town.upperBound) {
      emit(Candidate(range: town, kind: "CITY", confidence: 8500, detector: "phi/city-code"))
    }
    for (index, place) in walk.towns.enumerated()
    where (walk.address != nil || index < 2) && street == nil
      && AddressFields.isSettled(view, place.lowerBound, code.upperBound)
    {
      emit(Candidate(range: place, kind: "CITY", confidence: 8500, detector: "phi/city-code"))
    }
    guard let line = street ?? walk.address else { return }
    let range = AddressExtent.whole(view, line)
    let settled = AddressFields.isSettled(view, range.lowerBound, code.upperBound) ? range : line
    guard AddressFields.isSettled(view, settled.lowerBound, code.upperBound),
      settled.upperBound <= code.lowerBound
    else { return }
    emit(Candidate(range: settled, kind: "ADDRESS", confidence: 8500, detector: "phi/address-code"))
  }

  // MARK: With letters

  private static let areas = WordSet(
    words:
      """
      ab al b ba bb bd bh bl bn br bs bt bx ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec eh en ex fk fy g gl gu gy ha hd hg \
      hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s \
      sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo ze
      """)
  private static func british(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    let hasSpace = view.byte(end - 4) == 0x20
    let outward = view.start(before: hasSpace ? end - 4 : end - 3, limit: 4, where: Bytes.isJoining)
    let code = outward..<end
    guard isAlone(view, code), outward < end - 4 else { return }
    var digit = outward
    while digit < end, Bytes.isLetter(view.byte(digit)) { digit += 1 }
    guard areas.contains(Lexicon.hash(view.text, outward..<digit)) else { return }
    let isUpper = Bytes.isUpper(view.byte(outward)) && Bytes.isUpper(view.byte(end - 1))
    let walk = AddressWalk(view, before: outward)
    let isLong = end - outward > (hasSpace ? 6 : 5)
    let isPart = isPart(view, code)
    let isAddress = walk.address != nil || isLabelled(view, outward)
    guard
      isAddress || isUpper && hasSpace && (isLong || !walk.towns.isEmpty || isPart)
        || isPart && (isUpper && !walk.towns.isEmpty || hasSpace && isLong)
        || isUpper && isLong && isCell(view, code)
    else { return }
    report(view, code, walk, confidence: isAddress ? 9300 : 8500, emit)
  }

  private static let routes = WordSet(
    words:
      """
      a41 a42 a45 a63 a67 a75 a81 a82 a83 a84 a85 a86 a91 a92 a94 a96 a98 c15 d01 d02 d03 d04 d05 d06 d07 d08 d09 d10 d11 d12 d13 d14 d15 \
      d16 d17 d18 d20 d22 d24 d6w e21 e25 e32 e34 e41 e45 e53 e91 f12 f23 f26 f28 f31 f35 f42 f45 f52 f56 f91 f92 f93 f94 h12 h14 h16 h18 \
      h23 h53 h54 h62 h65 h71 h91 k32 k34 k36 k45 k56 k67 k78 n37 n39 n41 n91 p12 p14 p17 p24 p25 p31 p32 p36 p43 p47 p51 p56 p61 p67 p72 \
      p75 p81 p85 r14 r21 r32 r35 r42 r45 r51 r56 r93 r95 t12 t23 t34 t45 t56 v14 v15 v23 v31 v35 v42 v92 v93 v94 v95 w12 w23 w34 w91 x35 \
      x42 x91 y14 y21 y25 y34 y35
      """)

  private static func irish(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    let hasSpace = view.byte(end - 5) == 0x20
    let start = end - (hasSpace ? 8 : 7)
    let code = start..<end
    guard start >= view.lowerBound, isAlone(view, code),
      routes.contains(Lexicon.hash(view.text, start..<start + 3))
    else { return }
    let own = end - 4..<end
    let hasLetter = own.contains { Bytes.isLetter(view.byte($0)) }
    let isUpper = Bytes.isUpper(view.byte(start)) && own.allSatisfy { !Bytes.isLower(view.byte($0)) }
    let walk = AddressWalk(view, before: start)
    let isAddress = walk.address != nil || isLabelled(view, start)
    let hasDigit = own.contains { Bytes.isDigit(view.byte($0)) }
    guard
      isAddress || hasSpace && isUpper && hasLetter && hasDigit
        || isPart(view, code) && isUpper && hasLetter && !walk.towns.isEmpty
    else { return }
    report(view, code, walk, confidence: isAddress ? 9300 : 8700, emit)
  }

  private static func canadian(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    let isJoined = Bytes.isJoining(view.byte(end - 4))
    let start = end - (isJoined ? 6 : 7)
    let code = start..<end
    // `T1N0M0` is a stage of a tumour.
    guard start >= view.lowerBound, isAlone(view, code),
      !isJoined || !(view.has("n", at: start + 2) && view.has("m", at: start + 4))
    else { return }
    let isUpper = [start, start + 2, end - 2].allSatisfy { Bytes.isUpper(view.byte($0)) }
    let walk = AddressWalk(view, before: start)
    let isAddress = walk.address != nil || walk.state != nil || isLabelled(view, start)
    guard
      isAddress || isUpper && view.byte(end - 4) == 0x20
        || isPart(view, code) && (isUpper && !walk.towns.isEmpty || view.byte(end - 4) == 0x20)
    else { return }
    report(view, code, walk, confidence: isAddress ? 9300 : 8700, emit)
  }

  /// Two capitals behind a number that are a measure or a word of a ward.
  private static let measures = WordSet(
    words:
      """
      am pm mg ml iu kg cc mm cm hz kb mb gb tb mw kw us uk eu ad bc ce hr rn md pa np pt ot st ed er or iv im po sl sc sq bp rr gi gu vs \
      ct mr xr ua lt rt sa sd ss in on at to as is it if of by no so we he my
      """)

  private static func dutch(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    let hasSpace = view.byte(end - 3) == 0x20
    let code = end - (hasSpace ? 7 : 6)..<end
    guard code.lowerBound >= view.lowerBound, isAlone(view, code),
      !measures.contains(Lexicon.hash(view.text, end - 2..<end))
    else { return }
    let street = AddressWalk.street(view, before: code.lowerBound)
    let town = AddressWalk.town(view, after: end)
    let hour = view.bytes(code.lowerBound..<code.lowerBound + 4, where: Bytes.isDigit)
    let isHour = hour.count == 4 && hour[0] < 0x33 && hour[2] < 0x36
    let isPart = isPart(view, code)
    guard
      street != nil || isLabelled(view, code.lowerBound)
        || AddressFields.isBorder(view, code.lowerBound - 1)
        || view.byte(code.lowerBound - 1) == 0x20 && isPart
        || view.byte(code.lowerBound - 1) == 0x20 && town != nil
    else { return }
    guard
      AddressWalk.isSure(view, street, before: town) || isLabelled(view, code.lowerBound)
        || town != nil && !isHour || isPart && !isHour && hasSpace
    else { return }
    report(view, code, AddressWalk(), town: town, street: street, confidence: 8500, emit)
  }

  // MARK: With a hyphen or a space

  /// Poland's `50-011`, Portugal's `1000-001`, Brazil's `45807-000`, Japan's `100-0001`, the United States' `12345-6789`.
  private static func hyphenated(_ view: borrowing TextView, _ end: Int, _ emit: (Candidate) -> Void) {
    let start = view.start(before: end, limit: 10) { Bytes.isDigit($0) || $0 == UInt8(ascii: "-") }
    let code = start..<end
    guard isAlone(view, code), let hyphen = code.first(where: { view.byte($0) == UInt8(ascii: "-") }) else {
      return
    }
    let form = (hyphen - start, end - hyphen - 1)
    let isMarked = view.has("〒", at: start - 3) || view.has("〒 ", at: start - 4)
    if isMarked || isLabelled(view, start) {
      return report(view, code, AddressWalk(view, before: start), confidence: 9300, emit)
    }
    let town = view.byte(end) == 0x20 ? AddressWalk.town(view, after: end) : nil
    switch form {
    case (2, 3), (4, 3):
      let street = AddressWalk.street(view, before: start)
      // The last of an address, with no town behind it: `ul. Grodzieńska 17, 16-120`.
      if town == nil, let street, AddressExtent.isEnd(view, end),
        AddressWalk.isSure(view, street, before: street)
      {
        return report(view, code, AddressWalk(), street: street, confidence: 8000, emit)
      }
      guard let town,
        street.map({ AddressWalk.isSure(view, $0, before: town) })
          ?? (AddressWalk.isKnown(view, town) && isOpen(view, start))
      else { return }
      report(view, code, AddressWalk(), town: town, street: street, confidence: 8800, emit)
    case (5, 3), (3, 4), (5, 4):
      let walk = AddressWalk(view, before: start)
      let street = AddressWalk.street(view, before: start)
      let isBehindTown = walk.towns.first.map { AddressWalk.isKnown(view, $0) && form != (3, 4) } ?? false
      guard
        walk.address.map({ form != (3, 4) || walk.isNumberFirst || AddressWalk.isSure(view, $0, before: $0) })
          ?? false
          || walk.state != nil && form != (3, 4) || isBehindTown
          || AddressWalk.isSure(view, street, before: town) && (form != (3, 4) || town != nil)
          || town.map({ AddressWalk.isKnown(view, $0) && form == (5, 3) }) ?? false
      else { return }
      report(view, code, walk, town: town, street: walk.address == nil ? street : nil, confidence: 8800, emit)
    default: return
    }
  }

  /// `113 45 Stockholm`, `110 00 Praha`, `106 71 Athina`.
  private static func spaced(_ view: borrowing TextView, _ match: Int, _ emit: (Candidate) -> Void) {
    var digits = match - 1
    while digits > view.lowerBound, view.byte(digits - 1) == 0x20 { digits -= 1 }
    let code = digits - 6..<digits
    guard code.lowerBound >= view.lowerBound, isAlone(view, code),
      let town = AddressWalk.town(view, after: digits)
    else { return }
    let street = AddressWalk.street(view, before: code.lowerBound)
    guard
      street != nil
        || AddressWalk.isKnown(view, town) && isOpen(view, code.lowerBound)
          && isPlaceEnd(view, town.upperBound)
    else { return }
    report(view, code, AddressWalk(), town: town, street: street, confidence: 8500, emit)
  }

  /// `D-47057 Duisburg`, `SE-113 45`, `LV-1010 Rīga`.
  private static func prefixed(_ view: borrowing TextView, _ match: Int, _ emit: (Candidate) -> Void) {
    var end = match - 1
    while end > view.lowerBound, view.byte(end - 1) == 0x20 { end -= 1 }
    let hyphen = view.start(before: end, limit: 6, where: Bytes.isDigit) - 1
    let start = view.start(before: hyphen, limit: 3, where: Bytes.isUpper)
    guard view.isFree(before: start), let town = AddressWalk.town(view, after: end) else { return }
    let street = AddressWalk.street(view, before: start)
    guard street != nil || AddressWalk.isKnown(view, town) else { return }
    report(view, start..<end, AddressWalk(), town: town, street: street, confidence: 8500, emit)
  }

  // MARK: What stands beside

  static func isAlone(_ view: borrowing TextView, _ code: Range<Int>) -> Bool {
    view.isFree(before: code.lowerBound) && !Bytes.isJoining(view.byte(code.upperBound))
      && view.byte(code.upperBound) != UInt8(ascii: "_")
      && !("-./:%".utf8.contains(view.byte(code.upperBound))
        && Bytes.isJoining(view.byte(code.upperBound + 1)))
  }

  /// Whether a code is a part of its own: signs of records or sentences on both sides.
  static func isPart(_ view: borrowing TextView, _ code: Range<Int>) -> Bool {
    isOpen(view, code.lowerBound) && AddressExtent.isEnd(view, code.upperBound)
  }

  /// Whether a code is a cell's whole text: quotes, bars or tabs on both sides.
  private static func isCell(_ view: borrowing TextView, _ code: Range<Int>) -> Bool {
    let (before, after) = (view.byte(code.lowerBound - 1), view.byte(code.upperBound))
    return "'\"|\t".utf8.contains(before) && before == after
      && !ProgramContext.isProgram(view, code.lowerBound)
  }

  /// Whether a part begins at a position, or what says where somebody is stands before it.
  static func isOpen(_ view: borrowing TextView, _ start: Int) -> Bool {
    var end = start
    while end > view.lowerBound, start - end < 3, view.byte(end - 1) == 0x20 { end -= 1 }
    if end == view.lowerBound || AddressFields.isBorder(view, end - 1) { return true }
    let word = view.start(before: end, limit: 8, where: Bytes.isLetter)
    return end > word && AddressWords.cues.contains(Lexicon.hash(view.text, word..<end))
  }

  static func isPlaceEnd(_ view: borrowing TextView, _ end: Int) -> Bool {
    AddressExtent.isEnd(view, end) || view.has(" (", at: end)
  }

  private static let labels: [StaticString] = [
    "postcode", "post code", "postal", "zip", "plz", "postleitzahl", "cep", "c.p.", "eircode", "postnummer",
    "postnr", "kod pocztowy",
    "codigo postal", "código postal", "code postal", "psč", "irányítószám", "pincode", "pin code", "pc=",
    "pc:",
  ]

  /// Whether a label of a postal code stands shortly before.
  static func isLabelled(_ view: borrowing TextView, _ start: Int) -> Bool {
    view.hasBefore(start, within: 24, labels)
  }
}
