internal import COpenSSL

/// SHA-256 by the system's OpenSSL.
public enum Hash {
  /// In hexadecimal, lower case.
  public static func sha256(_ input: [UInt8]) -> String {
    var output = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe EVP_Digest(input, input.count, &output, nil, EVP_sha256(), nil) == 1
    // Without SHA-256 nothing could be trusted.
    precondition(isDone, "OpenSSL could not compute a SHA-256")
    return Hexadecimal.text(output)
  }
}

/// Lower-case hexadecimal.
enum Hexadecimal {
  static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Nil for anything but `count` bytes in lower-case digits.
  static func bytes(_ text: some StringProtocol, count: Int) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count == 2 * count else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
