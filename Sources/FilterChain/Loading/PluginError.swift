/// Why a plugin or one of its filters can't be used: what was found, what is needed, what to do.
public struct PluginError: Error, Sendable, CustomStringConvertible {
  /// A stable word for programs.
  public enum Code: String, Sendable {
    case missing, unreadable, notAPlugin = "not-a-plugin", wrongABI = "wrong-abi", refused
    case noSuchFilter = "no-such-filter", configuration, unsupported
  }

  public let code: Code
  public let message: String
  /// Into the configuration, where it is about one.
  public let pointer: String

  public init(_ code: Code, _ message: String, pointer: String = "") {
    self.code = code
    self.message = message
    self.pointer = pointer
  }

  public var description: String { message }
}

/// Why an exchange can't pass a stage. It is denied then: what a filter can't answer is never let through.
public struct StageFailure: Error, Sendable, CustomStringConvertible {
  /// The stage's kind and filter, e.g. `detect/phi`.
  public let stage: String
  /// A stable word for programs.
  public let code: String
  /// What happened. Never text from the exchange.
  public let message: String

  init(_ stage: String, _ code: String, _ message: String) {
    self.stage = stage
    self.code = code
    self.message = message
  }

  public var description: String { "\(stage): \(message)" }
}
