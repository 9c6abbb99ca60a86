internal import COpenSSL

/// SHA-256 of what is not secret: files' contents and their names.
package enum ContentDigest {
  /// 32 bytes.
  package static func sha256(_ content: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    _ = unsafe SHA256(content, content.count, &digest)
    return digest
  }
}
