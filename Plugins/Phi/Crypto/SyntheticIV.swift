internal import COpenSSL

/// AES-SIV (RFC 5297): encryption that is deterministic and authenticated. The same value with the same header gives the
/// same bytes; nothing else about it can be seen, and nothing that was changed can be opened.
public struct SyntheticIV: Sendable {
  /// How many bytes longer the sealed value is.
  public static let overhead = 16

  private let key: [UInt8]
  private let name: String

  /// - Parameter key: 32, 48 or 64 bytes: two keys of AES.
  public init(key: [UInt8]) {
    self.key = key
    name = "AES-\(key.count * 4)-SIV"
  }

  /// The synthetic vector, and the ciphertext behind it.
  public func seal(_ value: [UInt8], header: [UInt8]) throws(CryptoError) -> [UInt8] {
    let context = unsafe try start(isEncrypting: true)
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: value.count + 16)
    var tag = [UInt8](repeating: 0, count: Self.overhead)
    var count: Int32 = 0
    guard unsafe EVP_EncryptUpdate(context, nil, &count, header, Int32(header.count)) == 1,
      unsafe EVP_EncryptUpdate(context, &output, &count, value, Int32(value.count)) == 1,
      Int(count) == value.count,
      unsafe EVP_EncryptFinal_ex(context, nil, &count) == 1,
      unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
    else { throw .unavailable }
    return tag + output[..<value.count]
  }

  /// The value that was sealed with the header.
  public func open(_ sealed: [UInt8], header: [UInt8]) throws(CryptoError) -> [UInt8] {
    guard sealed.count > Self.overhead else { throw .notAuthentic }
    let context = unsafe try start(isEncrypting: false)
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    var tag = Array(sealed[..<Self.overhead])
    let secret = Array(sealed[Self.overhead...])
    var output = [UInt8](repeating: 0, count: secret.count + 16)
    var count: Int32 = 0
    guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1,
      unsafe EVP_DecryptUpdate(context, nil, &count, header, Int32(header.count)) == 1
    else { throw .unavailable }
    guard unsafe EVP_DecryptUpdate(context, &output, &count, secret, Int32(secret.count)) == 1,
      Int(count) == secret.count, unsafe EVP_DecryptFinal_ex(context, nil, &count) == 1
    else { throw .notAuthentic }
    return Array(output[..<secret.count])
  }

  private func start(isEncrypting: Bool) throws(CryptoError) -> OpaquePointer {
    guard let cipher = unsafe EVP_CIPHER_fetch(nil, name, nil) else { throw .unavailable }
    defer { unsafe EVP_CIPHER_free(cipher) }
    guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .unavailable }
    guard unsafe EVP_CipherInit_ex(context, cipher, nil, key, nil, isEncrypting ? 1 : 0) == 1 else {
      unsafe EVP_CIPHER_CTX_free(context)
      throw .unavailable
    }
    return unsafe context
  }
}
