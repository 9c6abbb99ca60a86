internal import COpenSSL

/// SHA-256 by libcrypto, with the algorithm looked up once: `EVP_Digest` alone would look it up each time,
/// which costs more than hashing a short record. One object belongs to one thread.
@safe final class Hasher256 {
  private let algorithm: OpaquePointer
  private let context: OpaquePointer

  init() throws(EvidenceError) {
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
      throw EvidenceError(.key, "libcrypto offers no SHA-256")
    }
    guard let context = unsafe EVP_MD_CTX_new() else {
      unsafe EVP_MD_free(algorithm)
      throw EvidenceError(.key, "libcrypto is out of memory")
    }
    unsafe self.algorithm = algorithm
    unsafe self.context = context
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
    unsafe EVP_MD_free(algorithm)
  }

  /// The hash of a leaf, RFC 6962 section 2.1: SHA-256(0x00 ‖ record).
  func leaf(_ record: RawSpan) -> HashValue { digest(prefix: 0, record) }

  /// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
  func node(_ left: HashValue, _ right: HashValue) -> HashValue {
    // One buffer, filled by two copies: a vector of 64 bytes would be put together byte by byte.
    unsafe withUnsafeTemporaryAllocation(byteCount: 2 * HashValue.byteCount, alignment: 32) { both in
      unsafe both.storeBytes(of: left.bytes, toByteOffset: 0, as: SIMD32<UInt8>.self)
      unsafe both.storeBytes(of: right.bytes, toByteOffset: HashValue.byteCount, as: SIMD32<UInt8>.self)
      return unsafe digest(prefix: 1, RawSpan(_unsafeBytes: UnsafeRawBufferPointer(both)))
    }
  }

  /// The plain digest of `bytes`.
  func digest(_ bytes: RawSpan) -> HashValue { digest(prefix: nil, bytes) }

  private func digest(prefix: UInt8?, _ bytes: RawSpan) -> HashValue {
    var output = SIMD32<UInt8>()
    var good = unsafe EVP_DigestInit_ex2(context, algorithm, nil) == 1
    if let prefix {
      good =
        unsafe withUnsafeBytes(of: prefix) {
          unsafe EVP_DigestUpdate(context, $0.baseAddress, 1) == 1
        } && good
    }
    good =
      unsafe bytes.withUnsafeBytes { raw in
        unsafe raw.isEmpty || EVP_DigestUpdate(context, raw.baseAddress, raw.count) == 1
      } && good
    good =
      unsafe withUnsafeMutableBytes(of: &output) { raw in
        unsafe EVP_DigestFinal_ex(context, raw.assumingMemoryBound(to: UInt8.self).baseAddress, nil) == 1
      } && good
    // Hashing memory can fail only if libcrypto itself is broken; a made-up digest must never be signed.
    precondition(good, "libcrypto failed to hash")
    return HashValue(output)
  }
}
