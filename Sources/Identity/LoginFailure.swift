internal import OidcTokens

/// Why somebody is not logged in. The code is a stable word: OAuth's own (RFC 6749, 5.2; RFC 8628, 3.5) where it is the
/// provider that says so.
public struct LoginFailure: Error, Sendable, Equatable {
  public let code: String
  /// What a client is told: nothing of a token, a secret or an address.
  public let message: String
  /// HTTP's status for it.
  public let status: Int

  public init(_ code: String, _ status: Int, _ message: String) {
    self.code = code
    self.status = status
    self.message = message
  }

  static let unavailable = LoginFailure(
    "temporarily_unavailable", 503, "The OpenID provider can't be asked at the moment. Try again later.")
  static let storeUnavailable = LoginFailure(
    "temporarily_unavailable", 503, "The gateway's store can't be used at the moment. Try again later.")
  static let malformed = LoginFailure("invalid_request", 400, "The request is not one that this path takes.")
  static let notAccepted = LoginFailure(
    "invalid_token", 401, "The key is not accepted. Log in again: sluice login GATEWAY")
  static let noAccess = LoginFailure(
    "access_denied", 403,
    "The provider knows you, and none of your groups may come in here. Ask whoever runs the gateway.")

  /// A token of the provider's that is not to be believed. The reason is for the log, not for the client.
  static func refused(_ refusal: Refusal) -> LoginFailure {
    refusal == .noAccess
      ? .noAccess
      : LoginFailure(
        "server_error", 502, "The OpenID provider's answer is not accepted (\(refusal.rawValue)).")
  }
}
