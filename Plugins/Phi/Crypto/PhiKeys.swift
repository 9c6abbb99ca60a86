internal import COpenSSL

/// The keys of the operators that can be undone or followed. They are derived from the one secret that an
/// installation has for fingerprints, so that there is no key to write into a pipeline, and replicas that make the same
/// placeholders make the same tokens.
///
/// Each 16 bytes of a key are the fingerprint (HMAC-SHA-256, cut to 16 bytes) of a counter in the key's own domain,
/// as in counter mode of NIST SP 800-108, 4.1. The domains are no kinds, so that no value's fingerprint is a key.
public struct PhiKeys: Sendable {
  /// For AES-256-SIV: 64 bytes.
  public let sealing: [UInt8]
  /// For FF1 with AES-256: 32 bytes.
  public let format: [UInt8]

  /// - Parameter fingerprint: 16 bytes for a value in a domain, as the host computes them.
  public init<Failure: Error>(
    _ fingerprint: (_ domain: [UInt8], _ value: [UInt8]) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    sealing = try Self.key("phi/key/aes-siv", 4, fingerprint)
    format = try Self.key("phi/key/ff1", 2, fingerprint)
  }

  /// From the installation's secret itself, where there is no host to ask.
  public init(installationKey: [UInt8]) throws(CryptoError) {
    try self.init { (domain, value) throws(CryptoError) in
      let message = domain + [0] + value
      var digest = [UInt8](repeating: 0, count: 32)
      let isDone =
        unsafe HMAC(
          EVP_sha256(), installationKey, Int32(installationKey.count), message, message.count, &digest, nil)
        != nil
      guard isDone else { throw CryptoError.unavailable }
      return Array(digest[..<16])
    }
  }

  private static func key<Failure: Error>(
    _ domain: String, _ blocks: UInt8,
    _ fingerprint: (_ domain: [UInt8], _ value: [UInt8]) throws(Failure) -> [UInt8]
  ) throws(Failure) -> [UInt8] {
    var key: [UInt8] = []
    for counter in 1...blocks { key += try fingerprint(Array(domain.utf8), [counter]) }
    return key
  }
}
