internal import COpenSSL

/// SHA-256 by the system's OpenSSL.
public struct Digest: Sendable, Hashable {
  /// 32 of them.
  public let bytes: [UInt8]

  public static func sha256(_ input: [UInt8]) -> Digest {
    var output = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe EVP_Digest(input, input.count, &output, nil, EVP_sha256(), nil) == 1
    // Without SHA-256 nothing that Sluice says of itself would be true.
    precondition(isDone, "OpenSSL could not compute a SHA-256")
    return Digest(bytes: output)
  }

  /// In lower case.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
