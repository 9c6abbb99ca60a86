/// Tells the runs of text at which no value can begin, so that a stream need not wait for what follows them.
///
/// A run is what stands between spaces. It is inert where it is a plain lower-case word, or a capitalised
/// dictionary word, with nothing before it that announces a value. What a rule finds at an inert run is dropped,
/// whole texts included: that is what makes a stream and the whole agree.
struct Inertness {
  /// The first words of texts that are always reported: nothing makes them inert.
  private let denied: Set<UInt64>

  private let model: TaggerModel

  init(denied texts: [String], _ model: TaggerModel) {
    self.model = model
    denied = Set(
      texts.map { text in
        let bytes = Array(text.utf8.prefix { Bytes.isLetter($0) })
        return Lexicon.hash(bytes.span, bytes.indices)
      })
  }

  /// The run that holds `position`; nil where it does not end within the text, so that it may still grow.
  private static func run(_ text: Span<UInt8>, at position: Int, from lower: Int, isEnd: Bool) -> Range<Int>?
  {
    var start = position
    while start > lower, position - start < 64, !Bytes.isSpace(text[start - 1]) { start -= 1 }
    var end = position
    while end < text.count, end - position < 64, !Bytes.isSpace(text[end]) { end += 1 }
    return end < text.count || isEnd ? start..<end : nil
  }

  /// The same for a word, of which much is known already. An inert run is one word and the signs of a sentence behind it.
  func isInert(_ words: [Word], _ index: Int, _ text: Span<UInt8>, from lower: Int) -> Bool {
    let word = words[index]
    switch word.shape {
    case .lower:
      guard !word.classes.isOnlyName, Self.isKnown(word.classes, word.length, word.facts) else {
        return false
      }
    case .capitalised, .initial:
      guard word.classes.contains(.word), !word.classes.isName else { return false }
    case .upper, .mixed: return false
    }
    if Self.begins(word.hints) || !denied.isEmpty && denied.contains(word.hash) { return false }
    let range = word.range
    if word.hash == Self.article, Self.isBeforeDay(text, range.upperBound, isEnd: true) { return false }
    if Self.isInitial(text, range.lowerBound) { return false }
    guard range.lowerBound == lower || Bytes.isSpace(text[range.lowerBound - 1]) else { return false }
    for position in range.dropFirst() where !Bytes.isLower(text[position]) { return false }
    var end = range.upperBound
    while end < text.count, Self.endsPhrase(text[end]) { end += 1 }
    guard end == text.count || Bytes.isSpace(text[end]), end - range.lowerBound < 32 else { return false }
    let before = index > 0 ? words[index - 1] : nil
    if Self.isAnnounced(
      text, range.lowerBound, from: lower, isPlain: Self.isPlain(word.classes), behind: before)
    {
      return false
    }
    return word.shape == .lower
      || isAlone(text, range.upperBound, end, isEnd: true) && !isNumbered(text, end, word.hash)
  }

  /// Whether a value may begin at a word whatever its case: dates and addresses, and names with a particle (`van der Berg`).
  private static func begins(_ hints: Hints) -> Bool { !hints.isDisjoint(with: [.starter, .particle]) }

  private static let article = Lexicon.hashes(of: "the")[0]

  /// Whether a day may stand behind the word that ends at a position: `the 14th`, `the ninth`. What is still to come may be one.
  private static func isBeforeDay(_ text: Span<UInt8>, _ end: Int, isEnd: Bool) -> Bool {
    guard end < text.count, text[end] == 0x20 else { return false }
    let start = end + 1
    guard start < text.count else { return !isEnd }
    if Bytes.isDigit(text[start]) { return true }
    var stop = start
    while stop < text.count, stop - start < 24, Bytes.isLetter(text[stop]) || text[stop] == UInt8(ascii: "-")
    { stop += 1 }
    return stop == text.count && !isEnd || Hints.of(Lexicon.hash(text, start..<stop)).contains(.starter)
  }

  /// Whether one letter with a full stop stands there, as before a name: `f. tannenbaum`.
  private static func isInitial(_ text: Span<UInt8>, _ start: Int) -> Bool {
    start + 1 < text.count && text[start + 1] == UInt8(ascii: ".")
  }

  /// For what has been found, when all that it depends on is there.
  func isInert(_ text: Span<UInt8>, at position: Int, from lower: Int) -> Bool {
    // Of digits and other signs there are none in an inert run.
    let byte = text[position]
    guard Bytes.isLetter(byte) || Self.endsPhrase(byte) || Bytes.isSpace(byte) else { return false }
    guard let run = Self.run(text, at: position, from: lower, isEnd: true) else { return false }
    return isInert(text, run, from: lower, isEnd: true)
  }

  /// The end of the inert run at `position` and of the space behind it; nil where a value may begin there.
  func endOfInertRun(_ text: Span<UInt8>, at position: Int, from lower: Int) -> Int? {
    guard let run = Self.run(text, at: position, from: lower, isEnd: false),
      isInert(text, run, from: lower, isEnd: false)
    else { return nil }
    var end = run.upperBound
    while end < text.count, Bytes.isSpace(text[end]) { end += 1 }
    return end
  }

  private func isInert(_ text: Span<UInt8>, _ run: Range<Int>, from lower: Int, isEnd: Bool) -> Bool {
    var end = run.upperBound
    while end > run.lowerBound, Self.endsPhrase(text[end - 1]) { end -= 1 }
    guard end > run.lowerBound, run.count < 32, !Self.isInitial(text, run.lowerBound) else { return false }
    let first = text[run.lowerBound]
    let isCapitalised = first >= 0x41 && first <= 0x5A
    guard isCapitalised || first >= 0x61 && first <= 0x7A else { return false }
    for index in run.lowerBound + 1..<max(end, run.lowerBound + 1)
    where text[index] < 0x61 || text[index] > 0x7A { return false }
    let word = run.lowerBound..<end
    let hash = Lexicon.hash(text, word)
    let classes = Lexicon.classes(hash)
    if Self.begins(Hints.of(hash)) || !denied.isEmpty && denied.contains(hash) { return false }
    if hash == Self.article, Self.isBeforeDay(text, end, isEnd: isEnd) { return false }
    if Self.isAnnounced(text, run.lowerBound, from: lower, isPlain: Self.isPlain(classes)) { return false }
    guard isCapitalised else {
      return !classes.isOnlyName && Self.isKnown(classes, word.count, model.facts(hash))
    }
    return classes.contains(.word) && !classes.isName && isAlone(text, end, run.upperBound, isEnd: isEnd)
      && !isNumbered(text, run.upperBound, hash)
  }

  /// Whether a part of a house is numbered: `Flat 31`.
  private func isNumbered(_ text: Span<UInt8>, _ end: Int, _ hash: UInt64) -> Bool {
    end + 1 < text.count && Bytes.isSpace(text[end])
      && (Bytes.isDigit(text[end + 1]) || text[end + 1] == UInt8(ascii: "#"))
      && AddressWords.begins(hash, isCapital: true)
  }

  /// Whether a capitalised word that ends at `end` stands alone: two in a row may be a name or a place, whatever each one is.
  private func isAlone(_ text: Span<UInt8>, _ end: Int, _ run: Int, isEnd: Bool) -> Bool {
    guard end == run || text[end] != UInt8(ascii: ",") else { return false }
    var next = run
    while next < text.count, next - run < 8, Bytes.isSpace(text[next]) { next += 1 }
    guard next < text.count else { return isEnd }
    return !(text[next] >= 0x41 && text[next] <= 0x5A) && text[next] < 0x80
  }

  private static func endsPhrase(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
      UInt8(ascii: "?"),
      UInt8(ascii: ")"):
      true
    default: false
    }
  }

  private static func isPlain(_ classes: Lexicon.Classes) -> Bool {
    classes.contains(.word) && !classes.isName
  }

  /// Whether a word in lower case is known to be none of a name or a place.
  private static func isKnown(
    _ classes: Lexicon.Classes, _ length: Int, _ facts: @autoclosure () -> WordFacts
  ) -> Bool {
    if classes.contains(.word) || length == 1 { return true }
    let facts = facts()
    return facts.isWord || facts.isDrug || facts.isDisease || facts.frequency > 0 && facts.capital < 5
  }

  /// Whether what stands before a run says that a value follows: a sign of assignment, a title, a label.
  /// - Parameter word: the one before, where it is known.
  private static func isAnnounced(
    _ text: Span<UInt8>, _ start: Int, from lower: Int, isPlain: Bool, behind word: Word? = nil
  ) -> Bool {
    var end = start
    while end > lower, start - end < 8, Bytes.isSpace(text[end - 1]) { end -= 1 }
    guard end > lower else { return false }
    if !Bytes.isLetter(text[end - 1]), !Bytes.isDigit(text[end - 1]),
      !endsPhrase(text[end - 1]) || text[end - 1] == UInt8(ascii: ".")
        || text[end - 1] == UInt8(ascii: ":")
    {
      guard text[end - 1] == UInt8(ascii: ".") else { return true }
      end -= 1
    }
    var first = end
    while first > lower, end - first < 24, Bytes.isLetter(text[first - 1]) { first -= 1 }
    guard first < end else { return false }
    let hints =
      if let word, word.range == first..<end { word.hints } else {
        Hints.of(Lexicon.hash(text, first..<end))
      }
    // Of plain words only those that are names are announced by a relation: `roommate faith`.
    return !hints.isDisjoint(with: isPlain ? [.title, .field] : [.title, .field, .kin])
  }
}
