internal import COpenSSL

/// The primitives that age v1 is made of, each libcrypto's own.
enum SealingCrypto {
  private static let broken = EvidenceError(.key, "libcrypto failed to seal; see whether it is damaged")

  // MARK: X25519 (RFC 7748)

  static func publicKey(of secret: [UInt8]) throws(EvidenceError) -> [UInt8] {
    guard secret.count == 32,
      let key = unsafe EVP_PKEY_new_raw_private_key_ex(nil, "X25519", nil, secret, secret.count)
    else { throw broken }
    defer { unsafe EVP_PKEY_free(key) }
    var point = [UInt8](repeating: 0, count: 32)
    var length = point.count
    guard unsafe EVP_PKEY_get_raw_public_key(key, &point, &length) == 1, length == 32 else { throw broken }
    return point
  }

  /// Nil where the other's point is of low order: the secret would be known to everybody.
  static func sharedSecret(_ secret: [UInt8], with point: [UInt8]) throws(EvidenceError) -> [UInt8]? {
    guard secret.count == 32, point.count == 32,
      let own = unsafe EVP_PKEY_new_raw_private_key_ex(nil, "X25519", nil, secret, secret.count),
      let other = unsafe EVP_PKEY_new_raw_public_key_ex(nil, "X25519", nil, point, point.count)
    else { throw broken }
    defer {
      unsafe EVP_PKEY_free(own)
      unsafe EVP_PKEY_free(other)
    }
    guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, own, nil) else { throw broken }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    guard unsafe EVP_PKEY_derive_init(context) == 1, unsafe EVP_PKEY_derive_set_peer(context, other) == 1
    else { throw broken }
    var shared = [UInt8](repeating: 0, count: 32)
    var length = shared.count
    // libcrypto refuses a result that is all zero; so do we, whichever version is there.
    guard unsafe EVP_PKEY_derive(context, &shared, &length) == 1, length == 32,
      shared.contains(where: { $0 != 0 })
    else { return nil }
    return shared
  }

  // MARK: HKDF-SHA-256 (RFC 5869), HMAC-SHA-256 (RFC 2104)

  /// 32 bytes of key.
  static func derive(from key: [UInt8], salt: [UInt8], info: String) throws(EvidenceError) -> [UInt8] {
    guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) else { throw broken }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    let info = Array(info.utf8)
    var output = [UInt8](repeating: 0, count: 32)
    var length = output.count
    // An absent salt is as many zeros as the hash is long (RFC 5869 section 2.2), which an empty one means, too.
    guard unsafe EVP_PKEY_derive_init(context) == 1,
      unsafe EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1,
      unsafe salt.isEmpty || EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)) == 1,
      unsafe EVP_PKEY_CTX_set1_hkdf_key(context, key, Int32(key.count)) == 1,
      unsafe EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(info.count)) == 1,
      unsafe EVP_PKEY_derive(context, &output, &length) == 1, length == 32
    else { throw broken }
    return output
  }

  static func authenticate(_ message: [UInt8], key: [UInt8]) throws(EvidenceError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    let made = unsafe HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &output, &length)
    guard unsafe made != nil, length == 32 else { throw broken }
    return output
  }

  /// Compares without telling by its time where the two differ.
  static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    unsafe one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
  }
}

/// ChaCha20-Poly1305 (RFC 8439) under one key. One object belongs to one thread at a time.
@safe final class ChaChaPoly: @unchecked Sendable {
  static let tagSize = 16
  private let context: OpaquePointer
  private let isSealing: Bool

  init(key: [UInt8], sealing: Bool) throws(EvidenceError) {
    let failure = EvidenceError(.key, "libcrypto offers no ChaCha20-Poly1305")
    guard key.count == 32, let cipher = unsafe EVP_CIPHER_fetch(nil, "ChaCha20-Poly1305", nil) else {
      throw failure
    }
    defer { unsafe EVP_CIPHER_free(cipher) }
    guard let context = unsafe EVP_CIPHER_CTX_new() else { throw failure }
    unsafe self.context = context
    isSealing = sealing
    guard unsafe EVP_CipherInit_ex2(context, cipher, key, nil, sealing ? 1 : 0, nil) == 1 else {
      throw failure
    }
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// Appends the ciphertext and its tag.
  func seal(_ text: Span<UInt8>, nonce: [UInt8], into output: inout [UInt8]) throws(EvidenceError) {
    precondition(isSealing)
    var body = [UInt8](repeating: 0, count: text.count)
    var tag = [UInt8](repeating: 0, count: Self.tagSize)
    var end = [UInt8](repeating: 0, count: 16)
    var done: Int32 = 0
    var good = unsafe EVP_CipherInit_ex2(context, nil, nil, nonce, 1, nil) == 1
    good =
      unsafe text.withUnsafeBufferPointer { text in
        unsafe text.isEmpty
          || EVP_CipherUpdate(context, &body, &done, text.baseAddress, Int32(text.count)) == 1
      } && good && Int(done) == text.count
    good = unsafe good && EVP_CipherFinal_ex(context, &end, &done) == 1 && done == 0
    good =
      unsafe good
      && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), &tag) == 1
    guard good else { throw EvidenceError(.key, "libcrypto failed to seal") }
    output += body
    output += tag
  }

  /// The text, or nil where a byte of it, its tag, key or nonce is not the one it was sealed with.
  func open(_ sealed: Span<UInt8>, nonce: [UInt8]) -> [UInt8]? {
    precondition(!isSealing)
    guard sealed.count >= Self.tagSize else { return nil }
    let count = sealed.count - Self.tagSize
    var text = [UInt8](repeating: 0, count: count)
    var tag = (0..<Self.tagSize).map { sealed[count + $0] }
    var end = [UInt8](repeating: 0, count: 16)
    var done: Int32 = 0
    var good = unsafe EVP_CipherInit_ex2(context, nil, nil, nonce, 0, nil) == 1
    good =
      unsafe good
      && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), &tag) == 1
    good =
      unsafe sealed.extracting(0..<count).withUnsafeBufferPointer { sealed in
        unsafe sealed.isEmpty
          || EVP_CipherUpdate(context, &text, &done, sealed.baseAddress, Int32(sealed.count)) == 1
      } && good
    guard good, unsafe EVP_CipherFinal_ex(context, &end, &done) == 1 else { return nil }
    return text
  }
}
