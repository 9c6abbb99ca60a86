/// Which words the tagger looks at: those at which a name may begin. The others cost nothing.
enum NameGate {
  static func isCandidate(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    guard word.isFree, word.length <= 40 else { return false }
    switch word.shape {
    case .capitalised, .upper:
      if word.shape == .capitalised, !word.classes.isName, isCamelCase(word, view) { return false }
      if !word.classes.contains(.word) || word.classes.isName || word.classes.contains(.place) { return true }
      return isBesideCapitals(words, index)
    case .initial:
      // `T.Type` is a program's.
      return index + 1 < words.count && words[index + 1].shape != .lower && words[index + 1].followsClosely
        && Bytes.isSpace(view.byte(words[index + 1].range.lowerBound - 1))
    case .lower:
      guard word.length > 2, !word.isContraction, !word.classes.contains(.word), isInProse(word, view) else {
        return false
      }
      if isUnknown(word), isBesideWord(words, index) { return true }
      return word.classes.isName || word.classes.contains(.place) || isBesideUnknown(words, index)
    case .mixed:
      return !view.text[word.range.lowerBound].isASCIIByte
        || word.classes.isName && Bytes.isUpper(view.text[word.range.lowerBound])
    }
  }

  /// Whether no list has anything to say against a word in lower case.
  private static func isUnknown(_ word: Word) -> Bool {
    guard word.length > 3, word.length < 16 else { return false }
    let facts = word.facts
    return !facts.isWord && !facts.isDrug && !facts.isDisease && (facts.frequency == 0 || facts.capital >= 5)
  }

  /// Whether an English word stands beside a word: programs and tables have none there.
  private static func isBesideWord(_ words: [Word], _ index: Int) -> Bool {
    if index > 0, words[index].followsClosely, !words[index].startsLine, words[index - 1].isFree,
      words[index - 1].shape == .lower, words[index - 1].classes.contains(.word)
    {
      return true
    }
    guard index + 1 < words.count else { return false }
    let next = words[index + 1]
    return next.followsClosely && !next.startsLine && next.isFree && next.shape == .lower
      && next.classes.contains(.word)
  }

  private static func isBesideCapitals(_ words: [Word], _ index: Int) -> Bool {
    if index > 0, words[index - 1].shape != .lower, words[index].followsClosely { return true }
    return index + 1 < words.count && words[index + 1].shape != .lower && words[index + 1].followsClosely
  }

  /// Capitals inside that no name has: `FetchableRecord`, but not `McDonald`, `O'Brien`, `Smith-Jones`.
  private static func isCamelCase(_ word: Word, _ view: borrowing TextView) -> Bool {
    for index in word.range.dropFirst(4)
    where Bytes.isUpper(view.text[index]) && Bytes.isLower(view.text[index - 1]) { return true }
    return false
  }

  /// Whether what touches a word is what touches words of a sentence.
  private static func isInProse(_ word: Word, _ view: borrowing TextView) -> Bool {
    let before = view.byte(word.range.lowerBound - 1)
    let after = view.byte(word.range.upperBound)
    // Tabs stand in tables, whose names the readers of records know, and in assembler, whose instructions are like names.
    guard before != 0x09, after != 0x09 else { return false }
    return (Bytes.isSpace(before) || "\"'([>:,".utf8.contains(before))
      && (Bytes.isSpace(after) || ",.;:?!'\")]<".utf8.contains(after))
  }

  /// Whether a word that no list has stands beside a name or another such word, or behind what introduces people.
  private static func isBesideUnknown(_ words: [Word], _ index: Int) -> Bool {
    if index > 0 {
      let last = words[index - 1]
      if last.hints.contains(.title) || last.hints.contains(.greeting) || last.hints.contains(.be)
        || last.hints.contains(.preposition) || last.hints.contains(.label)
      {
        return true
      }
      if words[index].followsClosely, last.shape == .lower, !last.classes.contains(.word), last.length > 2 {
        return true
      }
    }
    guard index + 1 < words.count else { return false }
    let next = words[index + 1]
    return next.followsClosely && next.shape == .lower && !next.classes.contains(.word) && next.length > 2
  }

  /// Whether a name may go on with a word: also where a file's name ends, as in `Maria Gonzalez.txt`.
  static func canGoOn(_ word: Word, _ view: borrowing TextView) -> Bool {
    word.length <= 40
      && (word.isFree
        || Bytes.isSpace(view.byte(word.range.lowerBound - 1))
          && view.byte(word.range.upperBound) == UInt8(ascii: "."))
  }
}
