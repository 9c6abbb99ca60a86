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
  private let ofByte = Self.signs
  /// Lent while a text is scanned: nothing is judged without.
  var cache = TagCache.none

  init(_ model: TaggerModel) { self.model = model }

  /// Collects the rows of the word at `index`; `previous` is the tag of the word right before it.
  mutating func collect(
    _ words: [Word], _ index: Int, _ view: borrowing TextView, previous: Tag, memory: borrowing NameMemory
  ) {
    let rowCount = model.rowCount
    cache.look(words, at: index, view, model)
    let here = cache.sights[cache.judged].here
    let word = words[index]
    let own = Own(
      seen: here, start: letters(view, word.range), end: lastLetters(view, word.range),
      size: UInt64(min(word.length, 15)), build: built(view, word.range), tag: UInt64(previous.rawValue),
      known: UInt64(memory.known(word.hash)))
    listTag(words, index, view, own.tag, rowCount)
    guard isListing else {
      scores =
        SIMD8<Int32>(truncatingIfNeeded: cache.sights[cache.judged].sum(remembered(own, rowCount), model))
        &* model.step
      return
    }
    list(own, rowCount)
    rows = cache.sights[cache.judged].listed
  }

  /// What the tag before says, and whether two words are a place of two words.
  private mutating func listTag(
    _ words: [Word], _ index: Int, _ view: borrowing TextView, _ tag: UInt64, _ rowCount: UInt64
  ) {
    let both = together(words, index, view)
    func list(_ sight: inout WordSight) {
      let shape = sight.here.shape
      let coarse = sight.here.coarse
      let (back1, next1, next2) = (sight.back1, sight.next1, sight.next2)
      sight.list(37, WordSight.pair(tag, back1.id), rowCount)
      sight.list(38, WordSight.pair(tag << 4 | UInt64(back1.gap.rawValue), coarse << 4 | shape), rowCount)
      sight.list(39, WordSight.pair(tag << 4 | shape, next1.id), rowCount)
      sight.list(40, tag << 16 | sight.gaps << 4 | shape, rowCount)
      sight.list(43, both << 4 | shape, rowCount)
      let form = UInt64(next1.gap.rawValue) << 8 | shape << 4 | tag
      sight.list(44, WordSight.pair(next2.coarse << 4 | next2.shape, form), rowCount)
    }
    list(&cache.sights[cache.judged])
  }

  /// A word by itself.
  private struct Own {
    let seen: WordSight.Seen
    let start, end, size, build, tag, known: UInt64

    var key: TagCache.Key {
      TagCache.Key(
        hash: seen.id, letters: start << 32 | end,
        form: size << 20 | build << 12 | seen.shape << 8 | tag << 4 | known)
    }

    /// The rows that ask nothing of its neighbours, each with its template.
    @inline(__always)
    func rows(_ rowCount: UInt64, _ use: (Int, UInt32) -> Void) {
      func list(_ template: UInt64, _ value: UInt64) {
        use(Int(template), WordSight.row(template, value, rowCount))
      }
      func pair(_ one: UInt64, _ other: UInt64) -> UInt64 { WordSight.pair(one, other) }
      let (shape, facts, coarse) = (seen.shape, seen.facts, seen.coarse)
      // Which word it is.
      list(1, seen.id)
      list(2, pair(seen.id, shape))
      // What it looks like, and what lists say of it.
      list(5, pair(start, shape))
      list(6, pair(start & 0xFF_FFFF, 3))
      list(7, pair(end, shape))
      list(8, pair(end & 0xFF_FFFF, shape))
      list(9, pair(end & 0xFFFF, shape))
      list(10, size << 12 | build << 4 | shape)
      list(11, pair(facts.lists, shape))
      list(12, UInt64(facts.cluster) << 4 | shape)
      list(13, facts.usage << 4 | shape)
      list(14, pair(coarse, facts.usage) ^ shape)
      list(15, coarse << 4 | tag)
      // The tag before.
      list(35, tag << 4 | shape)
      list(36, pair(tag, seen.id))
      // Whether the text has shown it as a name.
      list(41, known << 8 | shape << 4 | tag)
      list(42, pair(known, coarse))
    }
  }

  /// For who trains: what is else remembered.
  private mutating func list(_ own: Own, _ rowCount: UInt64) {
    own.rows(rowCount) { template, row in cache.sights[cache.judged].put(row, template) }
  }

  /// The sum of all that a word says by itself.
  private mutating func remembered(_ own: Own, _ rowCount: UInt64) -> SIMD8<Int16> {
    let key = own.key
    if let known = cache.sums(key) { return known }
    var sums = SIMD8<Int16>.zero
    own.rows(rowCount) { sums &+= model.weights($1) }
    cache.keep(sums, for: key)
    return sums
  }

  /// Whether this word and the next, or the one before and this, are a place of two words.
  private mutating func together(_ words: [Word], _ index: Int, _ view: borrowing TextView) -> UInt64 {
    var found: UInt64 = 0
    if index > 0, words[index].range.lowerBound - words[index - 1].range.upperBound == 1,
      words[index - 1].length <= WordSight.longestWord,
      view.text[words[index - 1].range.upperBound] == 0x20
    {
      let facts = facts(words[index - 1], words[index], view)
      found = facts.isArea ? 4 : facts.place > 0 ? 8 : 0
    }
    let next = cache.sights[cache.judged].next1
    if next.gap == .space, next.shape == 1 || next.shape == 2 || next.shape == 0, next.id != 1 {
      let facts = facts(words[index], words[index + 1], view)
      found |= facts.isArea ? 1 : facts.place > 0 ? 2 : 0
    }
    return found
  }

  /// The facts of two words as one.
  private mutating func facts(
    _ first: Word, _ second: Word, _ view: borrowing TextView
  ) -> WordFacts {
    let gap = first.range.upperBound..<second.range.upperBound
    guard gap.lowerBound + 1 == second.range.lowerBound, view.text[gap.lowerBound] == 0x20 else {
      return model.facts(Lexicon.hash(first.hash, view.text, gap))
    }
    if let known = cache.facts(first.hash, second.hash) { return known }
    let facts = model.facts(Lexicon.hash(first.hash, view.text, gap))
    cache.keep(facts, for: first.hash, second.hash)
    return facts
  }

  /// The first four bytes in lower case, in one number.
  private func letters(_ view: borrowing TextView, _ range: Range<Int>) -> UInt64 {
    if range.count >= 4 { return UInt64(view.four(at: range.lowerBound) | 0x2020_2020) }
    var value: UInt64 = 0
    for offset in 0..<range.count {
      value |= UInt64(view.text[range.lowerBound + offset] | 0x20) << UInt64(offset << 3)
    }
    return value
  }

  /// The last four bytes in lower case, the last one lowest.
  private func lastLetters(_ view: borrowing TextView, _ range: Range<Int>) -> UInt64 {
    if range.count >= 4 { return UInt64(view.four(at: range.upperBound - 4).byteSwapped | 0x2020_2020) }
    var value: UInt64 = 0
    for offset in 0..<range.count {
      value |= UInt64(view.text[range.upperBound - 1 - offset] | 0x20) << UInt64(offset << 3)
    }
    return value
  }

  /// Apostrophes, hyphens, letters of other alphabets, doubled capitals, vowels: how a word is built.
  private func built(_ view: borrowing TextView, _ range: Range<Int>) -> UInt64 {
    var signs: UInt8 = 0
    for index in range.prefix(WordSight.longestWord) { signs |= ofByte[Int(view.text[index])] }
    let isFree = Bytes.isSpace(view.byte(range.lowerBound - 1))
    return UInt64(signs & 7) | (signs & 8 == 0 ? 8 : 0) | (isFree ? 16 : 0)
  }

  /// A bit for what each byte of a word is: apostrophe, hyphen, letter of another alphabet, vowel.
  private static let signs: [UInt8] = (0...255).map { (byte: UInt8) in
    switch byte {
    case UInt8(ascii: "'"): 1
    case UInt8(ascii: "-"): 2
    case 0x80...0xFF: 4
    default: "aeiouyAEIOUY".utf8.contains(byte) ? 8 : 0
    }
  }
}
