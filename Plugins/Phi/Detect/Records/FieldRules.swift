internal import FilterKit

/// Values that a key or an element says what they are: members of JSON, settings, parts of queries and log lines, and the
/// elements of XML (C-CDA).
enum FieldRules {
  static let all: [PatternRule] = [
    PatternRule(
      #"(?:name|surname|forename|dob|birth[_. -]?(?:date|day|time)|date[_. -]?of[_. -]?(?:birth|death)|(?:admit|admission|discharge|service|visit|appointment)[_. -]?date|ssn|security(?:[_. -]?(?:number|no))?|mrn|empi|(?:patient|member|subscriber|policy|insurance|medicare|medicaid|beneficiary|encounter|national|device)[_. -]?(?:id|number)|phone(?:[_. -]?(?:number|no))?|telephone|mobile|fax(?:[_. -]?number)?|address(?:[_. -]?line)?[_. -]?[12]?|street|city|zip(?:[_. -]?code)?|post(?:al)?[_. -]?code|(?:account|card|license|routing|passport|accession|serial)[_. -]?(?:number|no)|(?:rx|clm|claim|chart|visit|enc|stay|hadm|emp|staff|pat|pt|hosp|hospital|chart|folder|badge|subj|subject|study|nhs|cert)[_. -]?(?:id|no|num|number)|clm|payer_icn|natid|nat_id|hadm_id|ptid|upi|uhid|qid|cni|empi|npi|vin|plate)["'`\]]{0,2} {0,2}(?:=>|:=|[:=]) {0,2}"#
    ) { view, end in member(view, end) },
    // Members that hold parts of an address, in other languages as well.
    PatternRule(
      #"(?:line[_. -]?[123]|addr(?:ess)?[_. -]?[123]|addr|logradouro|endere\xC3\xA7o|endereco|direcci\xC3\xB3n|direccion|domicilio|calle|indirizzo|adresse|stra(?:ss|\xC3\x9F)e|anschrift|adres|straat|osoite|thoroughfare|huisn(?:r|ummer)|hausn(?:r|ummer)|house[_. -]?number|town|county|district|bairro|munic\xC3\xADpio|municipio|cidade|ciudad|localidad|localit(?:a|\xC3\xA0)|comune|citt(?:a|\xC3\xA0)|ville|commune|ort|stadt|plaats|stad|miasto|suburb|locality|township|village|birthplace|(?:place|town|city|village)[_. -]?of[_. -]?birth|pob|borough|island|parish|hometown|barrio|colonia|postal|plz|postleitzahl|cep|codigo[_. -]?postal|code[_. -]?postal|pincode|postnummer|eircode)[\"'`\]]{0,2} {0,2}(?:=>|:=|[:=]) {0,2}\[?"#
    ) { view, end in member(view, end) },
    PatternRule(
      #"<(?:[a-z0-9]{1,8}:)?(?:given|family|name|(?:first|last|middle|full|patient)_?name|surname|streetaddressline|address|street|line|city|county|postalcode|zip|birthtime|birthdate|dob|ssn|mrn|patientid|phone|telephone|memberid)(?: [^<>]{0,80})?>"#
    ) { view, end in element(view, end) },
    // Elements that numbers of people stand in, as NCPDP and others name them: `<DEANumber>`.
    PatternRule(#"<(?:[a-z0-9]{1,8}:)?[a-z_]{2,20}(?:id|no|number|identifier|mrn|npi)>"#) { view, end in
      element(view, end)
    },
    // The attribute is looked for here: in 7 of 64 positions of the text, Vectorscan 5.4.9 overlooks one behind a gap.
    PatternRule(
      #"<(?:[a-z0-9]{1,8}:)?(?:birthtime|birthdate|deceasedtime|deceaseddatetime|effectivetime|low|high|center|time) "#
    ) { view, end in attribute("value=", view, from: end, within: 60, "DATE") },
    PatternRule(#"<(?:[a-z0-9]{1,8}:)?id "#) { view, end in
      attribute("extension=", view, from: end, within: 100, "MRN")
        ?? attribute("value=", view, from: end, within: 8, "ID")
    },
  ]

  private static let mostWords = 5
  private static let longest = 100

  /// `"last_name": "Nguyen"`, `dob=1961-03-14`, `patientFirstName: Ana`.
  private static func member(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var sign = end
    while sign > view.lowerBound, !Bytes.isJoining(view.byte(sign - 1)), end - sign < 8 { sign -= 1 }
    guard let kind = kind(view, endingAt: sign) else { return nil }
    // `city=N'Truckee'` is a text of SQL.
    let first = view.byte(end) == UInt8(ascii: "N") && view.byte(end + 1) == UInt8(ascii: "'") ? end + 1 : end
    let quote = view.byte(first)
    if "\"'`".utf8.contains(quote) {
      return value(view, from: first + 1, kind) { $0 == quote || $0 == 0x0A }
    }
    let isWord = kind == "NAME" || kind == "CITY" || kind == "ADDRESS"
    if !isWord {
      return value(view, from: end, kind) {
        $0 <= 0x20 || $0 >= 0x80 || ",;&|<>)}]\"'".utf8.contains($0)
      }
    }
    // `name = value` is a program's; `name=Ana` and `first_name: Ana` at the end of a line are not.
    let isTight = view.byte(end - 1) == UInt8(ascii: "=") && Bytes.isJoining(view.byte(end - 2))
    guard isTight || view.byte(sign) == UInt8(ascii: ":") && (kind != "ADDRESS" || isStreet(view, end)) else {
      return nil
    }
    var stop = end
    while stop - end < longest, !isEndOfWords(view.byte(stop)), !isGap(view, stop, from: end) { stop += 1 }
    let sort: UInt8 = isGap(view, stop, from: end) ? 0x0A : view.byte(stop)
    if sort == UInt8(ascii: "=") {
      // What stands before the sign is the next key.
      while stop > end, view.byte(stop - 1) > 0x20 { stop -= 1 }
    } else if sort == UInt8(ascii: "(") || sort == UInt8(ascii: "<")
      || !isTight && sort != 0x0A && sort != 0x0D
    {
      return nil
    }
    guard let found = value(view, end..<stop, kind),
      Bytes.isUpper(view.byte(found.range.lowerBound)) || isTight
    else { return nil }
    return found
  }

  /// Whether a line of a street stands behind a key: a number and a name with a capital.
  private static func isStreet(_ view: borrowing TextView, _ start: Int) -> Bool {
    guard let field = AddressFields.field(view, from: start) else { return false }
    let words = AddressFields.words(view, field)
    return words.count > 1 && words.contains { AddressFields.isHouse(view, $0) }
      && words.contains {
        $0.count > 2 && AddressFields.isCapital(view, $0) && Bytes.isLower(view.byte($0.upperBound - 1))
      }
      && !ProgramContext.isProgram(view, start)
  }

  /// Whether spaces part a town from the next column of its line.
  private static func isGap(_ view: borrowing TextView, _ stop: Int, from start: Int) -> Bool {
    stop > start && view.byte(stop) == 0x20 && view.byte(stop + 1) == 0x20 && view.byte(stop - 1) > 0x20
  }

  private static func isEndOfWords(_ byte: UInt8) -> Bool {
    byte == 0x0A || byte == 0x0D || "=,;&|<>)}](\"'".utf8.contains(byte)
  }

  private static func element(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = end - 1
    while start > view.lowerBound, view.byte(start) != UInt8(ascii: "<"), end - start < 120 { start -= 1 }
    var first = start + 1
    var stop = first
    while stop < end, Bytes.isJoining(view.byte(stop)) || "_:".utf8.contains(view.byte(stop)) {
      if view.byte(stop) == UInt8(ascii: ":") { first = stop + 1 }
      stop += 1
    }
    var hash = FieldNames.NameHash()
    for index in first..<stop { hash.add(view.byte(index)) }
    guard let kind = FieldNames.kind(ofColumn: hash) else { return nil }
    return value(view, from: end, kind) { $0 == UInt8(ascii: "<") || $0 == 0x0A }
  }

  /// The value of an attribute that begins within so many bytes and in the same element.
  private static func attribute(
    _ name: StaticString, _ view: borrowing TextView, from start: Int, within distance: Int, _ kind: Kind
  ) -> Candidate? {
    var position = start
    while position <= start + distance + 1, view.byte(position) != UInt8(ascii: "<"),
      view.byte(position) != UInt8(ascii: ">")
    {
      if view.byte(position - 1) == 0x20, view.has(name, at: position) {
        let first = position + name.utf8CodeUnitCount
        let quote = view.byte(first)
        if "\"'".utf8.contains(quote) {
          return value(view, from: first + 1, kind) { $0 == quote || $0 == 0x0A }
        }
      }
      position += 1
    }
    return nil
  }

  /// The kind that the last words of a key name: of `emergency_contact_name` and `patientFirstName` those that are known.
  static func kind(_ view: borrowing TextView, endingAt stop: Int) -> Kind? {
    let end = withoutSuffix(view, stop)
    let start = view.start(before: end, limit: 40) { Bytes.isJoining($0) || "_.-".utf8.contains($0) }
    // A part with a space, `date of birth`.
    let spaced = view.start(before: end, limit: 40) { Bytes.isJoining($0) || "_.- ".utf8.contains($0) }
    for first in spaced..<end where isBoundary(view, first, start) {
      var hash = FieldNames.NameHash()
      for index in first..<end { hash.add(view.byte(index)) }
      // `ipAddress` is nobody's.
      if let kind = FieldNames.kind(of: hash), kind != "ADDRESS" || first <= start { return kind }
    }
    return nil
  }

  private static let suffixes: [StaticString] = [
    "raw", "str", "txt", "text", "orig", "old", "new", "clean", "iso", "fmt", "value", "val", "local", "utc",
  ]

  /// Where a name ends without what says how its value is kept: `dob_raw`, `phone_clean`.
  private static func withoutSuffix(_ view: borrowing TextView, _ end: Int) -> Int {
    for suffix in suffixes {
      let sign = end - suffix.utf8CodeUnitCount - 1
      if "_-".utf8.contains(view.byte(sign)), view.has(suffix, at: sign + 1),
        Bytes.isJoining(view.byte(sign - 1))
      {
        return sign
      }
    }
    return end
  }

  private static func isBoundary(_ view: borrowing TextView, _ index: Int, _ start: Int) -> Bool {
    let (before, byte) = (view.byte(index - 1), view.byte(index))
    guard Bytes.isJoining(byte) else { return false }
    return !Bytes.isJoining(before) || Bytes.isUpper(byte) && Bytes.isLower(before)
  }

  private static func value(
    _ view: borrowing TextView, from start: Int, _ kind: Kind, until isEnd: (UInt8) -> Bool
  ) -> Candidate? {
    var end = start
    while end < view.text.count, !isEnd(view.byte(end)) {
      end += 1
      if end - start > longest { return nil }
    }
    return value(view, start..<end, kind)
  }

  /// What stands in a range, without spaces around it, where it is short and looks like a value of the kind.
  private static func value(_ view: borrowing TextView, _ range: Range<Int>, _ kind: Kind) -> Candidate? {
    guard let own = FieldNames.value(kind, in: view.text, range), own.lowerBound - range.lowerBound < 4 else {
      return nil
    }
    let words = own.count { view.byte($0) == 0x20 && view.byte($0 + 1) != 0x20 } + 1
    if words > mostWords
      || (kind == "NAME" || kind == "CITY") && !isProper(view, own, isPlace: kind == "CITY")
    {
      return nil
    }
    return Candidate(range: own, kind: FieldNames.reported(kind), confidence: 9000, detector: "phi/key")
  }

  /// In a field's place they are no value.
  private static let fillers = WordSet(
    words:
      """
      string required optional unknown none null other various city town name text value state country default any all test example invalid \
      missing number field type object label title header column select enter your input pending redacted hidden anywhere yes true false
      """)

  /// Whether a text may be somebody's name: `"string"` and `null` are words of a program.
  private static func isProper(_ view: borrowing TextView, _ range: Range<Int>, isPlace: Bool) -> Bool {
    var end = range.lowerBound
    while end < range.upperBound, Bytes.isLetter(view.byte(end)) { end += 1 }
    guard end > range.lowerBound else { return false }
    for index in range where "{}[]()<>_$%/\\@".utf8.contains(view.byte(index)) { return false }
    let classes = Lexicon.classes(Lexicon.hash(view.text, range.lowerBound..<end))
    // `Yellow Springs`, `Marathon`
    if isPlace, Bytes.isUpper(view.byte(range.lowerBound)),
      Lexicon.classes(Lexicon.hash(view.text, range)).contains(.place) || AddressWalk.isKnown(view, range)
        || AddressFields.words(view, range).count > 1
    {
      return true
    }
    if classes.isName || classes.contains(.place) { return true }
    // Towns that are words, quoted or in an element: `"Hygiene"`, `<city>Eclectic<`.
    if isPlace, "\"'>".utf8.contains(view.byte(range.lowerBound - 1)),
      Bytes.isUpper(view.byte(range.lowerBound)),
      Bytes.isLower(view.byte(range.lowerBound + 1)), range.count > 3,
      !fillers.contains(Lexicon.hash(view.text, range))
    {
      return true
    }
    return !classes.contains(.word) && Bytes.isUpper(view.byte(range.lowerBound))
  }
}
