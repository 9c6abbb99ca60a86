/// Why a plugin or one of its filters can't be used: what was found, what is needed, what to do.
public struct PluginError: Error, Sendable, CustomStringConvertible {
  /// A stable word for programs.
  public enum Code: String, Sendable {
    /// No file of that name.
    case missing
    /// There is a file, and it can't be read or loaded.
    case unreadable
    /// It lacks what every plugin has.
    case notAPlugin = "not-a-plugin"
    /// The lock file does not list it, or it was altered, or nobody who is trusted has signed it.
    case untrusted
    case wrongABI = "wrong-abi"
    /// The plugin itself does not want this host.
    case refused
    case noSuchFilter = "no-such-filter"
    case configuration
    /// The filter can't begin, for a reason outside its configuration.
    case failed
    /// It asks for what this build does not do.
    case unsupported
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
