internal import CVectorscan
internal import FilterKit
internal import Glibc
internal import Synchronization

/// The patterns of all rules in one Vectorscan database: a text is scanned once, however many there are.
///
/// Shared between threads; each scan borrows a scratch of its own.
final class PatternMatcher: Sendable {
  private let database: Handle
  private let scratches = Mutex<[Handle]>([])
  private let prototype: Handle

  /// A pointer that Vectorscan gave, freed with the matcher.
  @safe private struct Handle: @unchecked Sendable { let pointer: OpaquePointer }

  /// A pattern as Vectorscan takes it.
  struct Pattern: Sendable {
    let text: String
    let flags: UInt32

    init(text: String, flags: UInt32) {
      self.text = text
      self.flags = flags
    }

    init(_ rule: PatternRule) {
      self.init(text: rule.pattern, flags: rule.isCaseless ? UInt32(HS_FLAG_CASELESS) : 0)
    }

    /// For a text as it is, without regard to case.
    init(literal: String) {
      let escaped = literal.unicodeScalars.map {
        $0.value < 0x80 && !$0.properties.isAlphabetic && !("0"..."9").contains($0) ? "\\\($0)" : String($0)
      }
      self.init(text: escaped.joined(), flags: UInt32(HS_FLAG_CASELESS | HS_FLAG_SOM_LEFTMOST))
    }
  }

  /// Why patterns can't be compiled.
  struct Failure: Error {
    /// Which of them; nil: all together.
    let index: Int?
    let reason: String
  }

  /// - Parameter cache: where compiled patterns may lie, and are left.
  init(_ patterns: [Pattern], cache: PatternCache? = nil) throws(Failure) {
    let name = cache.map { _ in PatternCache.name(Self.key(patterns)) }
    let stored = name.flatMap { cache?.read($0) }.flatMap { Self.database($0) }
    let compiled: Handle
    if let stored { compiled = stored } else { compiled = try Self.compile(patterns) }
    if stored == nil, let cache, let name, let bytes = Self.bytes(compiled) { cache.write(bytes, name) }
    var scratch: OpaquePointer?
    guard unsafe hs_alloc_scratch(compiled.pointer, &scratch) == HS_SUCCESS, let scratch = unsafe scratch
    else {
      unsafe hs_free_database(compiled.pointer)
      throw Failure(index: nil, reason: "Vectorscan has no memory for a scratch.")
    }
    database = compiled
    unsafe prototype = Handle(pointer: scratch)
  }

  private static func compile(_ patterns: [Pattern]) throws(Failure) -> Handle {
    var compiled: OpaquePointer?
    var failure: UnsafeMutablePointer<hs_compile_error_t>?
    let copies = patterns.map { ContiguousArray($0.text.utf8CString) }
    let texts = unsafe copies.map { copy in
      let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: copy.count)
      _ = unsafe buffer.initialize(from: copy)
      return unsafe UnsafePointer(buffer.baseAddress)
    }
    defer { unsafe texts.forEach { unsafe $0?.deallocate() } }
    let flags = patterns.map(\.flags)
    let ids = patterns.indices.map { UInt32($0) }
    let status = unsafe hs_compile_multi(
      texts, flags, ids, UInt32(patterns.count), UInt32(HS_MODE_BLOCK), nil, &compiled, &failure)
    guard status == HS_SUCCESS, let compiled = unsafe compiled else {
      let reason = unsafe failure.map { unsafe String(cString: $0.pointee.message) } ?? "no reason given"
      let index = unsafe failure.map { Int(unsafe $0.pointee.expression) } ?? -1
      unsafe hs_free_compile_error(failure)
      throw Failure(index: index < 0 ? nil : index, reason: reason)
    }
    // What compiling took is many times what it made.
    _ = malloc_trim(0)
    return unsafe Handle(pointer: compiled)
  }

  /// All that a compiled database hangs on: Vectorscan's version, the processor, the patterns.
  private static func key(_ patterns: [Pattern]) -> [UInt8] {
    var platform = hs_platform_info_t()
    _ = unsafe hs_populate_platform(&platform)
    var key = "1 \(unsafe String(cString: hs_version())) \(platform.tune) \(platform.cpu_features)\n"
    for pattern in patterns { key += "\(pattern.flags) \(pattern.text.utf8.count) \(pattern.text)\n" }
    return Array(key.utf8)
  }

  /// A database from what ``bytes(_:)`` made; nil where it is none of this version and processor.
  private static func database(_ bytes: [UInt8]) -> Handle? {
    var database: OpaquePointer?
    let status = unsafe bytes.withUnsafeBytes { buffer in
      unsafe hs_deserialize_database(buffer.bindMemory(to: CChar.self).baseAddress, buffer.count, &database)
    }
    guard status == HS_SUCCESS, let database = unsafe database else { return nil }
    return unsafe Handle(pointer: database)
  }

  private static func bytes(_ database: Handle) -> [UInt8]? {
    var bytes: UnsafeMutablePointer<CChar>?
    var count = 0
    guard unsafe hs_serialize_database(database.pointer, &bytes, &count) == HS_SUCCESS,
      let bytes = unsafe bytes
    else {
      return nil
    }
    defer { unsafe free(bytes) }
    return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// How many bytes the compiled patterns take.
  var size: Int {
    var size = 0
    return unsafe hs_database_size(database.pointer, &size) == HS_SUCCESS ? size : .max
  }

  deinit {
    for scratch in scratches.withLock({ $0 }) { unsafe hs_free_scratch(scratch.pointer) }
    unsafe hs_free_scratch(prototype.pointer)
    unsafe hs_free_database(database.pointer)
  }

  /// Which pattern matches, and where. The start is known of those alone that ask for it.
  struct Match {
    let rule: Int
    var start: Int
    var end: Int
  }

  /// The matches of one scan.
  final class Matches {
    var found: [Match] = []
    /// A text with more matches than bytes is an attack on the matcher, not a text.
    fileprivate var limit = 0
    fileprivate var passed = false
    /// The text with its padding.
    fileprivate var padded: [UInt8] = []
  }

  /// Blank bytes behind each text. Vectorscan 5.4.9, as Debian 12 has it, overlooks some matches in the last
  /// vector of a buffer (64 bytes with AVX-512); where nothing can match, that does no harm.
  private static let padding = 128
  /// A padded copy larger than this is not kept for the next text.
  private static let keptCopy = 1 << 20

  /// Finds all matches in `text[range]`; ends count from the text's beginning.
  func scan(_ text: Span<UInt8>, _ range: Range<Int>, into matches: Matches) throws(FilterError) {
    matches.found.removeAll(keepingCapacity: true)
    guard !range.isEmpty else { return }
    guard range.count < Int(UInt32.max) - Self.padding else {
      throw FilterError(.limit, "A text is larger than can be scanned.")
    }
    matches.limit = range.count * 4 + 64
    matches.passed = false
    let scratch = try borrow()
    defer {
      scratches.withLock {
        if $0.count < 64 { $0.append(scratch) } else { unsafe hs_free_scratch(scratch.pointer) }
      }
    }
    matches.padded.removeAll(keepingCapacity: matches.padded.capacity <= Self.keptCopy)
    matches.padded.reserveCapacity(range.count + Self.padding)
    unsafe text.extracting(range).withUnsafeBufferPointer { unsafe matches.padded.append(contentsOf: $0) }
    for _ in 0..<Self.padding { matches.padded.append(0x0A) }
    let status = unsafe matches.padded.withUnsafeBufferPointer { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { bytes in
        unsafe hs_scan(
          database.pointer, bytes.baseAddress, UInt32(buffer.count), 0, scratch.pointer,
          { id, start, end, _, context in
            guard let context = unsafe context else { return 1 }
            let matches = unsafe Unmanaged<Matches>.fromOpaque(context).takeUnretainedValue()
            guard matches.found.count < matches.limit else {
              matches.passed = true
              return 1
            }
            matches.found.append(Match(rule: Int(id), start: Int(start), end: Int(end)))
            return 0
          }, Unmanaged.passUnretained(matches).toOpaque())
      }
    }
    guard status == HS_SUCCESS, !matches.passed else {
      throw FilterError(.limit, "A text could not be scanned for patterns.")
    }
    if let last = matches.found.last, last.end > range.count {
      matches.found.removeAll { $0.end > range.count }
    }
    guard range.lowerBound > 0 else { return }
    for index in matches.found.indices {
      matches.found[index].start += range.lowerBound
      matches.found[index].end += range.lowerBound
    }
  }

  private func borrow() throws(FilterError) -> Handle {
    if let scratch = scratches.withLock({ $0.popLast() }) { return scratch }
    var clone: OpaquePointer?
    guard unsafe hs_clone_scratch(prototype.pointer, &clone) == HS_SUCCESS, let clone = unsafe clone else {
      throw FilterError(.internal, "Vectorscan has no memory for a scratch.")
    }
    return unsafe Handle(pointer: clone)
  }
}
