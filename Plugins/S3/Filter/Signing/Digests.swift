internal import COpenSSL

/// The digests that S3 asks for, from OpenSSL.
enum Digests {
  static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let done = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
    precondition(done == 1, "OpenSSL has no SHA-256")
    return digest
  }

  /// Nil where OpenSSL refuses MD5, as in FIPS mode.
  static func md5(_ bytes: [UInt8]) -> [UInt8]? {
    var digest = [UInt8](repeating: 0, count: 16)
    return unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_md5(), nil) == 1 ? digest : nil
  }

  static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    let done = unsafe HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
    precondition(unsafe done != nil, "OpenSSL has no HMAC-SHA-256")
    return code
  }

  /// The leaf of a record in the log's Merkle tree, SHA-256(0x00 ‖ record) (RFC 6962, 2.1), at the end of `leaves`.
  static func appendLeaf(of record: Span<UInt8>, to leaves: inout [UInt8]) {
    var digest = [UInt8](repeating: 0, count: 32)
    let done = unsafe record.withUnsafeBufferPointer { record in
      let context = unsafe EVP_MD_CTX_new()
      defer { unsafe EVP_MD_CTX_free(context) }
      var prefix: UInt8 = 0
      return unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        && EVP_DigestUpdate(context, &prefix, 1) == 1
        && EVP_DigestUpdate(context, record.baseAddress, record.count) == 1
        && EVP_DigestFinal_ex(context, &digest, nil) == 1
    }
    precondition(done, "OpenSSL has no SHA-256")
    leaves += digest
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count << 1)
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  static func base64(_ bytes: [UInt8]) -> String {
    // A group of three bytes becomes four letters, and OpenSSL adds a NUL.
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let length = unsafe EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
    return String(decoding: text[..<Int(length)], as: UTF8.self)
  }

  /// Nil where it is no base64 with padding.
  static func fromBase64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
    let length = unsafe EVP_DecodeBlock(&bytes, Array(text), Int32(text.count))
    guard length == bytes.count else { return nil }
    return bytes.dropLast(text.suffix(2).count { $0 == UInt8(ascii: "=") })
  }
}
