/// Why evidence could not be written, opened or read.
///
/// The message is written for an operator: it names the file and what to do, and never a record's content.
public struct EvidenceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A stable name for programs. The raw value is what logs and metrics show.
  public enum Code: String, Sendable {
    /// The queue in front of the writer is full. Nothing was taken; try again once it has drained.
    case backlogged
    /// The log was closed before the record was taken.
    case closed
    /// The record is larger than the log's limit.
    case tooLarge = "too-large"
    /// The record is not an object, or an identifier in it is malformed.
    case invalidRecord = "invalid-record"
    /// The disk (or the quota) is full. Nothing further is taken until the log is opened again.
    case storageFull = "storage-full"
    /// Reading or writing failed. Nothing further is taken until the log is opened again.
    case storage
    /// The directory or a file in it could be changed by somebody else.
    case insecure
    /// Another process writes this log.
    case locked
    /// What is on disk is not what was written.
    case damaged
    /// There is no log where one was looked for.
    case notFound = "not-found"
    /// A key can't be read or is not an Ed25519 key in the expected form.
    case key
    /// A sink refused for good, or its name is not usable.
    case sink
  }

  public let code: Code
  public let message: String
  /// True where the same call may succeed a moment later without anybody doing anything.
  public var isRetryable: Bool { code == .backlogged }

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { "\(code.rawValue): \(message)" }
}

extension EvidenceError {
  /// The system's refusal, in words that say which file and why.
  init(_ failure: SystemFailure) {
    switch failure.code {
    case SystemFailure.noSpace, SystemFailure.quotaExceeded, SystemFailure.tooBig:
      self.init(.storageFull, "\(failure): free some space, then start again")
    case SystemFailure.missing: self.init(.notFound, "\(failure)")
    case SystemFailure.symbolicLink: self.init(.insecure, "\(failure): symbolic links are not followed")
    default: self.init(.storage, "\(failure)")
    }
  }
}
