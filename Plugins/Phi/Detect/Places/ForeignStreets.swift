internal import FilterKit

/// Streets as countries write them that put the kind first (`via dei Partigiani 17`, `12 bis, rue des Lilas`), the number last
/// (`Bismarckstr. 212`, `Sønder Boulevard 29`), or have no kind (`Am Bach 3c`).
enum ForeignStreets {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:via|viale|piazza|piazzale|corso|largo|vicolo|strada|contrada|localit\xC3\xA0|salita|lungomare|borgo|calle|c/|avenida|avda|av|paseo|plaza|camino|carretera|ctra|ronda|traves\xC3\xADa|glorieta|carrer|passeig|rua|r|travessa|tv|alameda|pra\xC3\xA7a|estrada|rodovia|beco|ladeira|rue|avenue|boulevard|chemin|impasse|all\xC3\xA9es?|place|quai|cours|ruelle|ul|ulica|al|aleja|aleje|os|osiedle|pl|plac|jalan|jl|lorong|str|bd|bulevardul|calea|aleea|piata|pia\xC8\x9Ba|carrera|cra|cl|diagonal|transversal|laan|rang|mont\xc3\xa9e|faubourg|triq|sqaq|vjal|heol|stryd|ffordd|rhodfa)[. ]"#
    ) { view, end in leading(view, end) },
    PatternRule(
      #"[^\n]{2}(?:stra(?:ss|\xC3\x9F)e|str\.?|gasse|weg|allee|platz|damm|ufer|steig|graben|markt|stieg|pfad|chaussee|gatan|gata|v\xC3\xA4gen|v\xC3\xA4g|gr\xC3\xA4nd|torg|stigen|backen|vej|vejen|veien|gade|gaden|plads|str\xC3\xA6de|v\xC3\xA6nget|toften|boulevard|gate|vegur|st\xC3\xADgur|braut|ntie|straat|laan|plein|gracht|kade|singel|dijk|steeg|dreef|katu|kuja|polku|utca|\xC3\xBAt|t\xC3\xA9r|k\xC3\xB6r\xC3\xBAt|kalea|caddesi|cad\.?|sok\.?|soka\xC4\x9F\xC4\xB1|iela|gatv\xC4\x97|t\xC3\xA4nav|n\xC3\xA1m\xC4\x9Bst\xC3\xAD|t\xC5\x99\xC3\xADda)[,]? (?:no[:.]? ?|nr\.? ?)?\d{1,4}[a-z]?"#
    ) { view, end in trailing(view, end) }.beforeDigits(),
    PatternRule(
      #"\b(?:Am|Im|An der|An den|An dem|Auf der|Auf dem|Auf den|In der|In den|Zum|Zur|Unter den|Unter der|Hinter der|Hinter dem|Hinter den|Vor dem|Vor der|Bei der|Beim|Op de|Op den|Aan de|Aan het|Achter de|Onder de) "#,
      caseless: false
    ) { view, end in prepositional(view, end) },
    // Utah's grid: `4402 W 3500 S`.
    PatternRule(
      #"\b\d{1,5} (?:[NSEW]|North|South|East|West)\.? \d{1,5} (?:[NSEW]|North|South|East|West)\b"#,
      caseless: false
    ) { view, end in grid(view, end) },
    // Streets that are their own kind: `3/88 Esplanade`, `12 The Strand`.
    PatternRule(
      #"\d[a-z]? (?:the )?(?:esplanade|broadway|strand|promenade|boardwalk|parade|embankment|mall|crescent|green|avenue|causeway|quay)\b"#
    ) { view, end in ownKind(view, end) },
    // Seoul's streets: `152 Teheran-ro`.
    PatternRule(#"\d [a-z0-9]{2,16}-(?:ro|gil|daero|dong|ga)\b"#) { view, end in ownKind(view, end) },
  ]

  // MARK: The kind first

  private static func leading(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let kindEnd = end - 1
    let kind = view.start(before: kindEnd, limit: 16) { Bytes.isLetter($0) || $0 == UInt8(ascii: "/") }
    guard kind < kindEnd, view.isFree(before: kind) else { return nil }
    let isShort = kindEnd - kind <= 3
    let isAbbreviation =
      view.byte(kindEnd) == UInt8(ascii: ".") || view.byte(kindEnd - 1) == UInt8(ascii: "/")
    // `R.`, `Cl.`, `Pl.` and their like are anything; `et al.`
    if isShort, !isAbbreviation, !isAlwaysStreet(view, kind..<kindEnd) { return nil }
    if view.has("al", at: kind), kindEnd - kind == 2, view.has("et ", at: kind - 3) { return nil }
    if view.byte(kindEnd - 1) == UInt8(ascii: "/"), Bytes.isLower(view.byte(kind)) { return nil }
    guard let name = name(view, from: end) else { return nil }
    // `R. Wagner 2` is somebody; a street's name there is a Romance one.
    if isShort, kindEnd - kind == 1, !name.isRomance { return nil }
    if let none = withoutNumber(view, name.end), name.capitals > 0 {
      return Candidate(
        range: AddressExtent.whole(view, kind..<none), kind: "ADDRESS", confidence: 8500,
        detector: "phi/street-kind")
    }
    if let number = name.number {
      var stop = number.upperBound
      if view.has(" bis", at: stop) || view.has(" ter", at: stop), !Bytes.isAlphanumeric(view.byte(stop + 4))
      {
        stop += 4
      }
      stop = behindCrossing(view, stop)
      let range = AddressExtent.whole(view, (houseBefore(view, kind) ?? kind)..<stop)
      let isClosed = AddressExtent.isEnd(view, stop) || range.upperBound > stop || view.has(" - ", at: stop)
      if isOtherWord(view, kind..<kindEnd) || isShort {
        guard isClosed else { return nil }
        // English has the word, too: `via Twilio 3,`.
        if view.has("via", at: kind), kindEnd - kind == 3,
          !name.isRomance
            || Bytes.isLower(view.byte(kind)) && !name.hasParticle && !PostalCodes.isOpen(view, kind)
              && AddressWalk.town(view, after: range.upperBound) == nil
        {
          return nil
        }
      }
      return Candidate(
        range: range, kind: "ADDRESS", confidence: isClosed ? 8500 : 7000, detector: "phi/street-kind")
    }
    // France's number stands before: `12, rue`, `12 bis rue`.
    let first = word(view, view.byte(end) == 0x20 ? end + 1 : end)
    guard name.capitals > 0, !AddressWords.between.contains(view.hash(first)),
      let house = houseBefore(view, kind)
    else {
      return nil
    }
    return Candidate(
      range: AddressExtent.whole(view, house..<name.end), kind: "ADDRESS", confidence: 8500,
      detector: "phi/street-kind")
  }

  /// Where the sign ends that a house has no number: `s/n`, ` S/N`, `, s/nº`.
  private static func withoutNumber(_ view: borrowing TextView, _ end: Int) -> Int? {
    let sign: StaticString? = ([" s/n", ", s/n"] as [StaticString]).first { view.has($0, at: end) }
    guard let sign else { return nil }
    let stop = end + sign.utf8CodeUnitCount
    return Bytes.isJoining(view.byte(stop)) ? nil : stop
  }

  /// Where a street's number ends with the streets that Mexico's cross it: `No. 104 x 18 y 20`.
  private static func behindCrossing(_ view: borrowing TextView, _ end: Int) -> Int {
    var stop = end
    for joint in [" x ", " y "] as [StaticString] {
      guard view.has(joint, at: stop) else { break }
      let number = view.endOfDigits(stop + 3, limit: 4)
      guard number > stop + 3, !Bytes.isDigit(view.byte(number)) else { break }
      stop = Bytes.isUpper(view.byte(number)) || Bytes.isLetter(view.byte(number)) ? number + 1 : number
    }
    return stop
  }

  private struct Name {
    var end: Int
    var capitals = 0
    var isRomance = false
    var hasParticle = false
    var number: Range<Int>?
  }

  /// The name behind a street's kind, and the number behind it.
  private static func name(_ view: borrowing TextView, from start: Int) -> Name? {
    var position = start
    while position - start < 2, view.byte(position) == 0x20 { position += 1 }
    var name = Name(end: position)
    var isMarked = false
    for count in 0..<9 {
      if view.byte(position) == UInt8(ascii: "#") {
        position += 1
        if view.byte(position) == 0x20 { position += 1 }
        isMarked = true
      }
      let word = word(view, position)
      guard !word.isEmpty else { break }
      let hash = AddressFields.hash(view, word)
      if Bytes.isDigit(view.byte(word.lowerBound)) {
        guard AddressFields.isHouse(view, word) else { break }
        // `Calle 26 No. 13-19`, `Calle 5 de Mayo 12`: a number that is a name.
        let isName = count == 0 || !isMarked && view.has(" de ", at: word.upperBound)
        if !isName || isMarked {
          name.number = word
          return name
        }
        name.capitals += 1
      } else if AddressWords.signs.contains(hash) {
        isMarked = true
      } else if AddressWords.particles.contains(hash) {
        if count < 5, word.count > 1 { (name.isRomance, name.hasParticle) = (true, true) }
      } else if AddressFields.isCapital(view, word), count < 7 {
        name.capitals += 1
        name.end = word.upperBound
        let last = view.byte(word.upperBound - 1)
        if "aeiou".utf8.contains(last) || last >= 0x80 || Bytes.isUpper(last) && word.count < 6 {
          name.isRomance = true
        }
      } else {
        break
      }
      position = word.upperBound
      if view.byte(position) == UInt8(ascii: ".") { position += 1 }
      if view.byte(position) == UInt8(ascii: ",") {
        guard view.byte(position + 1) == 0x20,
          Bytes.isDigit(view.byte(position + 2)) || view.byte(position + 2) | 0x20 == UInt8(ascii: "n")
        else { break }
        // A postal code behind a comma is another part.
        let next = self.word(view, position + 2)
        guard
          !Bytes.isDigit(view.byte(position + 2)) || next.count < 5
            || view.byte(next.upperBound) == UInt8(ascii: ",")
        else { break }
        position += 1
      }
      guard view.byte(position) == 0x20 else { break }
      position += 1
    }
    return name.capitals > 0 ? name : nil
  }

  private static func word(_ view: borrowing TextView, _ start: Int) -> Range<Int> {
    var end = start
    while end < view.text.count, end - start < 24 {
      let byte = view.byte(end)
      guard
        Bytes.isAlphanumeric(byte) || "'-/".utf8.contains(byte) && Bytes.isAlphanumeric(view.byte(end + 1))
      else { break }
      end += 1
    }
    return start..<end
  }

  /// Where a house number before a street's kind begins.
  private static func houseBefore(_ view: borrowing TextView, _ kind: Int) -> Int? {
    var end = kind
    if view.byte(end - 1) == 0x20 { end -= 1 } else { return nil }
    if view.byte(end - 1) == UInt8(ascii: ",") { end -= 1 }
    for repeated in [" bis", " ter", " quater"] as [StaticString] {
      let length = repeated.utf8CodeUnitCount
      if view.has(repeated, at: end - length) {
        end -= length
        break
      }
    }
    let start = view.start(before: end, limit: 7) { Bytes.isJoining($0) || "-/".utf8.contains($0) }
    guard start < end, AddressFields.isHouse(view, start..<end), view.isFree(before: start) else {
      return nil
    }
    return start
  }

  /// Two or three letters that are a street's kind and nothing else in any language.
  private static func isAlwaysStreet(_ view: borrowing TextView, _ kind: Range<Int>) -> Bool {
    (["via", "rua", "rue", "ul", "jl"] as [StaticString]).contains {
      $0.utf8CodeUnitCount == kind.count && view.has($0, at: kind.lowerBound)
    }
  }

  private static func isOtherWord(_ view: borrowing TextView, _ kind: Range<Int>) -> Bool {
    ([
      "via", "avenue", "boulevard", "place", "plaza", "corso", "largo", "camino", "diagonal", "carrera",
      "cours",
    ]
      as [StaticString]).contains { $0.utf8CodeUnitCount == kind.count && view.has($0, at: kind.lowerBound) }
  }

  // MARK: The number last

  private static func trailing(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    guard !Bytes.isJoining(view.byte(match)) else { return nil }
    var end = match
    for _ in 0..<3 where "-/".utf8.contains(view.byte(end)) {
      var stop = end + 1
      while stop - end < 6, Bytes.isJoining(view.byte(stop)) { stop += 1 }
      let tail = stop - end - 1
      if tail > 0, tail < 4, !Bytes.isJoining(view.byte(stop)) { end = stop }
    }
    guard view.byte(end) != UInt8(ascii: "-") || !Bytes.isDigit(view.byte(end + 1)) else { return nil }
    var number = view.start(before: match, limit: 6) { Bytes.isAlphanumeric($0) && $0 < 0x80 }
    while number < match, !Bytes.isDigit(view.byte(number)) { number += 1 }
    // Back over `No: `.
    var kindEnd = number
    while kindEnd > view.lowerBound, number - kindEnd < 5, !Bytes.isSpace(view.byte(kindEnd - 1)) {
      kindEnd -= 1
    }
    if kindEnd == number || view.byte(kindEnd - 1) == 0x20 { kindEnd -= 1 }
    if view.has(" no", at: kindEnd - 3) || view.has(" nr", at: kindEnd - 3) { kindEnd -= 3 }
    if view.has(" no.", at: kindEnd - 4) || view.has(" nr.", at: kindEnd - 4)
      || view.has(" no:", at: kindEnd - 4)
    {
      kindEnd -= 4
    }
    if view.byte(kindEnd - 1) == UInt8(ascii: ",") { kindEnd -= 1 }
    var start = view.start(before: kindEnd, limit: 40) { Bytes.isLetter($0) || "-.'".utf8.contains($0) }
    guard start < kindEnd else { return nil }
    let isCapital = Bytes.isUpper(view.byte(start)) || view.byte(start) >= 0x80
    // A kind that is a word of its own has the street's name before it: `Lange Straße 12`, `Sønder Boulevard 29`.
    var isNamed = kindEnd - start > 6
    for _ in 0..<3 {
      guard view.byte(start - 1) == 0x20 else { break }
      let word = view.start(before: start - 1, limit: 24) { Bytes.isLetter($0) || "-.'".utf8.contains($0) }
      guard word < start - 1, AddressFields.isCapital(view, word..<start - 1),
        !AddressWords.never.contains(AddressFields.hash(view, word..<start - 1)),
        view.byte(start - 2) != UInt8(ascii: ".") || start - 1 - word < 5
      else { break }
      guard !isNamed || kindEnd - start <= 10 else { break }
      start = word
      isNamed = true
    }
    guard isNamed, isCapital || AddressExtent.isEnd(view, end) else { return nil }
    let before = view.start(before: start - 1, limit: 5, where: Bytes.isDigit)
    if view.byte(start - 1) == 0x20, before < start - 1, view.isFree(before: before) { start = before }
    // Finland's staircase and flat: `12 B 14`.
    if view.byte(end) == 0x20, Bytes.isUpper(view.byte(end + 1)), view.byte(end + 2) == 0x20 {
      var stop = end + 3
      while stop - end < 7, Bytes.isDigit(view.byte(stop)) { stop += 1 }
      if stop > end + 3, AddressExtent.isEnd(view, stop) { end = stop }
    } else if view.byte(end) == 0x20, Bytes.isUpper(view.byte(end + 1)), AddressExtent.isEnd(view, end + 2) {
      // `Storgatan 14 B`
      end += 2
    }
    let whole = start..<AddressExtent.ahead(view, end)
    return Candidate(range: whole, kind: "ADDRESS", confidence: 8000, detector: "phi/street-number")
  }

  /// `Am Bach 3c`, `An der Alster 12`: behind a preposition, a noun with the house's number, and nothing more.
  private static func prepositional(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var start = view.start(before: end - 1, limit: 14) { Bytes.isLetter($0) || $0 == 0x20 }
    while start < end, !Bytes.isUpper(view.byte(start)) || Bytes.isLetter(view.byte(start - 1)) { start += 1 }
    // The last capital before the end begins the preposition: `An der`.
    for index in start..<end where Bytes.isUpper(view.byte(index)) { start = index }
    guard start < end, view.isFree(before: start), !view.has("I ", at: start - 2) else { return nil }
    var position = end
    for count in 0..<4 {
      let word = word(view, position)
      guard !word.isEmpty else { return nil }
      if Bytes.isDigit(view.byte(word.lowerBound)) {
        guard count > 0, AddressFields.isHouse(view, word), word.count < 5,
          AddressExtent.isEnd(view, word.upperBound)
        else { return nil }
        let stop = AddressExtent.ahead(view, word.upperBound)
        return Candidate(
          range: start..<stop, kind: "ADDRESS", confidence: 7500, detector: "phi/street-number")
      }
      let hash = AddressFields.hash(view, word)
      guard AddressFields.isCapital(view, word), word.count > 2, !AddressWords.months.contains(hash),
        !AddressWords.numbered.contains(hash), !AddressWords.notGerman.contains(hash),
        view.byte(word.upperBound) == 0x20
      else { return nil }
      position = word.upperBound + 1
    }
    return nil
  }

  // MARK: Others

  private static func grid(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard !Bytes.isAlphanumeric(view.byte(end)) else { return nil }
    // Back over four words.
    var start = end
    for count in 0..<4 {
      start = view.start(before: start, limit: 8) { Bytes.isAlphanumeric($0) || $0 == UInt8(ascii: ".") }
      if count < 3 { start -= 1 }
    }
    guard start >= view.lowerBound, Bytes.isDigit(view.byte(start)), view.isFree(before: start) else {
      return nil
    }
    return Candidate(
      range: AddressExtent.whole(view, start..<end), kind: "ADDRESS", confidence: 8500,
      detector: "phi/street-grid")
  }

  private static func ownKind(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var name = view.start(before: end, limit: 24) { Bytes.isJoining($0) || $0 == UInt8(ascii: "-") }
    if view.has("the ", at: name - 4) { name -= 4 }
    guard Bytes.isUpper(view.byte(name)), AddressExtent.isEnd(view, end) || view.byte(end) == 0x20,
      view.byte(name - 1) == 0x20
    else { return nil }
    let start = view.start(before: name - 1, limit: 6, where: Bytes.isJoining)
    guard start < name - 1, AddressFields.isHouse(view, start..<name - 1),
      view.isFree(before: start) || "/-".utf8.contains(view.byte(start - 1))
    else { return nil }
    // `Jahamun-ro 12-gil`
    var stop = end
    if view.byte(stop) == 0x20, Bytes.isDigit(view.byte(stop + 1)) {
      let number = view.endOfDigits(stop + 1, limit: 3)
      for kind in ["-gil", "beon-gil", "-beongil"] as [StaticString] where view.has(kind, at: number) {
        stop = number + kind.utf8CodeUnitCount
      }
    }
    let range = AddressExtent.whole(view, start..<stop)
    guard AddressExtent.isEnd(view, range.upperBound) else { return nil }
    return Candidate(range: range, kind: "ADDRESS", confidence: 7500, detector: "phi/street")
  }
}
