internal import FilterKit

/// Dates without a year: `3/14`, `14/02`. A fraction, a score, a pressure or a dose looks the same, so that words beside it
/// decide, and which numbers it has: `3/17` is no score and no fraction, `2/6` may be either.
enum PartialDateRules {
  static let all: [PatternRule] = [
    // Dates with dots and without a year, before the hour: `14.5. klo 7:55`.
    PatternRule(#"\d\.\d{1,2}\.? (?:klo|kl\.?|um|alle|ob) \d{1,2}[:.]\d{2}"#) { view, end in
      let limit = max(view.lowerBound, end - 24)
      guard
        let blank = (limit..<end).first(where: {
          view.byte($0) == 0x20 && (".".utf8.contains(view.byte($0 - 1)) || Bytes.isDigit(view.byte($0 - 1)))
            && Bytes.isLetter(view.byte($0 + 1))
        })
      else { return nil }
      let start = view.start(before: blank, limit: 6) { Bytes.isDigit($0) || $0 == UInt8(ascii: ".") }
      let dot = view.endOfDigits(start, limit: 2)
      guard view.isFree(before: start), (1...31).contains(view.number(start..<dot)),
        (1...12).contains(view.number(dot..<blank))
      else { return nil }
      return date(view, start..<blank, 7000)
    },
    // `14.3.` and `14.03.` are dates behind a preposition of theirs.
    PatternRule(#"\b(?:am|vom|den|bis|zum|seit|ab|dne|do|d\.|pa) \d{1,2}\. ?\d{1,2}\."#) { view, end in
      guard !Bytes.isJoining(view.byte(end)) else { return nil }
      let start = view.start(before: end, limit: 7) { Bytes.isDigit($0) || $0 == UInt8(ascii: ".") }
      let whole = Bytes.isDigit(view.byte(start)) ? start : start + 1
      let first =
        view.byte(whole - 1) == 0x20 && view.byte(whole - 2) == UInt8(ascii: ".") ? whole - 2 : whole
      let day = view.start(before: first, limit: 2, where: Bytes.isDigit)
      let range = (day < first ? day : first)..<end
      let dot = view.endOfDigits(range.lowerBound, limit: 2)
      let (one, two) = (view.number(range.lowerBound..<dot), view.number(dot..<end))
      guard (1...31).contains(one), (1...12).contains(two) else { return nil }
      return date(view, range, 7000)
    }.beforeDigits(),
  ]

  /// `3/14`: its second number ends at a position.
  static func slashed(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    // The numbers of a whole date have a rule of their own.
    guard !("/.".utf8.contains(view.byte(end)) && Bytes.isDigit(view.byte(end + 1))),
      let run = DateRun(view, around: end),
      let (range, form) = run.date(endingAt: end)
    else { return nil }
    if form == .days { return date(view, range, 8500) }
    // `3/15-16`: two days of one month.
    let last = secondDay(view, range)
    guard form == .short, run.parts.count > 1 else { return nil }
    // Of a range, both are dates where the first one's words say so.
    // `3/5-4/5` are two of one scale.
    let isRange = run.parts.count == 4 && view.number(run.parts[1]) != view.number(run.parts[3])
    let pair = run.parts.count == 4 ? run.parts[0].lowerBound..<run.parts[1].upperBound : range
    if isRange, run.parts.count == 4, isLong(view.number(run.parts[1])) || isLong(view.number(run.parts[3])) {
      return ProgramContext.isProgram(view, range.lowerBound) ? nil : date(view, range, 6500)
    }
    return isDate(
      view, pair, behind: run.parts[run.parts.count - 1].upperBound, isRange: isRange || last > end)
      ? date(view, range.lowerBound..<max(last, range.upperBound), 6500) : nil
  }

  /// `3/2024`: its year ends at a position.
  static func month(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    let number = view.start(before: end - 5, limit: 3, where: Bytes.isDigit)
    guard !("/.-".utf8.contains(view.byte(number - 1)) && Bytes.isDigit(view.byte(number - 2))),
      let run = DateRun(view, around: end), run.parts.count == 2
    else { return nil }
    let range = run.parts[0].lowerBound..<end
    let isSlash = view.byte(end - 5) == UInt8(ascii: "/")
    guard
      isSlash && run.date(endingAt: end)?.form == .month
        || isMonth(view, range) && !isSlash && (has(view, range, Cues.month) || has(view, range, Cues.days))
    else { return nil }
    return date(view, range, 7500)
  }

  /// `POD1 6-12 7:30`, `signed 22-1`, `<td>03-30</td>`
  static func hyphenated(_ view: borrowing TextView, _ end: Int) -> Candidate? {
    guard let run = DateRun(view, around: end), run.parts.count == 2, run.parts[1].upperBound == end,
      run.parts.allShort, view.byte(run.parts[0].upperBound) == UInt8(ascii: "-")
    else { return nil }
    let range = run.parts[0].lowerBound..<end
    let (one, two) = (view.number(run.parts[0]), view.number(run.parts[1]))
    guard DateRun.isDay(one, two), !ProgramContext.isProgram(view, range.lowerBound) else { return nil }
    let isPadded = range.count == 5 && (one < 10 || two < 10)
    let isSaid =
      one > two && one > 12
      && (hashes(view, range.lowerBound).first.map { Cues.acts.contains($0) || Cues.strong.contains($0) }
        ?? false)
    let first = hashes(view, range.lowerBound).first
    let isBirth =
      (!Bytes.isAlphanumeric(view.byte(end + (view.byte(end) == 0x20 ? 1 : 0))) || isTime(view, end))
      && (first.map { Cues.days.contains($0) } ?? false)
    // `on 10-12 and again on 11-2`, `since 5-19.`, but `on 2-3 l`
    let isOn =
      first.map { Cues.points.contains($0) } ?? false
      && (".,;)\n".utf8.contains(view.byte(end)) && !Bytes.isDigit(view.byte(end + 1))
        || view.has(" and", at: end) || view.has(" w", at: end) && isWith(view, end))
    guard
      isOn || isSaid || isBirth || isPadded && DateNeighbours.isCell(view, range) || isClock(view, end)
    else { return nil }
    return date(view, range, 6500)
  }

  private static func date(_ view: borrowing TextView, _ range: Range<Int>, _ confidence: UInt32) -> Candidate
  {
    // A time to the second is a machine's, and a part of it.
    let time = ClockTimes.end(view, behind: range.upperBound)
    return Candidate(
      range: Weekdays.start(
        view, of: range.lowerBound)..<(time > range.upperBound + 8 ? time : range.upperBound), kind: "DATE",
      confidence: confidence,
      detector: "phi/date-partial")
  }

  /// Where the second of two days of a month ends behind a hyphen; where the first does, if there is none.
  private static func secondDay(_ view: borrowing TextView, _ range: Range<Int>) -> Int {
    let slash = view.endOfDigits(range.lowerBound, limit: 2)
    let end = view.endOfDigits(range.upperBound + 1, limit: 3)
    guard view.byte(range.upperBound) == UInt8(ascii: "-"), (1...2).contains(end - range.upperBound - 1),
      view.number(range.upperBound + 1..<end) > view.number(slash + 1..<range.upperBound),
      view.number(range.upperBound + 1..<end) <= 31, !"/-:%".utf8.contains(view.byte(end)),
      !Bytes.isJoining(view.byte(end))
    else { return range.upperBound }
    return end
  }

  /// Whether no fraction and no scale has such a second number.
  private static func isLong(_ number: Int) -> Bool {
    number > 12 && ![16, 20, 24, 25, 30, 32, 64].contains(number)
  }

  private static func isMonth(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    (1...12).contains(view.number(range.lowerBound..<view.endOfDigits(range.lowerBound, limit: 2)))
  }

  private static func has(_ view: borrowing TextView, _ range: Range<Int>, _ words: WordSet) -> Bool {
    var position = range.lowerBound
    for _ in 0..<2 {
      guard let word = view.word(before: position, gap: 8, where: isGap) else { return false }
      if words.contains(view.hash(word)) { return true }
      position = word.lowerBound
    }
    return false
  }

  private static func isGap(_ byte: UInt8) -> Bool { " :(=,~#\"'/&|\t-".utf8.contains(byte) }

  /// What the two numbers may be besides a date.
  private enum Look {
    /// Nearly always a date: `02/06`, `3/17`, `14/02`.
    case date
    /// A date, or so many of so many on a longer scale: `9/30`, `6/24`.
    case scale
    /// A date, a fraction, a score, a strength, days of a week: `3/4`, `2/6`, `7/10`.
    case score
  }

  private static func look(_ one: Int, _ two: Int, isZero: Bool) -> Look {
    if isZero { return .date }
    if one <= two, two <= 10 || two == 12 || two == 16 || two == 32 { return .score }
    if one <= two, [15, 20, 24, 25, 28, 30].contains(two) { return .scale }
    return .date
  }

  private static func isDate(
    _ view: borrowing TextView, _ range: Range<Int>, behind end: Int, isRange: Bool
  ) -> Bool {
    let slash = view.endOfDigits(range.lowerBound, limit: 2)
    let (one, two) = (view.number(range.lowerBound..<slash), view.number(slash + 1..<range.upperBound))
    let before = view.byte(range.lowerBound - 1)
    let isZero = view.byte(range.lowerBound) == 0x30 || view.byte(slash + 1) == 0x30
    var look = look(one, two, isZero: isZero)
    let isSpan = isRange || DateNeighbours.isSpan(view, range, two)
    if isSpan { look = .date }
    guard !"$#@+*^%<".utf8.contains(before), view.byte(end) != UInt8(ascii: "%"),
      view.byte(end) != UInt8(ascii: "\"") || before == UInt8(ascii: "\"") || look != .score
    else { return false }
    let words = before == 0x0A ? [] : hashes(view, range.lowerBound)
    // `1 1/2` is a mixed number.
    guard !follows(view, end, look == .date ? Cues.counts : Cues.units) || isWith(view, end),
      look == .date || !isMixed(view, range.lowerBound)
    else { return false }
    // No month is as large, and no score begins with 0 behind: `HR 30/06`.
    if one > 12, view.byte(slash + 1) == 0x30, range.upperBound - slash == 3, DateRun.isDay(one, two) {
      return true
    }
    if isCardsExpiry(view, range), (1...12).contains(one), range.upperBound - slash == 3 { return true }
    if isExpiry(words.first), (1...12).contains(one) { return true }
    guard DateRun.isDay(one, two), !(one == 24 && two == 7) else {
      // `dated 06/88`
      guard let first = words.first, (32...99).contains(two), (1...12).contains(one) else { return false }
      return Cues.strong.contains(first) && (two > 59 || Cues.days.contains(first) && two != 52)
    }
    guard let first = words.first else {
      // `appt. 3/4`
      let short = view.word(before: range.lowerBound, gap: 3) { " .".utf8.contains($0) }
      if let short, short.count <= 5, Cues.strong.contains(view.hash(short)) { return true }
      // `POD#3 (3/14)`
      if look == .date, before == UInt8(ascii: "("), view.byte(end) == UInt8(ascii: ")"),
        view.byte(range.lowerBound - 2) == 0x20, !ProgramContext.isProgram(view, range.lowerBound)
      {
        return true
      }
      // `3/14 - pt called`, `6/21: wound clean` at a line's beginning.
      if look == .date, isLineStart(view, range.lowerBound), isNamedBehind(view, end) { return true }
      // `such a sweet man. 8/30 in 940`; a journal's lines.
      if look == .scale, DateNeighbours.isClause(view, range.lowerBound), Bytes.isLetter(view.byte(end + 1)) {
        return !ProgramContext.isProgram(view, range.lowerBound)
      }
      // A cell's: scores seldom begin so low, but eyes see 6/24.
      if look == .scale, one != 6, DateNeighbours.isCell(view, range), "|\t".utf8.contains(view.byte(end)) {
        return !ProgramContext.isProgram(view, range.lowerBound)
      }
      // A journal's entry: `10/30 late entry`.
      if look == .scale, isLineStart(view, range.lowerBound), view.byte(end) == 0x20,
        Bytes.isLetter(view.byte(end + 1))
      {
        return !ProgramContext.isProgram(view, range.lowerBound)
      }
      if look != .date, isLineStart(view, range.lowerBound), DateNeighbours.isJournal(view, range, two) {
        return !ProgramContext.isProgram(view, range.lowerBound)
      }
      return Weekdays.start(view, of: range.lowerBound) < range.lowerBound || isTime(view, end)
        || look == .date && DateNeighbours.isCell(view, range)
          && !ProgramContext.isProgram(view, range.lowerBound)
        || (look == .date && (isZero || one > two || isSpan || two > 12)
          && (isLineStart(view, range.lowerBound) || DateNeighbours.isClause(view, range.lowerBound))
          || DateNeighbours.areDates(view, range, one, two, isLikely: look == .date))
          && !ProgramContext.isProgram(view, range.lowerBound)
    }
    // `F/U 3/12` is in three months, `for 5/7` five days.
    let isPart = !isZero && one <= two && (two == 12 || two == 7)
    if !isZero, two == 7 || two == 12, Cues.spans.contains(first) { return false }
    if Cues.strong.contains(first), !isPart || !Cues.next.contains(first) { return true }
    if Weekdays.start(view, of: range.lowerBound) < range.lowerBound || isTime(view, end) { return true }
    if words.count > 1, isLast(view, words[1]), !isPart, look != .score || !Cues.measures.contains(first) {
      return true
    }
    // A signature's: `A. Picou RN 3/15`
    if look != .score, Hints.of(first).contains(.credential), view.byte(end) == 0x0A || view.byte(end) == 0x0D
    {
      return true
    }
    if Cues.procedures.contains(first) || isOperatingRoom(view, range.lowerBound) { return true }
    if look == .date, Cues.acts.contains(first) { return true }
    if first == of, words.count > 1, Cues.strong.contains(words[1]) { return true }
    let reach = look == .date ? (isZero ? 1 : 2) : 4
    if words.prefix(reach).contains(where: { Cues.measures.contains($0) }), !isChild(view, range.lowerBound),
      !(isSpan && Cues.weak.contains(first))
    {
      // `second dose: 2/19.`
      return look == .date && view.byte(range.lowerBound - 2) == UInt8(ascii: ":") && isZero
    }
    let isNamed = follows(view, end, Cues.events)
    if isNamed, Cues.weak.contains(first) || look == .date { return true }
    switch look {
    case .score where isNamedBehind(view, end):
      return Cues.events.contains(first) || Cues.acts.contains(first)
    case .score where DateNeighbours.areDates(view, range, one, two, isLikely: false): return true
    case .score where ![5, 6, 10].contains(two) && isDisease(first): return true
    case .score where isPart && Cues.next.contains(first): return false
    case .score:
      return Cues.acts.contains(first) || Cues.begun.contains(first)
        || words.count > 1
          && (Cues.events.contains(first) && Cues.weak.contains(words[1])
            || Cues.weak.contains(first) && Cues.events.contains(words[1]))
    case .scale, .date:
      if Cues.events.contains(first) || Cues.acts.contains(first) { return true }
      // `Reported to the county 10/30,`
      if words.contains(where: { Cues.acts.contains($0) }), ",.;\n".utf8.contains(view.byte(end)) {
        return true
      }
      if words.contains(where: { Cues.begun.contains($0) }) { return true }
      let isProgram = ProgramContext.isProgram(view, range.lowerBound)
      guard look == .date else {
        return !isProgram && DateNeighbours.areDates(view, range, one, two, isLikely: false)
      }
      // Nothing that is counted or scored has such numbers, but a drug's two strengths do: `8/2 #56`.
      if view.has(" #", at: end)
        || isDrug(first) && before != UInt8(ascii: "~")
          && !words.dropFirst().contains(where: Cues.begun.contains)
      {
        return false
      }
      return !isProgram || Cues.weak.contains(first)
        || words.contains { Cues.acts.contains($0) || Cues.events.contains($0) }
        || isDisease(first)
    }
  }

  /// The words before, the nearest first: at most four of one sentence.
  private static func hashes(_ view: borrowing TextView, _ start: Int) -> [UInt64] {
    var result: [UInt64] = []
    // Other dates, a time, a number of a list between are none of the words: `clinics 5/6 19/6`.
    var position = start
    while start - position < 16,
      Bytes.isDigit(view.byte(position - 1)) || " /,&#~".utf8.contains(view.byte(position - 1))
    {
      position -= 1
    }
    if !Bytes.isLetter(view.byte(position - 1)), view.byte(position - 1) != UInt8(ascii: ":") {
      position = start
    }
    while result.count < 4, start - position < 64 {
      // Of `f/u` and `d/c`, both letters are one word.
      guard let word = view.word(before: position, gap: 4, where: isGap) else { break }
      position = word.lowerBound
      // `d/c'd`, too.
      if word.count <= 3, view.byte(position - 1) == UInt8(ascii: "/"),
        Bytes.isLetter(view.byte(position - 2)),
        !Bytes.isLetter(view.byte(position - 3))
      {
        let letters = [view.byte(position - 2)] + view.bytes(word, where: Bytes.isLetter)
        result.append(Lexicon.hash(letters.span, letters.indices))
        position -= 2
      } else {
        result.append(view.hash(word))
      }
      // A number between (`IMM #2 delivered`) is none of the words.
      var gap = position
      while position - gap < 6, Bytes.isDigit(view.byte(gap - 1)) || " #".utf8.contains(view.byte(gap - 1)) {
        gap -= 1
      }
      if gap < position, Bytes.isLetter(view.byte(gap - 1)) { position = gap }
    }
    return result
  }

  private static let lasts = WordSet(words: "last prior previous next final")
  private static let of = Lexicon.hashes(of: "of")[0]

  /// `last dose 6/20`, `last drink 12/30`
  private static func isLast(_ view: borrowing TextView, _ word: UInt64) -> Bool { lasts.contains(word) }

  /// Whether `w` that follows is `with`: somebody's name or title stands behind it.
  private static func isWith(_ view: borrowing TextView, _ end: Int) -> Bool {
    view.has(" w", at: end)
      && (view.byte(end + 2) == UInt8(ascii: "/")
        || view.byte(end + 2) == 0x20 && Bytes.isUpper(view.byte(end + 3))
          && Bytes.isLower(view.byte(end + 4)))
  }

  /// `OR 8/15` is an operating room's day; `or 8/15` is none.
  private static func isOperatingRoom(_ view: borrowing TextView, _ start: Int) -> Bool {
    guard let word = view.word(before: start), word.count == 2,
      view.byte(word.lowerBound) == UInt8(ascii: "O"),
      view.byte(word.lowerBound + 1) == UInt8(ascii: "R")
    else { return false }
    // In capitals alone, it may be the word.
    let before = max(view.lowerBound, word.lowerBound - 24)..<word.lowerBound
    return before.contains { Bytes.isLower(view.byte($0)) }
  }

  /// `dtr Maureen` is a daughter, and no reflex.
  private static func isChild(_ view: borrowing TextView, _ start: Int) -> Bool {
    guard let name = view.word(before: start), Bytes.isUpper(view.byte(name.lowerBound)),
      Bytes.isLower(view.byte(name.upperBound - 1))
    else { return false }
    return view.has("dtr ", at: name.lowerBound - 4)
  }

  /// Whether the digits of a payment card stand before: `4539 0841 7720 6614 11/27`.
  private static func isCardsExpiry(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    let start = view.start(before: range.lowerBound, limit: 24) {
      Bytes.isDigit($0) || " -".utf8.contains($0)
    }
    var digits = 0
    for index in start..<range.lowerBound where Bytes.isDigit(view.byte(index)) { digits += 1 }
    return (14...16).contains(digits) && !Bytes.isDigit(view.byte(start - 1))
  }

  /// Whether a number of one or two digits stands before another, as a mixed number's.
  private static func isMixed(_ view: borrowing TextView, _ start: Int) -> Bool {
    guard view.byte(start - 1) == 0x20 else { return false }
    let number = view.start(before: start - 1, limit: 5, where: Bytes.isDigit)
    return (1...2).contains(start - 1 - number) && view.byte(number - 1) != UInt8(ascii: "/")
  }

  /// Whether a colon or a dash with a word behind it follows.
  private static func isNamedBehind(_ view: borrowing TextView, _ end: Int) -> Bool {
    var next = end
    while next - end < 2, view.byte(next) == 0x20 { next += 1 }
    guard view.byte(next) == UInt8(ascii: ":") || next > end && view.byte(next) == UInt8(ascii: "-") else {
      return false
    }
    return view.byte(next + 1) == 0x20 && Bytes.isLetter(view.byte(next + 2))
  }

  private static func isLineStart(_ view: borrowing TextView, _ start: Int) -> Bool {
    var first = start
    while start - first < 4, " \t".utf8.contains(view.byte(first - 1)) { first -= 1 }
    return view.byte(first - 1) == 0x0A
  }

  private static func isExpiry(_ word: UInt64?) -> Bool { word.map { Cues.month.contains($0) } ?? false }

  private static func follows(_ view: borrowing TextView, _ end: Int, _ words: WordSet) -> Bool {
    guard let word = view.word(after: end, gap: 1, where: { $0 == 0x20 || $0 == UInt8(ascii: "-") }) else {
      return false
    }
    return words.contains(view.hash(word))
  }

  /// Whether a time stands behind: `14/02 10:40`, `3/4 at 9`, `3/4 @ 0915`.
  private static func isTime(_ view: borrowing TextView, _ end: Int) -> Bool {
    var start = end
    while start - end < 2, " ,".utf8.contains(view.byte(start)) { start += 1 }
    if view.has("at ", at: start) { start += 3 }
    if view.byte(start) == UInt8(ascii: "@") { start += view.byte(start + 1) == 0x20 ? 2 : 1 }
    if start > end, view.has("noon", at: start) || view.has("midnight", at: start) { return true }
    let hour = view.endOfDigits(start, limit: 5)
    guard start > end, hour > start, !Bytes.isDigit(view.byte(hour)) else { return false }
    // `11/4 2145`
    let isHours =
      hour - start == 4 && view.number(start..<start + 2) < 24 && view.number(start + 2..<hour) < 60
      && !Bytes.isJoining(view.byte(hour))
      && (!"-/.".utf8.contains(view.byte(hour))
        || view.byte(hour) == UInt8(ascii: "-") && view.endOfDigits(hour + 1, limit: 5) == hour + 5
        || view.byte(hour) == UInt8(ascii: ".") && !Bytes.isDigit(view.byte(hour + 1)))
    return hour - start <= 2 && view.byte(hour) == UInt8(ascii: ":") && Bytes.isDigit(view.byte(hour + 1))
      || isHours || hour - start <= 2 && (view.has(" am", at: hour) || view.has(" pm", at: hour))
      || start - end > 2 && (view.has("am", at: hour) || view.has("pm", at: hour))
  }

  /// Whether a blank and an hour with a colon follow.
  private static func isClock(_ view: borrowing TextView, _ end: Int) -> Bool {
    let hour = view.endOfDigits(end + 1, limit: 2)
    return view.byte(end) == 0x20 && hour > end + 1 && view.byte(hour) == UInt8(ascii: ":")
      && view.endOfDigits(hour + 1, limit: 3) == hour + 3
  }

  private static func isDrug(_ word: UInt64) -> Bool {
    guard case .success(let model) = TaggerModel.shipped else { return false }
    let facts = model.facts(word)
    return facts.isDrug && !facts.isWord
  }

  /// Whether a word names a disease or a procedure: by the lists, or by its ending.
  private static func isDisease(_ word: UInt64) -> Bool {
    guard case .success(let model) = TaggerModel.shipped else { return false }
    let facts = model.facts(word)
    return facts.isDisease && !facts.isDrug && !facts.isWord
  }
}
