internal import FilterKit

/// Names that nothing announces: a given name with a family name, one alone, and those in lower case.
extension NameRules {
  mutating func pair(_ words: [Word], _ index: Int, _ count: Int, _ emit: (Candidate) -> Void) -> Int {
    let slice = words[index..<index + count]
    let full = slice.filter { $0.shape != .initial && $0.shape != .lower }
    if full.allSatisfy({ $0.classes.contains(.never) }) { return 0 }
    if full.count == 1 {
      // `Anna S.` and `R. Patel`.
      let isEnough =
        full[0].shape == .capitalised && full[0].classes.isOnlyName
        && (slice.first?.shape == .initial
          ? full[0].classes.contains(.familyCommon) : full[0].classes.contains(.given))
      return isEnough ? report(words, index, count, 7000, "phi/name-initial", emit) : 0
    }
    let given = full.first?.classes.contains(.given) == true
    let only = full.count { $0.classes.isOnlyName }
    let family = full.dropFirst().contains { $0.classes.contains(.family) || $0.classes.isEmpty }
    // Capitals in a sentence are an abbreviation, but behind a given name: `John SMITH`.
    if full.dropFirst().contains(where: { $0.shape == .upper }), full[0].shape != .upper,
      !full[0].classes.isOnlyName
    {
      return 0
    }
    let isOpener = words[index].hints.contains(.opener)
    let isCommon =
      full.contains { $0.classes.contains(.givenCommon) }
      && full.contains { $0.classes.contains(.familyCommon) }
    if given, family, only > 0 || !isOpener && isCommon {
      return report(words, index, count, only > 0 ? 8800 : 6500, "phi/name-pair", emit)
    }
    if full.first?.classes.isEmpty == true, only > 0 {
      return report(words, index, count, 6000, "phi/name-unknown", emit)
    }
    if only >= 2 { return report(words, index, count, 7500, "phi/name-pair", emit) }
    if hasCredential(words, after: index + count - 1), only > 0 {
      return report(words, index, count, 8800, "phi/name-credential", emit)
    }
    return 0
  }

  /// One capitalised word alone: only a given name that is no English word, and that does not belong to code.
  mutating func single(
    _ words: [Word], _ index: Int, _ view: borrowing TextView, _ emit: (Candidate) -> Void
  ) -> Int {
    let word = words[index]
    if index + 1 < words.count, words[index + 1].hints.contains(.eponym) { return 0 }
    guard word.shape == .capitalised, word.classes.contains(.given), word.classes.isOnlyName,
      !word.hints.contains(.opener), word.length > 2
    else { return 0 }
    if word.classes.contains(.givenCommon) {
      return report(words, index, 1, 6000, "phi/name-given", emit)
    }
    guard index + 1 < words.count,
      words[index + 1].followsClosely || view.byte(word.range.upperBound) == UInt8(ascii: "'")
    else { return 0 }
    let isPossessive = view.byte(word.range.upperBound) == UInt8(ascii: "'")
    let isFollowed = words[index + 1].hints.contains(isPossessive ? .relation : .verb)
    guard isFollowed, words[index + 1].shape == .lower, !words[index + 1].startsLine else { return 0 }
    return report(words, index, 1, 5500, "phi/name-given", emit)
  }

  /// Names that nobody capitalised: two in a row that are no English words, or one behind a title or an introduction.
  mutating func lowerCaseName(
    _ words: [Word], _ index: Int, _ before: NameContext, _ emit: (Candidate) -> Void
  ) -> Int {
    let word = words[index]
    func isPart(_ word: Word) -> Bool {
      word.isFree && word.shape == .lower && word.classes.isOnlyName && word.length > 2 && !word.isContraction
    }
    // Behind a title, a name that is a word as well.
    let isTitled =
      before.isTitle && word.classes.isName
      && (word.length > 2 || word.length == 2 && word.classes.isOnlyName && word.hints.isSubset(of: .places))
      && (!word.hints.contains(.opener)
        || word.facts.family > 2 && word.hints.isDisjoint(with: [.verb, .starter, .particle]))
    guard isPart(word) || isTitled else { return 0 }
    var count = 1
    while count < 3, index + count < words.count, words[index + count].followsClosely,
      isPart(words[index + count])
    {
      count += 1
    }
    if before.isTitle { return report(words, index, count, 8500, "phi/name-title", emit) }
    let isGiven = word.classes.contains(.given)
    if before.isIntroduced, isGiven { return report(words, index, count, 7000, "phi/name-introduced", emit) }
    if count == 1, word.classes.contains(.givenCommon), index + 1 < words.count,
      words[index + 1].followsClosely, words[index + 1].hints.contains(.verb)
    {
      return report(words, index, 1, 5500, "phi/name-lower", emit)
    }
    guard count >= 2, isGiven || before.isLabel else { return 0 }
    return report(words, index, count, 7000, "phi/name-lower", emit)
  }
}
