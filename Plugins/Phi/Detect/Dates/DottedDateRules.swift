internal import FilterKit

/// Dates with dots whose form alone does not tell them from versions, sections and values: `15.02.26`, `14.3.`, `1944. 10. 06.`
enum DottedDateRules {
  static let all: [PatternRule] = [
    // Without a year, behind a word or where a phrase goes on behind the last dot: `bis 27.5., dann`, `op 1.6. in Turku`.
    PatternRule(#"\d\.\d{1,2}\."#) { view, end in
      let month = view.start(before: end - 1, limit: 3, where: Bytes.isDigit)
      let start = view.start(before: month - 1, limit: 3, where: Bytes.isDigit)
      guard end - 1 - month <= 2, (1...31).contains(view.number(start..<month - 1)),
        (1...12).contains(view.number(month..<end - 1)), view.isFree(before: start),
        !Bytes.isAlphanumeric(view.byte(end)), isShortDate(view, start..<end)
      else { return nil }
      return date(start..<end, 6500)
    },
    // Hungary's and Korea's order, with blanks: `1944. 10. 06.`
    PatternRule(#"\b(?:19|20)\d{2}\. ?(?:0?[1-9]|1[0-2])\. ?(?:0?[1-9]|[12]\d|3[01])\."#) { view, end in
      let start = view.start(before: end, limit: 14) { Bytes.isDigit($0) || ". ".utf8.contains($0) }
      guard !Bytes.isDigit(view.byte(end)),
        let first = (start..<end).first(where: {
          Bytes.isDigit(view.byte($0)) && view.endOfDigits($0, limit: 5) == $0 + 4
        }), view.isFree(before: first)
      else { return nil }
      return date(first..<end, 7500)
    },
    // With blanks around the signs: `29 / 02 / 1996`.
    PatternRule(#"\b\d{2} / \d{2} / \d{2}\b"#) { view, end in
      let (one, two) = (view.number(end - 12..<end - 10), view.number(end - 7..<end - 5))
      return view.isAlone(end - 12..<end) && DateRun.isDay(one, two) ? date(end - 12..<end, 7500) : nil
    },
    PatternRule(#"\b\d{1,2} [/.-] \d{1,2} [/.-] (?:19|20)\d{2}\b"#) { view, end in
      let start = view.start(before: end, limit: 15) { Bytes.isDigit($0) || " /.-".utf8.contains($0) }
      guard let first = (start..<end - 11).first(where: { Bytes.isDigit(view.byte($0)) }),
        view.isAlone(first..<end)
      else { return nil }
      let one = view.endOfDigits(first, limit: 2)
      let two = view.endOfDigits(one + 3, limit: 2)
      return DateRun.isDay(view.number(first..<one), view.number(one + 3..<two))
        ? date(first..<end, 8500) : nil
    },
  ]

  private static func date(_ range: Range<Int>, _ confidence: UInt32) -> Candidate {
    Candidate(range: range, kind: "DATE", confidence: confidence, detector: "phi/date-dotted")
  }

  /// What has numbers with dots of its own.
  private static let numbered = WordSet(
    words: """
      version versions v ver release build section sections sec chapter clause figure fig table appendix annex item step article art
      paragraph para rule policy part no nr level kapitel abschnitt ziffer punkt node nodejs python java ruby php go rust swift nginx
      bash zsh curl git gcc clang cmake openssl sqlite postgres mysql redis django rails react angular kernel ubuntu debian macos ios android firmware driver library epic cerner ip fw
      sw app upgrade upgraded schema api sdk package npm pip gem docker image tag
      """)

  /// Words that a day without a year and with two dots stands behind.
  private static let said = WordSet(
    words:
      "stop hold bez bezahlt week woche vko viikko klo op leikkaus kontrolle kontrolli kontroll kontrolltime asti alkaen vom fra til ab until till til bis"
  )

  private static let spans = WordSet(words: "from to until this next")

  /// Whether the last dot may be a sentence's, so that a value stands before it: `down to 1.9. No change`.
  private static func isSentenceEnd(_ view: borrowing TextView, _ end: Int) -> Bool {
    let next = view.byte(end)
    return next == 0x0A || next == 0x0D || next == 0x20 && !Bytes.isLower(view.byte(end + 1))
  }

  private static func isShortDate(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    if let word = view.word(before: range.lowerBound, gap: 3, where: { " .:(\"→".utf8.contains($0) }) {
      let hash = view.hash(word)
      if numbered.contains(hash) || Cues.measures.contains(hash) { return false }
      if said.contains(hash) { return true }
      if Cues.strong.contains(hash) || Cues.dotted.contains(hash) || spans.contains(hash) {
        return !isSentenceEnd(view, range.upperBound)
      }
    }
    // No value has a full stop before a comma.
    if view.byte(range.upperBound) == UInt8(ascii: ","), view.byte(range.upperBound + 1) == 0x20 {
      return true
    }
    // The other end of a time: `14.10.-20.10.`
    if "-–".utf8.contains(view.byte(range.lowerBound - 1)),
      view.byte(range.lowerBound - 2) == UInt8(ascii: ".")
    {
      return true
    }
    if view.byte(range.upperBound) == UInt8(ascii: "-"), Bytes.isDigit(view.byte(range.upperBound + 1)) {
      return true
    }
    // A sum's and a value's second part is not padded, nor followed by a small letter: `2) 13.09. consult`.
    let isPadded = range.count == 6 && view.byte(range.lowerBound + 3) == 0x30
    return isPadded
      && (view.byte(range.upperBound) == 0x20 && Bytes.isLower(view.byte(range.upperBound + 1))
        || view.byte(range.lowerBound - 1) == UInt8(ascii: "\"")
          && view.byte(range.upperBound) == UInt8(ascii: "\""))
      && !ProgramContext.isProgram(view, range.lowerBound)
  }

  /// Whether `15.02.26` is a date and no version: a word says so, or none of programs stands before it and its numbers are a day's
  /// of these years.
  static func isDate(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let next = view.byte(range.upperBound)
    guard next <= 0x20 || ",;:)]|\"'.-~".utf8.contains(next) else { return false }
    let before = view.byte(range.lowerBound - 1)
    guard before <= 0x20 || "(,;|:=\"'-[~".utf8.contains(before) else { return false }
    let word = view.word(before: range.lowerBound, gap: 4) { " :=\"'(\t|-".utf8.contains($0) }
    if let word {
      let hash = view.hash(word)
      if Cues.strong.contains(hash) || Cues.acts.contains(hash) || Cues.dotted.contains(hash)
        || Cues.events.contains(hash) || Cues.month.contains(hash) || Cues.begun.contains(hash)
      {
        return true
      }
      if numbered.contains(hash) { return false }
    }
    // All of it in two digits, and behind a comma, a bar or at a line's beginning: a signature's, or a table's.
    let isPadded = range.count == 8
    var start = range.lowerBound
    while range.lowerBound - start < 3, " \t".utf8.contains(view.byte(start - 1)) { start -= 1 }
    let sign = view.byte(start - 1)
    if isPadded, word == nil, ",;|(~".utf8.contains(sign) || sign == 0x0A { return true }
    return isOfTheseYears(view, range)
      && !view.hasBefore(
        range.lowerBound, within: 40, ["version", "release", "upgrade", "firmware", "build", "ip "])
      && !ProgramContext.isProgram(view, range.lowerBound)
  }

  /// Whether the last number is a year's of those that notes are written in, and the first two are a day: the patches of programs
  /// seldom count so far.
  private static func isOfTheseYears(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let year = view.number(range.upperBound - 2..<range.upperBound)
    return (20...29).contains(year) && view.byte(range.upperBound - 3) == UInt8(ascii: ".")
  }
}
