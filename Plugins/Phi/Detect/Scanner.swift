internal import FilterKit

/// Looks for all kinds of values in a text, or in the part of one that has arrived.
///
/// What is found at a place depends on at most ``leftContext`` bytes before it and ``rightContext`` bytes behind it,
/// on its own line for most rules, and on what was learnt before it. So a text that arrives in pieces gives what
/// the whole gives: a place is decided once what stands behind it can't change it any more.
struct Scanner {
  static let leftContext = 192
  static let rightContext = 1200

  private let matcher: PatternMatcher
  private let rules: [PatternRule]
  private let custom: CustomRules
  private let inertness: Inertness
  private(set) var found: [Candidate] = []
  /// What is known of the text so far; a stream keeps it between its pieces.
  var memory: Memory

  // What one scan needs, kept for the next, so that none allocates.
  private var words: WordScanner
  private var tags = TagCache()
  private let matches = PatternMatcher.Matches()
  private var fresh: [Candidate] = []
  private var fields: [Candidate] = []
  private var addresses: [Range<Int>] = []
  private var cities: [Int] = []
  private var runs: [Range<Int>] = []
  private var encoded = EncodedText()
  /// What looks into texts inside the text; it looks no deeper.
  private let inner: Inner?

  /// What a text's first part says about the rest: all that a stream keeps beside its window.
  struct Memory {
    var names: NameRules
    /// Whether a private key's armour has begun and not ended: every run is a part of it.
    var isInsideKey = false
    var isEnding = false
    /// Where the last name ends: no other begins before.
    var nameEnd = 0
    /// Where the last address ends that began before this range: what lies inside is a part of it.
    var addressEnd = 0
    var records = RecordReader()

    init(_ model: TaggerModel) { names = NameRules(NameTagger(model)) }

    /// Forgets the text before.
    mutating func begin() {
      names.reset()
      (isInsideKey, isEnding, nameEnd, addressEnd) = (false, false, 0, 0)
      records.begin()
    }

    /// The text's first bytes have been taken away.
    mutating func shift(by count: Int) {
      nameEnd = max(0, nameEnd - count)
      addressEnd = max(0, addressEnd - count)
      names.shift(by: count)
    }
  }

  private final class Inner {
    var scanner: Scanner
    init(_ scanner: Scanner) { self.scanner = scanner }
  }

  init(
    matcher: PatternMatcher, rules: [PatternRule], custom: CustomRules, inertness: Inertness,
    _ model: TaggerModel, isInner: Bool = false
  ) {
    memory = Memory(model)
    words = WordScanner(model)
    self.matcher = matcher
    self.rules = rules
    self.custom = custom
    self.inertness = inertness
    inner =
      isInner
      ? nil
      : Inner(
        Scanner(
          matcher: matcher, rules: rules, custom: custom, inertness: inertness, model, isInner: true))
  }

  /// Looks at `text` for values that begin in `range`; ``found`` has them afterwards. What stands before the range
  /// is context.
  mutating func scan(
    _ text: Span<UInt8>, _ range: Range<Int>, escaped: EscapedSigns = EscapedSigns(), base: Int = 0
  ) throws(FilterError) {
    found.removeAll(keepingCapacity: true)
    let lower = max(0, range.lowerBound - Self.leftContext)
    let view = TextView(text, from: lower, escaped: escaped, base: base)
    try matcher.scan(text, lower..<text.count, into: matches)
    for match in matches.found {
      guard let candidate = rules[match.rule].find(view, match.end) else { continue }
      add(candidate, range, view)
    }
    if let customMatcher = custom.matcher {
      try customMatcher.scan(text, lower..<text.count, into: matches)
      for match in matches.found {
        guard let candidate = custom.candidate(match, view) else { continue }
        add(candidate, range, view)
      }
    }
    words.scan(text, lower..<text.count)
    swap(&tags, &memory.names.tagger.features.cache)
    readWords(view, range)
    swap(&tags, &memory.names.tagger.features.cache)
    armour(text, range)
    try tokens(view, range)
    merge()
  }

  /// Names and places by the words of a text, and the values of records.
  private mutating func readWords(_ view: borrowing TextView, _ range: Range<Int>) {
    fresh.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    let fromName = min(max(range.lowerBound, memory.nameEnd), range.upperBound)
    var found = fresh
    fresh = []
    memory.nameEnd =
      memory.names.find(words.words, in: fromName..<range.upperBound, of: view, inertness) {
        found.append($0)
      }
      ?? memory.nameEnd
    PlaceNames.find(words.words, in: range, of: view) { found.append($0) }
    // A record says exactly where its values are: what the tagger sees across their borders is none.
    var fields = self.fields
    self.fields = []
    memory.records.read(view.text, range) { fields.append($0) }
    (fresh, self.fields) = (found, fields)
    collectPlaces()
    for candidate in fresh where !Self.overlaps(candidate.range, fields) { addWord(candidate, range, view) }
    for candidate in fields { addWord(candidate, range, view) }
    for candidate in self.found where candidate.kind == Self.address {
      memory.addressEnd = max(memory.addressEnd, candidate.range.upperBound)
    }
  }

  private static let address: Kind = "ADDRESS"
  private static let city: Kind = "CITY"

  /// The addresses and cities that patterns have found, by where they begin.
  private mutating func collectPlaces() {
    addresses.removeAll(keepingCapacity: true)
    cities.removeAll(keepingCapacity: true)
    for index in found.indices {
      if found[index].kind == Self.address { addresses.append(found[index].range) }
      if found[index].kind == Self.city { cities.append(index) }
    }
    addresses.sort { $0.lowerBound < $1.lowerBound }
  }

  /// Whether a range has a byte in common with one of some that follow each other.
  private static func overlaps(_ range: Range<Int>, _ others: [Candidate]) -> Bool {
    var (low, high) = (0, others.count)
    while low < high {
      let middle = (low + high) / 2
      if others[middle].range.upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < others.count && others[low].range.overlaps(range)
  }

  private mutating func addWord(_ candidate: Candidate, _ range: Range<Int>, _ view: borrowing TextView) {
    guard !isPartOfAddress(candidate.range) else { return }
    guard candidate.kind == Self.city else { return add(candidate, range, view) }
    // The newest of those that begin there is the one that counts.
    let start = candidate.range.lowerBound
    if let index = cities.last(where: { found[$0].range.lowerBound == start }) {
      let known = (found[index].range.count, found[index].confidence)
      if known < (candidate.range.count, candidate.confidence) { found[index] = candidate }
      return
    }
    let count = found.count
    add(candidate, range, view)
    if found.count > count { cities.append(count) }
  }

  /// What stands in one run: texts in base64, and numbers with check digits.
  private mutating func tokens(_ view: borrowing TextView, _ range: Range<Int>) throws(FilterError) {
    var runs = self.runs
    self.runs = []
    defer { self.runs = runs }
    runs.removeAll(keepingCapacity: true)
    EncodedText.runs(view.text, range) { runs.append($0) }
    for run in runs {
      var start = run.lowerBound
      while start < run.upperBound {
        var end = start
        while end < run.upperBound, Bytes.isJoining(view.text[end]) { end += 1 }
        if end - start >= 15, let candidate = NumberRules.token(view, start..<end) {
          add(candidate, range, view)
        }
        start = end + 1
      }
      guard let inner, let text = encoded.text(view.text, run) else { continue }
      inner.scanner.memory.begin()
      try inner.scanner.scan(text.bytes.span, 0..<text.bytes.count, escaped: text.escapedSigns)
      for found in inner.scanner.found {
        let candidate = Candidate(
          range: run, kind: found.kind, confidence: found.confidence, detector: "phi/base64")
        add(candidate, range, view)
      }
    }
  }

  /// Whether a name or a place stands inside an address: `9 Martin Luther King Boulevard`.
  private func isPartOfAddress(_ range: Range<Int>) -> Bool {
    if range.upperBound <= memory.addressEnd { return true }
    var (low, high) = (0, addresses.count)
    while low < high {
      let middle = (low + high) / 2
      if addresses[middle].lowerBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low > 0 && range.upperBound <= addresses[low - 1].upperBound
  }

  private mutating func add(_ candidate: Candidate, _ range: Range<Int>, _ view: borrowing TextView) {
    guard range.contains(candidate.range.lowerBound), !candidate.range.isEmpty,
      candidate.range.upperBound <= view.text.count,
      candidate.isCustom
        || !inertness.isInert(view.text, at: candidate.range.lowerBound, from: view.lowerBound)
    else { return }
    found.append(candidate)
  }

  /// Rules may find a value twice, or first a part of it: the longest counts, and the surest of those.
  private mutating func merge() {
    guard found.count > 1 else { return }
    found.sort {
      ($0.range.lowerBound, $1.range.upperBound, $1.confidence)
        < ($1.range.lowerBound, $0.range.upperBound, $0.confidence)
    }
    var kept = 0
    for index in found.indices {
      let candidate = found[index]
      var isKnown = false
      var before = kept
      while before > 0, found[before - 1].range.lowerBound == candidate.range.lowerBound {
        before -= 1
        if found[before].kind == candidate.kind {
          isKnown = true
          break
        }
      }
      if isKnown { continue }
      found[kept] = candidate
      kept += 1
    }
    found.removeLast(found.count - kept)
  }

  /// The armour of a private key (RFC 7468): every run from its BEGIN to its END.
  private mutating func armour(_ text: Span<UInt8>, _ range: Range<Int>) {
    var position = range.lowerBound
    while position < range.upperBound {
      if !memory.isInsideKey {
        guard let start = Self.armourStart(text, position..<range.upperBound) else { return }
        position = start
        memory.isInsideKey = true
      }
      guard !Bytes.isSpace(text[position]) else {
        position += 1
        continue
      }
      var end = position
      while end < text.count, end - position < 1024, !Bytes.isSpace(text[end]) { end += 1 }
      found.append(
        Candidate(range: position..<end, kind: "CREDENTIAL", confidence: 9900, detector: "phi/private-key"))
      if Self.contains(text, position..<end, "-----END") { memory.isEnding = true }
      if memory.isEnding, Self.contains(text, position..<end, "KEY-----") {
        memory.isInsideKey = false
        memory.isEnding = false
      }
      position = end
    }
  }

  /// Where a run begins that begins a private key. Every fifth byte is looked at: its armour begins with five hyphens.
  private static func armourStart(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let hyphen = UInt8(ascii: "-")
    var position = range.lowerBound + 4
    while position < text.count {
      guard text[position] == hyphen else {
        // None that begins in the range has a byte here.
        if position - 4 >= range.upperBound { return nil }
        position += 5
        continue
      }
      var start = position
      while start > range.lowerBound, text[start - 1] == hyphen { start -= 1 }
      guard start < range.upperBound else { return nil }
      if start == range.lowerBound || Bytes.isSpace(text[start - 1]),
        contains(text, start..<min(start + 11, text.count), "-----BEGIN "),
        contains(text, start..<min(start + 64, text.count), "PRIVATE KEY-----")
      {
        return start
      }
      while position < text.count, text[position] == hyphen { position += 1 }
      position += 4
    }
    return nil
  }

  private static func contains(_ text: Span<UInt8>, _ range: Range<Int>, _ wanted: StaticString) -> Bool {
    let length = wanted.utf8CodeUnitCount
    guard range.count >= length else { return false }
    return wanted.withUTF8Buffer { letters in
      for start in range.lowerBound...range.upperBound - length {
        var isHere = true
        for index in 0..<length where unsafe text[start + index] != letters[index] {
          isHere = false
          break
        }
        if isHere { return true }
      }
      return false
    }
  }
}
