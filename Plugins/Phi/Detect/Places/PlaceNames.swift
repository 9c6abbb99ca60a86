internal import FilterKit

/// Cities and towns in running text: those of a list, behind a word that says where somebody is, or before a state.
enum PlaceNames {
  /// Reports the places among `words` that begin in a range.
  static func find(
    _ words: [Word], in range: Range<Int>, of view: borrowing TextView, emit: (Candidate) -> Void
  ) {
    for word in words where word.shape == .upper && word.length == 2 {
      if let city = PlaceRules.city(view, beforeState: word.range) { emit(city) }
    }
    for index in words.indices
    where words[index].shape == .capitalised && words[index].isFree
      && range.contains(words[index].range.lowerBound)
    {
      let isBehind = index > 0 && words[index - 1].hints.contains(.preposition) && words[index].followsClosely
      guard
        isBehind
          || index + 1 < words.count && !words[index].classes.isDisjoint(with: [.place, .family, .word])
      else { continue }
      if isBehind, let count = unknown(words, index, view) {
        let range = words[index].range.lowerBound..<words[index + count - 1].range.upperBound
        emit(Candidate(range: range, kind: "CITY", confidence: 6500, detector: "phi/city-name"))
      }
      // Before no state, however long the name is, there is nothing to look up.
      guard isBehind || (1...3).contains(where: { isState(words, index + $0) }),
        let count = length(words, index, view)
      else { continue }
      let place = words[index].range.lowerBound..<words[index + count - 1].range.upperBound
      let isBeforeState = isState(words, index + count)
      guard isBeforeState || isBehind && isSomewhere(words, index, count) else { continue }
      emit(
        Candidate(
          range: place, kind: "CITY", confidence: isBeforeState ? 8500 : 6500, detector: "phi/city-name"))
    }
  }

  /// A name of two or three words in no list of words, behind what says where somebody is: `out at Teec Nos Pos`.
  private static func unknown(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Int? {
    guard words[index - 1].range.upperBound + 1 == words[index].range.lowerBound,
      words[index - 1].shape == .lower
    else { return nil }
    var count = 0
    while index + count < words.count, count < 4 {
      let word = words[index + count]
      guard word.shape == .capitalised, word.isFree,
        count == 0 || word.followsClosely && view.byte(word.range.lowerBound - 1) == 0x20
      else { break }
      guard word.facts.given == 0, !word.classes.contains(.given), !word.classes.contains(.never),
        !word.facts.isDrug, !word.facts.isDisease, !word.hints.contains(.title),
        !AddressWords.institutions.contains(word.hash), !AddressWords.kinds.contains(word.hash),
        !word.facts.isArea
      else { return nil }
      count += 1
    }
    guard (2...3).contains(count), !words[index].facts.isWord, !words[index].classes.contains(.word),
      words[index].facts.family < 3
    else { return nil }
    let end = words[index + count - 1].range.upperBound
    guard
      index + count >= words.count || words[index + count].shape == .lower || AddressExtent.isEnd(view, end),
      !ProgramContext.isProgram(view, words[index].range.lowerBound)
    else { return nil }
    return count
  }

  /// How many words from one on make a place's name: the most that do.
  private static func length(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Int? {
    var found: Int?
    for count in 1...3 where index + count <= words.count {
      let last = words[index + count - 1]
      if count > 1 {
        guard last.followsClosely, last.shape == .capitalised, view.byte(last.range.lowerBound - 1) == 0x20
        else { break }
      }
      let classes =
        count == 1
        ? last.classes
        : Lexicon.classes(
          Lexicon.hash(
            words[index].hash, view.text, words[index].range.upperBound..<last.range.upperBound))
      if classes.contains(.place), !classes.contains(.never) { found = count }
    }
    return found
  }

  private static func isState(_ words: [Word], _ index: Int) -> Bool {
    guard index < words.count, words[index].followsComma || words[index].followsClosely,
      words[index].shape == .capitalised
    else { return false }
    if words[index].hints.contains(.state) { return true }
    // New York, West Virginia and their like.
    return words[index].hints.contains(.statePart) && index + 1 < words.count
      && words[index + 1].hints.contains(.state)
  }

  /// Whether what stands before says where somebody is, and what follows makes it no other name.
  private static func isSomewhere(_ words: [Word], _ index: Int, _ count: Int) -> Bool {
    let word = words[index]
    if index + count < words.count {
      let next = words[index + count]
      if next.followsClosely, !next.startsLine, next.shape != .lower { return false }
    }
    if index > 1, words[index - 2].hints.contains(.residence), words[index - 1].followsClosely { return true }
    return count > 1 || !word.classes.contains(.word) && !word.classes.isName && word.length > 3
  }
}
