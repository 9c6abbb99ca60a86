internal import FilterKit

/// What the rules find at a word where the tagger finds nothing: by what stands before it, and by the words themselves.
extension NameRules {
  /// The name that begins at a word; returns how many words it takes, or 0.
  mutating func name(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ emit: (Candidate) -> Void
  ) -> Int {
    let word = words[index]
    guard
      word.shape != .mixed || word.classes.isName || !view.text[word.range.lowerBound].isASCIIByte
    else { return 0 }
    if word.hints.contains(.title) && word.shape != .lower { return 0 }
    let before = NameContext(words, index, view)
    if before.isTitle,
      word.shape == .capitalised || word.shape == .upper || word.shape == .initial
    {
      var count = run(words, from: index, view, allowsUnknown: true, isTitled: true)
      // `Dr. B`: of whom nothing else is written.
      if count == 0, word.shape == .initial, words[index - 1].shape == .capitalised { count = 1 }
      return report(words, index, count, 9500, "phi/name-title", emit)
    }
    if before.isField, word.shape != .lower || word.classes.isName || before.isQuoted {
      let count = run(words, from: index, view, allowsUnknown: true)
      return report(words, index, count, 9300, "phi/name-field", emit)
    }
    if let count = cued(words, index, before, view) {
      return report(words, index, count, 8200, "phi/name-cue", emit)
    }
    if word.shape == .lower { return lowerCaseName(words, index, before, emit) }
    guard word.length > 1 || word.shape == .initial else { return 0 }
    // `Patient: Babinski, Anna`: whatever else the word is.
    if before.isLabel, before.isColon, word.shape != .initial, index + 1 < words.count,
      words[index + 1].followsComma, words[index + 1].isGiven, words[index + 1].facts.given > 3
    {
      return report(words, index, 2, 9000, "phi/name-label", emit)
    }
    if before.isLabel || before.isJoint, let count = labelled(words, index, before, view) {
      return report(words, index, count, 9000, "phi/name-label", emit)
    }
    if before.isNamed, word.shape == .capitalised, !word.hints.contains(.verb) {
      return report(
        words, index, max(run(words, from: index, view, allowsUnknown: true), 1), 8000, "phi/name-introduced",
        emit)
    }
    if before.isIntroduced, word.shape == .capitalised, word.classes.isDisjoint(with: [.word, .never]) {
      let count = run(words, from: index, view, allowsUnknown: true)
      return report(words, index, count, 7000, "phi/name-introduced", emit)
    }
    if let count = reversed(words, index) {
      return report(words, index, count, 8800, "phi/name-reversed", emit)
    }
    let count = run(
      words, from: index, view, allowsUnknown: isGivenName(word) || isUnknownBeforeName(words, index))
    if count >= 2 { return pair(words, index, count, emit) }
    if learned.contains(word.hash), word.shape != .initial {
      return report(words, index, 1, 8000, "phi/name-seen", emit)
    }
    if hasCredential(words, after: index), word.classes.isOnlyName {
      return report(words, index, 1, 8500, "phi/name-credential", emit)
    }
    return single(words, index, view, emit)
  }

  /// How long the name is behind a label or a joint; nil where there is none.
  func labelled(_ words: [Word], _ index: Int, _ before: NameContext, _ view: borrowing TextView) -> Int? {
    let word = words[index]
    guard before.isLabel else {
      let isCommon = word.classes.contains(.givenCommon) || word.classes.contains(.familyCommon)
      guard word.classes.isOnlyName, isCommon, !word.classes.contains(.place), word.shape == .capitalised
      else { return nil }
      let count = run(words, from: index, view, allowsUnknown: false)
      return count > 0 ? count : nil
    }
    // `A real person` has no initial.
    if word.shape == .initial, index + 1 < words.count, words[index + 1].classes.contains(.word) {
      return nil
    }
    let count = run(
      words, from: index, view, allowsUnknown: before.isColon || before.isPerson && word.shape == .capitalised
    )
    guard count > 0 else { return nil }
    let slice = words[index..<index + count]
    if before.isPerson, before.isColon, count >= 2, slice.allSatisfy({ !$0.classes.contains(.word) }) {
      return count
    }
    // `Surgeon Fitzwilliam; resident Zhao`.
    if before.isPerson, word.isUnknown, word.shape == .capitalised, word.length > 3,
      !isBeforeOther(words, index + count)
    {
      return count
    }
    guard slice.contains(where: { ($0.classes.isName || $0.isLikelyName) && !$0.hints.contains(.opener) })
    else { return nil }
    if count >= 2, slice.contains(where: { $0.isLikelyName }) { return count }
    if word.isLikelyName { return count }
    // `Name: Good Health Clinic` is nobody's.
    let next = index + count
    let isPartOfMore = next < words.count && words[next].followsClosely && words[next].shape == .capitalised
    return before.isColon && word.classes.isName && !isPartOfMore ? count : nil
  }

  /// Whether another capitalised word follows: `Provider Relations Team`.
  private func isBeforeOther(_ words: [Word], _ next: Int) -> Bool {
    next < words.count && words[next].followsClosely && words[next].shape != .lower
  }

  func isGivenName(_ word: Word) -> Bool {
    word.classes.contains(.given) && !word.classes.contains(.word)
  }

  /// A word that is in no list, right before one that is nothing but a name, written in the same way.
  func isUnknownBeforeName(_ words: [Word], _ index: Int) -> Bool {
    guard words[index].classes.isEmpty, words[index].length > 2, words[index].shape != .upper,
      index + 1 < words.count
    else { return false }
    let next = words[index + 1]
    return next.followsClosely && next.isFree && next.classes.isOnlyName && next.shape == words[index].shape
  }
}
