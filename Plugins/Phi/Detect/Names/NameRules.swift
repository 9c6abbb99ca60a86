internal import FilterKit

/// Names of people in running text: by what stands before them, by what they are, and by having been seen before.
struct NameRules {
  /// Hashes of the parts of full names seen so far in this text.
  private(set) var learned = WordSet()
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
      var candidate: Candidate?
      let isPlain = words[index].isPlain
      let tagged = isPlain ? 0 : tagged(words, at: index, view, inertness) { candidate = $0 }
      var length =
        tagged ?? begun(words, at: index, view, inertness) { candidate = $0 }
        ?? ruled(words, at: index, view, inertness) { candidate = $0 }
      if length == 0 { length = joined(words, at: index, view, inertness) { candidate = $0 } }
      if let candidate,
        let found = settled(
          words, index, &length, candidate, view, isAnnounced: tagged == nil && candidate.confidence >= 9300)
      {
        emit(found)
      }
      index += max(length, 1)
      if length > 0 { end = words[index - 1].range.upperBound }
    }
    return end
  }

  /// A name with what belongs to it behind it; nil where nobody is meant.
  private mutating func settled(
    _ words: [Word], _ index: Int, _ length: inout Int, _ candidate: Candidate, _ view: borrowing TextView,
    isAnnounced: Bool
  ) -> Candidate? {
    let isPlace = candidate.kind == "CITY"
    guard isPlace || candidate.kind == "NAME" else { return candidate }
    if !isPlace, length == 1, NameDoubts.isNeverName(words, index, view) { return nil }
    if !isAnnounced,
      NameDoubts.isNobody(words, index, length, view, learned, isPlace: isPlace)
    {
      return nil
    }
    if !isPlace {
      learn(words[index..<index + length].filter { $0.shape != .initial && $0.shape != .lower }[...])
    }
    let more = isPlace ? 0 : NameParts.behind(words, index, length, view)
    guard more > 0 else { return candidate }
    length += more
    tagger.note(words[index..<index + length])
    var whole = candidate
    whole.range = candidate.range.lowerBound..<words[index + length - 1].range.upperBound
    return whole
  }

  /// What the tagger finds at a word; returns how many words it takes.
  private mutating func tagged(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness,
    _ emit: (Candidate) -> Void
  ) -> Int? {
    guard let found = tagger.find(words, at: index, view, inertness) else { return nil }
    if found.kind != .person, found.count == 1, words[index].shape != .lower,
      NameContext(words, index, view).isSomebodysKin
        || isBehindRole(words, index, view) && words[index].isLikelyName
    {
      return nil
    }
    if found.kind == .organisation, found.count == 1, let count = reversed(words, index) {
      tagger.note(words[index..<index + count])
      return report(words, index, count, 8800, "phi/name-reversed", emit)
    }
    if found.kind != .person, view.byte(words[index].range.upperBound) == UInt8(ascii: "^") {
      let count = carets(words, index, view)
      if count > 0 {
        tagger.note(words[index..<index + count])
        return report(words, index, count, 7500, "phi/name-joined", emit)
      }
    }
    // A title speaks for somebody in a program, too: `// skip Mrs Pargeter`.
    let isTitled =
      found.kind == .person && words[index].shape == .capitalised && NameContext(words, index, view).isTitle
    if !isTitled, ProgramContext.isIdentifier(words, index, found.count, view, isPlace: found.kind == .place)
    {
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
      // `Doe, Jane` is one name, whatever the tagger makes of the comma, and behind a label an eponym's, too.
      let pair = found.count == 1 ? reversed(words, index) : nil
      let before = NameContext(words, index, view)
      let isAnnounced = before.isTitle || pair != nil && before.isLabel
      if isNobody(words, index, found.count) && !isAnnounced || ModelNames.isModel(words, index, found.count)
      {
        return found.count
      }
      if let count = pair {
        tagger.note(words[index..<index + count])
        return report(words, index, count, max(confidence, 8800), detector, emit)
      }
      let count = found.count + behindInitial(words, index + found.count)
      if count > found.count { tagger.note(words[index..<index + count]) }
      return report(words, index, count, confidence, detector, emit)
    }
    if found.kind == .place, PlaceDoubts.isNowhere(words, index, found.count, view) { return found.count }
    var end = words[index + found.count - 1].range.upperBound
    if found.kind == .place { end = houseNumber(view, end) ?? end }
    emit(
      Candidate(
        range: words[index].range.lowerBound..<end, kind: kind, confidence: confidence, detector: detector))
    return found.count
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
  func isNobody(_ words: [Word], _ index: Int, _ count: Int) -> Bool {
    let last = words[index + count - 1]
    if ProgramWords.contains(words[index]) { return true }
    if count > 1, last.shape == .capitalised, last.classes.contains(.word), !last.followsComma,
      !WordNames.contains(last), last.classes.isDisjoint(with: [.given, .family])
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
    guard word.isFree, word.shape != .lower || word.classes.isName,
      !tagger.features.cache.isInert(words, index, view, inertness)
    else { return 0 }
    // A closure that knew the words would count references to them at each word.
    var named: Candidate?
    let count = name(words, at: index, view) { named = $0 }
    // Behind a label a word of a program is one still: `name: Channel`.
    if let named,
      named.confidence >= 9300
        || !ProgramContext.isIdentifier(
          words, index, Self.length(words, index, named), view, isPlace: false)
    {
      emit(named)
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

  mutating func report(
    _ words: [Word], _ index: Int, _ count: Int, _ confidence: UInt32, _ detector: StaticString,
    _ emit: (Candidate) -> Void
  ) -> Int {
    guard count > 0 else { return 0 }
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
