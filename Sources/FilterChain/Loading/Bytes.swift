internal import COpenSSL
internal import FilterABI

extension sluice_bytes {
  /// A copy as text; invalid UTF-8 is repaired.
  var text: String {
    unsafe String(
      decoding: UnsafeBufferPointer(start: data, count: data == nil ? 0 : Int(clamping: length)),
      as: UTF8.self)
  }

  static var empty: sluice_bytes { unsafe sluice_bytes(data: nil, length: 0) }

  @inline(__always)
  init(_ buffer: UnsafeBufferPointer<UInt8>) {
    unsafe self.init(data: buffer.baseAddress, length: UInt64(buffer.count))
  }

  /// Lends what a plugin gave as a span.
  @inline(__always)
  func withSpan<R>(_ body: (Span<UInt8>) -> R) -> R {
    unsafe body(
      Span(_unsafeElements: UnsafeBufferPointer(start: data, count: data == nil ? 0 : Int(clamping: length))))
  }
}

extension sluice_array {
  static var empty: sluice_array { unsafe sluice_array(first: nil, count: 0, stride: 0) }

  init<T>(_ buffer: UnsafeBufferPointer<T>) {
    unsafe self.init(
      first: buffer.baseAddress, count: UInt64(buffer.count), stride: UInt64(MemoryLayout<T>.stride))
  }
}

extension String {
  /// Lends the text's UTF-8 to a plugin.
  func withABI<R>(_ body: (sluice_bytes) -> R) -> R {
    var copy = self
    return copy.withUTF8 { unsafe body(sluice_bytes($0)) }
  }
}

/// SHA-256 by the system's OpenSSL.
public struct Digest: Sendable, Hashable {
  public let bytes: [UInt8]

  public static func sha256(_ input: [UInt8]) -> Digest {
    var output = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe EVP_Digest(input, input.count, &output, nil, EVP_sha256(), nil) == 1
    // Without SHA-256 nothing that Sluice says of itself would be true.
    precondition(isDone, "OpenSSL could not compute a SHA-256")
    return Digest(bytes: output)
  }

  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
