internal import COpenSSL

/// SHA-256 by the system's OpenSSL.
public enum Hash {
  /// In hexadecimal, lower case.
  public static func sha256(_ input: [UInt8]) -> String { hexadecimal(sha256Bytes(input)) }

  /// 32 bytes.
  static func sha256Bytes(_ input: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe EVP_Digest(input, input.count, &output, nil, EVP_sha256(), nil) == 1
    // Without SHA-256 nothing could be trusted.
    precondition(isDone, "OpenSSL could not compute a SHA-256")
    return output
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
