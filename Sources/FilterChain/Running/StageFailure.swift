/// Why an exchange can't pass a stage. It is denied then: what a filter can't answer is never let through.
public struct StageFailure: Error, Sendable, CustomStringConvertible {
  /// The stage's kind and filter, e.g. `detect/phi`.
  public let stage: String
  /// A stable word for programs: `filter-failed`, `input`, `limit`, `unavailable`, `unsupported`, `broken-rule`,
  /// `held-too-much`, `no-verdict`, `no-principal`, `pending`.
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
