internal import FilterKit

/// Single names that what stands beside them announces: a relation, an age, a department before brackets, a speaker's colon, an address
/// of e-mail, what people do.
extension NameRules {
  /// How long the name at a word is; nil where nothing announces one.
  func cued(_ words: [Word], _ index: Int, _ before: NameContext, _ view: borrowing TextView) -> Int? {
    let word = words[index]
    guard word.length > 1, !word.hints.contains(.title) else { return nil }
    if word.shape == .lower {
      guard before.isKin, word.facts.given > 3 else { return nil }
      // `his neighbor earl with`, but `his son will`.
      return isSpeaking(words, index)
        || before.isSomebodysKin && word.hints.isDisjoint(with: [.opener, .verb, .kin, .relation])
          && word.facts.frequency < 6
        ? 1 : nil
    }
    guard word.shape == .capitalised || word.shape == .upper && word.length > 3 else { return nil }
    let isOpen = word.isLikelyName || word.isUnknown
    // Whatever the word: `his brother Per, who`.
    if before.isSomebodysKin, word.shape == .capitalised, !isBeforeWord(words, index) {
      return atLeastOne(words, index, view)
    }
    if before.isKin, !before.isQuoted, word.shape == .capitalised {
      if isOpen, word.isLikelyName || !before.isColon { return atLeastOne(words, index, view) }
      // `Brother August`, `Friend Buzz`.
      if word.facts.given > 2 && word.classes.contains(.given) || WordNames.contains(word), !before.isColon,
        view.byte(word.range.lowerBound - 1) == 0x20,
        !isBeforeWord(words, index)
      {
        return atLeastOne(words, index, view)
      }
    }
    if isBehindRole(words, index, view), isOpen, !Eponyms.contains(word), !ClinicalWords.contains(word) {
      return atLeastOne(words, index, view)
    }
    if isPatient(words, index, view) { return 1 }
    if before.isAged, isOpen, !isPeople(word, view) { return atLeastOne(words, index, view) }
    if isSigned(words, index, view) { return 1 }
    if isOpen, isBracketed(words, index, view) || isSpeaker(word, view) || isMailbox(word, view) { return 1 }
    if word.shape == .capitalised, word.hints.contains(.opener), word.classes.contains(.given),
      word.facts.given > 2,
      isSpeaking(words, index)
    {
      return 1
    }
    return nil
  }

  /// A role in capitals, or an abbreviated rank, right before a name: `RN HANH`, `EMTP Stout`, `Det. Imamura`, `Sr. Botha`.
  func isBehindRole(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    guard index > 0, !words[index].startsLine else { return false }
    let (word, last) = (words[index], words[index - 1])
    let gap = word.range.lowerBound - last.range.upperBound
    if gap == 1, view.byte(last.range.upperBound) == 0x20 {
      return Self.roles.contains(last.hash) && last.shape != .initial
    }
    // `12 Fr. Foley` is a size, `John Smith Sr.` ends a name.
    return gap == 2 && view.byte(last.range.upperBound) == UInt8(ascii: ".") && last.shape == .capitalised
      && Self.ranks.contains(last.hash) && !Bytes.isDigit(view.byte(last.range.lowerBound - 2))
      && !(index > 1 && tagger.endsName(words[index - 2]))
  }

  private static let roles = WordSet(
    words:
      "rn lpn cna rrt rph hca odp cnm crna emt emtp msw lcsw cwocn aide porter coordinator coord counselor counsellor sono scrub circulator proband"
  )
  private static let ranks = WordSet(words: "det lt maj col dep const fr sr sra dcn dre")

  /// A patient's name in a list of a ward, with age and sex behind it: `AGUIRRE-BLAINE 67F lap chole`, `KING – 66M`.
  private func isPatient(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    var start = word.range.upperBound
    while start - word.range.upperBound < 6,
      view.byte(start) == 0x20 || view.byte(start) == UInt8(ascii: ",")
        || view.byte(start) == UInt8(ascii: "-") || view.has("–", at: start)
    { start += view.has("–", at: start) ? 3 : 1 }
    guard start > word.range.upperBound, view.byte(start - 1) == 0x20 else { return false }
    var end = start
    while end - start < 3, Bytes.isDigit(view.byte(end)) { end += 1 }
    guard end - start == 2 || end - start == 3 && view.byte(start) == UInt8(ascii: "1"),
      "MF".utf8.contains(view.byte(end)), !Bytes.isJoining(view.byte(end + 1))
    else { return false }
    // `Temp 99F` is warm.
    return word.isLikelyName && !word.facts.isDrug || word.isUnknown && word.isHyphenated
      || word.shape == .upper && word.length > 2 && word.facts.family > 2
        && !ClinicalWords.isAbbreviation(word)
  }

  private func atLeastOne(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Int {
    max(run(words, from: index, view, allowsUnknown: true), 1)
  }

  /// Whether another capitalised word follows that is nobody's name: `Sister Mary Hospital`.
  private func isBeforeWord(_ words: [Word], _ index: Int) -> Bool {
    guard index + 1 < words.count, words[index + 1].followsClosely else { return false }
    return words[index + 1].shape == .capitalised && !words[index + 1].isLikelyName
  }

  /// A name alone on the last line of a letter, or behind the comma of what ends it: `Yours ever, Bunny`.
  private func isSigned(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    guard index > 0, index + 1 == words.count || words[index + 1].startsLine, word.shape == .capitalised,
      Self.closings.contains(words[index - 1].hash), !word.hints.contains(.verb)
    else { return false }
    let last = words[index - 1].range.upperBound
    let end = word.range.upperBound
    guard view.byte(last) == UInt8(ascii: ",") || view.byte(last) == 0x0A, word.range.lowerBound - last <= 4,
      view.byte(end) <= 0x20 || view.byte(end) == UInt8(ascii: ".")
    else { return false }
    return word.isUnknown || word.facts.given > 0 || word.facts.foreign != 0
      || word.classes.isName && !Eponyms.contains(word)
  }

  private static let closings = WordSet(
    words:
      "regards thanks thx ty cheers sincerely faithfully truly ever best wishes love hugs yours respectfully cordially xx xo xoxo"
  )

  private func isSpeaking(_ words: [Word], _ index: Int) -> Bool {
    guard index + 1 < words.count else { return false }
    let next = words[index + 1]
    return next.followsClosely && !next.startsLine && next.shape == .lower && next.hints.contains(.saying)
  }

  /// Whether a word says of which people somebody is, as far as its end tells: `a 45-year-old Guatemalan`.
  private func isPeople(_ word: Word, _ view: borrowing TextView) -> Bool {
    let end = word.range.upperBound
    return word.facts.isArea || view.has("an", at: end - 2) || view.has("ese", at: end - 3)
      || view.has("ish", at: end - 3)
      || view.has("ic", at: end - 2)
  }

  /// `ED (Park)`, `TODO(Aleksandra):`.
  private func isBracketed(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    guard index > 0, view.byte(word.range.lowerBound - 1) == UInt8(ascii: "("),
      view.byte(word.range.upperBound) == UInt8(ascii: ")")
    else { return false }
    let last = words[index - 1]
    let gap = word.range.lowerBound - last.range.upperBound
    guard gap <= 2 else { return false }
    if view.byte(word.range.upperBound + 1) == UInt8(ascii: ":") {
      return Self.notes.contains(last.hash) && last.shape == .upper
    }
    return gap == 2 && last.hints.contains(.department) && (word.isFamily || word.isGiven)
      && !Eponyms.contains(word) && !ClinicalWords.contains(word)
  }

  private static let notes = WordSet(words: "todo fixme nb xxx hack note ps warning bug idea")

  /// A name at a line's beginning with a colon behind it, as in minutes: `*Semisi*: same as yesterday`, `// Aleksandra: keep these`.
  private func isSpeaker(_ word: Word, _ view: borrowing TextView) -> Bool {
    var end = word.range.upperBound
    var start = word.range.lowerBound
    var stars = 0
    while stars < 2, view.byte(end) == UInt8(ascii: "*"), view.byte(start - 1) == UInt8(ascii: "*") {
      (start, end, stars) = (start - 1, end + 1, stars + 1)
    }
    guard view.byte(end) == UInt8(ascii: ":"), view.byte(end + 1) == 0x20 else { return false }
    if stars > 0 { return Bytes.isSpace(view.byte(start - 1)) && (word.isLikelyName || word.length > 4) }
    guard word.isLikelyName, word.isGiven, word.shape == .capitalised else { return false }
    while "/#-*> ".utf8.contains(view.byte(start - 1)), word.range.lowerBound - start < 8 { start -= 1 }
    return view.byte(start - 1) == 0x0A
  }

  /// A name before an address that has it: `Chidi <okafor_chidi@example.com>`.
  private func isMailbox(_ word: Word, _ view: borrowing TextView) -> Bool {
    let end = word.range.upperBound
    guard view.byte(end) == 0x20, view.byte(end + 1) == UInt8(ascii: "<") else { return false }
    var stop = end + 2
    while stop - end < 66, view.byte(stop) > 0x20, view.byte(stop) != UInt8(ascii: "@"),
      view.byte(stop) != UInt8(ascii: ">")
    {
      stop += 1
    }
    guard view.byte(stop) == UInt8(ascii: "@"), stop - end - 2 >= word.length else { return false }
    for start in end + 2...stop - word.length
    where (0..<word.length).allSatisfy({
      view.byte(start + $0) | 0x20 == view.byte(word.range.lowerBound + $0) | 0x20
    }) {
      return true
    }
    return false
  }
}
