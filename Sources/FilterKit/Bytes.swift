public import FilterABI

/// The border between spans and the ABI's `sluice_bytes`: the only place where one becomes the other.
extension sluice_bytes {
  /// Lends the bytes as a span, for as long as `body` runs.
  @inlinable
  public func withSpan<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    let buffer = unsafe UnsafeBufferPointer(start: data, count: data == nil ? 0 : Int(clamping: length))
    return try unsafe body(Span(_unsafeElements: buffer))
  }

  /// A copy as text; invalid UTF-8 is repaired. For configuration and names, not for the hot path.
  public var text: String {
    unsafe withSpan { String(decoding: Array(copying: $0), as: UTF8.self) }
  }

  /// A literal's bytes, valid for ever.
  public static func literal(_ text: StaticString) -> sluice_bytes {
    unsafe sluice_bytes(data: text.utf8Start, length: UInt64(text.utf8CodeUnitCount))
  }

  /// A copy of the text that is never freed: for the tables that a plugin hands out once.
  static func immortal(_ text: String) -> sluice_bytes {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(text.utf8.count, 1))
    _ = unsafe copy.initialize(from: text.utf8)
    return unsafe sluice_bytes(data: UnsafePointer(copy.baseAddress), length: UInt64(text.utf8.count))
  }
}

extension Span where Element == UInt8 {
  /// Whether the bytes are exactly the literal's.
  func isEqual(to literal: StaticString) -> Bool {
    guard count == literal.utf8CodeUnitCount else { return false }
    for index in indices where unsafe self[index] != literal.utf8Start[index] { return false }
    return true
  }

  /// Lends the span to the ABI, for as long as `body` runs.
  @inlinable
  public func withABI<R, E: Error>(_ body: (sluice_bytes) throws(E) -> R) throws(E) -> R {
    var result: Result<R, E>?
    unsafe withUnsafeBufferPointer { buffer in
      let bytes = unsafe sluice_bytes(data: buffer.baseAddress, length: UInt64(buffer.count))
      do throws(E) { result = unsafe .success(try body(bytes)) } catch { result = .failure(error) }
    }
    guard let result else { preconditionFailure("withUnsafeBufferPointer runs its closure") }
    return try result.get()
  }
}

extension String {
  /// Lends the text's UTF-8 to the ABI, for as long as `body` runs.
  func withABI<R>(_ body: (sluice_bytes) -> R) -> R {
    let bytes = Array(utf8)
    return unsafe bytes.span.withABI(body)
  }
}
