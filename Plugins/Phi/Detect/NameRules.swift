internal import FilterKit

/// Names of people in running text: by what stands before them, by what they are, and by having been seen before.
struct NameRules {
  /// Hashes of the parts of full names seen so far in this text.
  private var learned: Set<UInt64> = []
  private static let maximumLearned = 512

  private static func hashes(_ words: String) -> Set<UInt64> {
    Set(
      words.split(separator: " ").map { word in
        let bytes = Array(word.utf8)
        return Lexicon.hash(bytes.span, bytes.indices)
      })
  }

  /// Titles: what follows is a name, whatever it looks like.
  static let titles = hashes(
    "mr mrs ms miss mx dr prof professor rev reverend sister father sgt capt officer nurse doctor")
  /// Roles and labels: what follows is a name where it looks like one.
  static let labels = hashes(
    """
    patient name pt attending physician provider surgeon resident nurse therapist mother father mom dad wife husband \
    son daughter brother sister spouse partner guardian parent aunt uncle cousin niece nephew grandmother grandfather \
    friend neighbor contact signed cc pcp dear hi hello by from to with for client member caregiver girlfriend \
    boyfriend named called caller author doctor and subject resident student employee
    """)
  /// Labels whose value is a name whatever its case.
  static let fields = hashes(
    "given family firstname lastname fullname patientname surname forename givenname familyname")
  /// Letters after a name.
  static let credentials = hashes(
    "md do rn np pa phd dds dmd facp facs lpn msw lcsw pharmd pa-c aprn crnp mph esq jr sr ii iii iv")
  /// Between parts of a name.
  static let particles = hashes("de la del der den van von da di du le el al bin ibn ben st dos das san y")
  /// Capitalised at the beginning of a sentence or a heading, and names only in company.
  private static let openers = hashes(
    """
    will may mark grant dawn hope faith grace joy rose lily violet summer april june august art bill rob sue pat drew \
    miles chase hunter mason carter baker cook page young long short day love price case chance christian king major \
    guy ray gene dale glen heath cliff rich frank ernest earnest early bishop dean lane van an my so see do an in on \
    he she they the a i you we it his her your our their any all no not was has had is are
    """)

  mutating func reset() { learned.removeAll(keepingCapacity: true) }

  private mutating func learn(_ words: ArraySlice<Word>) {
    guard words.count >= 2 else { return }
    for word in words
    where word.length >= 3 && learned.count < Self.maximumLearned && !Self.particles.contains(word.hash) {
      learned.insert(word.hash)
    }
  }

  /// Reports the names among `words` that begin in a range. Ranges of one text are asked for in order.
  /// - Returns: where the last of them ends; nil where there is none. No other begins inside it.
  mutating func find(
    _ words: [Word], in range: Range<Int>, of view: borrowing TextView, emit: (Candidate) -> Void
  ) -> Int? {
    var index = 0
    var end: Int?
    while index < words.count, words[index].range.lowerBound < range.lowerBound { index += 1 }
    while index < words.count, words[index].range.lowerBound < range.upperBound {
      let length = name(words, at: index, view, emit)
      index += max(length, 1)
      if length > 0 { end = words[index - 1].range.upperBound }
    }
    return end
  }

  /// The name that begins at a word; returns how many words it takes, or 0.
  private mutating func name(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ emit: (Candidate) -> Void
  ) -> Int {
    let word = words[index]
    guard word.isFree,
      word.shape != .mixed || word.classes.isName || !view.text[word.range.lowerBound].isASCIIByte
    else { return 0 }
    if Self.titles.contains(word.hash) && word.shape != .lower { return 0 }
    let before = Context(words, index, view)
    if before.isTitle,
      word.shape == .capitalised || word.shape == .upper || word.shape == .initial || word.classes.isOnlyName
    {
      let count = run(words, from: index, view, allowsUnknown: true)
      return report(words, index, count, 9500, "phi/name-title", emit)
    }
    if before.isField, word.shape != .lower || word.classes.isName || before.isQuoted {
      let count = run(words, from: index, view, allowsUnknown: true)
      return report(words, index, count, 9300, "phi/name-field", emit)
    }
    if word.shape == .lower { return lowerCaseName(words, index, before, emit) }
    guard word.length > 1 || word.shape == .initial else { return 0 }
    if before.isLabel {
      let count = run(words, from: index, view, allowsUnknown: before.isColon)
      let slice = words[index..<index + count]
      let isKnown = slice.contains { $0.classes.isName && !Self.openers.contains($0.hash) }
      if count > 0, isKnown, count >= 2 || word.classes.isOnlyName || before.isColon && word.classes.isName {
        return report(words, index, count, 9000, "phi/name-label", emit)
      }
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
    if hasCredential(words, after: index), word.classes.isName {
      return report(words, index, 1, 8500, "phi/name-credential", emit)
    }
    return single(words, index, emit)
  }

  private func isGivenName(_ word: Word) -> Bool {
    word.classes.contains(.given) && !word.classes.contains(.word)
  }

  /// A word that is in no list, right before one that is nothing but a name, written in the same way.
  private func isUnknownBeforeName(_ words: [Word], _ index: Int) -> Bool {
    guard words[index].classes.isEmpty, words[index].length > 2, index + 1 < words.count else { return false }
    let next = words[index + 1]
    return next.followsClosely && next.isFree && next.classes.isOnlyName && next.shape == words[index].shape
  }

  /// What stands before a word, as far as it says that a name follows.
  private struct Context {
    var isTitle = false
    var isLabel = false
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
        case UInt8(ascii: ":"), UInt8(ascii: "="): isColon = true
        case UInt8(ascii: "\""), UInt8(ascii: "'"): isQuoted = true
        case UInt8(ascii: "."): continue
        default: hasOther = true
        }
      }
      if hasOther { return }
      isTitle =
        gap <= 3 && !isColon && !isQuoted && last.shape != .lower && NameRules.titles.contains(last.hash)
      isField = (isColon || isQuoted) && NameRules.fields.contains(last.hash)
      isLabel = NameRules.labels.contains(last.hash)
      if !isField, isColon, index > 1, NameRules.labels.contains(last.hash), !last.followsClosely {
        isLabel = true
      }
    }
  }

  /// How many words from `index` on make a name: capitalised words, initials and particles, close together.
  private func run(_ words: [Word], from index: Int, _ view: borrowing TextView, allowsUnknown: Bool) -> Int {
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
          !NameRules.titles.contains(last.hash)
        {
          break
        }
      }
      guard word.isFree || count > 0 else { break }
      if word.classes.contains(.never), !word.classes.contains(.given) || count > 0 && known == 0 { break }
      if Self.credentials.contains(word.hash), count > 0 { break }
      switch word.shape {
      case .initial where count > 0 || words.count > index + 1 && words[index + 1].followsClosely: break
      case .capitalised, .mixed, .upper:
        let isName = word.classes.isName || !view.text[word.range.lowerBound].isASCIIByte
        let isUnknown = word.classes.isEmpty && word.length > 1
        guard
          isName || isUnknown && (allowsUnknown || known > 0)
            || count > 0 && allowsUnknown && !word.classes.contains(.never) && !word.classes.contains(.word)
        else { return trimmed(words, index, count) }
        if word.shape == .mixed, count == 0, !isName { return 0 }
        known += 1
      case .lower where count > 0 && Self.particles.contains(word.hash): break
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
    guard full.count >= 2 || full.contains(where: { $0.classes.isOnlyName }) else { return 0 }
    let given = full.first?.classes.contains(.given) == true
    let only = full.count { $0.classes.isOnlyName }
    let family = full.dropFirst().contains { $0.classes.contains(.family) || $0.classes.isEmpty }
    let isOpener = Self.openers.contains(words[index].hash)
    if given, family, !isOpener || only > 0 {
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
      && Self.credentials.contains(next.hash)
  }

  /// One capitalised word alone: only a given name that is no English word, and that does not belong to code.
  private mutating func single(_ words: [Word], _ index: Int, _ emit: (Candidate) -> Void) -> Int {
    let word = words[index]
    guard word.shape == .capitalised, word.classes.contains(.givenCommon), word.classes.isOnlyName,
      !Self.openers.contains(word.hash), word.length > 2
    else { return 0 }
    return report(words, index, 1, 6000, "phi/name-given", emit)
  }

  /// Names that nobody capitalised: two in a row that are no English words, or one behind a title or label.
  private mutating func lowerCaseName(
    _ words: [Word], _ index: Int, _ before: Context, _ emit: (Candidate) -> Void
  ) -> Int {
    let word = words[index]
    guard word.classes.isOnlyName, word.length > 2 else { return 0 }
    guard index + 1 < words.count else { return 0 }
    let next = words[index + 1]
    guard next.followsClosely, next.isFree, next.classes.isOnlyName, next.shape == .lower, next.length > 2,
      word.classes.contains(.given) || before.isLabel
    else { return 0 }
    return report(words, index, 2, 7000, "phi/name-lower", emit)
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
