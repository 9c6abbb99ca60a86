internal import COpenSSL

/// The codes that signatures are written in, from OpenSSL.
package enum Codes {
  package static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    let done = unsafe HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
    precondition(unsafe done != nil, "OpenSSL has no HMAC-SHA-256")
    return code
  }

  package static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  package static func base64(_ bytes: [UInt8]) -> String {
    // A group of three bytes becomes four letters, and OpenSSL adds a NUL.
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let length = unsafe EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
    return String(decoding: text[..<Int(length)], as: UTF8.self)
  }

  /// Nil where it is no base64 with padding.
  package static func fromBase64(_ text: String) -> [UInt8]? {
    let letters = Array(text.utf8)
    guard !letters.isEmpty, letters.count % 4 == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: letters.count / 4 * 3)
    let length = unsafe EVP_DecodeBlock(&bytes, letters, Int32(letters.count))
    guard length == bytes.count else { return nil }
    return bytes.dropLast(letters.suffix(2).count { $0 == UInt8(ascii: "=") })
  }

  /// Whether both are the same, in a time that says nothing of where they differ.
  package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return unsafe CRYPTO_memcmp(one, other, one.count) == 0
  }

  package static func areEqual(_ one: String, _ other: String) -> Bool {
    areEqual(Array(one.utf8), Array(other.utf8))
  }
}
