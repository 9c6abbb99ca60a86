internal import COpenSSL
internal import Glibc

/// A vendor's public Ed25519 key (RFC 8032). As text: `ed25519:` and 64 hexadecimal digits.
public struct PluginKey: Sendable, Hashable, CustomStringConvertible {
  /// 32 of them.
  let bytes: [UInt8]

  init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  public init?(_ text: some StringProtocol) {
    guard text.hasPrefix("ed25519:"), let bytes = Hexadecimal.bytes(text.dropFirst(8), count: 32) else {
      return nil
    }
    self.bytes = bytes
  }

  /// Reads the PEM form of RFC 8410, as `openssl pkey -pubout` writes it.
  public init(pem: [UInt8], file: String) throws(PluginFile.Failure) {
    let key = unsafe PEM.read(pem) { unsafe PEM_read_bio_PUBKEY($0, nil, nil, nil) }
    defer { unsafe EVP_PKEY_free(key) }
    guard let key = unsafe key, let bytes = unsafe PEM.rawPublicKey(key) else {
      throw PluginFile.Failure(
        description: "\(file) holds no public Ed25519 key in PEM form; "
          + "openssl pkey -in KEY -pubout makes it from the private one")
    }
    self.bytes = bytes
  }

  public var description: String { "ed25519:" + Hexadecimal.text(bytes) }

  /// Whether `signature`, 64 bytes, is this key's over `message`.
  func hasSigned(_ message: [UInt8], _ signature: [UInt8]) -> Bool {
    guard signature.count == 64,
      let key = unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count)
    else { return false }
    defer { unsafe EVP_PKEY_free(key) }
    guard let context = unsafe EVP_MD_CTX_new() else { return false }
    defer { unsafe EVP_MD_CTX_free(context) }
    return unsafe EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, key, nil) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}

/// A vendor's private Ed25519 key. It is used where plugins are made, never by a gateway.
@safe public final class PluginSigningKey: Sendable {
  // Never changed after `init`; OpenSSL's keys may be used by several threads.
  private nonisolated(unsafe) let key: OpaquePointer
  public let publicKey: PluginKey

  /// Reads PKCS #8 in PEM form, as `openssl genpkey -algorithm ed25519` writes it. OpenSSL asks at the terminal for
  /// the passphrase of one that is encrypted.
  public init(pem: [UInt8], file: String) throws(PluginFile.Failure) {
    guard let key = unsafe PEM.read(pem, { unsafe PEM_read_bio_PrivateKey($0, nil, nil, nil) }),
      let bytes = unsafe PEM.rawPublicKey(key), let publicKey = PluginKey(bytes: bytes)
    else {
      throw PluginFile.Failure(
        description:
          "\(file) holds no private Ed25519 key in PEM form; openssl genpkey -algorithm ed25519 makes one")
    }
    unsafe self.key = unsafe key
    self.publicKey = publicKey
  }

  deinit { unsafe EVP_PKEY_free(key) }

  /// 64 bytes.
  func sign(_ message: [UInt8]) throws(PluginFile.Failure) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: 64)
    var length = signature.count
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    guard let context = unsafe context,
      unsafe EVP_DigestSignInit_ex(context, nil, nil, nil, nil, key, nil) == 1,
      unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1, length == 64
    else { throw PluginFile.Failure(description: "OpenSSL failed to sign") }
    return signature
  }
}

/// Keys in PEM form, by the system's OpenSSL.
private enum PEM {
  static func read(_ pem: [UInt8], _ read: (OpaquePointer) -> OpaquePointer?) -> OpaquePointer? {
    guard let source = unsafe BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return nil }
    defer { unsafe BIO_free(source) }
    return unsafe read(source)
  }

  /// Nil for a key of another kind.
  static func rawPublicKey(_ key: OpaquePointer) -> [UInt8]? {
    guard unsafe EVP_PKEY_is_a(key, "ED25519") == 1 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 32)
    var length = bytes.count
    guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1, length == 32 else { return nil }
    return bytes
  }
}
