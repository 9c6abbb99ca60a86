import Foundation

@testable import PluginTrust

/// A folder for one test, which goes away with it.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "sluice-trust-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String, mode: Int = 0o600) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path + "/" + name)
  }

  /// A file that stands for a plugin: what judges it looks at its bytes alone.
  func plugin(_ bytes: String = "code", name: String = "liba.so") throws -> PluginFile {
    try write(bytes, to: name)
    return try PluginFile(reading: path + "/" + name)
  }

  func note(id: String = "org.example.a") throws -> PluginNote {
    try PluginNote(text: Array("id=\(id)\nabi=1.0\nextensions=sluice.detect/1\n".utf8))
  }
}

/// Keys that are made for these tests: the two of RFC 8032 section 7.1, in the form of RFC 8410.
enum Keys {
  static let first = pem("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
  static let second = pem("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")

  private static func pem(_ seed: String) -> [UInt8] {
    let prefix: [UInt8] = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]
    let bytes = prefix + (Hexadecimal.bytes(seed, count: 32) ?? [])
    let text = Data(bytes).base64EncodedString()
    return Array("-----BEGIN PRIVATE KEY-----\n\(text)\n-----END PRIVATE KEY-----\n".utf8)
  }
}
