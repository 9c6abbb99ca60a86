/// Which words the tagger looks at: those at which a name may begin. The others cost nothing.
enum NameGate {
  static func isCandidate(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    guard word.isFree, word.length <= 40 else { return false }
    switch word.shape {
    case .capitalised, .upper:
      if !word.classes.contains(.word) || word.classes.isName || word.classes.contains(.place) { return true }
      return isBesideCapitals(words, index)
    case .initial:
      return index + 1 < words.count && words[index + 1].shape != .lower && words[index + 1].followsClosely
    case .lower:
      guard word.length > 2, !word.isContraction else { return false }
      return !word.classes.contains(.word)
    case .mixed:
      return !view.text[word.range.lowerBound].isASCIIByte || word.classes.isName
    }
  }

  private static func isBesideCapitals(_ words: [Word], _ index: Int) -> Bool {
    if index > 0, words[index - 1].shape != .lower, words[index].followsClosely { return true }
    return index + 1 < words.count && words[index + 1].shape != .lower && words[index + 1].followsClosely
  }

  static func canGoOn(_ word: Word) -> Bool { word.length <= 40 && word.isFree }
}
