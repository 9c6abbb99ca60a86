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
  private var words = WordScanner()
  private var names: NameRules
  private let matches = PatternMatcher.Matches()
  private(set) var found: [Candidate] = []
  /// Whether a private key's armour has begun and not ended: every run is a part of it.
  private(set) var isInsideKey = false
  private var isEnding = false
  /// Where the last name ends: no other begins before.
  private var nameEnd = 0
  /// Where the last address ends that began before this range: what lies inside is a part of it.
  private var addressEnd = 0
  private var encoded = EncodedText()
  private var records = RecordReader()
  /// What looks into texts inside the text; it looks no deeper.
  private let inner: Inner?

  private final class Inner {
    var scanner: Scanner
    init(_ scanner: Scanner) { self.scanner = scanner }
  }

  init(
    matcher: PatternMatcher, rules: [PatternRule], custom: CustomRules, inertness: Inertness,
    _ model: TaggerModel, isInner: Bool = false
  ) {
    names = NameRules(NameTagger(model))
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

  /// Forgets the text before.
  mutating func begin() {
    names.reset()
    isInsideKey = false
    isEnding = false
    nameEnd = 0
    records.begin()
    addressEnd = 0
  }

  /// The text's first bytes have been taken away.
  mutating func shift(by count: Int) {
    nameEnd = max(0, nameEnd - count)
    addressEnd = max(0, addressEnd - count)
    names.shift(by: count)
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
    var fresh: [Candidate] = []
    let fromName = min(max(range.lowerBound, nameEnd), range.upperBound)
    nameEnd =
      names.find(words.words, in: fromName..<range.upperBound, of: view, inertness) { fresh.append($0) }
      ?? nameEnd
    PlaceNames.find(words.words, in: range, of: view) { fresh.append($0) }
    // A record says exactly where its values are: what the tagger sees across their borders is none.
    var fields: [Candidate] = []
    records.read(text, range) { fields.append($0) }
    fresh.removeAll { candidate in fields.contains { $0.range.overlaps(candidate.range) } }
    fresh += fields
    let addresses = found.filter { $0.kind == "ADDRESS" }.map(\.range).sorted {
      $0.lowerBound < $1.lowerBound
    }
    var cities: [Int: Int] = [:]
    for index in found.indices where found[index].kind == "CITY" {
      cities[found[index].range.lowerBound] = index
    }
    for candidate in fresh where !isPartOfAddress(candidate.range, addresses) {
      let start = candidate.range.lowerBound
      if candidate.kind == "CITY", let index = cities[start] {
        let known = (found[index].range.count, found[index].confidence)
        if known < (candidate.range.count, candidate.confidence) { found[index] = candidate }
        continue
      }
      let count = found.count
      add(candidate, range, view)
      if candidate.kind == "CITY", found.count > count { cities[start] = count }
    }
    for candidate in found where candidate.kind == "ADDRESS" {
      addressEnd = max(addressEnd, candidate.range.upperBound)
    }
    armour(text, range)
    try tokens(view, range)
    merge()
  }

  /// What stands in one run: texts in base64, and numbers with check digits.
  private mutating func tokens(_ view: borrowing TextView, _ range: Range<Int>) throws(FilterError) {
    var runs: [Range<Int>] = []
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
      inner.scanner.begin()
      try inner.scanner.scan(text.bytes.span, 0..<text.bytes.count, escaped: text.escapedSigns)
      for found in inner.scanner.found {
        let candidate = Candidate(
          range: run, kind: found.kind, confidence: found.confidence, detector: "phi/base64")
        add(candidate, range, view)
      }
    }
  }

  /// Whether a name or a place stands inside an address: `9 Martin Luther King Boulevard`.
  private func isPartOfAddress(_ range: Range<Int>, _ addresses: [Range<Int>]) -> Bool {
    if range.upperBound <= addressEnd { return true }
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
      guard !Bytes.isSpace(text[position]) else {
        position += 1
        continue
      }
      var end = position
      while end < text.count, end - position < 1024, !Bytes.isSpace(text[end]) { end += 1 }
      if !isInsideKey {
        let ahead = position..<min(position + 64, text.count)
        isInsideKey =
          text[position] == UInt8(ascii: "-")
          && Self.contains(text, position..<min(position + 11, text.count), "-----BEGIN ")
          && Self.contains(text, ahead, "PRIVATE KEY-----")
      }
      if isInsideKey {
        found.append(
          Candidate(range: position..<end, kind: "CREDENTIAL", confidence: 9900, detector: "phi/private-key"))
        if Self.contains(text, position..<end, "-----END") { isEnding = true }
        if isEnding, Self.contains(text, position..<end, "KEY-----") {
          isInsideKey = false
          isEnding = false
        }
      }
      position = end
    }
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
