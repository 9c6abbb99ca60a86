internal import FilterKit

/// Names that begin with what the tagger does not look at, or takes for another word: particles, initials, nicknames, given names that are words.
extension NameRules {
  /// The name that begins at a word; nil where none does.
  mutating func begun(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness,
    _ emit: (Candidate) -> Void
  ) -> Int? {
    let word = words[index]
    guard index + 1 < words.count, word.isFree || word.length == 1 else { return nil }
    let isParticle = word.hints.contains(.particle)
    let isInitial = word.length == 1 && view.byte(word.range.upperBound) == UInt8(ascii: ".")
    guard isParticle || isInitial || isNickname(words, index) || isWordBeforeName(words, index) else {
      return nil
    }
    guard !tagger.features.cache.isInert(words, index, view, inertness) else { return nil }
    let count =
      isParticle
      ? particles(words, index, view, inertness)
      : isInitial
        ? initials(words, index, view, inertness)
        : behindWord(words, index, view, inertness)
    guard let count else { return nil }
    if ProgramContext.isIdentifier(words, index, count, view, isPlace: false) { return nil }
    tagger.note(words[index..<index + count])
    return report(words, index, count, 8000, "phi/name-begun", emit)
  }

  /// `van der Meulen`, `Bin Saleh, Fahad`.
  private mutating func particles(
    _ words: [Word], _ index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness
  ) -> Int? {
    var first = index
    while first < words.count, first - index < 3, words[first].hints.contains(.particle),
      first == index || words[first].followsClosely && !words[first].startsLine
    { first += 1 }
    guard first < words.count, words[first].followsClosely, !words[first].startsLine,
      view.byte(words[first].range.lowerBound - 1) == 0x20
    else { return nil }
    let name = words[first]
    let isCapital = name.shape == .capitalised || name.shape == .upper && name.length > 2
    guard isCapital, Self.leads.contains(words[index].hash) else { return nil }
    var count = first - index
    if let found = tagger.findPerson(words, at: first, behind: first - index, view, inertness) {
      count += found
    } else {
      // Two particles, and one that English has not, are before nothing else.
      let isSure = first - index > 1 || Self.sure.contains(words[index].hash)
      guard isSure, name.shape == .capitalised,
        first - index > 1 || !name.facts.isWord && !name.classes.contains(.word)
      else {
        return nil
      }
      count += 1
    }
    let next = index + count
    if next < words.count, words[next].followsComma,
      words[next].shape == name.shape || words[next].shape == .capitalised,
      words[next].isGiven || words[next].isUnknown && first - index > 1
        || view.byte(words[next].range.upperBound) == view.byte(words[index].range.lowerBound - 1)
          && "\"'".utf8.contains(view.byte(words[next].range.upperBound))
    {
      count += 1
    }
    return count
  }

  /// Particles at which a name begins: `St.` and `y` begin others.
  private static let leads = WordSet(
    words:
      "de del der den van von da di du le la el al bin ibn ben bint ould dos das della dello degli dei ter zu vom af abu nic ni ua"
  )
  private static let sure = WordSet(words: "bin ibn bint ould von della dello degli nic ua")

  /// `R.J. Pelletier`, `f. tannenbaum`.
  private mutating func initials(
    _ words: [Word], _ index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness
  ) -> Int? {
    var first = index
    while first < words.count, first - index < 3, words[first].length == 1,
      words[first].shape == words[index].shape,
      view.byte(words[first].range.upperBound) == UInt8(ascii: "."),
      first == index || words[first].range.lowerBound - words[first - 1].range.upperBound <= 2
    { first += 1 }
    guard first < words.count, words[first].length > 2, words[first].isFree, !words[first].startsLine,
      words[first].range.lowerBound - words[first - 1].range.upperBound <= 2,
      !isCountry(words, index, first, view)
    else { return nil }
    let before = view.byte(words[index].range.lowerBound - 1)
    guard Bytes.isSpace(before) || "(\"'[,:/".utf8.contains(before) else { return nil }
    if words[index].shape == .lower {
      guard first - index == 1, words[first].shape == .lower, words[first].isLikelyName else { return nil }
      return tagger.findPerson(words, at: first, behind: first - index, view, inertness).map { 1 + $0 }
    }
    guard words[first].shape == .capitalised || words[first].shape == .upper,
      first - index > 1 || words[first].isLikelyName && !isNumbered(words, index)
    else { return nil }
    if let found = tagger.findPerson(words, at: first, behind: first - index, view, inertness) {
      return first - index + found
    }
    guard first - index > 1,
      words[first].isLikelyName && words[first].isFamily
        || words[first].isUnknown && words[first].shape == .capitalised
    else {
      return nil
    }
    return first - index + 1
  }

  /// Whether the letter of one initial belongs to the word before: `hepatitis B. Novak said`.
  private func isNumbered(_ words: [Word], _ index: Int) -> Bool {
    index > 0 && words[index].followsClosely && Self.numbered.contains(words[index - 1].hash)
  }

  private static let numbered = WordSet(
    words:
      "vitamin vit hepatitis hep type section grade class stage part group unit form rev revision appendix influenza flu option plan step level figure table case factor strep"
  )

  /// `U.S. Marshall`, `D.C. Jones` begin with a place.
  private func isCountry(_ words: [Word], _ index: Int, _ first: Int, _ view: borrowing TextView) -> Bool {
    guard first - index == 2 else { return false }
    let (one, other) = (
      view.byte(words[index].range.lowerBound), view.byte(words[index + 1].range.lowerBound)
    )
    let pairs: [StaticString] = [
      "US", "UK", "UN", "DC", "NY", "LA", "EU", "PO", "AM", "PM", "PS", "EG", "IE", "NB", "VS",
    ]
    return pairs.contains { pair in
      pair.withUTF8Buffer { unsafe $0[0] == one & 0xDF && $0[1] == other & 0xDF }
    }
  }

  /// `Big Mike`.
  private func isNickname(_ words: [Word], _ index: Int) -> Bool {
    let (word, next) = (words[index], words[index + 1])
    return word.shape == .capitalised && next.shape == .capitalised && next.followsClosely && !next.startsLine
      && Self.nicknames.contains(word.hash) && next.classes.contains(.givenCommon)
      && !next.classes.contains(.word)
  }

  private static let nicknames = WordSet(
    words:
      "big little lil old young tall crazy papa mama nana coach uncle aunt auntie cousin tia tio abuela abuelo oma opa"
  )

  /// A given name that is a word, before a family name that is none: `Ivy Chung`, `grace lindqvist`.
  private func isWordBeforeName(_ words: [Word], _ index: Int) -> Bool {
    let (word, next) = (words[index], words[index + 1])
    guard next.followsClosely, !next.startsLine, next.shape == word.shape, next.isFree, word.length > 1,
      word.classes.contains(.given) && word.classes.contains(.word) || WordNames.contains(word)
    else { return false }
    guard next.isLikelyName || next.isUnknown && word.shape == .capitalised && next.length > 3 else {
      return false
    }
    guard word.shape == .lower else {
      return word.shape == .capitalised && word.hints.isDisjoint(with: [.title])
    }
    guard index > 0, next.isLikelyName, words[index].followsClosely, word.facts.given > 2 else {
      return false
    }
    return !words[index - 1].hints.isDisjoint(with: [.title, .kin, .naming, .greeting, .label])
  }

  private mutating func behindWord(
    _ words: [Word], _ index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness
  ) -> Int? {
    if let found = tagger.findPerson(words, at: index + 1, behind: 1, view, inertness) { return 1 + found }
    let next = words[index + 1]
    guard words[index].shape == .lower || next.isLikelyName && next.isFamily && words[index].facts.given > 1
    else { return nil }
    return next.isFamily ? 2 : nil
  }
}
