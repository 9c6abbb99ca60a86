/// A SHA-256 digest: 32 bytes.
public struct HashValue: Hashable, Sendable, CustomStringConvertible {
  var bytes: SIMD32<UInt8>

  public static let byteCount = 32

  init(_ bytes: SIMD32<UInt8>) { self.bytes = bytes }

  /// All zero; the digest of nothing known.
  static var zero: HashValue { HashValue(SIMD32(repeating: 0)) }

  /// Nil unless there are exactly 32 bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(bytes.span, at: 0)
  }

  /// The 32 bytes from `offset` on, which must be there.
  init(_ bytes: Span<UInt8>, at offset: Int) {
    var value = SIMD32<UInt8>()
    for i in 0..<Self.byteCount { value[i] = bytes[offset + i] }
    self.bytes = value
  }

  public var array: [UInt8] { (0..<Self.byteCount).map { bytes[$0] } }

  /// Lower-case hexadecimal, 64 characters.
  public var description: String { Hexadecimal.string(array) }

  func append(to output: inout [UInt8]) {
    for i in 0..<Self.byteCount { output.append(bytes[i]) }
  }
}
