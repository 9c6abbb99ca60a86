/// Tells words that are like names and are none: eponyms, brands, clinical words, words of other languages, and what begins a sentence.
enum NameDoubts {
  /// Whether nobody is meant, although it looks so: nothing but such words, and nothing beside them that says who it is.
  static func isNobody(
    _ words: [Word], _ index: Int, _ count: Int, _ view: borrowing TextView, _ learned: borrowing WordSet,
    isPlace: Bool
  ) -> Bool {
    let slice = words[index..<index + count]
    if isHeader(words[index].range.lowerBound, view) { return true }
    // `MAC SHA256`: a digit touches what would be the name's last word.
    let last = words[index + count - 1]
    if last.shape == .upper, last.length < 5, Bytes.isDigit(view.byte(last.range.upperBound)) { return true }
    if nothings.contains(words[index].hash), count < 3 { return true }
    let isDoubtful =
      isPlace
      ? isNoPlace(words, index, count, view)
      : count == 1
        ? isNoName(words, index, view)
        : slice.allSatisfy({ isNone($0) || isFiller($0) })
          && slice.contains { (isNone($0) || isSign($0)) && !$0.hints.contains(.particle) }
    if !isPlace, EponymLists.isIn(words, index, count, view) {
      let before = NameContext(words, index, view)
      return !before.isTitle && !before.isLabel && !slice.contains { learned.contains($0.hash) }
    }
    guard isDoubtful || count == 2 && !isPlace && isClass(words, index, view) else { return false }
    // `a dr appt`
    if words[index].shape == .lower, ClinicalWords.contains(words[index]) { return true }
    return isPlace || !isNamed(words, index, count, view, learned)
  }

  /// Whether a word by itself is nobody's name.
  private static func isNone(_ word: Word) -> Bool {
    Eponyms.contains(word) || ClinicalWords.contains(word) || ClinicalWords.isAbbreviation(word)
      || ForeignWords.contains(word) || isContraction(word)
      || (word.facts.isDrug || word.facts.isDisease && word.facts.family < 3) && !word.classes.isName
        && word.facts.given == 0
  }

  /// What stands between such words: an English word, or one letter.
  private static func isFiller(_ word: Word) -> Bool {
    word.length == 1 || (word.facts.isWord || word.classes.contains(.word)) && !word.classes.contains(.given)
      || isSign(word)
  }

  /// An abbreviation that is in no list: `RVR`.
  private static func isSign(_ word: Word) -> Bool {
    word.shape == .upper && word.length < 5 && !word.classes.isName && word.facts.given == 0
  }

  /// A word in capitals that no list has for a name, and too short for one by itself: `NRIC`, `GETA`, `LADA`.
  private static func isUnknownSign(_ word: Word) -> Bool {
    word.shape == .upper && word.length < 6 && !word.isHyphenated && !word.facts.isName
      && !word.classes.isName
  }

  /// Whether a score stands behind an eponym and ends its clause: `Norton 17.`, `(Wilkins 7, …`.
  private static func isScored(_ view: borrowing TextView, _ end: Int) -> Bool {
    guard view.byte(end) == 0x20, Bytes.isDigit(view.byte(end + 1)) else { return false }
    var stop = end + 2
    while stop - end < 4, Bytes.isDigit(view.byte(stop)) { stop += 1 }
    switch view.byte(stop) {
    case UInt8(ascii: ";"), UInt8(ascii: ")"), UInt8(ascii: "%"), 0x0A: return true
    case UInt8(ascii: "."), UInt8(ascii: ","):
      return view.byte(stop + 1) == 0x20 || view.byte(stop + 1) == 0x0A
    default: return false
    }
  }

  /// Whether a place in a text lies on the first line of a message of HL7, which names systems and nobody.
  private static func isHeader(_ position: Int, _ view: borrowing TextView) -> Bool {
    let start = view.start(before: position, limit: 100) { $0 != 0x0A && $0 != 0x0D }
    return view.has("MSH|", at: start)
  }

  private static func isNoName(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    if isNone(word) || isUnknownSign(word)
      || Eponyms.isCommon(word)
        && (isTechnical(words, index + 1, view) || isScored(view, word.range.upperBound))
    {
      return true
    }
    return isOpener(words, index, view)
  }

  /// Whether a sentence begins with an English word that is at most a family name, and goes on: `Many thanks`, `Oh and`.
  private static func isOpener(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    guard word.shape == .capitalised, word.facts.given < 4, word.facts.isWord || word.classes.contains(.word),
      index + 1 < words.count, words[index + 1].followsClosely, words[index + 1].shape == .lower,
      view.byte(word.range.upperBound) == 0x20
    else { return false }
    if word.startsLine || index == 0 { return true }
    let last = words[index - 1].range.upperBound
    return view.byte(last) == UInt8(ascii: ":")
      || ".!?".utf8.contains(view.byte(last)) && words[index - 1].length > 2
  }

  /// Whether what follows an eponym is what it names, or a class of it: `Weber B`, `Garden IV`, `Baker's cyst`.
  private static func isTechnical(_ words: [Word], _ next: Int, _ view: borrowing TextView) -> Bool {
    guard next < words.count else { return false }
    let word = words[next]
    let gap = word.range.lowerBound - words[next - 1].range.upperBound
    guard gap == 1 || gap == 3 && view.byte(words[next - 1].range.upperBound) == UInt8(ascii: "'") else {
      return false
    }
    return word.hints.contains(.eponym) || gap == 1 && isNumeral(words, next, view)
  }

  /// Whether a word is the letter or the Roman numeral of a class, and no initial.
  private static func isNumeral(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    guard word.shape == .initial || word.shape == .upper, word.length < 5,
      view.byte(word.range.upperBound) != UInt8(ascii: ".") || word.length > 1
    else { return false }
    if word.length == 1 {
      guard "ABCDIV".utf8.contains(view.text[word.range.lowerBound]) else { return false }
      // `Thomas I think` is somebody's.
      return view.text[word.range.lowerBound] != UInt8(ascii: "I") || index + 1 == words.count
        || words[index + 1].shape != .lower
    }
    return word.range.allSatisfy { "IVX".utf8.contains(view.text[$0]) }
  }

  /// `Weber B`, `Case A`: an eponym or an English word with its class, which the tagger takes for an initial.
  private static func isClass(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    guard words[index + 1].followsClosely else { return false }
    if Eponyms.isCommon(word) || Eponyms.contains(word) { return isNumeral(words, index + 1, view) }
    return words[index + 1].length == 1 && view.byte(words[index + 1].range.upperBound) != UInt8(ascii: ".")
      && word.shape == .capitalised && (word.facts.isWord || word.classes.contains(.word))
      && word.facts.given < 3
      && word.facts.family < 4
  }

  /// What the tagger takes for a place: words of clinics and other languages, unless something says that somebody is there.
  private static func isNoPlace(
    _ words: [Word], _ index: Int, _ count: Int, _ view: borrowing TextView
  ) -> Bool {
    let slice = words[index..<index + count]
    if slice.allSatisfy({
      ClinicalWords.contains($0) || ClinicalWords.isAbbreviation($0) && $0.facts.place < 5
    }) {
      return true
    }
    if slice.contains(where: { $0.facts.isDrug && $0.shape == .upper && $0.facts.place == 0 }) { return true }
    if count == 1, isUnknownSign(words[index]), words[index].facts.place == 0 { return true }
    if count == 1, Eponyms.isCommon(words[index]) || Eponyms.isTown(words[index]),
      isScored(view, words[index].range.upperBound) || isTechnical(words, index + 1, view)
        || EponymLists.isIn(words, index, count, view)
    {
      return true
    }
    if index > 0, words[index - 1].hints.contains(.preposition) { return false }
    return slice.allSatisfy { Eponyms.contains($0) && $0.facts.place == 0 || ForeignWords.contains($0) }
  }

  /// Whether something says that somebody is meant: a title, a label, a relation, what people do, letters behind, a full name before.
  private static func isNamed(
    _ words: [Word], _ index: Int, _ count: Int, _ view: borrowing TextView, _ learned: borrowing WordSet
  ) -> Bool {
    let before = NameContext(words, index, view)
    if before.isTitle || before.isField || before.isLabel || before.isIntroduced || before.isKin {
      return true
    }
    if words[index..<index + count].contains(where: { learned.contains($0.hash) }) { return true }
    let next = index + count
    guard next < words.count else { return false }
    if words[next].followsComma || words[next].followsClosely, words[next].shape != .lower,
      words[next].hints.contains(.credential), !isNumeral(words, next, view)
    {
      return true
    }
    if words[next].followsComma,
      words[next].shape == .capitalised && words[next].isGiven || words[next].shape == .initial
    {
      return true
    }
    return words[next].followsClosely && words[next].shape == .lower && words[next].hints.contains(.saying)
  }

  /// What is nobody's name whatever stands before it: `Hi, I'm`, `Subject: Re: your bill`, `Thu: Kim`, `Provider: Good. So then`.
  static func isNeverName(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> Bool {
    let word = words[index]
    let end = word.range.upperBound
    if word.isContraction, contractions.contains(word.hash) { return true }
    if hasSign(word, view) { return true }
    // `Sgt. Maj. Lafayette`, `Nurse line: how can I help`.
    if index > 0, words[index - 1].hints.contains(.title),
      view.byte(end) == UInt8(ascii: ".") && ranks.contains(word.hash) || services.contains(word.hash)
    {
      return true
    }
    if view.byte(end) == UInt8(ascii: ":"), word.length < 4, neverLabels.contains(word.hash) { return true }
    if days.contains(word.hash), isBesideDay(view, end) { return true }
    // An answer in one word, behind a speaker's colon.
    guard index > 0, word.facts.isWord || word.classes.contains(.word), word.facts.given < 4,
      word.shape == .capitalised,
      view.byte(word.range.lowerBound - 1) == 0x20, view.byte(word.range.lowerBound - 2) == UInt8(ascii: ":"),
      words[index - 1].startsLine || index == 1
    else { return false }
    if view.byte(end) == 0x20 {
      // `CONSULTANT: Then she needs`, as people hardly write it but where a sentence begins.
      return Bytes.isLower(view.byte(end + 1)) && word.facts.frequency > 5 && word.facts.capital < 4
    }
    return ".,?!".utf8.contains(view.byte(end)) && view.byte(end + 1) == 0x20
  }

  private static let ranks = WordSet(words: "maj gen col lt sgt maj lcdr cdr")
  private static let services = WordSet(words: "line hotline station practitioner manager call calls")

  /// Whether an arrow or a long dash joins what is no word: `ED→obs`, `Smith—and`.
  private static func hasSign(_ word: Word, _ view: borrowing TextView) -> Bool {
    guard word.shape != .lower, word.shape != .initial else { return false }
    for index in word.range where view.byte(index) == 0xE2 {
      let next = view.byte(index + 1)
      if (0x86...0x9F).contains(next) || next == 0x80 && (0x93...0x94).contains(view.byte(index + 2)) {
        return true
      }
    }
    return false
  }

  private static let days = WordSet(words: "mon tue tues wed weds thu thur thurs fri sat sun")
  private static let neverLabels = WordSet(words: "re fw fwd cc loc dx rx hx sx")

  /// Whether what stands behind a day of the week goes on with it: `Thu:`, `Thu 136/82`, `Thu   Cards`.
  private static func isBesideDay(_ view: borrowing TextView, _ end: Int) -> Bool {
    if view.byte(end) == UInt8(ascii: ":") { return true }
    return view.byte(end) == 0x20 && (view.byte(end + 1) == 0x20 || Bytes.isDigit(view.byte(end + 1)))
  }

  /// What stands where nobody is told: `None Given`, `Not Provided`.
  private static let nothings = WordSet(
    words: "none not unknown unspecified undisclosed declined refused pending nil null")

  private static func isContraction(_ word: Word) -> Bool { contractions.contains(word.hash) }

  /// As chat has them; the hash has no apostrophe anyway.
  private static let contractions = WordSet(
    words: """
      theres heres wheres whats thats hes shes its im ive id ill youre youve theyre theyve weve dont doesnt didnt isnt arent wasnt werent \
      hed shed theyd wed youd itll thatll cant couldnt wont wouldnt shouldnt hasnt havent hadnt aint lets gonna wanna gotta
      """)
}
