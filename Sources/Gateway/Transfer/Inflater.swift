internal import CZlib

/// Undoes a content coding, piece by piece: a state machine that does no I/O.
///
/// What comes out is bounded twice: by the caller's limit, and by how much it may grow, so that a bomb is refused
/// after some kilobytes and not when memory is gone. Nothing is taken on trust: the check sums are verified, an
/// end in the middle and bytes after the end are errors.
///
/// A value of this type is one body's: copies share zlib's state. Confined to its event loop.
struct Inflater {
  /// A body may be so many times as large as what was sent. JSON and code come to 3–20, chats that repeat
  /// themselves to 60; deflate's own maximum is 1,032.
  static let maximumRatio = 100
  /// So many bytes are free of that: small bodies of much white space are harmless.
  static let freeBytes = 64 << 10
  /// Bytes come out in pieces of this size at most.
  static let pieceBytes = 32 << 10

  private enum State {
    /// Nothing has come.
    case untouched
    /// The first byte of a `deflate` body, which does not yet tell whether it is wrapped.
    case undecided(UInt8)
    case inside
    /// A member has ended. Only for gzip may another follow.
    case between
    /// It was refused: nothing more is read.
    case failed
  }

  private let coding: ContentCoding
  private var state = State.untouched
  private var stream: InflateStream?
  private var taken = 0
  private var made = 0

  init(_ coding: ContentCoding) { self.coding = coding }

  /// Appends what `bytes` stand for. `limit` bounds, in bytes, all that this body becomes.
  mutating func receive(
    _ bytes: Span<UInt8>, into output: inout [UInt8], limit: Int
  ) throws(ContentCodingError) {
    try receive(bytes, limit: limit) { piece in
      output.append(contentsOf: piece)
      return true
    }
  }

  /// Hands on what `bytes` stand for in pieces of at most ``pieceBytes``; `body` returns false to have no more.
  mutating func receive(
    _ bytes: Span<UInt8>, limit: Int, _ body: (ArraySlice<UInt8>) -> Bool
  ) throws(ContentCodingError) {
    guard !bytes.isEmpty else { return }
    do { try take(bytes, limit: limit, body) } catch {
      state = .failed
      throw error
    }
  }

  private mutating func take(
    _ bytes: Span<UInt8>, limit: Int, _ body: (ArraySlice<UInt8>) -> Bool
  ) throws(ContentCodingError) {
    switch (state, coding) {
    case (.failed, _): throw .malformed
    case (_, .identity): try passOn(bytes, limit: limit, body)
    case (.untouched, .gzip):
      state = .inside
      stream = try InflateStream(.gzip)
      try run(bytes, limit: limit, body)
    case (.untouched, .deflate):
      guard bytes.count > 1 else {
        state = .undecided(bytes[0])
        return
      }
      try begin(bytes[0], bytes[1])
      try run(bytes, limit: limit, body)
    case (.undecided(let first), _):
      try begin(first, bytes[0])
      let held = [first]
      try run(held.span, limit: limit, body)
      try run(bytes, limit: limit, body)
    case (.inside, _), (.between, _): try run(bytes, limit: limit, body)
    }
  }

  /// The body has ended.
  mutating func finish() throws(ContentCodingError) {
    switch state {
    case .untouched, .between: stream = nil
    case .inside where coding == .identity: break
    case .inside, .undecided: throw .truncated
    case .failed: throw .malformed
    }
  }

  /// Tells by the first two bytes whether a `deflate` body has zlib's wrapper (RFC 1950, 2.2).
  private mutating func begin(_ first: UInt8, _ second: UInt8) throws(ContentCodingError) {
    let isWrapped =
      first & 0x0F == 8 && first >> 4 <= 7 && (Int(first) << 8 | Int(second)) % 31 == 0
    state = .inside
    stream = try InflateStream(isWrapped ? .zlib : .raw)
  }

  private mutating func passOn(
    _ bytes: Span<UInt8>, limit: Int, _ body: (ArraySlice<UInt8>) -> Bool
  ) throws(ContentCodingError) {
    state = .inside
    guard bytes.count <= limit - made else { throw .tooLarge(limit: limit) }
    made += bytes.count
    var rest = bytes
    while !rest.isEmpty {
      let piece = rest.extracting(first: Self.pieceBytes)
      rest = rest.extracting(droppingFirst: piece.count)
      guard body(Array(copyOf: piece)[...]) else { return }
    }
  }

  private mutating func run(
    _ bytes: Span<UInt8>, limit: Int, _ body: (ArraySlice<UInt8>) -> Bool
  ) throws(ContentCodingError) {
    guard let stream else { throw .malformed }
    var rest = bytes
    while true {
      if case .between = state {
        guard !rest.isEmpty else { return }
        // Members follow one another (RFC 1952, 2.2); anything else is none of this body's.
        guard coding == .gzip, rest[0] == 0x1F, stream.reset() else { throw .trailing }
        state = .inside
      }
      let step = stream.step(rest)
      taken += step.taken
      made += step.made
      rest = rest.extracting(droppingFirst: step.taken)
      guard made <= limit else { throw .tooLarge(limit: limit) }
      guard made <= Self.freeBytes || made / Self.maximumRatio <= taken else { throw .bomb }
      switch step.outcome {
      case .failed: throw .malformed
      case .noMemory: throw .memory
      case .ended: state = .between
      case .goesOn: break
      }
      if step.made > 0, !body(stream.output[..<step.made]) { return }
      if case .between = state { continue }
      // Room that is left says that nothing more comes of what was given.
      if rest.isEmpty, step.made < Self.pieceBytes { return }
      // Neither taken nor made: zlib is stuck.
      if step.taken == 0, step.made == 0 { throw .malformed }
    }
  }
}
