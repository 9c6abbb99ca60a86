internal import COpenSSL
internal import Synchronization

/// Keyed hashes of values: HMAC-SHA-256 (RFC 2104) over a domain, a zero byte and the value, cut to 16 bytes.
///
/// The key is hashed into the two halves of HMAC once; a fingerprint then costs two copies of a state.
final class Fingerprinter: Sendable {
  private let key: [UInt8]
  /// As many as threads have computed at once, kept for the next.
  private let idle = Mutex<[State]>([])

  init(key: [UInt8]) { self.key = key }

  /// Any thread.
  func compute(_ domain: Span<UInt8>, _ value: Span<UInt8>) -> InlineArray<16, UInt8> {
    let state = idle.withLock { $0.popLast() } ?? State(key: key)
    defer { idle.withLock { $0.append(state) } }
    return state.compute(domain, value)
  }
}

/// The states of one computation at a time.
@safe private final class State: @unchecked Sendable {  // handed from thread to thread, never shared
  private let inner: OpaquePointer
  private let outer: OpaquePointer
  private let work: OpaquePointer
  private let digest = UnsafeMutablePointer<UInt8>.allocate(capacity: 32)

  init(key: [UInt8]) {
    var block = key.count > 64 ? Digest.sha256(key).bytes : key
    block += Array(repeating: 0, count: 64 - block.count)
    unsafe inner = Self.start(block.map { $0 ^ 0x36 })
    unsafe outer = Self.start(block.map { $0 ^ 0x5C })
    unsafe work = Self.start([])
  }

  deinit {
    unsafe EVP_MD_CTX_free(inner)
    unsafe EVP_MD_CTX_free(outer)
    unsafe EVP_MD_CTX_free(work)
    unsafe digest.deallocate()
  }

  private static func start(_ bytes: [UInt8]) -> OpaquePointer {
    let context = unsafe EVP_MD_CTX_new()
    let isReady =
      unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
      && EVP_DigestUpdate(context, bytes, bytes.count) == 1
    // Without SHA-256 there are no fingerprints, and without those no placeholders.
    guard isReady, let context = unsafe context else {
      preconditionFailure("OpenSSL could not begin a SHA-256")
    }
    return unsafe context
  }

  func compute(_ domain: Span<UInt8>, _ value: Span<UInt8>) -> InlineArray<16, UInt8> {
    var isDone = unsafe EVP_MD_CTX_copy_ex(work, inner) == 1 && update(domain)
    unsafe digest[0] = 0
    isDone =
      unsafe isDone && EVP_DigestUpdate(work, digest, 1) == 1 && update(value)
      && EVP_DigestFinal_ex(work, digest, nil) == 1 && EVP_MD_CTX_copy_ex(work, outer) == 1
      && EVP_DigestUpdate(work, digest, 32) == 1 && EVP_DigestFinal_ex(work, digest, nil) == 1
    precondition(isDone, "OpenSSL could not compute an HMAC")
    var result = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<16 { result[index] = unsafe digest[index] }
    return result
  }

  private func update(_ bytes: Span<UInt8>) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { unsafe EVP_DigestUpdate(work, $0.baseAddress, $0.count) == 1 }
  }
}
