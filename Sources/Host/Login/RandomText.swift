internal import FilterChain
internal import Foundation

/// What a log-in is tied together by.
enum RandomText {
  /// 256 random bits as base64url.
  static func make() -> String {
    var random = SystemRandomNumberGenerator()
    return base64URL((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
  }

  /// The SHA-256 of a code verifier, as PKCE wants it (RFC 7636, 4.2: S256).
  static func challenge(_ verifier: String) -> String { base64URL(Digest.sha256(Array(verifier.utf8)).bytes) }

  private static func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
  }
}
