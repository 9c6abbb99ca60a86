/// Why the store can't do something, and what to do about it.
public struct ControlError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A stable word for programs.
  public enum Code: String, Sendable {
    case insecure, unavailable, invalid
    case notFound = "not-found"
    case notAllowed = "not-allowed"
    case ownRequest = "own-request"
    case alreadyDecided = "already-decided"
    case expired, replayed
    /// Somebody else was faster: what was to be replaced is not what it was.
    case changed
    /// A call's name was used for another call.
    case reused
    /// One person has as many as one person may have at once.
    case tooMany = "too-many"
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
