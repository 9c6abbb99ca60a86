internal import FilterKit

/// Points on roads, as ambulances and farms have them: miles and exits (`mile marker 112 I-80`), and numbered roads behind a word that
/// says where something is (`off County Rd 41`, `on Route 9`).
enum RoadPoints {
  static let all: [PatternRule] = [
    PatternRule(
      #"\b(?:mile ?(?:marker|post)?|mm|mp|exit) \d{1,4}(?:\.\d)?,? (?:of |on |off |off of )?(?:the )?(?:I|US|SR|CR|FM|Hwy|Highway|Route|Rte|Interstate)[- ]?\d{1,4}\b"#
    ) { view, end in
      point(view, end, from: ["mile", "mm ", "mp ", "exit"])
    }.beforeDigits(),
    PatternRule(
      #"\b(?:I|US|SR|CR|FM|Hwy|Highway|Route|Rte|Interstate)[- ]\d{1,4},? (?:at |near |@ )?(?:mile ?(?:marker|post)?|mm|mp|exit) ?\d{1,4}\b"#
    ) { view, end in
      point(
        view, end, from: ["i-", "i ", "us", "sr", "cr", "fm", "hwy", "highway", "route", "rte", "interstate"])
    }.beforeDigits(),
    PatternRule(
      #"\b(?:on|off|near|along|past|by|down|from|to|at|was|is|onto|up),? (?:the )?(?:State |County |US |Old |Farm |Ranch |Forest |Township |Twp |Cty )?(?:Route|Rte|Rt|Hwy|Highway|Road|Rd|Avenue|Ave|Street)[ -]\d{1,4}[A-Z]?\b"#,
      caseless: false
    ) { view, end in road(view, end) }.beforeDigits(),
    PatternRule(
      #"\b(?:County|Cty|Co|Township|Twp|State) (?:Road|Rd|Hwy|Highway|Route|Rte) \d{1,4}[A-Z]?\b"#,
      caseless: false
    ) { view, end in road(view, end) }.beforeDigits(),
    // `0.4 mi N of Soldier Pond Rd`, `1/2 mile past the grange hall`.
    PatternRule(
      #"\b\d{1,2}(?:\.\d{1,2}|/\d)? ?(?:mi|mile|miles|km)\.? (?:(?:[nsew]|[ns][ew]|north|south|east|west|northeast|northwest|southeast|southwest) of|past the) "#
    ) { view, end in distance(view, end) }.beforeDigits(),
    // A numbered street without a house's number: `W 116th St`.
    PatternRule(
      #"\b\d{1,3}(?:st|nd|rd|th) (?:St|Street|Ave|Avenue|Rd|Road|Blvd|Pl|Place)\b"#, caseless: false
    ) { view, end in
      let kind = view.start(before: end, limit: 8, where: Bytes.isLetter)
      var start = view.start(before: kind - 1, limit: 6, where: Bytes.isJoining)
      guard view.isFree(before: start), !ProgramContext.isProgram(view, start) else { return nil }
      if let side = view.word(before: start, gap: 1), sides.contains(view.hash(side)),
        AddressFields.isCapital(view, side)
      {
        start = side.lowerBound
      }
      return candidate(AddressExtent.whole(view, start..<end))
    }.beforeDigits(),
  ]

  private static let sides = WordSet(words: "n s e w north south east west")

  /// How far from what something is: to the end of the part, at most six words.
  private static func distance(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let lower = view.start(before: end, limit: 30) { $0 != 0x0A }
    guard let field = AddressFields.field(view, from: end),
      let start = (lower..<end).last(where: {
        numbers(view, $0..<end) > 0 && !isInNumber(view, $0) && Bytes.isDigit(view.byte($0))
      }),
      view.isFree(before: start)
    else { return nil }
    let words = AddressFields.words(view, field)
    // A sentence goes on longer; who walks past something has no house there.
    guard (1...6).contains(words.count),
      !view.has("past the ", at: end - 9)
        || PostalCodes.isOpen(view, start)
          && !Bytes.isLetter(view.byte(start - 2))
    else { return nil }
    return candidate(start..<field.upperBound)
  }

  /// Whether a number goes on before a position: the `4` of `0.4`.
  private static func isInNumber(_ view: borrowing TextView, _ index: Int) -> Bool {
    Bytes.isDigit(view.byte(index - 1))
      || "./".utf8.contains(view.byte(index - 1)) && Bytes.isDigit(view.byte(index - 2))
  }

  private static func candidate(_ range: Range<Int>) -> Candidate {
    Candidate(range: range, kind: "ADDRESS", confidence: 7500, detector: "phi/road-point")
  }

  /// The point that ends at a position and begins with one of some words.
  private static func point(_ view: borrowing TextView, _ end: Int, from words: [StaticString]) -> Candidate?
  {
    let lower = view.start(before: end, limit: 44) { $0 != 0x0A && $0 != UInt8(ascii: ";") }
    let start = (lower..<end).last { index in
      view.isFree(before: index) && words.contains { view.has($0, at: index) }
        && numbers(view, index..<end) >= 2
    }
    return start.map { candidate($0..<directed(view, end)) }
  }

  /// How many runs of digits a range has.
  private static func numbers(_ view: borrowing TextView, _ range: Range<Int>) -> Int {
    range.count {
      Bytes.isDigit(view.byte($0)) && ($0 == range.lowerBound || !Bytes.isDigit(view.byte($0 - 1)))
    }
  }

  /// Before the kind of a numbered road, and a part of its name.
  private static let owners = WordSet(words: "state county us old farm ranch forest township twp cty")

  /// Where a numbered road begins and ends whose number ends at a position.
  private static func road(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard !Bytes.isJoining(view.byte(end)), !ProgramContext.isProgram(view, end) else { return nil }
    let number = view.start(before: end, limit: 5, where: Bytes.isJoining)
    var start = view.start(before: number - 1, limit: 10, where: Bytes.isLetter)
    // `at Rt 4` is a side; `Route 53` a service of programs.
    if view.has("rt ", at: start), !view.hasBefore(start, within: 8, ["on", "off", "near", "along", "past"]) {
      return nil
    }
    if let owner = view.word(before: start, gap: 1), owners.contains(view.hash(owner)) {
      start = owner.lowerBound
    }
    return candidate(start..<directed(view, end))
  }

  private static let directions: [StaticString] = [
    " WB", " EB", " NB", " SB", " North", " South", " East", " West",
  ]

  /// Where a road's direction behind its number ends: `I-90 WB`, `Route 9 West`.
  private static func directed(_ view: borrowing TextView, _ end: Int) -> Int {
    let direction = directions.first {
      view.has($0, at: end) && Bytes.isUpper(view.byte(end + 1))
        && !Bytes.isJoining(view.byte(end + $0.utf8CodeUnitCount))
    }
    return direction.map { end + $0.utf8CodeUnitCount } ?? end
  }
}
