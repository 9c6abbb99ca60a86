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
}
