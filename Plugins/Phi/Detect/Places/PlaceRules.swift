internal import FilterKit

/// Places smaller than a state: streets, cities, ZIP codes.
enum PlaceRules {
  private static let states: Set<[UInt8]> = Set(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY"
      .split(separator: " ").map { Array($0.utf8) })

  /// Words and letters after a name, too.
  private static let ambiguous: Set<[UInt8]> = Set(
    "AR CO CT DE HI ID IN LA MA MD ME MS MT NE OH OK OR PA PR SC".split(separator: " ").map { Array($0.utf8) }
  )

  static let all: [PatternRule] =
    ForeignStreets.all + BoxRules.all + PostalCodes.all + TownRules.all
    + AnnouncedAddresses.all + NumberedLines.all + NumberedLines.coordinates + RoadPoints.all
    + CornerRules.all + TownLines.all + StateCodes.all
    + ScriptStreets.all + [
      PatternRule(
        #"\b(?:I|US|SR|CR|FM|RM|Hwy|Highway|Route|Rte|Interstate|Rd|Road)[- ]\d{1,4} (?:at|and|&|near|@) "#,
        caseless: false
      ) { view, end in
        var stop = end - 1
        while stop > view.lowerBound, view.byte(stop - 1) != 0x20 { stop -= 1 }
        return StreetLines.highway(view, stop - 1)
      }.beforeDigits(),
      PatternRule(#"\b(?:suite|ste\.?|apt\.?|apartment) #?\d{1,5}"#) { view, end in
        guard !Bytes.isDigit(view.byte(end)) else { return nil }
        let digits = view.start(before: end, limit: 5, where: Bytes.isDigit)
        let gap = view.byte(digits - 1) == UInt8(ascii: "#") ? digits - 2 : digits - 1
        let start = view.start(before: gap, limit: 10) { Bytes.isLetter($0) || $0 == UInt8(ascii: ".") }
        let stop = Bytes.isLetter(view.byte(end)) && !Bytes.isJoining(view.byte(end + 1)) ? end + 1 : end
        guard !Bytes.isJoining(view.byte(stop)) else { return nil }
        if let house = AddressLines.house(view, before: start) {
          return Candidate(range: house..<stop, kind: "ADDRESS", confidence: 8500, detector: "phi/unit")
        }
        return Candidate(range: start..<stop, kind: "ADDRESS", confidence: 6500, detector: "phi/unit")
      }.beforeDigits(),
      PatternRule(#"\b(?:psc|unit|cmr) \d{3,5},? box \d{1,5}"#) { view, end in
        guard !Bytes.isDigit(view.byte(end)) else { return nil }
        let limit = view.start(before: end, limit: 22) {
          Bytes.isAlphanumeric($0) || $0 == 0x20 || $0 == UInt8(ascii: ",")
        }
        guard
          let start = (limit..<end).first(where: { index in
            !Bytes.isJoining(view.byte(index - 1))
              && (["psc ", "unit ", "cmr "] as [StaticString]).contains { view.has($0, at: index) }
          })
        else { return nil }
        return Candidate(range: start..<end, kind: "ADDRESS", confidence: 8500, detector: "phi/military")
      },
      PatternRule(#"\b[AFD]PO,? A[AEP] \d{5}"#, caseless: false) { view, end in
        guard !Bytes.isJoining(view.byte(end)) else { return nil }
        return AddressLines.military(view, end)
          ?? Candidate(range: end - 5..<end, kind: "ZIP", confidence: 9000, detector: "phi/zip")
      },
      PatternRule(
        #"\b(?:alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming),? {1,2}\d{5}(?:-\d{4})?"#
      ) { view, end in zip(view, end) }.beforeDigits(),
      PatternRule(#"[A-Z]{2},? {1,2}\d{5}(?:-\d{4})?"#, caseless: false) { view, end in
        guard let found = zip(view, end) else { return nil }
        var state = found.range.lowerBound
        while " ,".utf8.contains(view.byte(state - 1)) { state -= 1 }
        guard state - 2 >= view.lowerBound, states.contains(view.bytes(state - 2..<state) { _ in true }),
          !Bytes.isJoining(view.byte(state - 3)),
          // The number of a licence.
          !view.hasBefore(state - 2, within: 9, ["lic", "license", "licence", "dea", "npi"])
        else { return nil }
        return found
      },
    ]

  /// Whether two letters are a state's.
  static func isState(_ view: borrowing TextView, _ word: Range<Int>) -> Bool {
    word.count == 2 && states.contains(view.bytes(word) { _ in true })
  }

  /// The city before a word that is a state's two letters.
  static func city(_ view: borrowing TextView, beforeState word: Range<Int>) -> Candidate? {
    guard word.count == 2, view.byte(word.lowerBound - 1) == 0x20 else { return nil }
    let hasComma = view.byte(word.lowerBound - 2) == UInt8(ascii: ",")
    guard Bytes.isLetter(view.byte(word.lowerBound - (hasComma ? 3 : 2))),
      view.byte(word.upperBound) != UInt8(ascii: "-"), view.byte(word.upperBound) != UInt8(ascii: "_"),
      !Bytes.isJoining(view.byte(word.upperBound)), states.contains(view.bytes(word) { _ in true })
    else { return nil }
    return city(view, before: word.lowerBound - 1, hasComma: hasComma, zip: word.upperBound)
  }

  /// A ZIP code at the end of a match; of `12345-6789` the whole.
  private static func zip(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let isFirstPart =
      view.byte(end) == UInt8(ascii: "-") && (1...4).allSatisfy { Bytes.isDigit(view.byte(end + $0)) }
    guard !Bytes.isJoining(view.byte(end)), !isFirstPart else { return nil }
    let start = view.start(before: end, limit: 10) { Bytes.isDigit($0) || $0 == UInt8(ascii: "-") }
    return Candidate(range: start..<end, kind: "ZIP", confidence: 9000, detector: "phi/zip")
  }

  /// Whether the word behind the house number is a family name or in no list.
  static func isNamed(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while start < range.upperBound, view.byte(start) != 0x20 { start += 1 }
    start += 1
    var end = start
    while end < range.upperBound, Bytes.isLetter(view.byte(end)) { end += 1 }
    let classes = Lexicon.classes(Lexicon.hash(view.text, start..<end))
    return end > start + 2 && Bytes.isLower(view.byte(start + 1))
      && (classes.contains(.family) || classes.isEmpty)
  }

  private static let plainStates = WordSet(
    words: "az ia il ks ky mn mt nd nh nj nm nv ny sd tn ut wa wi wv wy")

  /// Whether a state's letters mean nothing else, and a part ends behind them.
  private static func isPlainState(_ view: borrowing TextView, _ state: Range<Int>) -> Bool {
    plainStates.contains(view.hash(state))
      && (AddressExtent.isEnd(view, state.upperBound) || view.has("  ", at: state.upperBound))
  }

  private static func city(_ view: borrowing TextView, before end: Int, hasComma: Bool, zip: Int)
    -> Candidate?
  {
    var hasZip = false
    var next = zip
    while next - zip < 3, view.byte(next) == 0x20 || view.byte(next) == UInt8(ascii: ",") { next += 1 }
    if next > zip {
      let digits = view.endOfDigits(next, limit: 6)
      hasZip = digits - next == 5 && !Bytes.isJoining(view.byte(digits))
    }
    guard hasComma || hasZip || isPlainState(view, zip - 2..<zip) else { return nil }
    let stop = hasComma ? end - 1 : end
    var starts: [Int] = []
    var position = stop
    for _ in 0..<3 {
      let word = view.start(before: position, limit: 20) { Bytes.isLetter($0) || ".-'".utf8.contains($0) }
      guard word < position, Bytes.isUpper(view.byte(word)) || view.byte(word) >= 0x80, position - word > 1
      else { break }
      starts.append(word)
      guard view.byte(word - 1) == 0x20 else { break }
      position = word - 1
    }
    // `Minot ND` at an end: of towns that lists have, where the state's letters are nothing else.
    guard hasComma || hasZip else {
      guard let start = starts.first,
        starts.count == 1 || !AddressFields.isCapital(view, starts[1]..<start - 1),
        case .success(let model) = TaggerModel.shipped
      else { return nil }
      let facts = model.facts(view.hash(start..<stop))
      guard facts.place > 1, !facts.isWord, facts.given < 3, !facts.isDrug else { return nil }
      return Candidate(range: start..<stop, kind: "CITY", confidence: 7000, detector: "phi/city")
    }
    if let known = starts.last(where: { Lexicon.classes(Lexicon.hash(view.text, $0..<stop)).contains(.place) }
    ) {
      return Candidate(
        range: known..<stop, kind: "CITY", confidence: hasZip ? 9300 : 8500, detector: "phi/city")
    }
    // Words that are towns as well: `Rugby, ND`.
    if let start = starts.last, starts.count == 1, case .success(let model) = TaggerModel.shipped,
      model.facts(Lexicon.hash(view.text, start..<stop)).place > 0,
      hasZip || !ambiguous.contains(view.bytes(zip - 2..<zip) { _ in true })
    {
      return Candidate(
        range: start..<stop, kind: "CITY", confidence: hasZip ? 9300 : 7500, detector: "phi/city")
    }
    guard let start = starts.last else { return nil }
    // `Fond du Lac`: with the particle and what stands before it.
    if hasComma, let field = AddressFields.field(view, endingAt: stop),
      let town = AddressFields.town(view, field),
      town.lowerBound < start, town.upperBound == stop
    {
      return Candidate(range: town, kind: "CITY", confidence: hasZip ? 9300 : 8500, detector: "phi/city")
    }
    if !hasZip {
      // A town that no list has: no words, and none of capitals alone.
      guard !ambiguous.contains(view.bytes(zip - 2..<zip) { _ in true }),
        starts.indices.allSatisfy({ index in
          let word = starts[index]..<(index == 0 ? stop : starts[index - 1] - 1)
          return !Lexicon.classes(Lexicon.hash(view.text, word)).contains(.word)
            && Bytes.isLower(view.byte(word.lowerBound + 1))
        })
      else { return nil }
    }
    // `Lic SC 18827`, `DPT WI 14423`: of a town without a comma, in no list, the state has to have such codes.
    guard hasComma || StateCodes.has(view, zip - 2..<zip, next) else { return nil }
    return Candidate(
      range: start..<stop, kind: "CITY", confidence: hasZip ? 8500 : 6500, detector: "phi/city")
  }
}
