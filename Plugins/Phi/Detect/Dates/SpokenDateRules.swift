internal import FilterKit

/// Dates as people say and dictate them: `march third nineteen thirty`, `the third of march`, and behind a word of birth
/// `ten four nineteen seventy one`.
enum SpokenDateRules {
  private static let months =
    "january|february|march|april|may|june|july|august|september|october|november|december"
  private static let ordinals = """
    first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|\
    sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth
    """
  private static let units = "one|two|three|four|five|six|seven|eight|nine"
  private static let teens =
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
  private static let tens = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"

  static let all: [PatternRule] = [
    PatternRule(built: #"\b(?:\#(months)),? (?:the )?(?:\#(ordinals)|\#(units)|\#(teens)|twenty|thirty)\b"#) {
      view, end in
      date(view, end)
    },
    PatternRule(built: #"\b(?:\#(months)),? (?:the )?(?:twenty|thirty)[- ](?:\#(ordinals)|\#(units))\b"#) {
      view, end in
      date(view, end)
    },
    PatternRule(built: #"\b(?:\#(ordinals)) (?:day )?of (?:\#(months))\b"#) { view, end in date(view, end) },
    // The year in two digits: `ninth of october ninety-one`, and behind a question for a birthday `seven seventeen fifty-two`.
    PatternRule(
      built: #"\b(?:\#(months)|\#(units)|\#(teens)|\#(ordinals)),? (?:\#(tens))[- ](?:\#(units))\b"#
    ) { view, end in date(view, end) },
    PatternRule(
      built:
        #"\b(?:eighteen|nineteen|twenty|two thousand)(?: and)? (?:(?:oh|o) (?:\#(units))|(?:\#(tens))(?:[- ](?:\#(units)))?|\#(teens)|\#(units))\b"#
    ) { view, end in date(view, end) },
    PatternRule(#"\b(?:d\.? ?o\.? ?b\.?|date of birth|birth ?date|birthday)(?: is| was)?[:,]? "#) {
      view, end in behind(view, end)
    },
  ]

  private enum Word {
    case month, of, the, and, oh, hundred, thousand
    case cardinal(Int), ordinal(Int)
  }

  private static let table: [UInt64: Word] = {
    var table: [UInt64: Word] = [:]
    func add(_ list: String, _ make: (Int) -> Word) {
      for (index, word) in list.split(separator: "|").enumerated() {
        let bytes = Array(word.utf8)
        table[Lexicon.hash(bytes.span, bytes.indices)] = make(index)
      }
    }
    add(months) { _ in .month }
    add(ordinals) { .ordinal($0 < 20 ? $0 + 1 : 30) }
    add(units) { .cardinal($0 + 1) }
    add(teens) { .cardinal($0 + 10) }
    add(tens) { .cardinal(($0 + 2) * 10) }
    add("of|the|and|oh|hundred|thousand") { [.of, .the, .and, .oh, .hundred, .thousand][$0] }
    add("o") { _ in .oh }
    add("day") { _ in .of }
    return table
  }()

  private static let mostWords = 10
  private static let birth: [StaticString] = ["dob", "d o b", "d.o.b", "birth", "born", "birthday", "bday"]
  private static let dated: [StaticString] = ["on", "date", "seen", "since", "until", "dated", "visit"]
  private static let before: [StaticString] = [
    "on", "of", "by", "until", "till", "since", "next", "last", "from", "to", "through", "before", "after",
    "birthday", "born", "draw",
    "is", "was", "for", "due", "birth", "and", "admit", "admitted", "discharge", "discharged", "seen",
    "visit", "starting",
    "started",
  ]

  /// The longest date that ends at the end of a match.
  private static func date(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var words: [(word: Word, start: Int)] = []
    var position = end
    while words.count < mostWords, Bytes.isLetter(view.byte(position - 1)) {
      let start = view.start(before: position, limit: 16, where: Bytes.isLetter)
      guard let word = table[view.hash(start..<position)] else { break }
      words.append((word, start))
      position = start
      while start - position < 2, " -,".utf8.contains(view.byte(position - 1)) { position -= 1 }
      guard position < start else { break }
    }
    words.reverse()
    for first in words.indices {
      let start = words[first].start
      let own = words[first...].map(\.word)
      guard let form = form(own) ?? (isNumbers(own[...]) && isAsked(view, start) ? .sure : nil) else {
        continue
      }
      // `I may first ask`
      let isMay = view.has("may", at: start) && isOneOrTwo(own)
      switch isMay && form == .sure ? .unsure : form {
      case .sure: break
      case .numbers:
        guard view.hasBefore(start, within: 32, birth) || view.hasBefore(start, within: 12, dated) else {
          continue
        }
      case .unsure:
        guard view.hasBefore(start, within: 12, before) else { continue }
      }
      return Candidate(
        range: whole(view, start)..<end, kind: "DATE", confidence: 8000,
        detector: "phi/date-spoken")
    }
    return nil
  }

  /// Where a date begins with the day of the week, or with its article, before it.
  private static func whole(_ view: borrowing TextView, _ start: Int) -> Int {
    let weekday = Weekdays.start(view, of: start)
    return weekday < start ? weekday : DayRules.withArticle(view, start)
  }

  private static func isOneOrTwo(_ words: [Word]) -> Bool {
    guard words.count <= 3, let last = words.last else { return false }
    if case .ordinal(let day) = last { return day < 3 && words.count == 2 }
    return words.count == 2
  }

  /// Whether a birthday was asked for, or is spoken of, before a position: on a line before, too.
  private static func isAsked(_ view: borrowing TextView, _ start: Int) -> Bool {
    let before = max(view.lowerBound, start - 110)..<start
    return view.contains("birth", in: before) || view.contains("dob", in: before)
      || view.contains("born", in: before)
      || view.contains("d.o.b", in: before)
  }

  /// The date behind a label of birth; its year may be two digits: `twelve oh four fifty six`.
  private static func behind(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    var words: [(word: Word, end: Int)] = []
    var position = end
    while words.count < mostWords, Bytes.isLetter(view.byte(position)) {
      var stop = position
      while stop - position < 16, Bytes.isLetter(view.byte(stop)) { stop += 1 }
      guard let word = table[view.hash(position..<stop)] else { break }
      words.append((word, stop))
      position = stop
      while position - stop < 2, " -,".utf8.contains(view.byte(position)) { position += 1 }
      guard position > stop else { break }
    }
    for count in stride(from: words.count, to: 2, by: -1) {
      let first = words[..<count].map(\.word)
      guard form(first) != nil || isNumbers(first[...]) else { continue }
      return Candidate(
        range: end..<words[count - 1].end, kind: "DATE", confidence: 8000, detector: "phi/date-spoken")
    }
    return nil
  }

  /// A month's number or name, a day and a year of two digits.
  private static func isNumbers(_ words: ArraySlice<Word>) -> Bool {
    guard let first = words.first else { return false }
    var rest = words.dropFirst()
    switch first {
    case .month: break
    case .cardinal(let month) where month <= 12: break
    case .cardinal, .ordinal: return isDayFirst(words)
    case .oh:
      guard case .cardinal(let month)? = rest.first, month < 10 else { return false }
      rest = rest.dropFirst()
    default: return false
    }
    if case .oh? = rest.first { rest = rest.dropFirst() }
    for (count, _, _) in day(rest)
    where isBelowHundred(rest.dropFirst(count), least: 1) || isYear(rest.dropFirst(count)) { return true }
    return false
  }

  /// `twenty-six, oh nine, seventy-four`
  private static func isDayFirst(_ words: ArraySlice<Word>) -> Bool {
    for (count, value, _) in day(words) where value > 12 {
      var rest = words.dropFirst(count)
      if case .oh? = rest.first { rest = rest.dropFirst() }
      guard case .cardinal(let month)? = rest.first, month <= 12 else { continue }
      if isBelowHundred(rest.dropFirst(), least: 20) { return true }
    }
    return false
  }

  private enum Form {
    case sure
    /// No month's name: a word has to say that it is a date.
    case numbers
    /// `may first`, `june two`: the words may mean something else.
    case unsure
  }

  /// Whether all words are one date.
  private static func form(_ words: [Word]) -> Form? {
    guard let first = words.first else { return nil }
    let rest = words.dropFirst()
    switch first {
    case .month:
      var days = rest
      if case .the? = days.first { days = days.dropFirst() }
      if isYear(rest) { return .sure }
      for (count, _, isOrdinal) in day(days) {
        let left = days.dropFirst(count)
        if left.isEmpty { return isOrdinal ? .sure : .unsure }
        if isYear(left) { return .sure }
      }
    case .ordinal, .cardinal:
      for (count, value, isOrdinal) in day(words[...]) {
        var left = words.dropFirst(count)
        var isMonth = false
        while case .of? = left.first { left = left.dropFirst() }
        // `fourth of the seventh nineteen sixty`
        if isOrdinal, case .the? = left.first, case .ordinal(let month)? = left.dropFirst().first,
          month <= 12,
          isYear(left.dropFirst(2))
        {
          return .sure
        }
        if case .month? = left.first {
          left = left.dropFirst()
          isMonth = true
        }
        if isMonth, isOrdinal || isYear(left), left.isEmpty || isYear(left) || isShortYear(left) {
          return .sure
        }
        // The month's number, and the day's.
        guard !isMonth, !isOrdinal, value <= 31 else { continue }
        for (more, _, _) in day(left) where isYear(left.dropFirst(more)) { return .numbers }
      }
    default: break
    }
    return nil
  }

  /// The days that words may begin with, the longest first: of how many words, which, and whether it is an ordinal.
  private static func day(_ words: ArraySlice<Word>) -> [(count: Int, value: Int, isOrdinal: Bool)] {
    guard let first = words.first else { return [] }
    switch first {
    case .ordinal(let value): return value <= 31 ? [(1, value, true)] : []
    case .cardinal(let value) where value <= 31:
      guard value == 20 || value == 30, let second = words.dropFirst().first else {
        return [(1, value, false)]
      }
      switch second {
      case .ordinal(let unit) where unit < 10 && value + unit <= 31:
        return [(2, value + unit, true), (1, value, false)]
      case .cardinal(let unit) where unit < 10 && value + unit <= 31:
        return [(2, value + unit, false), (1, value, false)]
      default: return [(1, value, false)]
      }
    default: return []
    }
  }

  /// Whether all words are one year: `nineteen seventy one`, `nineteen oh four`, `two thousand and nine`.
  private static func isYear(_ words: ArraySlice<Word>) -> Bool {
    guard case .cardinal(let century)? = words.first else { return false }
    var rest = words.dropFirst()
    if case .thousand? = rest.first, century == 2 {
      rest = rest.dropFirst()
      if case .and? = rest.first { rest = rest.dropFirst() }
      return rest.isEmpty || isBelowHundred(rest, least: 1)
    }
    guard (18...20).contains(century) else { return false }
    if case .hundred? = rest.first {
      rest = rest.dropFirst()
      return rest.isEmpty
    }
    if case .oh? = rest.first { return rest.count == 2 && isBelowHundred(rest.dropFirst(), least: 1) }
    return isBelowHundred(rest, least: 10)
  }

  private static func isShortYear(_ words: ArraySlice<Word>) -> Bool {
    words.count == 2 && isBelowHundred(words, least: 20)
  }

  private static func isBelowHundred(_ words: ArraySlice<Word>, least: Int) -> Bool {
    guard case .cardinal(let value)? = words.first, value >= least else { return false }
    if words.count == 1 { return true }
    guard words.count == 2, value >= 20, case .cardinal(let unit)? = words.dropFirst().first else {
      return false
    }
    return unit < 10
  }
}
