internal import FilterKit

/// Ages over 89 that a birthday's year, a sex or what is told of somebody beside them makes sure: `02/29/1932 (92)`, `(M, 101)`,
/// `hawker, 91, lives with his son`, `At 96 she still walks`.
enum AgeNeighbours {
  static let all: [PatternRule] = [
    // A year of birth before it, with which it gives a year of these.
    PatternRule(#"[|,(\t ] ?(?:9\d|1[01]\d) ?[|,)\];\t\n]"#) { view, end in
      var index = end - 1
      if view.byte(index - 1) == 0x20 { index -= 1 }
      let start = view.start(before: index, limit: 4, where: Bytes.isDigit)
      return isNumber(view, start) && isSinceBirth(view, start) ? AgeRules.age(view, start..<index) : nil
    }.beforeDigits(),
    // `(M, 101)`, `(F/94)`
    PatternRule(#"\([MFmf][,/ ] ?(?:9\d|1[01]\d)\)"#, caseless: false) { view, end in
      let start = view.start(before: end - 1, limit: 4, where: Bytes.isDigit)
      return isNumber(view, start) ? AgeRules.age(view, start..<end - 1) : nil
    }.beforeDigits(),
    // `At 96 she still irons.`
    PatternRule(#"\bat (?:9\d|1[01]\d),? (?:s?he|her|his|my|mum|mom|dad|gran|grandma|grandpa|nan)\b"#) {
      view, end in
      guard let start = number(view, before: end, within: 16) else { return nil }
      return AgeRules.age(view, start..<view.endOfDigits(start, limit: 3))
    }.beforeDigits(),
    // `I'm 91 and`, `i am 96.`
    PatternRule(#"\bi(?:'m| am|m)(?: now| nearly| almost| only)? (?:9\d|1[01]\d)\b"#) { view, end in
      let start = view.start(before: end, limit: 4, where: Bytes.isDigit)
      guard isNumber(view, start),
        DayRules.isPhraseEnd(view, end) || view.has(" years", at: end) || view.has(" yrs", at: end),
        !view.has(" in on", at: end)
      else { return nil }
      return AgeRules.age(view, start..<end)
    }.beforeDigits(),
    // `a retired hawker, 91, lives`, `Eircode F94 X2R7. 94, living alone`
    PatternRule(
      #"[a-z\d)][,.] (?:9\d|1[01]\d),? (?:lives|living|lived|resides|residing|widowed|widow|widower|retired|who|frail|fully|bedbound|housebound|independent|walks|ambulates)\b"#
    ) { view, end in
      guard let start = number(view, before: end, within: 18) else { return nil }
      return AgeRules.age(view, start..<view.endOfDigits(start, limit: 3))
    }.beforeDigits(),
    // `Adelheid (99)`, `Pearl Outlaw (101) found`, `Granny (101 on the 4th`
    PatternRule(#"[a-z] \((?:9\d|1[01]\d)(?:\)| on )"#) { view, end in
      guard let start = number(view, before: end, within: 6), isNamed(view, start - 2) else { return nil }
      return AgeRules.age(view, start..<view.endOfDigits(start, limit: 3))
    }.beforeDigits(),
    // A cell behind a name: `Haji Warsame, 100      5/14`.
    PatternRule(#"[a-z], (?:9\d|1[01]\d)(?:  |\t)"#) { view, end in
      guard let start = number(view, before: end, within: 4), isNamed(view, start - 2) else { return nil }
      return AgeRules.age(view, start..<view.endOfDigits(start, limit: 3))
    }.beforeDigits(),
    // `Eustace Barrowclough 101, of Stow`
    PatternRule(#"[a-z] (?:9\d|1[01]\d),"#) { view, end in
      guard let start = number(view, before: end, within: 4), isNamed(view, start - 1, needsBoth: true),
        !ProgramContext.isProgram(view, start)
      else { return nil }
      return AgeRules.age(view, start..<end - 1)
    }.beforeDigits(),
    // `102F hip fx`, `96M sob`: what brings people to a ward stands behind it.
    PatternRule(
      #"\b(?:9\d|1[01]\d)[MF] (?:hip|knee|femur|fx|fall|fell|ams|sob|chf|copd|pna|cap|uti|cva|tia|stroke|afib|nstemi|stemi|mi|sepsis|septic|gib|gi|syncope|weak|weakness|full|dnr|dni|hemi|ich|sdh|sah|cp|abd|aki|esrd|dka|resp|hosp|hospice|cellulitis|dementia|confused|lives|code)\b"#,
      caseless: false
    ) { view, end in
      guard let start = number(view, before: end, within: 16), !AgeRules.isTemperature(view, start) else {
        return nil
      }
      return AgeRules.age(view, start..<view.endOfDigits(start, limit: 3) + 1)
    },
    // `94Y  DOB`, `90Y F` of labels.
    PatternRule(#"\b(?:9\d|1[01]\d) ?Y(?:RS?)?[ ,/]{1,3}(?:[MF]\b|DOB|SEX|MALE|FEMALE)"#, caseless: false) {
      view, end in
      guard let start = number(view, before: end, within: 14) else { return nil }
      return AgeRules.age(view, start..<view.endOfDigits(start, limit: 3) + 1)
    },
    // `in her 90s`, `approx 90s`, but not the decade: `in the 90s`.
    PatternRule(
      #"\b(?:his|her|their|my|approx\.?|approximately|age[ds]?|looks|appears|possibly)(?: (?:early|mid|late)[ -])? ?9\d'?s\b"#
    ) {
      view, end in
      var start = end
      while end - start < 5, !(Bytes.isDigit(view.byte(start)) && !Bytes.isDigit(view.byte(start - 1))) {
        start -= 1
      }
      return isNumber(view, start) ? AgeRules.age(view, start..<end) : nil
    }.beforeDigits(),
  ]

  private static func isNumber(_ view: borrowing TextView, _ start: Int) -> Bool {
    let end = view.endOfDigits(start, limit: 4)
    return (90...119).contains(view.number(start..<end)) && end - start >= 2
      && !Bytes.isJoining(view.byte(start - 1))
      && !"$#.-/".utf8.contains(view.byte(start - 1))
  }

  /// Where the age begins that stands shortly before a match's end.
  private static func number(_ view: borrowing TextView, before end: Int, within distance: Int) -> Int? {
    var start = end
    while end - start <= distance {
      if Bytes.isDigit(view.byte(start - 1)) {
        start = view.start(before: start, limit: 4, where: Bytes.isDigit)
        return isNumber(view, start) ? start : nil
      }
      start -= 1
    }
    return nil
  }

  /// Whether a year of birth stands before a number, with nothing but signs between, and both together are a year of these.
  private static func isSinceBirth(_ view: borrowing TextView, _ start: Int) -> Bool {
    let end = view.start(before: start, limit: 8) { !Bytes.isAlphanumeric($0) && $0 != 0x0A }
    let year = view.start(before: end, limit: 5, where: Bytes.isDigit)
    guard end - year == 4, (1890...1940).contains(view.number(year..<end)), view.byte(end - 1) != 0x0A else {
      return false
    }
    let age = view.number(start..<view.endOfDigits(start, limit: 3))
    return (2005...2035).contains(view.number(year..<end) + age)
  }

  /// Whether a word that is somebody's name ends at a position, or a grandparent's; before it, another word with a capital.
  private static func isNamed(_ view: borrowing TextView, _ end: Int, needsBoth: Bool = false) -> Bool {
    guard let word = view.word(before: end + 1, gap: 1), case .success(let model) = TaggerModel.shipped,
      Bytes.isUpper(view.byte(word.lowerBound)), word.count > 2,
      !needsBoth || Bytes.isLower(view.byte(word.upperBound - 1))
    else { return false }
    let hash = view.hash(word)
    if Hints.of(hash).contains(.kin), !needsBoth { return true }
    func isName(_ hash: UInt64) -> Bool {
      let (facts, classes) = (model.facts(hash), Lexicon.classes(hash))
      return !facts.isDrug && !facts.isDisease
        && (classes.isOnlyName || facts.given > 4 || !classes.contains(.word) && !facts.isWord)
    }
    guard let before = view.word(before: word.lowerBound, gap: 2, where: { " ,".utf8.contains($0) }),
      Bytes.isUpper(view.byte(before.lowerBound)), before.count > 1
    else { return false }
    return needsBoth ? isName(hash) && isName(view.hash(before)) : isName(hash) || isName(view.hash(before))
  }
}
