internal import FilterKit

/// Names whose words touch signs: `last_first` in paths, keys and queries, `Last^First` anywhere, quoted one by one, with a slash between.
extension NameRules {
  mutating func joined(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness,
    _ emit: (Candidate) -> Void
  ) -> Int {
    let word = words[index]
    let (before, behind) = (view.byte(word.range.lowerBound - 1), view.byte(word.range.upperBound))
    // Most words have a space on both sides.
    guard before != 0x20 || behind != 0x20 else { return 0 }
    var count = 0
    switch behind {
    case UInt8(ascii: "_"), UInt8(ascii: "."): count = inKey(words, index, view, behind)
    case UInt8(ascii: "^"): count = carets(words, index, view)
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
      count = quoted(words, index, view, before, behind)
    case UInt8(ascii: "/"): count = isSlashed(words, index) ? 2 : 0
    default: break
    }
    if count == 0, before == UInt8(ascii: "/"), isSecond(words, index) { count = 1 }
    if count == 0, word.shape == .initial, behind == UInt8(ascii: "."), isInitialLiteral(words, index, view) {
      count = 1
    }
    guard count > 0, !tagger.features.cache.isInert(words, index, view, inertness) else { return 0 }
    tagger.note(words[index..<index + count])
    return report(words, index, count, 7500, "phi/name-joined", emit)
  }

  /// Whether a name ends right before a slash, and another begins: `Baptiste/Kowalski`.
  private func isSecond(_ words: [Word], _ index: Int) -> Bool {
    let word = words[index]
    return index > 0 && word.shape == .capitalised && word.isLikelyName && word.length > 2
      && word.range.lowerBound - words[index - 1].range.upperBound == 1 && tagger.endsName(words[index - 1])
      && words[index - 1].shape == .capitalised
  }

  /// `WINTERBOTTOM/ROSE`, as payers and airlines write it.
  private func isSlashed(_ words: [Word], _ index: Int) -> Bool {
    let word = words[index]
    guard word.shape == .upper, word.length > 3, index + 1 < words.count, word.isLikelyName, word.isFamily
    else { return false }
    let next = words[index + 1]
    return next.range.lowerBound - word.range.upperBound == 1 && next.shape == .upper && next.length > 2
      && next.classes.contains(.given)
  }

  /// `"R."` behind a name in quotes of its own.
  private func isInitialLiteral(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let range = words[index].range
    let quote = view.byte(range.lowerBound - 1)
    return index > 0 && "\"'".utf8.contains(quote) && view.byte(range.upperBound + 1) == quote
      && range.lowerBound - words[index - 1].range.upperBound <= 4
      && view.byte(words[index - 1].range.upperBound) == quote
      && tagger.endsName(words[index - 1])
  }

  /// `okonjo_ifeanyi`, `ting_wei_hsuan`, `garcia.maria`, `KNUTSEN_A`: parts of a path, a query or a key.
  private func inKey(_ words: [Word], _ index: Int, _ view: borrowing TextView, _ sign: UInt8) -> Int {
    let word = words[index]
    let before = view.byte(word.range.lowerBound - 1)
    guard Self.isListed(word) || word.isUnknown, ":/=\\\"'~".utf8.contains(before),
      before != UInt8(ascii: "/") || view.byte(word.range.lowerBound - 2) != UInt8(ascii: "/")
        || sign != UInt8(ascii: ".")
    else { return 0 }
    var count = 1
    while index + count < words.count, count < 3 {
      let (last, next) = (words[index + count - 1], words[index + count])
      guard view.byte(last.range.upperBound) == sign, next.range.lowerBound - last.range.upperBound == 1,
        next.shape == word.shape || next.length == 1 && word.shape == .upper
      else { break }
      count += 1
    }
    guard count > 1 else { return 0 }
    let end = words[index + count - 1].range.upperBound
    let isEnded =
      switch view.byte(end) {
      case 0x20, 0x0A, 0x0D, UInt8(ascii: "&"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "\\"),
        UInt8(ascii: "\""), UInt8(ascii: "'"),
        UInt8(ascii: "`"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ")"):
        true
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        sign == UInt8(ascii: "_") && !Bytes.isUpper(view.byte(end + 1))
      default: false
      }
    guard isEnded else { return 0 }
    let parts = words[index..<index + count]
    // `KNUTSEN_A` stands in paths.
    if count == 2, parts.last?.length == 1 {
      return "/\\".utf8.contains(before) && word.shape == .upper && word.isLikelyName && word.isFamily
        && word.length > 3 ? 2 : 0
    }
    guard parts.count(where: { Self.isListed($0) }) > 1,
      parts.allSatisfy({ (Self.isListed($0) || $0.isUnknown) && $0.length > 1 && !ProgramWords.contains($0) }
      ),
      parts.contains(where: { $0.isGiven }), parts.contains(where: { $0.isFamily }),
      !parts.allSatisfy({ Eponyms.contains($0) || $0.facts.isArea })
    else { return 0 }
    return count
  }

  /// Whether lists have a word for a name: one that is a rare English word as well is one of another language (`ting`).
  private static func isListed(_ word: Word) -> Bool {
    word.facts.isName && (!word.facts.isWord || word.facts.foreign != 0 && word.facts.frequency < 5)
  }

  /// `Morikawa^Sayuri`, `DELACROIX^HONORE`, `森川^さゆり`.
  func carets(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Int {
    let word = words[index]
    guard index + 1 < words.count, words[index + 1].range.lowerBound - word.range.upperBound == 1 else {
      return 0
    }
    let next = words[index + 1]
    let isNative =
      !view.text[word.range.lowerBound].isASCIIByte && !view.text[next.range.lowerBound].isASCIIByte
    guard isNative || word.shape == next.shape || word.shape == .capitalised && next.shape == .capitalised
    else { return 0 }
    guard NameParts.isPart(word, view), NameParts.isPart(next, view), word.length > 1, next.length > 1 else {
      return 0
    }
    guard isNative || word.isLikelyName || next.isLikelyName && next.isGiven else { return 0 }
    return isNative || !word.facts.isDrug && !next.facts.isDrug && !word.facts.isDisease ? 2 : 0
  }

  /// Given and family name in quotes of their own, side by side, or a name that the text has shown: `("Rossi", "Gianluca")`.
  private func quoted(
    _ words: [Word], _ index: Int, _ view: borrowing TextView, _ before: UInt8, _ behind: UInt8
  ) -> Int {
    let word = words[index]
    guard before == behind, word.shape == .capitalised || word.shape == .upper, word.length > 2 else {
      return 0
    }
    if tagger.memory.known(word.hash) == 2, word.facts.frequency < 6 || word.isLikelyName { return 1 }
    guard word.isLikelyName, behind != UInt8(ascii: "`") else { return 0 }
    if index + 1 < words.count, isBeside(word, words[index + 1], view, behind) { return 1 }
    return index > 0 && isBeside(words[index - 1], word, view, behind) ? 1 : 0
  }

  private func isBeside(_ one: Word, _ other: Word, _ view: borrowing TextView, _ quote: UInt8) -> Bool {
    let (end, start) = (one.range.upperBound, other.range.lowerBound)
    guard (3...5).contains(start - end), view.byte(end) == quote, view.byte(end + 1) == UInt8(ascii: ","),
      view.byte(start - 1) == quote, view.byte(other.range.upperBound) == quote,
      one.shape == other.shape, one.isLikelyName, other.isLikelyName,
      one.isGiven && other.isFamily || one.isFamily && other.isGiven
    else { return false }
    return one.facts.place == 0 || other.facts.place == 0
  }
}
