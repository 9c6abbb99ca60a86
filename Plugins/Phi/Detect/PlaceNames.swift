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
      guard let count = length(words, index, view) else { continue }
      let place = words[index].range.lowerBound..<words[index + count - 1].range.upperBound
      let isBeforeState = isState(words, index + count)
      guard isBeforeState || isBehind && isSomewhere(words, index, count) else { continue }
      emit(
        Candidate(
          range: place, kind: "CITY", confidence: isBeforeState ? 8500 : 6500, detector: "phi/city-name"))
    }
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
