internal import FilterKit

/// Addresses that are numbers in the first place: numbered roads behind a house's number (`31187 Road 64`), streets without their kind
/// (`12 N Main`), and parts of houses and towns in a row (`block 8, street 104, house 12`, `Flat 2207, Yat Fu Hse`).
enum NumberedLines {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b\d{2,6} (?:[NSEW]\.? )?(?:county |state |ranch |farm |forest |fire )?(?:road|rd|highway|hwy|avenue|ave|route|rte|lane)\.? \d{1,4}[a-z]?\b"#
    ) { view, end in
      guard let start = back(view, end, words: 5),
        Bytes.isUpper(view.byte(view.endOfDigits(start, limit: 6) + 1))
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
      guard Bytes.isDigit(view.byte(word)) || AddressWords.frequent.contains(view.hash(word..<end)),
        let start = back(view, end, words: 3)
      else { return nil }
      return candidate(AddressExtent.whole(view, start..<end), 7000)
    }.beforeDigits(),
    PatternRule(
      #"\b(?:flat|villa|chalet|maisonette|h\.? ?no\.?|d\.? ?no\.?|door no\.?|house(?: no\.?)?|hse|plot(?: no\.?)?|erf|stand|chak(?: no\.?)?|blk|block|bldg|trailer|trlr|space|spc|mile ?post|no\.) ?[a-z]?-?\d{1,5}[a-z]?\b"#
    ) { view, end in row(view, end) }.beforeDigits(),
  ]

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
      "street st road rd house hse flat villa zone gali lane plot sub-block avenue ave building bldg sok sokak hwy highway phase mile"
  )

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
    guard start < number else { return nil }
    var end = match
    var count = 0
    for _ in 0..<3 {
      guard let next = part(view, after: end) else { break }
      end = next
      count += 1
    }
    // These are addresses by themselves where nothing else follows.
    let isAlone =
      Bytes.isUpper(view.byte(start)) && AddressExtent.isEnd(view, match)
      && (["erf", "chak", "h.no", "h. no", "door no", "house no", "plot no"] as [StaticString]).contains {
        view.has($0, at: start)
      }
    guard count > 0 || isAlone, AddressFields.words(view, start..<end).count <= 8 else { return nil }
    return candidate(start..<AddressExtent.ahead(view, end), 7500)
  }

  /// Where the part behind a position ends: `, street 104`, ` #113`, `, 9 Steyn Str`, `, Yat Fu Hse`.
  private static func part(_ view: borrowing TextView, after end: Int) -> Int? {
    var start = end
    if view.byte(start) == UInt8(ascii: ",") { start += 1 }
    if view.byte(start) == 0x20 { start += 1 }
    guard start > end, let field = AddressFields.field(view, from: start), field.lowerBound == start else {
      return nil
    }
    let words = AddressFields.words(view, field)
    guard let first = words.first else { return nil }
    if view.byte(start) == UInt8(ascii: "#"), Bytes.isDigit(view.byte(start + 1)) { return first.upperBound }
    if words.count > 1, parts.contains(AddressFields.hash(view, first)), words[1].count <= 6,
      words[1].contains(where: { Bytes.isDigit(view.byte($0)) }) || words[1].count == 1
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
