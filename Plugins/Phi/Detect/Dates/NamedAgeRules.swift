internal import FilterKit

/// Ages over 89 that nothing but a name, a sex, a death or a list's label tells: `Ottilie Brandvold, 97F`, `Emrys Pugh is 94`, `died at 91`.
enum NamedAgeRules {
  static let all: [PatternRule] = [
    // Behind a name, between commas: `Verna Olufsen, 97, of Ord`, `Ezekiel Rolle, 91, STEMI`; behind a birthday: `1930-02-02 (94)`.
    PatternRule(#"(?:[a-z\x80-\xBF.)"'],|[a-z\d] \() ?(?:9\d|1[01]\d)(?: ?[MF]\b)?[,;.)]"#) { view, end in
      let stop = end - 1
      var index = stop
      while stop - index < 3, !Bytes.isDigit(view.byte(index - 1)) { index -= 1 }
      let start = view.start(before: index, limit: 4, where: Bytes.isDigit)
      guard AgeRules.isAge(view, start), !isReading(view, start) else { return nil }
      let sign = view.byte(stop)
      if view.byte(start - 1) == UInt8(ascii: "(") {
        guard sign == UInt8(ascii: ")") else { return nil }
        let isBirth = view.hasBefore(start, within: 30, ["dob", "born", "birth", "d.o.b", "geb"])
        let isDate = Bytes.isDigit(view.byte(start - 3))
        return isDate && isBirth || isName(view, start - 2, least: 2) || isTitled(view, start - 2)
          ? AgeRules.age(view, start..<stop) : nil
      }
      let comma = start - (view.byte(start - 1) == 0x20 ? 2 : 1)
      guard sign != UInt8(ascii: ")"), isName(view, comma, least: 1) || isTitled(view, comma - 1) else {
        return nil
      }
      // `ages 88, 94, 91` is a list of something.
      guard sign == UInt8(ascii: ".") || !Bytes.isDigit(view.byte(end + (view.byte(end) == 0x20 ? 1 : 0))),
        sign != UInt8(ascii: ".") || !Bytes.isJoining(view.byte(end))
      else { return nil }
      return AgeRules.age(view, start..<stop)
    }.beforeDigits(),
    // `Wemyss is 95,`, `died in Wagga at 91,`, `Gudrun d. 96,`
    PatternRule(
      #"\b(?:is|was|turns|turned|at|be|d\.|died|dec\.)(?: now| only| already| almost| nearly)? (?:9\d|1[01]\d)\b"#
    ) {
      view, end in
      let start = view.start(before: end, limit: 4, where: Bytes.isDigit)
      let next = view.byte(end)
      guard AgeRules.isAge(view, start),
        ",;!?\n\r)\"".utf8.contains(next) && !Bytes.isDigit(view.byte(end + 1))
          || next == UInt8(ascii: ".") && !Bytes.isJoining(view.byte(end + 1)) || view.has(" and ", at: end)
          || view.has(" with ", at: end) || view.has(" now", at: end) || view.has(" is ", at: end)
          || view.has(" but ", at: end) || view.has(" of ", at: end) || view.has(" on ", at: end)
      else { return nil }
      return isOfDead(view, start) || isOfNamed(view, start) ? AgeRules.age(view, start..<end) : nil
    }.beforeDigits(),
    // `92 y F`, `91y`, but not `90Y` of brachytherapy, nor `free at 90 y follow-up`.
    PatternRule(#"\b(?:9\d|1[01]\d) ?y\b"#) { view, end in
      let index = view.byte(end - 2) == 0x20 ? end - 2 : end - 1
      let start = view.start(before: index, limit: 4, where: Bytes.isDigit)
      guard AgeRules.isAge(view, start), !"-=".utf8.contains(view.byte(end)), !view.has(" follow", at: end),
        !view.has(" ago", at: end),
        Bytes.isLower(view.byte(end - 1)) || "),;.\"\n".utf8.contains(view.byte(end))
          || view.has(" /", at: end),
        !ProgramContext.isProgram(view, start),
        !view.hasBefore(start, within: 8, ["in", "for", "over", "past", "after", "at", "last"])
      else { return nil }
      return AgeRules.age(view, start..<end)
    }.beforeDigits(),
    // `94 female`, `98-man`
    PatternRule(#"\b(?:9\d|1[01]\d)[ -]?(?:male|female|woman|man|lady|gentleman|widow(?:er)?)\b"#) {
      view, end in
      let word = view.start(before: end, limit: 10, where: Bytes.isLetter)
      let index = Bytes.isDigit(view.byte(word - 1)) ? word : word - 1
      let start = view.start(before: index, limit: 4, where: Bytes.isDigit)
      return AgeRules.isAge(view, start) ? AgeRules.age(view, start..<index) : nil
    }.beforeDigits(),
    // Columns of an age and a sex: `HARA,MIDORI   92 F  1907714`, `| 93 | F |`.
    PatternRule(#"(?:  |\t|\| ?|\d )(?:9\d|1[01]\d) {0,6}[|\t]? ?[MF]\b"#, caseless: false) { view, end in
      var index = end - 1
      while !Bytes.isDigit(view.byte(index - 1)), end - index < 8 { index -= 1 }
      let start = view.start(before: index, limit: 4, where: Bytes.isDigit)
      guard AgeRules.isAge(view, start), !isReading(view, start), " \t\n|".utf8.contains(view.byte(end))
      else {
        return nil
      }
      return AgeRules.age(view, start..<index)
    }.beforeDigits(),
    // Beside a sex in a row: `'Ana', 93, 'F'`, `;F;93;`.
    PatternRule(#"[,;|\t] ?["']?(?:9\d|1[01]\d)["']?[,;|\t] ?["']?(?:[MF]|male|female)["']?[,;|\t)\n]"#) {
      view, end in
      var index = end - 1
      while end - index < 16, !Bytes.isDigit(view.byte(index - 1)) { index -= 1 }
      let start = view.start(before: index, limit: 4, where: Bytes.isDigit)
      return isWhole(view, start..<index) ? AgeRules.age(view, start..<index) : nil
    }.beforeDigits(),
    PatternRule(#"[,;|\t] ?["']?(?:[MF]|male|female)["']?[,;|\t] ?["']?(?:9\d|1[01]\d)["']?[,;|\t)\n]"#) {
      view, end in
      let index = Bytes.isDigit(view.byte(end - 2)) ? end - 1 : end - 2
      let start = view.start(before: index, limit: 4, where: Bytes.isDigit)
      return isWhole(view, start..<index) ? AgeRules.age(view, start..<index) : nil
    }.beforeDigits(),
    // HL7's OBX, and `pt 93, lives alone`.
    PatternRule(#"\bage(?:\^[a-z]{2})?\|\d?\|(?:9\d|1[01]\d)\|"#) { view, end in
      let start = view.start(before: end - 1, limit: 4, where: Bytes.isDigit)
      return AgeRules.age(view, start..<end - 1)
    }.beforeDigits(),
    PatternRule(#"\b(?:pt|patient),? (?:9\d|1[01]\d)[,;.]"#) { view, end in
      let start = view.start(before: end - 1, limit: 4, where: Bytes.isDigit)
      return AgeRules.isAge(view, start) && !Bytes.isJoining(view.byte(end))
        ? AgeRules.age(view, start..<end - 1) : nil
    }.beforeDigits(),
    // One of a list that its label says to be of ages: `ages = [34, 92, 71]`, `age = c(34, 92)`.
    PatternRule(#"[\[(, ](?:9\d|1[01]\d)[,\]).;\n]"#) { view, end in
      let start = view.start(before: end - 1, limit: 4, where: Bytes.isDigit)
      guard AgeRules.isAge(view, start) || view.byte(start - 1) == UInt8(ascii: ",") else { return nil }
      let open = view.start(before: start, limit: 120) {
        Bytes.isDigit($0) || " ,.\"'NAnad&:".utf8.contains($0)
      }
      guard
        "[(".utf8.contains(view.byte(open - 1)) || view.has("s ", at: open - 1)
          || view.has("s: ", at: open - 1),
        (90...119).contains(view.number(start..<end - 1))
      else { return nil }
      var label = Bytes.isLetter(view.byte(open - 1)) ? open : open - 1
      if view.byte(label) == UInt8(ascii: "("), view.byte(label - 1) == UInt8(ascii: "c") { label -= 1 }
      while open - label < 10, " =:<-\"'".utf8.contains(view.byte(label - 1)) { label -= 1 }
      for word in ["age", "ages", "edad", "alter", "idade", "age_years"] as [StaticString]
      where view.has(word, at: label - word.utf8CodeUnitCount)
        && !Bytes.isLetter(view.byte(label - word.utf8CodeUnitCount - 1))
      {
        return AgeRules.age(view, start..<end - 1)
      }
      return nil
    }.beforeDigits(),
  ]

  /// Whether it is a temperature, a pulse, a pressure or a saturation.
  private static func isReading(_ view: borrowing TextView, _ start: Int) -> Bool {
    AgeRules.isTemperature(view, start)
      || view.hasBefore(start, within: 24, ["hr ", "hr:", "hr=", "bp ", "bp:", "spo2"])
  }

  /// Whether so many words of a name end at a position.
  private static func isName(_ view: borrowing TextView, _ end: Int, least: Int) -> Bool {
    var position = end
    while end - position < 3, ")\"'.".utf8.contains(view.byte(position - 1)) { position -= 1 }
    for _ in 0..<least {
      let start = view.start(before: position, limit: 24) { Bytes.isLetter($0) || "'-".utf8.contains($0) }
      guard isNameWord(view, start..<position) else { return false }
      position = start
      while start - position < 2, " \"".utf8.contains(view.byte(position - 1)) { position -= 1 }
    }
    return true
  }

  /// Whether a title and a family name end at a position: `Mr. Urrutia (95)`.
  private static func isTitled(_ view: borrowing TextView, _ end: Int) -> Bool {
    guard let name = view.word(before: end + 1, gap: 1), Bytes.isUpper(view.byte(name.lowerBound)),
      let title = view.word(before: name.lowerBound, gap: 2, where: { " .".utf8.contains($0) })
    else { return false }
    return Hints.of(view.hash(title)).contains(.title)
  }

  /// Whether a number from 90 to 119 stands between signs of a row.
  private static func isWhole(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    (90...119).contains(view.number(range)) && !Bytes.isAlphanumeric(view.byte(range.lowerBound - 1))
      && !isReading(view, range.lowerBound)
  }

  /// A capitalised word that is in no dictionary, or somebody's name.
  private static func isNameWord(_ view: borrowing TextView, _ range: Range<Int>) -> Bool {
    guard range.count > 2, Bytes.isUpper(view.byte(range.lowerBound)) || view.byte(range.lowerBound) >= 0x80,
      Bytes.isLower(view.byte(range.upperBound - 1)) || view.byte(range.upperBound - 1) >= 0x80
        || range.count > 5,
      case .success(let model) = TaggerModel.shipped
    else { return false }
    let hash = view.hash(range)
    let (facts, classes) = (model.facts(hash), Lexicon.classes(hash))
    if facts.isDrug || facts.isDisease || MonthNames.isMonth(hash) { return false }
    return classes.isOnlyName || facts.given > 4 || !classes.contains(.word) && !facts.isWord
  }

  /// Whether `Emrys Pugh is` stands before a number, or `I'll be`.
  static func isOfNamed(_ view: borrowing TextView, _ start: Int) -> Bool {
    var position = start
    for _ in 0..<3 {
      guard let word = view.word(before: position) else { return false }
      position = word.lowerBound
      if view.has("is", at: position) && word.count == 2 || view.has("was", at: position) && word.count == 3
        || word.count >= 5 && view.has("turn", at: position)
      {
        var end = position
        while position - end < 2, " ,".utf8.contains(view.byte(end - 1)) { end -= 1 }
        return end < position && isName(view, end, least: 1)
      }
      guard
        ["now", "only", "already", "almost", "nearly"].contains(where: { (word: StaticString) in
          view.has(word, at: position)
        })
      else { return false }
    }
    return false
  }

  private static let deaths: [StaticString] = [
    "alive", "died", "dies", "passed", "death", "deceased", "lost", "d.", "dec.", "frailty", "buried",
    "outlived",
  ]

  /// Whose illness is told with their age.
  private static let family: [StaticString] = [
    "father ", "mother ", "brother ", "sister ", "aunt ", "uncle ", "grandmother ", "grandfather ", "mgm ",
    "mgf ", "pgm ", "pgf ",
  ]

  /// Whether a death is spoken of before `at 91`, or an abbreviation of it stands right before: `d. 96`.
  static func isOfDead(_ view: borrowing TextView, _ start: Int) -> Bool {
    if view.has("d. ", at: start - 3) || view.has("dec. ", at: start - 5) || view.has("died ", at: start - 5)
    {
      return !Bytes.isLetter(view.byte(start - (view.has("d. ", at: start - 3) ? 4 : 6)))
    }
    return view.has("at ", at: start - 3)
      && (view.hasBefore(start, within: 80, deaths) || view.hasBefore(start, within: 40, family))
  }
}
