internal import COpenSSL

/// An Ed25519 key (RFC 8032) that signs checkpoints.
struct SigningKey: Sendable {
  /// The 32-byte private key. Never printed.
  private let seed: [UInt8]
  /// The 32-byte public key.
  let publicKey: [UInt8]

  /// A new key from libcrypto's random generator.
  static func generate() throws(EvidenceError) -> SigningKey {
    try SigningKey(seed: Random.bytes(32))
  }

  init(seed: [UInt8]) throws(EvidenceError) {
    guard seed.count == 32,
      let key = unsafe EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count)
    else { throw EvidenceError(.key, "the key is not an Ed25519 private key") }
    defer { unsafe EVP_PKEY_free(key) }
    var publicKey = [UInt8](repeating: 0, count: 32)
    var length = publicKey.count
    guard unsafe EVP_PKEY_get_raw_public_key(key, &publicKey, &length) == 1, length == 32 else {
      throw EvidenceError(.key, "libcrypto gives no public key")
    }
    self.seed = seed
    self.publicKey = publicKey
  }

  /// The 64-byte signature.
  func sign(_ message: [UInt8]) throws(EvidenceError) -> [UInt8] {
    guard let key = unsafe EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count),
      let context = unsafe EVP_MD_CTX_new()
    else { throw EvidenceError(.key, "libcrypto is out of memory") }
    defer {
      unsafe EVP_MD_CTX_free(context)
      unsafe EVP_PKEY_free(key)
    }
    var signature = [UInt8](repeating: 0, count: 64)
    var length = signature.count
    guard unsafe EVP_DigestSignInit_ex(context, nil, nil, nil, nil, key, nil) == 1,
      unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1, length == 64
    else { throw EvidenceError(.key, "libcrypto failed to sign a checkpoint") }
    return signature
  }

  /// Whether `signature` is `publicKey`'s over `message`.
  static func verify(_ signature: [UInt8], _ message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == 64, publicKey.count == 32,
      let key = unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, publicKey, publicKey.count)
    else { return false }
    defer { unsafe EVP_PKEY_free(key) }
    guard let context = unsafe EVP_MD_CTX_new() else { return false }
    defer { unsafe EVP_MD_CTX_free(context) }
    return unsafe EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, key, nil) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  // MARK: The file form, PKCS #8 in PEM (RFC 8410), which `openssl pkey` reads

  private static let prefix: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let header = Array("-----BEGIN PRIVATE KEY-----\n".utf8)
  private static let footer = Array("\n-----END PRIVATE KEY-----\n".utf8)

  func encodePEM() -> [UInt8] {
    var bytes = Self.header
    Base64.append(Self.prefix + seed, to: &bytes)
    return bytes + Self.footer
  }

  init(pem: [UInt8]) throws(EvidenceError) {
    guard pem.starts(with: Self.header), pem.suffix(Self.footer.count).elementsEqual(Self.footer),
      pem.count > Self.header.count + Self.footer.count,
      let bytes = Base64.decode(pem[Self.header.count..<pem.count - Self.footer.count]),
      bytes.count == 48, bytes.starts(with: Self.prefix)
    else { throw EvidenceError(.key, "the signing key is not an Ed25519 key in PKCS #8 PEM form") }
    try self.init(seed: Array(bytes[16...]))
  }
}

/// libcrypto's random generator.
enum Random {
  static func bytes(_ count: Int) throws(EvidenceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard unsafe RAND_bytes(&bytes, Int32(count)) == 1 else {
      throw EvidenceError(.key, "libcrypto's random generator failed")
    }
    return bytes
  }
}
