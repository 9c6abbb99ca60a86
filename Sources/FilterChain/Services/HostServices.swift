/// What the host offers to plugins (host.h), as the rest of the gateway provides it.
public struct HostServices: Sendable {
  /// The program's name and version.
  public var version: String
  /// The key of this installation's fingerprints: 32 bytes.
  public var fingerprintKey: [UInt8]
  /// Looks an issued key up by the SHA-256 of its text. Called from any thread; must not wait.
  public var findKey: @Sendable (_ digest: [UInt8]) -> KeyAnswer
  /// Takes a log entry: a fixed template and fields that are safe to show.
  public var log:
    @Sendable (_ level: LogLevel, _ template: String, _ fields: [(name: String, value: String)]) -> Void

  public init(
    version: String, fingerprintKey: [UInt8], findKey: @escaping @Sendable ([UInt8]) -> KeyAnswer,
    log: @escaping @Sendable (LogLevel, String, [(name: String, value: String)]) -> Void
  ) {
    self.version = version
    self.fingerprintKey = fingerprintKey
    self.findKey = findKey
    self.log = log
  }
}

/// What is known of an issued key.
public enum KeyAnswer: Sendable {
  case valid(Principal)
  case unknown, expired, revoked
  /// The store can't be read, and the key is not known already.
  case unavailable
}

/// How serious a log entry is.
public enum LogLevel: UInt32, Sendable { case debug, info, warning, error }

/// Who is asking.
public struct Principal: Sendable, Hashable {
  /// Stable and unique within what established it.
  public var subject: String
  public var email: String
  public var groups: [String]
  /// How it was established, e.g. `keys`.
  public var established: String
  /// An id of the credential that may be shown; never the credential.
  public var credential: String
  /// Seconds since 1970 UTC; 0: no expiry of its own.
  public var expires: Int64

  public init(
    subject: String, email: String = "", groups: [String] = [], established: String, credential: String = "",
    expires: Int64 = 0
  ) {
    self.subject = subject
    self.email = email
    self.groups = groups
    self.established = established
    self.credential = credential
    self.expires = expires
  }
}
