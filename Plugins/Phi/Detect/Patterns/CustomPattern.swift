internal import CVectorscan
internal import FilterKit
internal import Glibc
internal import JSONTree
internal import Synchronization

/// Checks a pattern of a pipeline before any text meets it: what would be slow, or would match everywhere, is refused.
enum CustomPattern {
  /// Bytes of the compiled pattern; more is one whose counted repeats explode.
  private static let largest = 256 << 10
  /// What each pattern may add before it is asked which one is too large.
  private static let share = 8 << 10
  /// A pattern that matches oftener than once in so many bytes of ordinary text masks the text, not values.
  private static let leastDistance = 40

  static func checked(_ item: JSONValue, at pointer: String) throws(FilterError) -> PatternMatcher.Pattern {
    let text = item["pattern"]?.string ?? ""
    let pattern = PatternMatcher.Pattern(
      text: text,
      flags: UInt32(HS_FLAG_SOM_LEFTMOST)
        | (item["case-sensitive"]?.bool == true ? 0 : UInt32(HS_FLAG_CASELESS)))
    if let anchor = anchor(text) {
      throw .configuration(
        "'\(anchor)' can't be used: a text that arrives in pieces has no beginning and no end. Use \\b.",
        at: pointer)
    }
    let widths = try widths(pattern, at: pointer)
    guard widths.least >= 3 else {
      throw .configuration(
        "This pattern matches \(widths.least) bytes: a value has at least 3. Ask for more, as \\d{3,8}.",
        at: pointer)
    }
    guard let most = widths.most, most <= CustomRules.longestMatch else {
      throw .configuration(
        "This pattern can match more than \(CustomRules.longestMatch) bytes. Bound its repeats: {1,20} for + and *.",
        at: pointer)
    }
    return pattern
  }

  /// Compiles patterns together, and refuses the one that makes all of them too large or that matches ordinary words.
  /// - Parameter pointer: where each stands; nil: a text of a list, which may be any.
  static func compiled(
    _ patterns: [PatternMatcher.Pattern], at pointer: [String?]
  ) throws(FilterError) -> PatternMatcher? {
    guard !patterns.isEmpty else { return nil }
    let key = patterns.map { "\($0.flags) \($0.text)" }
    if let known = lastMade.withLock({ $0.key == key ? $0.matcher : nil }) { return known }
    // Texts of a list may be protected ones: they are not left on a disk.
    let isPublic = pointer.allSatisfy { $0 != nil }
    let matcher = try matcher(patterns, at: pointer, cache: isPublic ? .standard : nil)
    if matcher.size > largest + patterns.count * share {
      for (pattern, pointer) in zip(patterns, pointer) {
        guard let pointer else { continue }
        let size = try Self.matcher([pattern], at: [pointer]).size
        guard size <= largest else {
          throw .configuration(
            "This pattern takes \(size >> 10) KiB when compiled, and may take \(largest >> 10). Shorten its counted "
              + "repeats, or make two patterns of it.", at: pointer)
        }
      }
    }
    let matches = PatternMatcher.Matches()
    let sample = sample
    try matcher.scan(sample.span, sample.indices, into: matches)
    var counts = [Int](repeating: 0, count: patterns.count)
    for match in matches.found { counts[match.rule] += 1 }
    for (count, pointer) in zip(counts, pointer) where count > sample.count / leastDistance {
      guard let pointer else { continue }
      throw .configuration(
        "This pattern matches ordinary words: \(count) times in \(sample.count) bytes of a note. Say more of what a "
          + "value looks like.", at: pointer)
    }
    lastMade.withLock { $0 = (key, matcher) }
    return matcher
  }

  /// A configuration is checked and then made: what was compiled for the one is used for the other.
  private static let lastMade = Mutex<(key: [String], matcher: PatternMatcher?)>(([], nil))

  private static func matcher(
    _ patterns: [PatternMatcher.Pattern], at pointer: [String?], cache: PatternCache? = nil
  ) throws(FilterError) -> PatternMatcher {
    do throws(PatternMatcher.Failure) { return try PatternMatcher(patterns, cache: cache) } catch {
      let place = error.index.flatMap { pointer.indices.contains($0) ? pointer[$0] : nil }
      throw .configuration(
        place == nil
          ? "The patterns can't be compiled together: \(error.reason)"
          : "This pattern can't be used: \(error.reason)", at: place ?? "/patterns")
    }
  }

  private static func widths(
    _ pattern: PatternMatcher.Pattern, at pointer: String
  ) throws(FilterError) -> (least: Int, most: Int?) {
    var info: UnsafeMutablePointer<hs_expr_info_t>?
    var failure: UnsafeMutablePointer<hs_compile_error_t>?
    let status = unsafe hs_expression_info(pattern.text, pattern.flags, &info, &failure)
    guard status == HS_SUCCESS, let info = unsafe info else {
      let reason = unsafe failure.map { unsafe String(cString: $0.pointee.message) } ?? "no reason given"
      unsafe hs_free_compile_error(failure)
      throw .configuration("This pattern can't be used: \(reason)", at: pointer)
    }
    defer { unsafe free(info) }
    let most = unsafe info.pointee.max_width
    return unsafe (Int(info.pointee.min_width), most == .max ? nil : Int(most))
  }

  /// The first sign of a pattern that asks for the beginning or the end of a text or line.
  private static func anchor(_ text: String) -> String? {
    var isEscaped = false
    var isClass = false
    for character in text {
      if isEscaped {
        isEscaped = false
        if !isClass, "AzZG".contains(character) { return "\\\(character)" }
      } else if character == "\\" {
        isEscaped = true
      } else if isClass {
        if character == "]" { isClass = false }
      } else if character == "[" {
        isClass = true
      } else if character == "^" || character == "$" {
        return String(character)
      }
    }
    return nil
  }

  private static let sample = Array(
    """
    The patient is a 64-year-old woman with a history of hypertension and type 2 diabetes who presented to the clinic with \
    two days of chest pressure radiating to the left arm. She denies fever, chills, nausea or vomiting. Blood pressure \
    142/86, pulse 88 and regular. Continue aspirin 81 mg daily and metoprolol 25 mg twice daily; repeat troponin in six \
    hours. Seen by Dr. Rajesh Patel on November 12, 2025 at 14:30. func load(name: String, count: Int = 10) -> Record? { \
    return records.first { $0.id == identifier && $0.count > 0 } } // see https://example.org/docs/v2.3.1/index.html#top
    SELECT id, name, created_at FROM visits WHERE status = 'open' ORDER BY created_at DESC LIMIT 100;
    """.utf8)
}
