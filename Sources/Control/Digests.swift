internal import COpenSSL
public import Foundation

/// Bytes as the database takes them.
enum Data32 {
  static func data(_ bytes: [UInt8]) -> Data { Data(bytes) }
  static func bytes(_ data: Data) -> [UInt8] { Array(data) }
}

extension Store {
  /// The SHA-256 of a key's text.
  public static func digest(_ secret: String) -> Data {
    let bytes = Array(secret.utf8)
    var output = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe EVP_Digest(bytes, bytes.count, &output, nil, EVP_sha256(), nil) == 1
    // Without SHA-256 no key could ever be told from another.
    precondition(isDone, "OpenSSL could not compute a SHA-256")
    return Data(output)
  }
}
