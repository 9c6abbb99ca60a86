internal import CVectorscan
internal import FilterKit
internal import Synchronization

/// The patterns of a configuration as one Vectorscan database, and the scratch space that scanning needs.
/// Immutable but for the pool of scratch spaces, which is locked only to begin and end a session.
@safe final class PatternDatabase: @unchecked Sendable {
  /// More scratch spaces than this are not kept for later.
  private static let maximumIdle = 64

  private let rules: [RuleSet.TextRule]
  private let database: OpaquePointer
  private let prototype: OpaquePointer
  private let idle = Mutex<[PatternScratch]>([])

  /// Nil where there are no rules.
  /// - Throws: the first pattern that can't be used, by its pointer, and why.
  init?(_ rules: [RuleSet.TextRule]) throws(FilterError) {
    guard !rules.isEmpty else { return nil }
    self.rules = rules
    unsafe database = try Self.compile(rules)
    var scratch: OpaquePointer?
    guard unsafe hs_alloc_scratch(database, &scratch) == HS_SUCCESS, let scratch = unsafe scratch else {
      unsafe hs_free_database(database)
      throw FilterError(.limit, "There is not enough memory for the patterns.")
    }
    unsafe prototype = scratch
  }

  deinit {
    for scratch in idle.withLock({ $0 }) { unsafe hs_free_scratch(scratch.raw) }
    unsafe hs_free_scratch(prototype)
    unsafe hs_free_database(database)
  }

  private static func compile(_ rules: [RuleSet.TextRule]) throws(FilterError) -> OpaquePointer {
    // Dot matches line breaks, as a text's lines are nobody's border; each rule is reported once a text.
    let flags = UInt32(HS_FLAG_UTF8 | HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH)
    var expressions: [[CChar]] = []
    for rule in rules {
      guard !rule.pattern.utf8.contains(0) else {
        throw .configuration("A pattern can't hold a NUL character.", at: "/deny/\(rule.number)/text")
      }
      expressions.append(rule.pattern.utf8.map { CChar(bitPattern: $0) } + [0])
    }
    let starts = expressions.indices.map { index in expressions[..<index].reduce(0) { $0 + $1.count } }
    let joined = expressions.flatMap(\.self)
    var database: OpaquePointer?
    var failure: UnsafeMutablePointer<hs_compile_error_t>?
    let status = unsafe joined.withUnsafeBufferPointer { joined in
      let each: [UnsafePointer<CChar>?] = unsafe starts.map { start in
        unsafe joined.baseAddress.map { unsafe $0 + start }
      }
      return unsafe hs_compile_multi(
        each, [UInt32](repeating: flags, count: each.count), (0..<UInt32(each.count)).map(\.self),
        UInt32(each.count), UInt32(HS_MODE_BLOCK), nil, &database, &failure)
    }
    if let failure = unsafe failure {
      defer { unsafe hs_free_compile_error(failure) }
      throw unsafe explain(failure.pointee, rules)
    }
    guard status == HS_SUCCESS, let database = unsafe database else {
      throw FilterError(.internal, "Vectorscan could not compile the patterns (status \(status)).")
    }
    return unsafe database
  }

  private static func explain(_ failure: hs_compile_error_t, _ rules: [RuleSet.TextRule]) -> FilterError {
    let why = unsafe failure.message.map { unsafe String(cString: $0) } ?? "no reason given"
    let index = unsafe Int(failure.expression)
    guard rules.indices.contains(index) else {
      return .configuration("The patterns can't be compiled together: \(why)", at: "/deny")
    }
    return .configuration("This pattern can't be used: \(why)", at: "/deny/\(rules[index].number)/text")
  }

  /// A scratch space for one session; one thread at a time may use it.
  func takeScratch() throws(FilterError) -> PatternScratch {
    if let scratch = idle.withLock({ $0.popLast() }) { return scratch }
    var clone: OpaquePointer?
    guard unsafe hs_clone_scratch(prototype, &clone) == HS_SUCCESS, let clone = unsafe clone else {
      throw FilterError(.limit, "There is not enough memory to scan.")
    }
    return unsafe PatternScratch(raw: clone)
  }

  func give(back scratch: PatternScratch) {
    let isKept = idle.withLock { idle in
      guard idle.count < Self.maximumIdle else { return false }
      idle.append(scratch)
      return true
    }
    if !isKept { unsafe hs_free_scratch(scratch.raw) }
  }

  /// The number of the first rule that looks at that role and whose pattern is found; nil where there is none.
  /// The text must be valid UTF-8.
  func firstMatch(in text: Span<UInt8>, role: Role, scratch: PatternScratch) throws(FilterError) -> Int? {
    guard text.count < Int(UInt32.max) - Self.padding else {
      throw FilterError(.limit, "A text of 4 GiB or more can't be scanned.")
    }
    let search = Search(rules: rules, role: 1 << role.rawValue, length: UInt64(text.count))
    // Once as it is, for patterns that ask for the text's end, and once with a tail: Vectorscan 5.4.9 misses some
    // matches in the last bytes of what it is given.
    try scan(text, search, scratch)
    var padded: [UInt8] = []
    padded.reserveCapacity(text.count + Self.padding)
    unsafe text.withUnsafeBufferPointer { unsafe padded.append(contentsOf: $0) }
    padded.append(contentsOf: repeatElement(0x0A, count: Self.padding))
    try scan(padded.span, search, scratch)
    return search.first
  }

  /// More than any lookahead of the matcher's.
  private static let padding = 128

  private func scan(_ text: Span<UInt8>, _ search: Search, _ scratch: PatternScratch) throws(FilterError) {
    let status = unsafe text.withUnsafeBufferPointer { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { buffer in
        unsafe hs_scan(
          database, buffer.baseAddress, UInt32(buffer.count), 0, scratch.raw,
          { id, _, end, _, context in
            guard let context = unsafe context else { return 1 }
            return unsafe Unmanaged<Search>.fromOpaque(context).takeUnretainedValue().found(Int(id), end: end)
          }, Unmanaged.passUnretained(search).toOpaque())
      }
    }
    guard status == HS_SUCCESS || status == HS_SCAN_TERMINATED else {
      throw FilterError(.internal, "Vectorscan failed to scan (status \(status)).")
    }
  }

  /// What a scan has found so far.
  private final class Search {
    private let rules: [RuleSet.TextRule]
    private let role: UInt32
    private(set) var first: Int?

    /// The text's own length: what is found in the tail behind it doesn't count.
    private let length: UInt64

    init(rules: [RuleSet.TextRule], role: UInt32, length: UInt64) {
      self.length = length
      self.rules = rules
      self.role = role
    }

    /// Returns 1 where nothing better can come: the first rule of all was found.
    func found(_ index: Int, end: UInt64) -> Int32 {
      guard end <= length, rules.indices.contains(index), rules[index].roles & role != 0 else { return 0 }
      first = min(first ?? .max, rules[index].number)
      return index == 0 ? 1 : 0
    }
  }
}

/// Vectorscan's working memory for one thread.
@safe struct PatternScratch: @unchecked Sendable {  // handed from one session to the next, never shared
  let raw: OpaquePointer
}
