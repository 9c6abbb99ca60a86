internal import COpenSSL
internal import FilterKit

/// The SHA-256 (FIPS 180-4) of a key.
struct SHA256Digest: Equatable {
  var bytes = InlineArray<32, UInt8>(repeating: 0)

  static func == (one: SHA256Digest, other: SHA256Digest) -> Bool {
    var difference: UInt8 = 0
    for index in 0..<32 { difference |= one.bytes[index] ^ other.bytes[index] }
    return difference == 0
  }
}

/// libcrypto's SHA-256, fetched once: fetching it for each digest costs more than the digest.
@safe final class SHA256Digester: @unchecked Sendable {  // an EVP_MD is immutable and counted atomically
  private let algorithm: OpaquePointer

  init() throws(FilterError) {
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA2-256", nil) else {
      throw FilterError(.internal, "libcrypto offers no SHA-256: check its configuration and providers.")
    }
    unsafe self.algorithm = algorithm
  }

  deinit { unsafe EVP_MD_free(algorithm) }

  func digest(of text: Span<UInt8>) throws(FilterError) -> SHA256Digest {
    var digest = SHA256Digest()
    var length: UInt32 = 0
    var status: Int32 = 0
    var target = digest.bytes.mutableSpan
    unsafe text.withUnsafeBytes { text in
      unsafe target.withUnsafeMutableBufferPointer { target in
        status = unsafe EVP_Digest(text.baseAddress, text.count, target.baseAddress, &length, algorithm, nil)
      }
    }
    guard status == 1, length == 32 else {
      throw FilterError(.internal, "libcrypto failed to compute a SHA-256.")
    }
    return digest
  }
}
