internal import FilterKit

/// Towns and counties that the words beside them tell: behind verbs of birth and residence in several languages, before the kind of a place
/// that somebody works at, with a name of a kind of their own.
enum TownRules {
  static let all: [PatternRule] = [
    // Behind verbs: `nato a Lecco`, `né à Brest`, `wohnhaft in Bad Tölz`.
    PatternRule(
      #"\b(?:nat[oa] a|nat[oa] ad|residente (?:a|in|en|em)|domiciliat[oa] a|vive (?:a|en)|abita a|n\xC3\xA9e? \xC3\xA0|habit(?:e|ant) \xC3\xA0|demeurant \xC3\xA0|domicili\xC3\xA9e? \xC3\xA0|nacid[oa] en|reside en|vecin[oa] de|natural de|nascid[oa] em|mora em|wohnhaft in|wohnt in|geboren in|geb\. in|kommt aus|stammt aus|geboren te|woonachtig te|woont in|wonende te|bosatt i|bor i|f\xC3\xB6dd i|f\xC3\xB8dt i|bopel i|asuu|zamieszka\xC5\x82[ya] w|urodzon[ya] w|mieszka w|n\xC3\xA1rodn\xC3\xAD|lives in|living in|born in|resident of|residing in|resides in|grew up in|raised in|moved to|relocated to|comes from|came from|native of|hails from|based in|camping near|vacation in|holiday in) "#
    ) { view, end in behind(view, end) },
    // Behind words that a place may follow as well as somebody: `drove in from Billings`, `up at Nome`, `outside Gallup`, `à Brest`.
    PatternRule(
      #"\b(?:transfer(?:red)? to|shifted to|fl(?:y|ew|ying) to|dr(?:ive|ove|iving) (?:in from|up from|down from|over from|to|from)|(?:out|just|right) past|(?:up|down|over|out) (?:at|in|near|from)|(?:go|goes|going|went|return(?:ed|ing)?|back|home) to|stay(?:s|ed|ing)? in|station(?:ed)? (?:at|in)|deployed to|just outside|outside(?: of)?|visiting|thru|working in|camped (?:at|near)|shipped to|mailed? to|chez [a-z ]{3,20} \xC3\xA0|est \xC3\xA0|vit \xC3\xA0|kutoka|nach|bei|via) "#
    ) { view, end in near(view, end) },
    // `a Nashville-based payer`
    PatternRule(#"[a-z]-(?:based|born|area|bound|raised|bred)\b"#) { view, end in
      let stop = view.start(before: end, limit: 8) { $0 != UInt8(ascii: "-") } - 1
      let start = view.start(before: stop, limit: 24, where: Bytes.isLetter)
      guard start < stop, AddressFields.isCapital(view, start..<stop), isTown(view, start..<stop) else {
        return nil
      }
      return Candidate(range: start..<stop, kind: "CITY", confidence: 7500, detector: "phi/city-cue")
    },
    // Two ends of a way: `Billings→Bozeman`.
    PatternRule(all: #"[a-z]\xE2\x86\x92[A-Z]"#, caseless: false) { view, end, emit in
      way(view, end - 1, emit)
    },
    // `Weld County`, `Co. Donegal`, `Madurai Dt`.
    PatternRule(
      #"[a-z\x80-\xBF] (?:County|Parish|Township|Borough|Dt|Dist|District|Taluk|Tehsil|Mandal)\b"#,
      caseless: false
    ) { view, end in
      county(view, end)
    },
    PatternRule(
      #"\b(?:Co\.|County|Landkreis|Kreis|Comune di|Comune de|Kommune|Gemeente|Gmina|Powiat|Distrito de|Concelho de|Town of|City of|Village of|Township of|Borough of|Parish of|Municipality of) "#,
      caseless: false
    ) { view, end in
      ofKind(view, end)
    },
  ]

  private static func behind(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    guard let name = CapitalWords.name(view, start, joints: AddressWords.joints),
      !isArea(view, start..<name.end), !isInstitution(view, name.end)
    else {
      return nil
    }
    let word = Lexicon.hash(view.text, start..<name.end)
    // `comes from OpenSSL`.
    for index in start..<name.end where Bytes.isUpper(view.byte(index)) && Bytes.isUpper(view.byte(index + 1))
    { return nil }
    guard !ProgramContext.isProgram(view, start) else { return nil }
    guard name.words > 1 || !Lexicon.classes(word).contains(.word) || Lexicon.classes(word).contains(.place),
      !Lexicon.classes(word).contains(.never) || Lexicon.classes(word).contains(.place),
      Bytes.isLower(view.byte(start + 1)) || view.byte(start + 1) >= 0x80
    else { return nil }
    return Candidate(range: start..<name.end, kind: "CITY", confidence: 7500, detector: "phi/city-cue")
  }

  /// Whether a word is a town's name by the lists, and hardly anybody's or anything's.
  private static func isTown(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    guard case .success(let model) = TaggerModel.shipped else { return false }
    let hash = view.hash(range)
    let classes = Lexicon.classes(hash)
    guard !classes.contains(.never), !AddressWords.noPlaces.contains(hash),
      !AddressWords.provinces.contains(hash)
    else { return false }
    if AddressFields.words(view, range).count > 1 {
      return classes.contains(.place) || AddressWalk.isKnown(view, range)
    }
    let facts = model.facts(hash)
    return facts.place > 0 && !facts.isWord && !facts.isArea && !facts.isDrug && facts.given < 3
      && !classes.contains(.word)
  }

  private static func near(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    guard let name = CapitalWords.name(view, start, joints: AddressWords.joints), name.words < 4,
      AddressFields.isCapital(view, start..<name.end), !isInstitution(view, name.end),
      Bytes.isLower(view.byte(start + 1)) || view.byte(start + 1) >= 0x80
    else { return nil }
    let range = start..<name.end
    guard isTown(view, range), !isArea(view, range), !endsAsInstitution(view, range),
      !AddressWords.kinds.contains(lastHash(view, range)), !ProgramContext.isProgram(view, start)
    else { return nil }
    return Candidate(range: range, kind: "CITY", confidence: 7000, detector: "phi/city-cue")
  }

  private static let worksites = WordSet(
    words:
      "pd fd police sheriff ofc office plant clinic branch warehouse campus depot stop desk airport jail prison shelter"
  )

  /// Where police and firemen are from, and what works in a town: `Gresham PD`, `Sumter plant`.
  static func worksite(_ view: borrowing TextView, _ word: Range<Int>) -> Candidate? {
    guard worksites.contains(view.hash(word)) else { return nil }
    let kind = word.lowerBound
    let start = view.start(before: kind - 1, limit: 22, where: Bytes.isLetter)
    guard start < kind - 1, AddressFields.isCapital(view, start..<kind - 1), view.isFree(before: start),
      Bytes.isLower(view.byte(start + 1)), isTown(view, start..<kind - 1),
      // The last word of a longer name: `Mercy Gilbert clinic`.
      !(view.word(before: start, gap: 1).map { AddressFields.isCapital(view, $0) } ?? false)
    else { return nil }
    return Candidate(range: start..<kind - 1, kind: "CITY", confidence: 7000, detector: "phi/city-cue")
  }

  private static func way(_ view: borrowing TextView, _ second: Int, _ emit: (Candidate) -> Void) {
    var joint = second
    while joint > view.lowerBound, second - joint < 3, !Bytes.isLower(view.byte(joint - 1)) { joint -= 1 }
    guard let name = CapitalWords.name(view, second, joints: AddressWords.joints) else { return }
    var first = view.start(before: joint, limit: 24, where: Bytes.isLetter)
    // `Lame Deer→Billings`
    if !isTown(view, first..<joint), let before = view.word(before: first, gap: 1),
      AddressFields.isCapital(view, before)
    {
      first = before.lowerBound
    }
    let ends = [first..<joint, second..<name.end]
    guard AddressFields.isCapital(view, first..<joint), ends.allSatisfy({ isTown(view, $0) }),
      !ProgramContext.isProgram(view, first)
    else { return }
    for town in ends {
      emit(Candidate(range: town, kind: "CITY", confidence: 7000, detector: "phi/city-cue"))
    }
  }

  private static func isArea(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let hash = Lexicon.hash(view.text, range)
    if AddressWords.provinces.contains(hash) || Hints.of(hash).contains(.state) { return true }
    guard case .success(let model) = TaggerModel.shipped else { return false }
    let facts = model.facts(hash)
    return facts.isArea && facts.place == 0
  }

  /// Whether a name goes on as a house's that is no town: `from North Shore Hospital`.
  private static func isInstitution(_ view: borrowing TextView, _ end: Int) -> Bool {
    guard view.byte(end) == 0x20 else { return false }
    var stop = end + 1
    while stop - end < 20, Bytes.isLetter(view.byte(stop)) { stop += 1 }
    return AddressWords.institutions.contains(Lexicon.hash(view.text, end + 1..<stop))
  }

  private static func endsAsInstitution(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    AddressFields.words(view, range).contains {
      AddressWords.institutions.contains(AddressFields.hash(view, $0))
    }
  }

  private static func county(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard !isInstitution(view, end) else { return nil }
    let kind = view.start(before: end, limit: 10, where: Bytes.isLetter)
    var start = kind
    for _ in 0..<3 {
      guard view.byte(start - 1) == 0x20 else { break }
      let word = view.start(before: start - 1, limit: 24) { Bytes.isLetter($0) || ".'-".utf8.contains($0) }
      let hash = AddressFields.hash(view, word..<start - 1)
      guard word < start - 1, AddressFields.isCapital(view, word..<start - 1),
        !AddressWords.openers.contains(hash)
      else { break }
      start = word
    }
    guard start < kind, kind - start > 3 else { return nil }
    let first = Lexicon.classes(AddressFields.hash(view, start..<kind - 1))
    guard !first.contains(.word) || first.contains(.place) || kind - start > 12 || first.contains(.family)
    else { return nil }
    return Candidate(range: start..<end, kind: "CITY", confidence: 8000, detector: "phi/county")
  }

  private static func ofKind(_ view: borrowing TextView, _ start: Int) -> Candidate? {
    guard let name = CapitalWords.name(view, start, joints: AddressWords.joints),
      !isInstitution(view, name.end),
      !endsAsInstitution(view, start..<name.end)
    else { return nil }
    var first = start - 1
    while first > view.lowerBound, start - first < 18, !Bytes.isUpper(view.byte(first)) { first -= 1 }
    guard Bytes.isUpper(view.byte(first)), view.isFree(before: first),
      Bytes.isLower(view.byte(start + 1)) || view.byte(start) >= 0x80
    else { return nil }
    // `Smith & Co. Ltd`; `the County Road`.
    let hash = Lexicon.hash(view.text, start..<name.end)
    guard name.words <= 3,
      !AddressWords.kinds.contains(
        AddressFields.hash(view, AddressFields.words(view, start..<name.end).last ?? start..<name.end)),
      !view.has("& ", at: first - 2),
      !Lexicon.classes(hash).contains(.word) || Lexicon.classes(hash).contains(.place)
    else { return nil }
    let isPart = view.has("Co", at: first)
    return Candidate(
      range: (isPart ? first : start)..<name.end, kind: "CITY", confidence: 7800, detector: "phi/county")
  }

  /// Before the kind of a place that somebody works at: `the Gallup warehouse`, `from the Rosemead clinic`.
  static func business(_ view: borrowing TextView, _ word: Range<Int>) -> Candidate? {
    let kind = word.lowerBound
    let start = view.start(before: kind - 1, limit: 21, where: Bytes.isLower) - 1
    guard (4...21).contains(kind - 1 - start), Bytes.isUpper(view.byte(start)),
      word.allSatisfy({ Bytes.isLower(view.byte($0)) }), isBehind(view, start, whose),
      case .success(let model) = TaggerModel.shipped
    else { return nil }
    let hash = Lexicon.hash(view.text, start..<kind - 1)
    let facts = model.facts(hash)
    guard facts.place > 0, !facts.isWord, !facts.isArea, !Lexicon.classes(hash).contains(.word),
      !Lexicon.classes(hash).contains(.never), facts.given < 4
    else { return nil }
    return Candidate(range: start..<kind - 1, kind: "CITY", confidence: 7000, detector: "phi/city-cue")
  }

  /// Behind a preposition, with a word that begins names of towns: `near Old Lyme`, `at Fort Defiance`.
  static func begun(_ view: borrowing TextView, _ word: Range<Int>) -> Candidate? {
    let start = word.lowerBound
    guard view.byte(word.upperBound) == 0x20, Bytes.isUpper(view.byte(start)),
      word.dropFirst().allSatisfy({ Bytes.isLower(view.byte($0)) }), isBehind(view, start, prepositions)
    else { return nil }
    guard let name = CapitalWords.name(view, start, joints: AddressWords.joints), name.words > 1,
      name.words < 4, !isArea(view, start..<name.end),
      // `Lake Malawi`
      !(name.words == 2
        && AddressFields.words(view, start..<name.end).last.map { isArea(view, $0) } ?? false),
      !isInstitution(view, name.end), !endsAsInstitution(view, start..<name.end),
      !AddressWords.kinds.contains(lastHash(view, start..<name.end))
    else { return nil }
    return Candidate(range: start..<name.end, kind: "CITY", confidence: 7000, detector: "phi/city-cue")
  }

  private static let whose = WordSet(words: "the our their his her my at from")
  private static let prepositions = WordSet(words: "in near from to at outside around of through via")

  /// Whether one of some words in lower case stands before a position, with a space between.
  private static func isBehind(_ view: borrowing TextView, _ position: Int, _ words: WordSet) -> Bool {
    guard view.byte(position - 1) == 0x20 else { return false }
    let start = view.start(before: position - 1, limit: 8, where: Bytes.isLower)
    return !Bytes.isJoining(view.byte(start - 1)) && view.byte(start - 1) != UInt8(ascii: "_")
      && words.contains(view.hash(start..<position - 1))
  }

  private static func lastHash(_ view: borrowing TextView, _ range: Range<Int>) -> UInt64 {
    AddressFields.words(view, range).last.map { AddressFields.hash(view, $0) } ?? 0
  }
}
