internal import COpenSSL
internal import Synchronization

/// Keyed hashes of values: HMAC-SHA-256 (RFC 2104) over a domain, a zero byte and the value, cut to 16 bytes.
///
/// The key is hashed into the two halves of HMAC once; a fingerprint then costs two copies of a state.
final class Fingerprinter: Sendable {
  private let states: Mutex<[State]>
  private let key: [UInt8]

  init(key: [UInt8]) {
    self.key = key
    states = Mutex([])
  }

  /// Any thread.
  func compute(_ domain: Span<UInt8>, _ value: Span<UInt8>) -> InlineArray<16, UInt8> {
    let state = states.withLock { $0.popLast() } ?? State(key: key)
    defer { states.withLock { if $0.count < 64 { $0.append(state) } } }
    return state.compute(domain, value)
  }

  /// The states of one computation at a time.
  @safe private final class State: @unchecked Sendable {  // handed from thread to thread, never shared
    private let inner: OpaquePointer
    private let outer: OpaquePointer
    private let work: OpaquePointer

    init(key: [UInt8]) {
      var block = [UInt8](repeating: 0, count: 64)
      for (index, byte) in (key.count > 64 ? Digest.sha256(key).bytes : key).enumerated() {
        block[index] = byte
      }
      unsafe inner = Self.start(block.map { $0 ^ 0x36 })
      unsafe outer = Self.start(block.map { $0 ^ 0x5C })
      unsafe work = Self.start([])
    }

    deinit {
      unsafe EVP_MD_CTX_free(inner)
      unsafe EVP_MD_CTX_free(outer)
      unsafe EVP_MD_CTX_free(work)
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
      var digest = [UInt8](repeating: 0, count: 32)
      let separator: [UInt8] = [0]
      var isDone = unsafe EVP_MD_CTX_copy_ex(work, inner) == 1
      unsafe domain.withUnsafeBufferPointer {
        isDone = unsafe EVP_DigestUpdate(work, $0.baseAddress, $0.count) == 1 && isDone
      }
      isDone = unsafe EVP_DigestUpdate(work, separator, 1) == 1 && isDone
      unsafe value.withUnsafeBufferPointer {
        isDone = unsafe EVP_DigestUpdate(work, $0.baseAddress, $0.count) == 1 && isDone
      }
      isDone = unsafe EVP_DigestFinal_ex(work, &digest, nil) == 1 && isDone
      isDone = unsafe EVP_MD_CTX_copy_ex(work, outer) == 1 && isDone
      isDone = unsafe EVP_DigestUpdate(work, digest, 32) == 1 && isDone
      isDone = unsafe EVP_DigestFinal_ex(work, &digest, nil) == 1 && isDone
      precondition(isDone, "OpenSSL could not compute an HMAC")
      var result = InlineArray<16, UInt8>(repeating: 0)
      for index in 0..<16 { result[index] = digest[index] }
      return result
    }
  }
}
