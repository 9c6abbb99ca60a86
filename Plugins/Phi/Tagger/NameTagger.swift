/// A small tagger of names of people, places and organisations: hashed features, integer weights, and the tags chosen from
/// left to right, each from what its neighbours are and from the tag before.
///
/// It keeps the tag and the end of the last thing it found, and the names seen so far; words are shown to it in
/// order, each once. One pair of hands at a time.
struct NameTagger {
  struct Found {
    let kind: Tag.Kind
    /// How many words it takes.
    let count: Int
    /// How much surer than of nothing the tagger is, of its first word, in units of the weights.
    let margin: Int32
  }

  private let model: TaggerModel
  /// Its cache is lent by who scans.
  var features: TagFeatures
  private(set) var memory = NameMemory()
  private var lastEnd = -1
  private var lastTag = Tag.outside

  /// Nothing longer is one name: a stream's window has what its last word's tag depends on.
  private static let mostWords = 6

  init(_ model: TaggerModel) {
    self.model = model
    features = TagFeatures(model)
  }

  mutating func reset() {
    memory.reset()
    lastEnd = -1
    lastTag = .outside
  }

  /// The text's first bytes have been taken away.
  mutating func shift(by count: Int) { lastEnd -= count }

  /// Others have found a name: what follows it follows a name.
  mutating func note(_ words: ArraySlice<Word>) {
    memory.learn(words)
    lastEnd = words.last?.range.upperBound ?? lastEnd
    lastTag = words.count > 1 ? .inPerson : .beginPerson
  }

  /// What begins at a word; nil where nothing does.
  mutating func find(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness,
    most: Int = mostWords
  ) -> Found? {
    decide(words, at: index, view, inertness, most: most) { features, allowed in
      let scores = features.scores
      let best = Self.best(scores, allowed)
      return (best, scores[Int(best.rawValue)] &- scores[0])
    }
  }

  /// How many words the name takes that begins at a word, `count` words behind the beginning of the whole; nil where it is no person's, and then nothing is remembered.
  mutating func findPerson(
    _ words: [Word], at index: Int, behind count: Int, _ view: borrowing TextView,
    _ inertness: borrowing Inertness
  ) -> Int? {
    let before = (lastEnd, lastTag)
    guard let found = find(words, at: index, view, inertness, most: Self.mostWords - count),
      found.kind == .person
    else {
      (lastEnd, lastTag) = before
      return nil
    }
    return found.count
  }

  /// Whether the last thing found ends with a word.
  func endsName(_ word: Word) -> Bool { lastEnd == word.range.upperBound && lastTag.kind == .person }

  static func best(_ scores: SIMD8<Int32>, _ allowed: UInt8) -> Tag {
    var best = 0
    for lane in 1..<8 where allowed >> UInt8(lane) & 1 == 1 && scores[lane] > scores[best] { best = lane }
    return Tag(rawValue: UInt8(best)) ?? .outside
  }

  /// Tags the word at `index` and, where something begins there, those it goes on with. `choose` gets the rows and
  /// which tags may stand (a bit each).
  mutating func decide(
    _ words: [Word], at index: Int, _ view: borrowing TextView, _ inertness: borrowing Inertness,
    most: Int = mostWords, choose: (borrowing TagFeatures, UInt8) -> (tag: Tag, margin: Int32)
  ) -> Found? {
    guard features.cache.isCandidate(words, index, view) else { return nil }
    // What is still unknown may not touch what is remembered: at an inert run nothing begins, whatever follows and whatever the
    // weights say. Who trains them hears of those words, too.
    if !features.isListing, features.cache.isInert(words, index, view, inertness) { return nil }
    let isBehind = index > 0 && words[index - 1].range.upperBound == lastEnd
    var tag = isBehind ? lastTag : .outside
    features.collect(words, index, view, previous: tag, memory: memory)
    let first = choose(features, 0b1010_1011)
    guard first.tag != .outside,
      !features.isListing || !features.cache.isInert(words, index, view, inertness)
    else { return nil }
    tag = first.tag
    var count = 1
    while let next = tag.next, count < most, index + count < words.count {
      let word = words[index + count]
      guard let gap = Gap.before(words, index + count, view, ahead: true), gap.isClose,
        NameGate.canGoOn(word, view),
        gap != .bar || word.range.lowerBound - words[index + count - 1].range.upperBound == 1
      else { break }
      // The next line is a setting of its own: `city: …`.
      if gap == .newline, view.byte(word.range.upperBound) == UInt8(ascii: ":") { break }
      features.collect(words, index + count, view, previous: tag, memory: memory)
      // A name that begins right behind one is its next part: two people have a comma between them.
      let joins: UInt8 = gap == .space ? 1 << (next.rawValue - 1) : 0
      let chosen = choose(features, 1 | 1 << next.rawValue | joins)
      guard chosen.tag != .outside else { break }
      tag = next
      count += 1
    }
    lastEnd = words[index + count - 1].range.upperBound
    lastTag = tag
    guard let kind = tag.kind else { return nil }
    if kind == .person { memory.learn(words[index..<index + count]) }
    return Found(kind: kind, count: count, margin: first.margin)
  }
}
