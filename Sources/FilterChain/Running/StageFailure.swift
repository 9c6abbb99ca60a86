/// Why an exchange can't pass a stage. It is denied then: what a filter can't answer is never let through.
public struct StageFailure: Error, Sendable, CustomStringConvertible {
  /// The stage's kind and filter, e.g. `detect/phi`.
  public let stage: String
  /// A stable word for programs: `filter-failed`, `input`, `limit`, `unavailable`, `unsupported`, `broken-rule`,
  /// `held-too-much`, `no-verdict`, `no-principal`, `pending`, `too-many-findings`, `over-budget`, `suspended`.
  public let code: String
  /// What happened. Never text from the exchange.
  public let message: String

  init(_ stage: String, _ code: String, _ message: String) {
    self.stage = stage
    self.code = code
    self.message = message
  }

  static func tooManyFindings(_ stage: String) -> StageFailure {
    StageFailure(
      stage, tooManyFindings, "More than \(Chain.maximumFindings) values were found in one body.")
  }

  /// The code of a body with more findings than ``Chain/maximumFindings``: a limit of the host's, not a fault.
  public static let tooManyFindings = "too-many-findings"

  public var description: String { "\(stage): \(message)" }
}
