internal import FilterKit

/// The filter's own rules with their patterns: those of numbers have a database of their own, which reads the parts of a text
/// around its digits alone.
struct Patterns {
  let words: PatternMatcher
  let wordRules: [PatternRule]
  let numbers: PatternMatcher
  let numberRules: [PatternRule]

  init(_ rules: [PatternRule], cache: PatternCache?) throws(PatternMatcher.Failure) {
    wordRules = rules.filter { !$0.isNumber }
    numberRules = rules.filter { $0.isNumber }
    words = try PatternMatcher(wordRules.map { PatternMatcher.Pattern($0) }, cache: cache)
    numbers = try PatternMatcher(numberRules.map { PatternMatcher.Pattern($0) }, cache: cache)
  }
}

/// Looks for all kinds of values in a text, or in the part of one that has arrived.
///
/// What is found at a place depends on at most ``leftContext`` bytes before it and ``rightContext`` bytes behind it,
/// on its own line for most rules, and on what was learnt before it. So a text that arrives in pieces gives what
/// the whole gives: a place is decided once what stands behind it can't change it any more.
struct Scanner {
  static let leftContext = 192
  static let rightContext = 1200

  private let patterns: Patterns
  private let custom: CustomRules
  private let inertness: Inertness
  private(set) var found: [Candidate] = []
  /// What is known of the text so far; a stream keeps it between its pieces.
  var memory: Memory

  // What one scan needs, kept for the next, so that none allocates.
  private var words: WordScanner
  private var tags = TagCache()
  private let matches = PatternMatcher.Matches()
  private var windows = DigitWindows()
  private var fresh: [Candidate] = []
  private var fields: [Candidate] = []
  private var order: [UInt128] = []
  private var addresses: [Range<Int>] = []
  private var dates: [Range<Int>] = []
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
    /// The same for dates with words.
    var dateEnd = 0
    var neighbours = Neighbours()
    var records = RecordReader()
    var layouts = LayoutReader()
    var inserts = InsertReader()

    init(_ model: TaggerModel) { names = NameRules(NameTagger(model)) }

    /// Forgets the text before.
    mutating func begin() {
      names.reset()
      (isInsideKey, isEnding, nameEnd, addressEnd, dateEnd) = (false, false, 0, 0, 0)
      neighbours = Neighbours()
      records.begin()
      layouts.begin()
      inserts.begin()
    }

    /// The text's first bytes have been taken away.
    mutating func shift(by count: Int) {
      nameEnd = max(0, nameEnd - count)
      addressEnd = max(0, addressEnd - count)
      dateEnd = max(0, dateEnd - count)
      neighbours.shift(by: count)
      names.shift(by: count)
    }
  }

  private final class Inner {
    var scanner: Scanner
    init(_ scanner: Scanner) { self.scanner = scanner }
  }

  init(
    patterns: Patterns, custom: CustomRules, inertness: Inertness, _ model: TaggerModel, isInner: Bool = false
  ) {
    memory = Memory(model)
    words = WordScanner(model)
    self.patterns = patterns
    self.custom = custom
    self.inertness = inertness
    inner =
      isInner
      ? nil
      : Inner(
        Scanner(
          patterns: patterns, custom: custom, inertness: inertness, model, isInner: true))
  }

  /// Looks at `text` for values that begin in `range`; ``found`` has them afterwards. What stands before the range
  /// is context.
  mutating func scan(
    _ text: Span<UInt8>, _ range: Range<Int>, escaped: EscapedSigns = EscapedSigns(), base: Int = 0
  ) throws(FilterError) {
    found.removeAll(keepingCapacity: true)
    let lower = max(0, range.lowerBound - Self.leftContext)
    let view = TextView(text, from: lower, escaped: escaped.span, base: base)
    try patterns.words.scan(text, lower..<text.count, into: matches)
    for match in matches.found { apply(patterns.wordRules[match.rule], match.end, range, view) }
    windows.collect(text, lower..<text.count)
    try patterns.numbers.scan(windows.bytes.span, 0..<windows.bytes.count, into: matches)
    for match in matches.found {
      apply(patterns.numberRules[match.rule], windows.origin(ofEnd: match.end), range, view)
    }
    for start in windows.runs { DigitRuns.find(view, at: start) { add($0, range, view) } }
    if let customMatcher = custom.matcher {
      try customMatcher.scan(text, lower..<text.count, into: matches)
      for match in matches.found {
        guard let candidate = custom.candidate(match, view) else { continue }
        add(candidate, range, view)
      }
    }
    words.scan(text, lower..<text.count)
    swap(&tags, &memory.names.tagger.features.cache)
    memory.names.tagger.features.cache.begin()
    readWords(view, range)
    swap(&tags, &memory.names.tagger.features.cache)
    armour(text, range)
    try tokens(view, range)
    merge(view)
  }

  @inline(__always)
  private mutating func apply(
    _ rule: borrowing PatternRule, _ end: Int, _ range: Range<Int>, _ view: borrowing TextView
  ) {
    if let findAll = rule.findAll {
      findAll(view, end) { add($0, range, view) }
    } else if let candidate = rule.find(view, end) {
      add(candidate, range, view)
    }
  }

  /// Names and places by the words of a text, and the values of records.
  private mutating func readWords(_ view: borrowing TextView, _ range: Range<Int>) {
    fresh.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    for word in words.words {
      if !word.hints.isDisjoint(with: [.starter, .street, .workplace, .townStart]) || word.isHyphenated {
        PlaceWords.find(view, word) { add($0, range, view) }
        if word.hints.contains(.starter), let date = DateRules.word(view, word) { add(date, range, view) }
      }
      if word.shape == .lower {
        if let account = AccountRules.word(view, word) { add(account, range, view) }
      } else if word.shape == .upper, let dictated = Initials.word(view, word) {
        add(dictated, range, view)
      }
    }
    let fromName = min(max(range.lowerBound, memory.nameEnd), range.upperBound)
    var found = fresh
    fresh = []
    memory.nameEnd =
      memory.names.find(words.words, in: fromName..<range.upperBound, of: view, inertness) {
        found.append($0)
      }
      ?? memory.nameEnd
    let names = found.count
    PlaceNames.find(words.words, in: range, of: view) { found.append($0) }
    // A record says exactly where its values are: what the tagger sees across their borders is none.
    var fields = self.fields
    self.fields = []
    memory.records.read(view.text, range) { fields.append($0) }
    memory.layouts.read(view.text, range) { fields.append($0) }
    memory.inserts.read(view.text, range) { fields.append($0) }
    // Each reader goes from left to right; of what two found, the first counts.
    if fields.count > 1 {
      fields.sort { $0.range.lowerBound < $1.range.lowerBound }
      var end = 0
      fields.removeAll { field in
        if field.range.lowerBound < end { return true }
        end = field.range.upperBound
        return false
      }
    }
    (fresh, self.fields) = (found, fields)
    collectPlaces()
    for (index, candidate) in fresh.enumerated()
    where !Self.overlaps(candidate.range, fields) && !isPartOfDate(candidate.range)
      && !Headings.isOne(candidate.range, view)
    {
      addWord(candidate, range, view, isLive: index < names)
    }
    for candidate in fields { addWord(candidate, range, view) }
    for date in dates { memory.dateEnd = max(memory.dateEnd, date.upperBound) }
    for candidate in self.found where candidate.kind == Self.address {
      memory.addressEnd = max(memory.addressEnd, candidate.range.upperBound)
    }
  }

  private static let address: Kind = "ADDRESS"
  private static let city: Kind = "CITY"
  private static let date: Kind = "DATE"

  /// The addresses and cities that patterns have found, by where they begin.
  private mutating func collectPlaces() {
    addresses.removeAll(keepingCapacity: true)
    cities.removeAll(keepingCapacity: true)
    dates.removeAll(keepingCapacity: true)
    for index in found.indices {
      if found[index].kind == Self.address { addresses.append(found[index].range) }
      if found[index].kind == Self.city { cities.append(index) }
      if found[index].kind == Self.date { dates.append(found[index].range) }
    }
    // Of those that begin together the longest comes last: it is the one that is asked.
    addresses.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    dates.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
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

  /// - Parameter isLive: it is known that the run it begins at is not inert.
  private mutating func addWord(
    _ candidate: Candidate, _ range: Range<Int>, _ view: borrowing TextView, isLive: Bool = false
  ) {
    guard !isPartOfAddress(candidate.range) else { return }
    guard candidate.kind == Self.city else { return add(candidate, range, view, isLive: isLive) }
    // The newest of those that begin there is the one that counts.
    let start = candidate.range.lowerBound
    if let index = cities.last(where: { found[$0].range.lowerBound == start }) {
      let known = (found[index].range.count, found[index].confidence)
      if known < (candidate.range.count, candidate.confidence) { found[index] = candidate }
      return
    }
    let count = found.count
    add(candidate, range, view, isLive: isLive)
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

  /// Whether a word is a month's: `12 maja 1966`.
  private func isPartOfDate(_ range: Range<Int>) -> Bool {
    if range.upperBound <= memory.dateEnd { return true }
    var (low, high) = (0, dates.count)
    while low < high {
      let middle = (low + high) / 2
      if dates[middle].lowerBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low > 0 && range.upperBound <= dates[low - 1].upperBound
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

  private mutating func add(
    _ candidate: Candidate, _ range: Range<Int>, _ view: borrowing TextView, isLive: Bool = false
  ) {
    guard candidate.range.upperBound <= view.text.count else { return }
    var candidate = candidate
    if !isLive, !candidate.isCustom,
      inertness.isInert(view.text, at: candidate.range.lowerBound, from: view.lowerBound)
    {
      // A date may begin with its day of the week, at which no other value does.
      guard candidate.kind == Self.date,
        let digit = candidate.range.first(where: { Bytes.isDigit(view.byte($0)) })
      else { return }
      candidate.range = digit..<candidate.range.upperBound
    }
    guard range.contains(candidate.range.lowerBound), !candidate.range.isEmpty,
      // `MRN [MRN_K7Q2MT]` is no record number: it stands for one.
      candidate.isCustom || !Placeholder.covers(candidate.range, of: view.text)
    else { return }
    found.append(candidate)
  }

  /// Rules may find a value twice, or first a part of it: the longest counts, and the surest of those.
  private mutating func merge(_ view: borrowing TextView) {
    guard !found.isEmpty else { return }
    order.removeAll(keepingCapacity: true)
    for (index, candidate) in found.enumerated() { order.append(candidate.order(index)) }
    order.sort()
    swap(&found, &fresh)
    found.removeAll(keepingCapacity: true)
    for (place, key) in order.enumerated() {
      let candidate = fresh[Int(truncatingIfNeeded: key & 0xFFFF_FFFF)]
      if candidate.evidence != .own, !isAlone(candidate, behind: place) { continue }
      var isKnown = false
      var before = found.count
      while before > 0, found[before - 1].range.lowerBound == candidate.range.lowerBound {
        before -= 1
        if found[before].kind == candidate.kind {
          isKnown = true
          break
        }
      }
      guard !isKnown, memory.neighbours.allow(candidate, view) else { continue }
      found.append(candidate)
    }
  }

  /// Whether nothing surer than its form begins where a candidate does.
  private func isAlone(_ candidate: Candidate, behind place: Int) -> Bool {
    for key in order[(place + 1)...] {
      let other = fresh[Int(truncatingIfNeeded: key & 0xFFFF_FFFF)]
      guard other.range.lowerBound == candidate.range.lowerBound else { return true }
      if Neighbours.counts(other) { return false }
    }
    return true
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
