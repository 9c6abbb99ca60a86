/// A word with its neighbours as the tagger sees them, and the rows of weights that speak of it.
///
/// All but five rows hang on the words alone, not on the tags chosen before: so they are listed, and asked for, while the word
/// before is still being judged, and are near when they are summed.
struct WordSight {
  /// A word as the features see it.
  struct Seen {
    var id: UInt64 = 0
    var facts = WordFacts(bits: 0)
    /// ``WordFacts/coarse``.
    var coarse: UInt64 = 0
    var shape: UInt64 = 7
    var gap = Gap.far
  }

  /// Which word it is; -1: none.
  private(set) var index = -1
  private(set) var here = Seen()
  private(set) var back1 = Seen()
  private(set) var next1 = Seen()
  private(set) var next2 = Seen()
  private var back2 = Seen()
  private var next3 = Seen()
  /// A row for each template; the first place is nobody's.
  private var rows = InlineArray<48, UInt32>(repeating: 0)

  static let longestWord = 48
  /// How many templates there are; their numbers begin with 1.
  static let templates = 46
  /// The first templates are those that know which word it is.
  static let identities = 4

  mutating func forget() { index = -1 }

  /// The row that a template has for a value.
  @inline(__always)
  static func row(_ template: UInt64, _ value: UInt64, _ rowCount: UInt64) -> UInt32 {
    let hash = (value ^ template &* 0xD6E8_FEB8_6659_FD93) &* 0x9E37_79B9_7F4A_7C15
    // Any number of rows, and no remainder to be taken: the hash as a part of one, of so many.
    return UInt32(truncatingIfNeeded: (((hash ^ hash >> 32) & 0xFFFF_FFFF) &* rowCount) >> 32)
  }

  @inline(__always)
  static func pair(_ one: UInt64, _ other: UInt64) -> UInt64 {
    (one &* 0xA24B_AED4_963E_E407) ^ (other &* 0x9FB2_1C65_1E98_DF25 &+ 0x63)
  }

  @inline(__always)
  mutating func list(_ template: Int, _ value: UInt64, _ rowCount: UInt64) {
    rows[template] = Self.row(UInt64(template), value, rowCount)
  }

  mutating func put(_ row: UInt32, _ template: Int) { rows[template] = row }

  /// The rows of all templates, in their order.
  var listed: [UInt32] { (1...Self.templates).map { rows[$0] } }

  /// The sum of the rows that look at more than the word by itself: 48 of 8 bits fit 16.
  mutating func sum(_ start: SIMD8<Int16>, _ model: borrowing TaggerModel) -> SIMD8<Int16> {
    let rows = rows.span
    var sum = start
    for template in 3...4 { sum &+= model.weights(rows[template]) }
    for template in 16...34 { sum &+= model.weights(rows[template]) }
    for template in 37...40 { sum &+= model.weights(rows[template]) }
    for template in 43...46 { sum &+= model.weights(rows[template]) }
    return sum
  }

  /// Asks for the rows that are listed before the tags are known.
  mutating func prefetch(_ model: borrowing TaggerModel) {
    let rows = rows.span
    for template in 3...4 { model.prefetch(rows[template]) }
    for template in 16...34 { model.prefetch(rows[template]) }
    for template in 45...46 { model.prefetch(rows[template]) }
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

  @inline(__always)
  private static func seen(_ word: Word, _ gap: Gap) -> Seen {
    guard word.length <= longestWord else { return Seen(id: 1, shape: 6, gap: gap) }
    return Seen(
      id: word.hash, facts: word.facts, coarse: UInt64(word.coarse), shape: code(word.shape), gap: gap)
  }

  /// Looks at a word: two words back and three ahead, over gaps of at most 12 bytes.
  mutating func look(_ words: [Word], at index: Int, _ view: borrowing TextView, _ rowCount: UInt64) {
    self.index = index
    (back1, back2, next1, next2, next3) = (Seen(), Seen(), Seen(), Seen(), Seen())
    here = Self.seen(words[index], .far)
    if let gap = Gap.before(words, index, view, ahead: false) {
      back1 = Self.seen(words[index - 1], gap)
      if let gap = Gap.before(words, index - 1, view, ahead: false) {
        back2 = Self.seen(words[index - 2], gap)
      }
    }
    if let gap = Gap.before(words, index + 1, view, ahead: true) {
      next1 = Self.seen(words[index + 1], gap)
      if let gap = Gap.before(words, index + 2, view, ahead: true) {
        next2 = Self.seen(words[index + 2], gap)
        if let gap = Gap.before(words, index + 3, view, ahead: true) {
          next3 = Self.seen(words[index + 3], gap)
        }
      }
    }
    listWords(rowCount)
    listShapes(rowCount)
  }

  /// Which words stand beside it.
  private mutating func listWords(_ rowCount: UInt64) {
    let (here, back1, back2, next1, next2) = (here, back1, back2, next1, next2)
    let shape = here.shape
    let coarse = here.coarse
    list(3, Self.pair(here.id, back1.id), rowCount)
    list(4, Self.pair(here.id, next1.id), rowCount)
    list(16, back1.id, rowCount)
    list(17, Self.pair(back1.id, UInt64(back1.gap.rawValue) << 4 | shape), rowCount)
    list(18, next1.id, rowCount)
    list(19, Self.pair(next1.id, UInt64(next1.gap.rawValue) << 4 | shape), rowCount)
    list(20, Self.pair(back2.id, back1.id), rowCount)
    list(21, Self.pair(next1.id, next2.id), rowCount)
    list(22, back2.id, rowCount)
    list(23, next2.id, rowCount)
    list(24, Self.pair(back1.id, coarse) ^ shape, rowCount)
    list(25, Self.pair(next1.id, coarse) ^ shape, rowCount)
    list(27, Self.pair(back1.coarse << 4 | back1.shape, coarse << 4 | shape), rowCount)
    list(28, Self.pair(coarse << 4 | shape, next1.coarse << 4 | next1.shape), rowCount)
    list(29, UInt64(back1.facts.cluster) << 4 | shape, rowCount)
    list(30, UInt64(next1.facts.cluster) << 4 | shape, rowCount)
    list(31, UInt64(back1.facts.cluster) << 10 | UInt64(next1.facts.cluster), rowCount)
    list(45, Self.pair(next1.id, UInt64(next2.gap.rawValue) << 8 | next2.shape << 4 | shape), rowCount)
    list(46, Self.pair(back1.id, here.facts.usage << 4 | shape), rowCount)
  }

  /// What stands between it and its neighbours; four bits each.
  var gaps: UInt64 { UInt64(back1.gap.rawValue) << 4 | UInt64(next1.gap.rawValue) }

  /// How it and its neighbours are written.
  private mutating func listShapes(_ rowCount: UInt64) {
    let shapes = back2.shape << 12 | back1.shape << 9 | here.shape << 6 | next1.shape << 3 | next2.shape
    list(26, gaps << 4 | here.shape, rowCount)
    list(32, shapes, rowCount)
    list(33, shapes << 4 | next3.shape, rowCount)
    list(34, (shapes & 0xFFF) << 8 | gaps, rowCount)
  }
}
