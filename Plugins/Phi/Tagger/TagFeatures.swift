/// What the tagger looks at to judge one word: rows of the model's weights, by hashing.
///
/// It looks two words back and three ahead, over gaps of at most 12 bytes; words longer than 48 bytes are all alike.
/// So nothing that it sees lies further away than a stream's window reaches.
struct TagFeatures {
  private let model: TaggerModel
  /// The sums of the weights of the word last looked at: a score for each tag.
  private(set) var scores = SIMD8<Int32>.zero
  /// For whoever trains: its rows are listed in place of being summed.
  var isListing = false
  private(set) var rows: [UInt32] = []
  /// Lent while a text is scanned.
  var cache = TagCache.none
  /// The rows that know which word it is: a trainer leaves them out at times, so that the others learn, too.
  private(set) var identities = 0

  private static let longestWord = 48

  init(_ model: TaggerModel) { self.model = model }

  /// A word as the features see it.
  private struct Seen {
    var id: UInt64 = 0
    var facts = WordFacts(bits: 0)
    var shape: UInt64 = 7
    var gap = Gap.far
  }

  private static func code(_ shape: Word.Shape) -> UInt64 {
    switch shape {
    case .lower: 0
    case .capitalised: 1
    case .upper: 2
    case .initial: 3
    case .mixed: 4
    }
  }

  private func seen(_ word: Word, _ gap: Gap, _ model: borrowing TaggerModel) -> Seen {
    guard word.length <= Self.longestWord else { return Seen(id: 1, shape: 6, gap: gap) }
    return Seen(id: word.hash, facts: word.facts, shape: Self.code(word.shape), gap: gap)
  }

  @inline(__always)
  private mutating func add(_ template: UInt64, _ value: UInt64, _ shift: UInt64) {
    var hash = (value ^ template &* 0xD6E8_FEB8_6659_FD93) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
    let row = UInt32(truncatingIfNeeded: hash >> shift)
    guard isListing else {
      scores &+= model.weights(row)
      return
    }
    rows.append(row)
  }

  @inline(__always)
  private func pair(_ one: UInt64, _ other: UInt64) -> UInt64 {
    (one &* 0xA24B_AED4_963E_E407) ^ (other &* 0x9FB2_1C65_1E98_DF25 &+ 0x63)
  }

  /// Collects the rows of the word at `index`; `previous` is the tag of the word right before it.
  mutating func collect(
    _ words: [Word], _ index: Int, _ view: borrowing TextView, previous: Tag, memory: borrowing NameMemory,
    _ model: borrowing TaggerModel
  ) {
    rows.removeAll(keepingCapacity: true)
    scores = .zero
    let shift = 64 - model.rowBits
    let word = words[index]
    let here = seen(word, .far, model)
    var back1 = Seen()
    var back2 = Seen()
    var next1 = Seen()
    var next2 = Seen()
    var next3 = Seen()
    if index > 0 {
      let gap = Gap(view, words[index - 1].range.upperBound, word.range.lowerBound, ahead: false)
      if gap != .far {
        back1 = seen(words[index - 1], gap, model)
        if index > 1 {
          let gap = Gap(
            view, words[index - 2].range.upperBound, words[index - 1].range.lowerBound, ahead: false)
          if gap != .far { back2 = seen(words[index - 2], gap, model) }
        }
      }
    }
    if index + 1 < words.count {
      let gap = Gap(view, word.range.upperBound, words[index + 1].range.lowerBound, ahead: true)
      if gap != .far {
        next1 = seen(words[index + 1], gap, model)
        if index + 2 < words.count {
          let gap = Gap(
            view, words[index + 1].range.upperBound, words[index + 2].range.lowerBound, ahead: true)
          if gap != .far {
            next2 = seen(words[index + 2], gap, model)
            if index + 3 < words.count {
              let gap = Gap(
                view, words[index + 2].range.upperBound, words[index + 3].range.lowerBound, ahead: true)
              if gap != .far { next3 = seen(words[index + 3], gap, model) }
            }
          }
        }
      }
    }
    let tag = UInt64(previous.rawValue)
    let shape = here.shape
    let gaps = UInt64(back1.gap.rawValue) << 4 | UInt64(next1.gap.rawValue)
    let known = memory.known(word.hash)

    // What asks nothing of its neighbours is listed for who trains, and else remembered.
    let own = Own(
      seen: here, start: letters(view, word.range, 4), end: lastLetters(view, word.range),
      size: UInt64(min(word.length, 15)), build: built(view, word.range), tag: tag, known: UInt64(known))
    if !isListing { addRemembered(own, shift) }

    // Which word it is.
    if isListing { addIdentity(own, shift) }
    add(3, pair(here.id, back1.id), shift)
    add(4, pair(here.id, next1.id), shift)
    identities = rows.count

    if isListing { addLooks(own, shift) }

    // What stands beside it.
    add(16, back1.id, shift)
    add(17, pair(back1.id, UInt64(back1.gap.rawValue) << 4 | shape), shift)
    add(18, next1.id, shift)
    add(19, pair(next1.id, UInt64(next1.gap.rawValue) << 4 | shape), shift)
    add(20, pair(back2.id, back1.id), shift)
    add(21, pair(next1.id, next2.id), shift)
    add(22, back2.id, shift)
    add(23, next2.id, shift)
    add(24, pair(back1.id, here.facts.coarse) ^ shape, shift)
    add(25, pair(next1.id, here.facts.coarse) ^ shape, shift)
    add(26, gaps << 4 | shape, shift)
    add(27, pair(back1.facts.coarse << 4 | back1.shape, here.facts.coarse << 4 | shape), shift)
    add(28, pair(here.facts.coarse << 4 | shape, next1.facts.coarse << 4 | next1.shape), shift)
    add(29, UInt64(back1.facts.cluster) << 4 | shape, shift)
    add(30, UInt64(next1.facts.cluster) << 4 | shape, shift)
    add(31, UInt64(back1.facts.cluster) << 10 | UInt64(next1.facts.cluster), shift)

    // How its neighbours are written.
    let shapes = back2.shape << 12 | back1.shape << 9 | shape << 6 | next1.shape << 3 | next2.shape
    add(32, shapes, shift)
    add(33, shapes << 4 | next3.shape, shift)
    add(34, (shapes & 0xFFF) << 8 | gaps, shift)

    // What came before.
    if isListing { addTag(own, shift) }
    add(37, pair(tag, back1.id), shift)
    add(38, pair(tag << 4 | UInt64(back1.gap.rawValue), here.facts.coarse << 4 | shape), shift)
    add(39, pair(tag << 4 | shape, next1.id), shift)
    add(40, tag << 16 | gaps << 4 | shape, shift)
    if isListing { addMemory(own, shift) }

    // Places and organisations of several words.
    add(43, together(words, index, next1, view, model) << 4 | shape, shift)
    add(
      44, pair(next2.facts.coarse << 4 | next2.shape, UInt64(next1.gap.rawValue) << 8 | shape << 4 | tag),
      shift)
    add(45, pair(next1.id, UInt64(next2.gap.rawValue) << 8 | next2.shape << 4 | shape), shift)
    add(46, pair(back1.id, here.facts.usage << 4 | shape), shift)
  }

  /// A word by itself.
  private struct Own {
    let seen: Seen
    let start, end, size, build, tag, known: UInt64

    var key: TagCache.Key {
      TagCache.Key(
        hash: seen.id, letters: start << 32 | end,
        form: size << 20 | build << 12 | seen.shape << 8 | tag << 4 | known)
    }
  }

  /// All that a word says by itself.
  private mutating func addRemembered(_ own: Own, _ shift: UInt64) {
    let key = own.key
    if let known = cache.sums(key) {
      scores = known
      return
    }
    addIdentity(own, shift)
    addLooks(own, shift)
    addTag(own, shift)
    addMemory(own, shift)
    cache.keep(scores, for: key)
  }

  /// Which word it is.
  private mutating func addIdentity(_ own: Own, _ shift: UInt64) {
    add(1, own.seen.id, shift)
    add(2, pair(own.seen.id, own.seen.shape), shift)
  }

  /// What it looks like, and what lists say of it.
  private mutating func addLooks(_ own: Own, _ shift: UInt64) {
    let (start, end, shape, facts) = (own.start, own.end, own.seen.shape, own.seen.facts)
    add(5, pair(start, shape), shift)
    add(6, pair(start & 0xFF_FFFF, 3), shift)
    add(7, pair(end, shape), shift)
    add(8, pair(end & 0xFF_FFFF, shape), shift)
    add(9, pair(end & 0xFFFF, shape), shift)
    add(10, own.size << 12 | own.build << 4 | shape, shift)

    add(11, pair(facts.lists, shape), shift)
    add(12, UInt64(facts.cluster) << 4 | shape, shift)
    add(13, facts.usage << 4 | shape, shift)
    add(14, pair(facts.coarse, facts.usage) ^ shape, shift)
    add(15, facts.coarse << 4 | own.tag, shift)
  }

  /// The tag before.
  private mutating func addTag(_ own: Own, _ shift: UInt64) {
    add(35, own.tag << 4 | own.seen.shape, shift)
    add(36, pair(own.tag, own.seen.id), shift)
  }

  /// Whether the text has shown it as a name.
  private mutating func addMemory(_ own: Own, _ shift: UInt64) {
    add(41, own.known << 8 | own.seen.shape << 4 | own.tag, shift)
    add(42, pair(own.known, own.seen.facts.coarse), shift)
  }

  /// Whether this word and the next, or the one before and this, are a place of two words.
  private mutating func together(
    _ words: [Word], _ index: Int, _ next: Seen, _ view: borrowing TextView, _ model: borrowing TaggerModel
  ) -> UInt64 {
    var found: UInt64 = 0
    if index > 0, words[index].range.lowerBound - words[index - 1].range.upperBound == 1,
      words[index - 1].length <= Self.longestWord,
      view.text[words[index - 1].range.upperBound] == 0x20
    {
      let facts = facts(words[index - 1], words[index], view, model)
      found = facts.isArea ? 4 : facts.place > 0 ? 8 : 0
    }
    if next.gap == .space, next.shape == 1 || next.shape == 2 || next.shape == 0, next.id != 1 {
      let facts = facts(words[index], words[index + 1], view, model)
      found |= facts.isArea ? 1 : facts.place > 0 ? 2 : 0
    }
    return found
  }

  /// The facts of two words as one; those asked for last are the next word's, too.
  private mutating func facts(
    _ first: Word, _ second: Word, _ view: borrowing TextView, _ model: borrowing TaggerModel
  ) -> WordFacts {
    let gap = first.range.upperBound..<second.range.upperBound
    guard gap.lowerBound + 1 == second.range.lowerBound, view.text[gap.lowerBound] == 0x20 else {
      return model.facts(Lexicon.hash(first.hash, view.text, gap))
    }
    if cache.pair.first == first.hash, cache.pair.second == second.hash { return cache.pair.facts }
    let facts = model.facts(Lexicon.hash(first.hash, view.text, gap))
    cache.pair = TagCache.Pair(first: first.hash, second: second.hash, facts: facts)
    return facts
  }

  /// The first bytes in lower case, in one number.
  private func letters(_ view: borrowing TextView, _ range: Range<Int>, _ count: Int) -> UInt64 {
    var value: UInt64 = 0
    for offset in 0..<min(count, range.count) {
      value |= UInt64(view.text[range.lowerBound + offset] | 0x20) << UInt64(offset << 3)
    }
    return value
  }

  /// The last four bytes in lower case, the last one lowest.
  private func lastLetters(_ view: borrowing TextView, _ range: Range<Int>) -> UInt64 {
    var value: UInt64 = 0
    for offset in 0..<min(4, range.count) {
      value |= UInt64(view.text[range.upperBound - 1 - offset] | 0x20) << UInt64(offset << 3)
    }
    return value
  }

  /// Apostrophes, hyphens, letters of other alphabets, doubled capitals, vowels: how a word is built.
  private func built(_ view: borrowing TextView, _ range: Range<Int>) -> UInt64 {
    var signs: UInt64 = 0
    var vowels = 0
    for index in range.prefix(Self.longestWord) {
      switch view.text[index] {
      case UInt8(ascii: "'"): signs |= 1
      case UInt8(ascii: "-"): signs |= 2
      case 0x80...0xFF: signs |= 4
      case let byte
      where byte | 0x20 == 0x61 || byte | 0x20 == 0x65 || byte | 0x20 == 0x69 || byte | 0x20 == 0x6F
        || byte | 0x20 == 0x75 || byte | 0x20 == 0x79:
        vowels += 1
      default: break
      }
    }
    let isFree = Bytes.isSpace(view.byte(range.lowerBound - 1))
    return signs | (vowels == 0 ? 8 : 0) | (isFree ? 16 : 0)
  }
}
