internal import COpenSSL

/// Seals what the store holds of others' secrets, so that a copy of the store alone opens nothing: AES-256-GCM
/// (NIST SP 800-38D) under a key that is kept beside the store, not in it. Any thread.
public struct SecretSeal: Sendable {
  private static let nonceSize = 12
  private static let tagSize = 16

  private let key: SecretBytes

  /// - Parameter key: 32 bytes; replicas on one store need the same.
  public init(key: [UInt8]) {
    precondition(key.count == 32, "AES-256 has a key of 32 bytes")
    var copy = key
    self.key = SecretBytes(&copy)
  }

  /// - Parameter place: where it will stand, as `logins/key_…`: moved elsewhere it can't be opened.
  public func seal(_ secret: [UInt8], for place: String) throws(ControlError) -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    let nonce = (0..<Self.nonceSize).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let (text, tag) = try run(secret, nonce, Array(place.utf8), tag: nil)
    return nonce + text + tag
  }

  /// - Throws: `invalid` where it was sealed under another key, for another place, or was changed.
  public func open(_ sealed: [UInt8], for place: String) throws(ControlError) -> [UInt8] {
    guard sealed.count >= Self.nonceSize + Self.tagSize else { throw Self.damaged }
    let tag = Array(sealed.suffix(Self.tagSize))
    let text = Array(sealed.dropFirst(Self.nonceSize).dropLast(Self.tagSize))
    return try run(text, Array(sealed.prefix(Self.nonceSize)), Array(place.utf8), tag: tag).text
  }

  private static let damaged = ControlError(
    .invalid,
    "a secret in the store can't be opened: it was sealed under another key. Restore DATA/secrets, or have people log in again"
  )

  /// - Parameter tag: nil: seals, and returns one; else opens, and throws where it does not fit.
  private func run(
    _ input: [UInt8], _ nonce: [UInt8], _ place: [UInt8], tag: [UInt8]?
  ) throws(ControlError) -> (text: [UInt8], tag: [UInt8]) {
    let failure = ControlError(.unavailable, "libcrypto failed to seal; see whether it is damaged")
    guard let context = unsafe EVP_CIPHER_CTX_new() else { throw failure }
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    let isSealing = tag == nil
    var output = [UInt8](repeating: 0, count: input.count + 16)
    var tag = tag ?? [UInt8](repeating: 0, count: Self.tagSize)
    var length: Int32 = 0
    var last: Int32 = 0
    let isReady = unsafe key.withBytes {
      unsafe EVP_CipherInit_ex2(context, EVP_aes_256_gcm(), $0, nonce, isSealing ? 1 : 0, nil)
    }
    guard
      isReady == 1,
      unsafe EVP_CipherUpdate(context, nil, &length, place, Int32(place.count)) == 1,
      unsafe EVP_CipherUpdate(context, &output, &length, input, Int32(input.count)) == 1
    else { throw failure }
    if !isSealing,
      unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), &tag) != 1
    {
      throw failure
    }
    guard unsafe EVP_CipherFinal_ex(context, nil, &last) == 1 else {
      throw isSealing ? failure : Self.damaged
    }
    if isSealing, unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), &tag) != 1 {
      throw failure
    }
    output.removeLast(output.count - Int(length))
    return (output, tag)
  }
}
