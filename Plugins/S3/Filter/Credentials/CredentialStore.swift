internal import Glibc

/// The keys to sign with, read when they are needed and again before they expire. One thread.
final class CredentialStore {
  /// Seconds before its end at which a temporary key is replaced.
  private static let margin: Int64 = 300

  private let source: CredentialSource
  private let variable: (String) -> String?
  private var role: InstanceRole?
  private var known: AccessKey?

  /// - Parameter variable: the environment.
  init(_ source: CredentialSource, variable: @escaping (String) -> String? = CredentialStore.environment) {
    self.source = source
    self.variable = variable
  }

  static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The key, for a request that is made `now`.
  func key(now: Int64) throws(StoreFailure) -> AccessKey {
    if let known, known.expires.map({ now < $0 - Self.margin }) ?? true { return known }
    do throws(StoreFailure) {
      let key = try read()
      guard key.isWellFormed else {
        throw Self.missing("The access key or its secret holds what no key holds.")
      }
      known = key
      return key
    } catch {
      // One that still works is better than none: the metadata service may be back in time.
      if let known, let expires = known.expires, now < expires { return known }
      throw error
    }
  }

  /// Forgets the key: the store calls it expired or unknown, and there may be a new one.
  func forget() { known = nil }

  private func read() throws(StoreFailure) -> AccessKey {
    switch source {
    case .environment: try fromEnvironment()
    case .profile(let name): try fromProfile(name)
    case .instanceRole: try fromRole()
    case .key(let id, let secret): AccessKey(id: id, secret: try read(secret))
    }
  }

  private func fromEnvironment() throws(StoreFailure) -> AccessKey {
    guard let id = variable("AWS_ACCESS_KEY_ID"), let secret = variable("AWS_SECRET_ACCESS_KEY"), !id.isEmpty,
      !secret.isEmpty
    else {
      throw Self.missing(
        "The gateway's environment lacks AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY: set both, or name another source with `credentials`."
      )
    }
    let token = variable("AWS_SESSION_TOKEN").flatMap { $0.isEmpty ? nil : $0 }
    return AccessKey(id: id, secret: secret, token: token)
  }

  private func fromProfile(_ name: String) throws(StoreFailure) -> AccessKey {
    let path = variable("AWS_SHARED_CREDENTIALS_FILE") ?? (variable("HOME") ?? "") + "/.aws/credentials"
    let text = try Self.read(path)
    guard let key = Self.profile(name, in: text) else {
      throw Self.missing(
        "The credentials file has no profile '\(name)' with an aws_access_key_id and its secret.")
    }
    return key
  }

  private func fromRole() throws(StoreFailure) -> AccessKey {
    if let role { return try role.key() }
    let role = try InstanceRole(endpoint: variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"))
    self.role = role
    return try role.key()
  }

  private func read(_ secret: CredentialSource.Secret) throws(StoreFailure) -> String {
    switch secret {
    case .environment(let name):
      guard let value = variable(name), !value.isEmpty else {
        throw Self.missing("The environment lacks the variable that `secret-access-key` names.")
      }
      return value
    case .file(let path):
      return String(try Self.read(path).filter { !$0.isWhitespace && !$0.isNewline })
    }
  }

  /// Reads a profile of AWS's credentials file: `[name]`, then `key = value` lines.
  static func profile(_ name: String, in text: String) -> AccessKey? {
    var isInside = false
    var values: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let line = trimmed(line)
      if line.hasPrefix("[") {
        isInside = line == "[\(name)]"
      } else if isInside, !line.hasPrefix("#"), !line.hasPrefix(";"), let sign = line.firstIndex(of: "=") {
        values[String(trimmed(line[..<sign])).lowercased()] = String(
          trimmed(line[line.index(after: sign)...]))
      }
    }
    guard let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
      return nil
    }
    return AccessKey(id: id, secret: secret, token: values["aws_session_token"])
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }

  /// A file of at most 64 KiB that nobody but its owner may write.
  private static func read(_ path: String) throws(StoreFailure) -> String {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      throw missing("The file of the access key can't be opened: the gateway's user must be able to read it.")
    }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o022 == 0
    else {
      throw missing("The file of the access key is no plain file, or others may write to it (mode 0600).")
    }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    var count = 0
    while count < bytes.count {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      guard got > 0 else { break }
      count += got
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  private static func missing(_ message: String) -> StoreFailure { StoreFailure(.noCredentials, message) }
}
