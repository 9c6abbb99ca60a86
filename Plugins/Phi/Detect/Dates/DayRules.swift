internal import FilterKit

/// Days of a month that people name without it: `on the 14th`, `till the twenty-third`, `tomorrow 19th`. Floors, grades, ribs and
/// attempts are counted in the same way, so that what stands before has to say that it is a day, and nothing that is counted may follow.
enum DayRules {
  static let all: [PatternRule] = [
    PatternRule(#"\b\d{1,2}(?:st|nd|rd|th)\b"#) { view, end in
      let start = view.start(before: end - 2, limit: 3, where: Bytes.isDigit)
      guard (1...31).contains(view.number(start..<end - 2)), view.isFree(before: start) else { return nil }
      return day(view, start..<end, view.number(start..<end - 2))
    }
  ]

  /// The day that a spoken ordinal names.
  static func word(_ view: borrowing TextView, _ word: Word) -> Candidate? {
    guard spoken.contains(word.hash), let value = ordinals[word.hash] else { return nil }
    var start = word.range.lowerBound
    for ten in ["twenty ", "thirty "] as [StaticString]
    where value < 10 && view.has(ten, at: start - 7) && !Bytes.isLetter(view.byte(start - 8)) { start -= 7 }
    return day(view, start..<word.range.upperBound, start < word.range.lowerBound ? 21 : value)
  }

  private static let names = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
    seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth
    twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first
    """
  private static let spoken = WordSet(words: names)
  private static let ordinals = Dictionary(
    uniqueKeysWithValues: Lexicon.hashes(of: names).enumerated().map { ($1, $0 + 1) })

  private static func day(_ view: borrowing TextView, _ range: Range<Int>, _ value: Int) -> Candidate? {
    let weekday = Weekdays.start(view, of: range.lowerBound)
    let start = min(weekday, withArticle(view, range.lowerBound))
    let hasArticle = start < range.lowerBound
    guard isPhraseEnd(view, range.upperBound, again: true), !isList(view, range.upperBound),
      start == weekday && hasArticle
        || isSaid(
          view, start, value, hasArticle: hasArticle, isSpoken: Bytes.isLetter(view.byte(range.lowerBound))),
      !ProgramContext.isProgram(view, start)
    else { return nil }
    return Candidate(
      range: start..<range.upperBound, kind: "DATE", confidence: 6500, detector: "phi/date-day")
  }

  /// `before 5th, 7th, 14th`: doses and visits are counted so.
  private static func isList(_ view: borrowing TextView, _ end: Int) -> Bool {
    let digits = view.endOfDigits(end + 2, limit: 2)
    return view.has(", ", at: end) && digits > end + 2 && Bytes.isLetter(view.byte(digits))
  }

  /// Where a day begins with its article.
  static func withArticle(_ view: borrowing TextView, _ start: Int) -> Int {
    view.has("the ", at: start - 4) && !Bytes.isJoining(view.byte(start - 5)) ? start - 4 : start
  }

  /// What days stand behind, and floors, grades and attempts do not.
  private static let days = WordSet(
    words: """
      on by til till until since through thru before after dated died dies due from tomorrow tmrw tomorrow's yesterday today back
      appt appointment return returns returning deadline
      """)
  /// They stand before what is counted as well: a small number is no day behind them.
  private static let counts = WordSet(words: "is was to of for around about")

  private static func isSaid(
    _ view: borrowing TextView, _ start: Int, _ value: Int, hasArticle: Bool, isSpoken: Bool
  ) -> Bool {
    guard let word = view.word(before: start, gap: 3, where: { " ~,".utf8.contains($0) }) else {
      // `The ninth then.`
      return hasArticle && value > 3 && (view.byte(start - 1) == 0x0A || view.has(": ", at: start - 2))
    }
    let hash = view.hash(word)
    // `On first look`: without an article, words of order are no days.
    if isSpoken, !hasArticle { return value > 20 && days.contains(hash) }
    // `till, uh, the 14th`
    if hasArticle, fillers.contains(hash),
      let before = view.word(before: word.lowerBound, gap: 2, where: { " ,".utf8.contains($0) })
    {
      return days.contains(view.hash(before)) || value > 3
    }
    // `must be called before the first`
    if days.contains(hash) { return value > 3 || !isSpoken }
    if hasArticle, value > 3, counts.contains(hash) { return true }
    return !isSpoken && (hasArticle || value > 3)
      && (Cues.acts.contains(hash) || Cues.strong.contains(hash) || !hasArticle && Cues.events.contains(hash))
  }

  private static let fillers = WordSet(words: "uh um er like maybe guess think say")

  /// What may follow a day and no number of order: these count nothing.
  private static let followers = WordSet(
    words: """
      and or at w with in on if when while he she they we i it you but for to from til till until thru through before after so because
      bc cause since then is was will would please pls plz re around about due as by between not my his her their our who which
      that ok okay thanks thx this instead
      """)

  /// Whether a phrase ends behind a position, or goes on with a word that nothing which is counted begins with.
  static func isPhraseEnd(_ view: borrowing TextView, _ end: Int, again: Bool = false) -> Bool {
    let next = view.byte(end)
    if next == 0x0A || next == 0x0D || ",;:!?)\"".utf8.contains(next) { return true }
    if next == UInt8(ascii: ".") { return !Bytes.isJoining(view.byte(end + 1)) }
    guard next == 0x20 else { return false }
    if "-–—(&/@".utf8.contains(view.byte(end + 1)) {
      return view.byte(end + 2) == 0x20 || view.byte(end + 1) == UInt8(ascii: "(")
    }
    guard let word = view.word(after: end, gap: 2) else { return view.byte(end + 1) == 0x20 }
    guard followers.contains(view.hash(word)) else { return false }
    // `the 4th and 5th ribs`
    let second = word.upperBound + 1
    let digits = view.endOfDigits(second, limit: 2)
    guard digits > second else { return true }
    return again
      && (view.has("th", at: digits) || view.has("st", at: digits) || view.has("nd", at: digits)
        || view.has("rd", at: digits))
      ? isPhraseEnd(view, digits + 2) : true
  }
}
