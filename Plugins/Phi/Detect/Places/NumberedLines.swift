internal import FilterKit

/// Addresses that are numbers in the first place: numbered roads behind a house's number (`31187 Road 64`), streets without their kind
/// (`12 N Main`), and parts of houses and towns in a row (`block 8, street 104, house 12`, `Flat 2207, Yat Fu Hse`).
enum NumberedLines {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b\d{2,6} (?:[NSEW]\.? )?(?:county |co |cty |cnty |state |ranch |farm |forest |fire |twp )?(?:road|rd|highway|hwy|avenue|ave|route|rte|lane|zone)\.? (?:\d{1,4}[a-z]?|[a-z])\b"#
    ) { view, end in
      guard let start = back(view, end, words: 5),
        Bytes.isUpper(view.byte(view.endOfDigits(start, limit: 6) + 1)),
        !Bytes.isLower(view.byte(end - 1)) || Bytes.isDigit(view.byte(end - 2))
      else {
        return nil
      }
      let range = AddressExtent.whole(view, start..<end)
      return candidate(range, 8000)
    }.beforeDigits(),
    PatternRule(
      #"\b\d{1,5} (?:[NSEW]|North|South|East|West)\.? (?:[A-Z][a-z]{2,9}|\d{1,3}(?:st|nd|rd|th))\b"#,
      caseless: false
    ) {
      view, end in
      let word = view.start(before: end, limit: 12, where: Bytes.isAlphanumeric)
      guard let start = back(view, end, words: 3),
        Bytes.isDigit(view.byte(word)) || isStreetName(view, word..<end, number: start)
      else { return nil }
      return candidate(AddressExtent.whole(view, start..<end), 7000)
    }.beforeDigits(),
    // Singapore's flats: `Blk 88 Toa Payoh Lor 2 #03-41`.
    PatternRule(#"\b(?:blk|block) \d{1,4}[a-z]? [a-z][a-z0-9' ]{3,40} #\d{1,2}-\d{1,4}[a-z]?\b"#) {
      view, end in
      let lower = view.start(before: end, limit: 64) { $0 != 0x0A && $0 != UInt8(ascii: ",") }
      guard
        let start = (lower..<end).last(where: {
          view.isFree(before: $0) && (view.has("blk ", at: $0) || view.has("block ", at: $0))
        })
      else { return nil }
      return candidate(start..<end, 8500)
    }.beforeDigits(),
    // Floors, which have a house's name or number before them or not.
    PatternRule(#"\b(?:\d{1,2}(?:st|nd|rd|th) (?:floor|flr|fl)|flr \d{1,2}[a-z]?)\b"#) { view, end in
      floor(view, end)
    }.beforeDigits(),
    PatternRule(
      #"\b(?:flat|villa|chalet|maisonette|h\.? ?no\.?|d\.? ?no\.?|door no\.?|house(?: no\.?)?|hse|plot(?: no\.?)?|erf|stand|chak(?: no\.?)?|blk|block|bldg|building|tower|level|lvl|rm|room|apt|annexe?|pavilion|trailer|trlr|space|spc|mile ?post|no\.) ?(?:[a-z]?-?\d{1,5}[a-z]?|[a-z])\b"#
    ) { view, end in row(view, end) }.beforeDigits(),
  ]

  private static func floor(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let word = view.start(before: end, limit: 5, where: Bytes.isJoining)
    let start = view.start(before: word - 1, limit: 4, where: Bytes.isJoining)
    // `the 3rd floor` of a sentence, and the floors of somebody's own house: `bed/bath 1st fl`.
    guard start < word - 1, view.isFree(before: start), !view.has("the ", at: start - 4) else { return nil }
    let range = AddressExtent.whole(view, start..<end)
    guard range.lowerBound < start || !view.has("1st", at: start) else { return nil }
    return candidate(range, 6500)
  }

  /// Coordinates say where somebody is to a few metres: behind their names, and pairs behind a word.
  static let coordinates: [PatternRule] = [
    PatternRule(#"\b(?:lat(?:itude)?|lon(?:g(?:itude)?)?|lng)["']? ?[:=] ?["']?-?\d{1,3}\.\d{3,9}"#) {
      view, end in
      let start = view.start(before: end, limit: 14) { Bytes.isDigit($0) || ".-".utf8.contains($0) }
      return Bytes.isDigit(view.byte(end)) ? nil : candidate(start..<end, 7000)
    }.beforeDigits(),
    PatternRule(#"-?\d{1,2}\.\d{3,9}, ?-?\d{1,3}\.\d{3,9}"#) { view, end in
      guard !Bytes.isDigit(view.byte(end)) else { return nil }
      var start = view.start(before: end, limit: 28) { Bytes.isDigit($0) || ".-, ".utf8.contains($0) }
      while start < end, view.byte(start) == 0x20 || view.byte(start) == UInt8(ascii: ",") { start += 1 }
      guard view.isFree(before: start),
        view.bytes(start..<end, where: { $0 == UInt8(ascii: ",") }).count == 1,
        view.hasBefore(
          start, within: 28,
          ["geo", "gps", "coord", "latlng", "latlong", "location", "pin ", "position", "loc"])
      else { return nil }
      return candidate(start..<end, 7500)
    }.beforeDigits(),
  ]

  private static func candidate(_ range: Range<Int>, _ confidence: UInt32) -> Candidate {
    Candidate(range: range, kind: "ADDRESS", confidence: confidence, detector: "phi/address-number")
  }

  /// Whether a word behind a house's number and a direction is a street's name without its kind: `3319 N Kildare`. Of rare names the
  /// number has three digits; `150 S Aureus` has a disease's.
  private static func isStreetName(_ view: borrowing TextView, _ word: Range<Int>, number: Int) -> Bool {
    let hash = view.hash(word)
    if AddressWords.frequent.contains(hash) { return true }
    guard view.endOfDigits(number, limit: 6) - number > 2, word.count > 3,
      !Lexicon.classes(hash).contains(.word),
      !AddressWords.months.contains(hash), !AddressWords.never.contains(hash),
      case .success(let model) = TaggerModel.shipped
    else { return false }
    let facts = model.facts(hash)
    return !facts.isDrug && !facts.isDisease && !facts.isWord
  }

  /// Where the house's number begins that stands at most so many words before a position.
  private static func back(_ view: borrowing TextView, _ end: Int, words: Int) -> Int? {
    var position = end
    for _ in 0..<words {
      let start = view.start(before: position, limit: 12) {
        Bytes.isAlphanumeric($0) || $0 == UInt8(ascii: ".")
      }
      guard start < position else { return nil }
      if position < end, (start..<position).allSatisfy({ Bytes.isDigit(view.byte($0)) }) {
        return view.isFree(before: start) ? start : nil
      }
      guard view.byte(start - 1) == 0x20 else { return nil }
      position = start - 1
    }
    return nil
  }

  /// Parts that have numbers, as houses and streets of towns do, but not floors and rooms of a hospital.
  private static let parts = WordSet(
    words:
      """
      street st road rd house hse flat villa zone gali lane plot sub-block avenue ave building bldg sok sokak hwy highway phase mile \
      apt rm room suite unit level lvl floor flr fl blk block tower
      """
  )
  /// Two of them in a row are a hospital's: `Unit 4, Room 12`.
  private static let wards = WordSet(words: "rm room unit level lvl floor flr fl no nr")

  private static let storeys = WordSet(words: "floor flr fl storey level")

  /// Premises with what follows them: at least one more part.
  private static func row(_ view: borrowing TextView, _ match: Int) -> Candidate? {
    guard !Bytes.isAlphanumeric(view.byte(match)), !ProgramContext.isProgram(view, match) else { return nil }
    let number = view.start(before: match, limit: 8) { Bytes.isJoining($0) || $0 == UInt8(ascii: "-") }
    var start = number
    for _ in 0..<2 {
      var end = start
      if view.byte(end - 1) == 0x20 { end -= 1 }
      let word = view.start(before: end, limit: 12) { Bytes.isLetter($0) || $0 == UInt8(ascii: ".") }
      guard word < end,
        AddressWords.premises.contains(AddressFields.hash(view, word..<end)) || view.has("hse", at: word)
          || view.has("post", at: word),
        view.isFree(before: word)
      else { break }
      start = word
    }
    guard start < number, !Bytes.isLower(view.byte(number)) || Bytes.isDigit(view.byte(match - 1)) else {
      return nil
    }
    let isOfWard = AddressFields.words(view, start..<number).allSatisfy {
      wards.contains(AddressFields.hash(view, $0))
    }
    var end = match
    var count = 0
    for _ in 0..<3 {
      guard let next = part(view, after: end, isWard: isOfWard) else { break }
      end = next
      count += 1
    }
    // `Block 1 Block 2` are parts of a program.
    let kinds = AddressFields.words(view, start..<end).filter { !Bytes.isDigit(view.byte($0.lowerBound)) }
    if kinds.count > 1, AddressFields.hash(view, kinds[0]) == AddressFields.hash(view, kinds[1]) {
      return nil
    }
    // `block 3, level 2, ward 4`
    if isWard(view, behind: end) { return nil }
    // These are addresses by themselves where nothing else follows.
    let isAlone =
      Bytes.isUpper(view.byte(start)) && AddressExtent.isEnd(view, match)
      && (["erf", "chak", "h.no", "h. no", "door no", "house no", "plot no"] as [StaticString]).contains {
        view.has($0, at: start)
      }
    guard count > 0 || isAlone, AddressFields.words(view, start..<end).count <= 8 else { return nil }
    return candidate(start..<AddressExtent.ahead(view, end), 7500)
  }

  private static let beds = WordSet(words: "ward bed bay cubicle theatre theater")

  /// Whether a row goes on as places of a hospital do.
  private static func isWard(_ view: borrowing TextView, behind end: Int) -> Bool {
    view.word(after: end, where: { $0 == 0x20 || $0 == UInt8(ascii: ",") }).map {
      beds.contains(view.hash($0))
    }
      ?? false
  }

  /// Where the part behind a position ends: `, street 104`, ` #113`, `, 9 Steyn Str`, `, Yat Fu Hse`, `, 2nd floor`, `, Block C`.
  private static func part(_ view: borrowing TextView, after end: Int, isWard: Bool) -> Int? {
    var start = end
    if view.byte(start) == UInt8(ascii: ",") { start += 1 }
    if view.byte(start) == 0x20 { start += 1 }
    guard start > end, let field = AddressFields.field(view, from: start), field.lowerBound == start else {
      return nil
    }
    let words = AddressFields.words(view, field)
    guard let first = words.first else { return nil }
    if view.byte(start) == UInt8(ascii: "#"), Bytes.isDigit(view.byte(start + 1)) { return first.upperBound }
    if AddressExtent.isFloorSign(view, first) { return first.upperBound }
    if words.count > 1, parts.contains(AddressFields.hash(view, first)), words[1].count <= 6,
      !isWard || !wards.contains(AddressFields.hash(view, first))
    {
      let sign = view.byte(words[1].upperBound - 1)
      let stop = ".,".utf8.contains(sign) ? words[1].upperBound - 1 : words[1].upperBound
      if (words[1].lowerBound..<stop).contains(where: { Bytes.isDigit(view.byte($0)) })
        || stop - words[1].lowerBound == 1 && Bytes.isUpper(view.byte(stop - 1))
      {
        return stop
      }
    }
    // `2nd floor`
    if words.count > 1, AddressExtent.isOrdinal(view, first),
      storeys.contains(AddressFields.hash(view, words[1]))
    {
      return words[1].upperBound
    }
    // A sentence ends behind `Yat Fu Hse.`
    var name = words
    if let stop = words.firstIndex(where: {
      view.byte($0.upperBound - 1) == UInt8(ascii: ".") && $0.count > 3
    }) {
      name = Array(words[...stop])
    }
    guard view.byte(end) == UInt8(ascii: ","), name.count <= 5, let last = name.last, name.count > 1,
      name.allSatisfy({ AddressFields.isNameLike(view, $0) || AddressFields.isHouse(view, $0) })
    else { return nil }
    let hash = AddressFields.hash(view, last)
    let isKind =
      AddressWords.areas.contains(hash) || AddressWords.buildings.contains(hash)
      || AddressWords.kinds.contains(hash)
      || AddressWords.trailingKinds.contains(hash)
    let stop = view.byte(last.upperBound - 1) == UInt8(ascii: ".") ? last.upperBound - 1 : last.upperBound
    return isKind && !AddressWords.institutions.contains(hash) ? stop : nil
  }
}
