/// Why an exchange can't go on: what happened, whose doing it was, and what the client is told.
///
/// Traffic's faults are values of this type, never traps. The message is for the client: it names no value
/// from the exchange, and says what to do next.
public struct GatewayError: Error, Sendable, Equatable {
  /// Whose doing it was.
  public enum Source: String, Sendable {
    case client, upstream, policy, `internal`
  }

  /// A stable word for programs, e.g. `request_too_large`.
  public let code: String
  public let source: Source
  /// The HTTP status (RFC 9110, 15) that the client is answered with.
  public let status: Int
  public let message: String
  /// Whether the same request may succeed later without a change.
  public let isRetryable: Bool
  /// Which part of the pipeline said so, e.g. `guard/rules`; empty where none did.
  public let stage: String

  public init(
    code: String, source: Source, status: Int, message: String, isRetryable: Bool = false, stage: String = ""
  ) {
    self.code = code
    self.source = source
    self.status = status
    self.message = message
    self.isRetryable = isRetryable
    self.stage = stage
  }
}

extension GatewayError {
  static func client(_ code: String, _ status: Int, _ message: String) -> GatewayError {
    GatewayError(code: code, source: .client, status: status, message: message)
  }

  static func upstream(_ code: String, _ status: Int, _ message: String) -> GatewayError {
    GatewayError(code: code, source: .upstream, status: status, message: message, isRetryable: true)
  }

  static func policy(_ code: String, _ message: String, stage: String) -> GatewayError {
    GatewayError(code: code, source: .policy, status: 403, message: message, stage: stage)
  }

  static func `internal`(_ code: String, _ message: String) -> GatewayError {
    GatewayError(code: code, source: .internal, status: 503, message: message, isRetryable: true)
  }

  static let unknownPath = client(
    "unknown_path", 404,
    "No pipeline of this gateway listens on this path. Check the base URL that your tool is set to.")
  static let storeLost = `internal`(
    "store_unavailable", "Keys and policy could not be looked up for too long. Try again later.")
  static let draining = `internal`("draining", "The gateway is shutting down. Send the request again.")
  static let evidenceUnavailable = `internal`(
    "evidence_unavailable",
    "The evidence of this exchange can't be made durable, so it was not let through. Tell whoever runs the gateway."
  )
}
