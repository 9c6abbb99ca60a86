internal import FilterKit

/// Names of people in running text: by what stands before them, by what they are, and by having been seen before.
struct NameRules {
  /// Hashes of the parts of full names seen so far in this text.
  private var learned = WordSet()
  private static let maximumLearned = 512
  var tagger: NameTagger

  init(_ tagger: NameTagger) { self.tagger = tagger }

  mutating func reset() {
    learned.removeAll()
    tagger.reset()
  }

  /// The text's first bytes have been taken away.
  mutating func shift(by count: Int) { tagger.shift(by: count) }

  /// Parts of a full name are names from here on, but for those that are words as well.
  private mutating func learn(_ words: ArraySlice<Word>) {
    guard words.count >= 2 else { return }
    for word in words
    where word.length >= 3 && learned.count < Self.maximumLearned && !word.hints.contains(.particle)
      && (word.classes.isOnlyName || word.classes.isEmpty)
    {
      learned.insert(word.hash)
    }
  }

  /// Reports the names among `words` that begin in a range. Ranges of one text are asked for in order.
  /// - Returns: where the last of them ends; nil where there is none. No other begins inside it.
  mutating func find(
    _ words: [Word], in range: Range<Int>, of view: borrowing TextView, _ inertness: borrowing Inertness,
    emit: (Candidate) -> Void
  ) -> Int? {
    var index = 0
    var end: Int?
    while index < words.count, words[index].range.lowerBound < range.lowerBound { index += 1 }
    while index < words.count, words[index].range.lowerBound < range.upperBound {
      let length =
        tagged(words, at: index, view, inertness, emit) ?? ruled(words, at: index, view, inertness, emit)
      index += max(length, 1)
      if length > 0 { end = words[index - 1].range.upperBound }
    }
    return end
  }

  /// What the tagger finds at a word; returns how many words it takes.
  private mutating func tagged(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness,
    _ emit: (Candidate) -> Void
  ) -> Int? {
    guard let found = tagger.find(words, at: index, view, inertness) else { return nil }
    if ProgramContext.isIdentifier(words, index, found.count, view, isPlace: found.kind == .place) {
      return found.count
    }
    let confidence = UInt32(6000 + min(max(found.margin, 0), 3500))
    let (kind, detector): (Kind, StaticString) =
      switch found.kind {
      case .person: ("NAME", "phi/name-tagger")
      case .place: ("CITY", "phi/place-tagger")
      case .organisation: ("ORG", "phi/organisation-tagger")
      }
    if found.kind == .person {
      if isNobody(words, index, found.count) || ModelNames.isModel(words, index, found.count) {
        return found.count
      }
      // `Doe, Jane` is one name, whatever the tagger makes of the comma.
      if found.count == 1, let count = reversed(words, index) {
        tagger.note(words[index..<index + count])
        return report(words, index, count, max(confidence, 8800), detector, emit)
      }
      let count = found.count + behindInitial(words, index + found.count)
      if count > found.count { tagger.note(words[index..<index + count]) }
      return report(words, index, count, confidence, detector, emit)
    }
    var end = words[index + found.count - 1].range.upperBound
    if found.kind == .place { end = houseNumber(view, end) ?? end }
    emit(
      Candidate(
        range: words[index].range.lowerBound..<end, kind: kind, confidence: confidence, detector: detector))
    return found.count
  }

  /// How many words go on with a name that the tagger ended at an initial: `Jane Q.`, and then `Doe`.
  private func behindInitial(_ words: [Word], _ index: Int) -> Int {
    guard index < words.count, words[index - 1].shape == .initial else { return 0 }
    let next = words[index]
    guard next.followsClosely, !next.startsLine, next.isFree, next.length > 1,
      next.shape == .capitalised || next.shape == .upper,
      next.classes.isDisjoint(with: [.word, .never])
        || next.classes.contains(.family) && !next.hints.contains(.opener)
    else { return 0 }
    return 1
  }

  /// Where the number behind a street ends that other countries write there: `Via Verbano 62, …`.
  private func houseNumber(_ view: borrowing TextView, _ end: Int) -> Int? {
    guard view.byte(end) == 0x20, Bytes.isDigit(view.byte(end + 1)) else { return nil }
    var stop = end + 1
    while stop - end < 6, Bytes.isDigit(view.byte(stop)) { stop += 1 }
    if Bytes.isLetter(view.byte(stop)) { stop += 1 }
    return stop - end < 6 && AddressLines.isEnd(view, stop) ? stop : nil
  }

  /// What the tagger takes for a person and is none: abbreviations in a sentence (`PING ACK frames`), or what ends in a
  /// word that is nobody's name (`Good Health Clinic`), or begins with one of programs (`typealias Element`).
  private func isNobody(_ words: [Word], _ index: Int, _ count: Int) -> Bool {
    let last = words[index + count - 1]
    if ProgramWords.contains(words[index]) { return true }
    if count > 1, last.shape == .capitalised, last.classes.contains(.word),
      last.classes.isDisjoint(with: [.given, .family])
    {
      return true
    }
    guard index + count < words.count, words[index + count].followsClosely else { return false }
    let next = words[index + count]
    if count == 1, last.classes.contains(.word), last.shape == .capitalised, next.shape == .capitalised,
      next.classes.contains(.word), next.classes.isDisjoint(with: [.given, .family])
    {
      return true
    }
    guard next.shape == .lower || count == 1 && next.shape == .upper else { return false }
    return words[index..<index + count].allSatisfy { $0.shape == .upper && $0.length <= 4 }
  }

  /// What the rules find at a word where the tagger finds nothing. At an inert run nothing begins, and nothing is learnt.
  private mutating func ruled(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness,
    _ emit: (Candidate) -> Void
  ) -> Int {
    let word = words[index]
    guard word.shape != .lower || word.classes.isName,
      !inertness.isInert(view.text, at: word.range.lowerBound, from: view.lowerBound)
    else { return 0 }
    let count = name(words, at: index, view) { candidate in
      // Behind a label a word of a program is one still: `name: Channel`.
      let isTitle = candidate.confidence >= 9300
      if isTitle
        || !ProgramContext.isIdentifier(
          words, index, Self.length(words, index, candidate), view, isPlace: false)
      {
        emit(candidate)
      }
    }
    if count > 0 { tagger.note(words[index..<index + count]) }
    return count
  }

  /// How many words a candidate takes.
  private static func length(_ words: [Word], _ index: Int, _ candidate: Candidate) -> Int {
    var count = 1
    while index + count < words.count, words[index + count].range.upperBound <= candidate.range.upperBound {
      count += 1
    }
    return count
  }

  /// The name that begins at a word; returns how many words it takes, or 0.
  private mutating func name(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ emit: (Candidate) -> Void
  ) -> Int {
    let word = words[index]
    guard word.isFree,
      word.shape != .mixed || word.classes.isName || !view.text[word.range.lowerBound].isASCIIByte
    else { return 0 }
    if word.hints.contains(.title) && word.shape != .lower { return 0 }
    let before = Context(words, index, view)
    if before.isTitle,
      word.shape == .capitalised || word.shape == .upper || word.shape == .initial
    {
      let count = run(words, from: index, view, allowsUnknown: true, isTitled: true)
      return report(words, index, count, 9500, "phi/name-title", emit)
    }
    if before.isField, word.shape != .lower || word.classes.isName || before.isQuoted {
      let count = run(words, from: index, view, allowsUnknown: true)
      return report(words, index, count, 9300, "phi/name-field", emit)
    }
    if word.shape == .lower { return lowerCaseName(words, index, before, emit) }
    guard word.length > 1 || word.shape == .initial else { return 0 }
    if before.isLabel || before.isJoint, let count = labelled(words, index, before, view) {
      return report(words, index, count, 9000, "phi/name-label", emit)
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
  private func labelled(_ words: [Word], _ index: Int, _ before: Context, _ view: borrowing TextView) -> Int?
  {
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
    let count = run(words, from: index, view, allowsUnknown: before.isColon)
    guard count > 0 else { return nil }
    let slice = words[index..<index + count]
    if before.isPerson, before.isColon, count >= 2, slice.allSatisfy({ !$0.classes.contains(.word) }) {
      return count
    }
    guard slice.contains(where: { $0.classes.isName && !$0.hints.contains(.opener) }) else { return nil }
    if count >= 2, slice.contains(where: { $0.classes.isOnlyName }) { return count }
    if word.classes.isOnlyName { return count }
    // `Name: Good Health Clinic` is nobody's.
    let next = index + count
    let isPartOfMore = next < words.count && words[next].followsClosely && words[next].shape == .capitalised
    return before.isColon && word.classes.isName && !isPartOfMore ? count : nil
  }

  private func isGivenName(_ word: Word) -> Bool {
    word.classes.contains(.given) && !word.classes.contains(.word)
  }

  /// A word that is in no list, right before one that is nothing but a name, written in the same way.
  private func isUnknownBeforeName(_ words: [Word], _ index: Int) -> Bool {
    guard words[index].classes.isEmpty, words[index].length > 2, words[index].shape != .upper,
      index + 1 < words.count
    else { return false }
    let next = words[index + 1]
    return next.followsClosely && next.isFree && next.classes.isOnlyName && next.shape == words[index].shape
  }

  /// What stands before a word, as far as it says that a name follows.
  private struct Context {
    var isTitle = false
    var isLabel = false
    var isJoint = false
    var isPerson = false
    /// Somebody is introduced: `my name is`, `hello`.
    var isIntroduced = false
    var isField = false
    var isColon = false
    var isQuoted = false

    init(_ words: [Word], _ index: Int, _ view: borrowing TextView) {
      guard index > 0 else { return }
      let word = words[index]
      let last = words[index - 1]
      let gap = word.range.lowerBound - last.range.upperBound
      guard gap <= 8, !word.startsLine || gap <= 2 else { return }
      var hasOther = false
      for position in last.range.upperBound..<word.range.lowerBound {
        switch view.byte(position) {
        case 0x20, 0x09, UInt8(ascii: "#"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "["),
          UInt8(ascii: ","):
          continue
        case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ">"): isColon = true
        case UInt8(ascii: "\""), UInt8(ascii: "'"): isQuoted = true
        case UInt8(ascii: "."): continue
        default: hasOther = true
        }
      }
      if hasOther { return }
      isTitle =
        gap <= 3 && !isColon && !isQuoted && view.byte(last.range.upperBound) != UInt8(ascii: ",")
        && last.hints.contains(last.shape == .lower ? .shortTitle : .title)
      isField = (isColon || isQuoted) && last.hints.contains(.field)
      isLabel = last.hints.contains(.label)
      isJoint = last.hints.contains(.joint) && gap == 1
      isPerson = last.hints.contains(.person)
      isIntroduced = last.hints.contains(.greeting)
      if index > 1, last.followsClosely, last.hints.contains(.be), words[index - 2].hints.contains(.naming) {
        isIntroduced = true
        isLabel = true
      }
    }
  }

  /// How many words from `index` on make a name: capitalised words, initials and particles, close together.
  private func run(
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
  private func trimmed(_ words: [Word], _ index: Int, _ count: Int) -> Int {
    var count = count
    while count > 0, words[index + count - 1].shape == .lower { count -= 1 }
    if count == 1, words[index].shape == .initial { return 0 }
    return count
  }

  /// `Doe, Jane` and `DOE^JANE`.
  private func reversed(_ words: [Word], _ index: Int) -> Int? {
    guard index + 1 < words.count, words[index].classes.contains(.family),
      !words[index].classes.contains(.never)
    else { return nil }
    let next = words[index + 1]
    if words[index].classes.contains(.place), next.hints.contains(.state) { return nil }
    guard next.followsComma, next.classes.contains(.given),
      next.shape == words[index].shape || next.shape == .capitalised,
      !words[index].classes.contains(.word) || !next.classes.contains(.word)
    else { return nil }
    let hasMiddle =
      index + 2 < words.count && words[index + 2].followsClosely && words[index + 2].shape == .initial
    return hasMiddle ? 3 : 2
  }

  private mutating func pair(_ words: [Word], _ index: Int, _ count: Int, _ emit: (Candidate) -> Void) -> Int
  {
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

  private func hasCredential(_ words: [Word], after index: Int) -> Bool {
    guard index + 1 < words.count else { return false }
    let next = words[index + 1]
    return (next.followsComma || next.followsClosely) && next.shape != .lower
      && next.hints.contains(.credential)
  }

  /// One capitalised word alone: only a given name that is no English word, and that does not belong to code.
  private mutating func single(
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
  private mutating func lowerCaseName(
    _ words: [Word], _ index: Int, _ before: Context, _ emit: (Candidate) -> Void
  ) -> Int {
    let word = words[index]
    func isPart(_ word: Word) -> Bool {
      word.isFree && word.shape == .lower && word.classes.isOnlyName && word.length > 2 && !word.isContraction
    }
    // Behind a title, a name that is a word as well.
    let isTitled = before.isTitle && word.classes.isName && !word.hints.contains(.opener) && word.length > 2
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

  private mutating func report(
    _ words: [Word], _ index: Int, _ count: Int, _ confidence: UInt32, _ detector: StaticString,
    _ emit: (Candidate) -> Void
  ) -> Int {
    guard count > 0 else { return 0 }
    let slice = words[index..<index + count]
    learn(slice.filter { $0.shape != .initial && $0.shape != .lower }[...])
    emit(
      Candidate(
        range: words[index].range.lowerBound..<words[index + count - 1].range.upperBound, kind: "NAME",
        confidence: confidence, detector: detector))
    return count
  }
}

extension UInt8 {
  var isASCIIByte: Bool { self < 0x80 }
}
