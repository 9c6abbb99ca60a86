internal import FilterKit

/// How far a name reaches.
extension NameRules {
  /// How many words from `index` on make a name: capitalised words, initials and particles, close together.
  func run(
    _ words: [Word], from index: Int, _ view: borrowing TextView, allowsUnknown: Bool, isTitled: Bool = false
  ) -> Int {
    var count = 0
    var known = 0
    while index + count < words.count, count < 5 {
      let word = words[index + count]
      if count > 0 {
        let isReversed =
          count == 1 && word.followsComma && word.classes.contains(.given)
          && words[index].classes.contains(.family)
        guard word.followsClosely || isReversed, !word.startsLine else { break }
        // A full stop ends a sentence, unless an initial or a title stands before it.
        let last = words[index + count - 1]
        if view.byte(last.range.upperBound) == UInt8(ascii: "."), last.length > 1,
          !last.hints.contains(.title)
        {
          break
        }
      }
      guard word.isFree || count > 0 else { break }
      // An eponym is a family name behind a given one.
      if word.classes.contains(.never), !isTitled || count > 0 || !word.classes.contains(.family),
        count == 0 ? !word.classes.contains(.given) : known == 0 || !word.classes.contains(.family)
      {
        break
      }
      if word.hints.contains(.credential), count > 0 { break }
      switch word.shape {
      case .initial where count > 0 || words.count > index + 1 && words[index + 1].followsClosely: break
      case .capitalised, .mixed, .upper:
        let isName =
          word.classes.isName || word.classes.contains(.family)
          || !view.text[word.range.lowerBound].isASCIIByte
        // Capitals of which nothing is known are an abbreviation, but for those of a name in capitals.
        let isUnknown =
          word.classes.isEmpty && word.length > 1
          && (word.shape != .upper || words[index].shape == .upper && word.length > 3)
        guard
          isName || isUnknown && (allowsUnknown || known > 0)
            || count > 0 && allowsUnknown && word.shape == .capitalised && !word.classes.contains(.never)
              && !word.classes.contains(.word)
        else { return trimmed(words, index, count) }
        if word.shape == .mixed, count == 0, !isName { return 0 }
        known += 1
      case .lower where count > 0 && word.hints.contains(.particle): break
      default: return trimmed(words, index, count)
      }
      count += 1
    }
    return trimmed(words, index, count)
  }

  /// A name does not end in a particle.
  func trimmed(_ words: [Word], _ index: Int, _ count: Int) -> Int {
    var count = count
    while count > 0, words[index + count - 1].shape == .lower { count -= 1 }
    if count == 1, words[index].shape == .initial { return 0 }
    return count
  }

  /// `Doe, Jane` and `DOE^JANE`.
  func reversed(_ words: [Word], _ index: Int) -> Int? {
    guard index + 1 < words.count else { return nil }
    let next = words[index + 1]
    guard next.followsComma, words[index].isFamily, !words[index].classes.contains(.never) else { return nil }
    if words[index].classes.contains(.place), next.hints.contains(.state) { return nil }
    guard next.isGiven || WordNames.contains(next),
      next.shape == words[index].shape || next.shape == .capitalised,
      !words[index].classes.contains(.word) || !next.classes.contains(.word)
        || words[index].shape == .upper && next.shape == .upper && next.classes.contains(.givenCommon)
          && !next.hints.contains(.opener) && !words[index].hints.contains(.opener)
        // `TURNER, Jack`.
        || words[index].shape == .upper && words[index].length > 3 && next.shape == .capitalised
          && next.facts.given > 3 && !next.hints.contains(.opener)
    else { return nil }
    let hasMiddle =
      index + 2 < words.count && words[index + 2].followsClosely && words[index + 2].shape == .initial
    return hasMiddle ? 3 : 2
  }

  /// How many words go on with a name that the tagger ended at an initial: `Jane Q.`, and then `Doe`.
  func behindInitial(_ words: [Word], _ index: Int) -> Int {
    guard index < words.count, words[index - 1].shape == .initial else { return 0 }
    let next = words[index]
    guard next.followsClosely, !next.startsLine, next.isFree, next.length > 1,
      next.shape == .capitalised || next.shape == .upper,
      next.classes.isDisjoint(with: [.word, .never])
        || next.classes.contains(.family) && !next.hints.contains(.opener)
    else { return 0 }
    return 1
  }

  func hasCredential(_ words: [Word], after index: Int) -> Bool {
    guard index + 1 < words.count else { return false }
    let next = words[index + 1]
    return (next.followsComma || next.followsClosely) && next.shape != .lower
      && next.hints.contains(.credential)
  }
}
