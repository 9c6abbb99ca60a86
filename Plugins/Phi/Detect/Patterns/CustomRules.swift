internal import CVectorscan
internal import FilterKit
internal import Glibc
internal import JSONTree

/// The rules that a pipeline adds: patterns, and texts that are always or never reported.
struct CustomRules: Sendable {
  /// What a match of a pattern is.
  struct Rule: Sendable {
    let kind: Kind
    let confidence: UInt32
    let detector: StaticString
    /// A letter or digit beside the match makes it a part of something else.
    let isWhole: Bool
    let context: ContextWords?
  }

  let rules: [Rule]
  /// Nil where there are none.
  let matcher: PatternMatcher?
  /// No match is longer, in bytes.
  let longest: Int
  let denied: [String]
  /// The kinds of patterns.
  let ownKinds: Set<Kind>
  let allowed: Set<[UInt8]>

  /// A longer match would need more of the text before it than a stream keeps.
  static let longestMatch = 160
  private static let mostPatterns = 1000
  private static let mostAllowed = 100_000
  private static let largestFile = 4 << 20

  init(_ configuration: JSONValue) throws(FilterError) {
    var denied = configuration["deny"]?.strings ?? []
    var allowed = configuration["allow"]?.strings ?? []
    denied += try Self.lines(configuration["deny-files"], at: "/deny-files")
    allowed += try Self.lines(configuration["allow-files"], at: "/allow-files")
    guard allowed.count <= Self.mostAllowed else {
      throw .configuration("More than \(Self.mostAllowed) texts are allowed.", at: "/allow-files")
    }
    if let long = denied.first(where: { $0.utf8.count < 3 || $0.utf8.count > 64 }) {
      throw .configuration(
        "A text that is always reported has 3 to 64 bytes; one has \(long.utf8.count).", at: "/deny-files")
    }
    self.denied = denied
    self.allowed = Set(allowed.map { Self.folded(Array($0.utf8)) })

    var rules: [Rule] = []
    var patterns: [PatternMatcher.Pattern] = []
    var pointers: [String?] = denied.map { _ in nil }
    for text in denied {
      patterns.append(PatternMatcher.Pattern(literal: text))
      rules.append(
        Rule(kind: "ID", confidence: 10_000, detector: "phi/deny-list", isWhole: true, context: nil))
    }
    for (index, item) in (configuration["patterns"]?.array ?? []).enumerated() {
      let pointer = "/patterns/\(index)"
      let pattern = try CustomPattern.checked(item, at: "\(pointer)/pattern")
      guard let name = item["kind"]?.string, let kind = Kind(name) else {
        throw .configuration("This is no name of a kind: upper-case letters and _.", at: "\(pointer)/kind")
      }
      patterns.append(pattern)
      pointers.append("\(pointer)/pattern")
      rules.append(
        Rule(
          kind: kind, confidence: UInt32((item["confidence"]?.number ?? 0.8) * 10_000),
          detector: "phi/pattern", isWhole: item["whole"]?.bool ?? true,
          context: try item["context"].map { (words) throws(FilterError) in
            ContextWords(
              words.strings ?? [], adds: item["context-adds"]?.number ?? 0.2)
          }))
    }
    guard patterns.count <= Self.mostPatterns else {
      throw .configuration("There are more than \(Self.mostPatterns) texts and patterns.", at: "/patterns")
    }
    self.rules = rules
    ownKinds = Set(rules.dropFirst(denied.count).map(\.kind))
    longest = patterns.isEmpty ? 0 : Self.longestMatch
    matcher = try CustomPattern.compiled(patterns, at: pointers)
  }

  /// What a match makes.
  func candidate(_ match: PatternMatcher.Match, _ view: borrowing TextView) -> Candidate? {
    let rule = rules[match.rule]
    let range = match.start..<match.end
    guard !range.isEmpty else { return nil }
    if rule.isWhole {
      let (first, last) = (view.byte(range.lowerBound), view.byte(range.upperBound - 1))
      if Bytes.isJoining(first), Bytes.isJoining(view.byte(range.lowerBound - 1)) { return nil }
      if Bytes.isJoining(last), Bytes.isJoining(view.byte(range.upperBound)) { return nil }
    }
    let adds = rule.context.map { $0.isBefore(range.lowerBound, view) ? $0.adds : 0 } ?? 0
    return Candidate(
      range: range, kind: rule.kind, confidence: ContextWords.sum(rule.confidence, adds),
      detector: rule.detector, isCustom: true)
  }

  /// Whether a value is one of those that are never reported.
  func isAllowed(_ range: Range<Int>, of text: Span<UInt8>) -> Bool {
    !allowed.isEmpty && allowed.contains(Self.folded(Array(copying: text.extracting(range))))
  }

  private static func folded(_ text: [UInt8]) -> [UInt8] {
    text.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
  }

  /// The lines of files, without empty ones and those that begin with `#`.
  private static func lines(_ files: JSONValue?, at pointer: String) throws(FilterError) -> [String] {
    var lines: [String] = []
    for (index, file) in (files?.strings ?? []).enumerated() {
      guard let text = content(file) else {
        throw .configuration(
          "\(file) can't be read, or is larger than \(largestFile >> 20) MiB.", at: "\(pointer)/\(index)")
      }
      for line in text.split(whereSeparator: \.isNewline) {
        let trimmed = String(line.drop { $0 == " " || $0 == "\t" })
        if !trimmed.isEmpty, !trimmed.hasPrefix("#") { lines.append(trimmed) }
      }
    }
    return lines
  }

  private static func content(_ file: String) -> String? {
    guard let handle = unsafe fopen(file, "rbe") else { return nil }
    defer { unsafe fclose(handle) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, handle)
      if count == 0 { return unsafe ferror(handle) == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
      bytes += chunk[..<count]
      if bytes.count > largestFile { return nil }
    }
  }
}

/// Words that make a value surer, or less sure, where one stands before it on its line.
struct ContextWords: Sendable {
  private static let distance = 64

  private let words: [[UInt8]]
  let adds: Int

  init(_ words: [String], adds: Double) {
    self.words = words.map { Array($0.utf8) }
    self.adds = Int(adds * 10_000)
  }

  func isBefore(_ position: Int, _ view: borrowing TextView) -> Bool {
    var start = position
    while start > view.lowerBound, position - start < Self.distance, view.byte(start - 1) != 0x0A {
      start -= 1
    }
    for word in words where position - start >= word.count {
      for offset in start...position - word.count {
        if offset > view.lowerBound, Bytes.isLetter(view.byte(offset - 1)) { continue }
        if word.indices.allSatisfy({ view.byte(offset + $0) | 0x20 == word[$0] | 0x20 }) { return true }
      }
    }
    return false
  }

  static func sum(_ confidence: UInt32, _ adds: Int) -> UInt32 {
    UInt32(min(max(Int(confidence) + adds, 0), 10_000))
  }
}
