public import FilterKit
public import JSONTree

/// Knows people by the keys that this installation has issued (`sluice keys create`): `Authorization: Bearer KEY`
/// or `x-api-key: KEY` (Anthropic's clients), `api-key: KEY` (Azure's), `x-goog-api-key: KEY` (Google's). A credential that is not of this kind is left to the next stage.
public final class KeyAuthenticator: AuthenticateFilter {
  public static let name: StaticString = "keys"
  public static let summary: StaticString = "people by keys that this gateway has issued"
  public static let schema: StaticString = """
    {
      "type": "object",
      "properties": {
        "header": {
          "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9-]{0,63}$",
          "description": "another header field that may carry a key, by its name"
        }
      }
    }
    """

  private let header: [UInt8]?
  private let keys: KeyService?
  private let digester: SHA256Digester

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    header = try Self.header(configuration["header"]?.string)
    keys = host.keys
    digester = try SHA256Digester()
  }

  private static func header(_ name: String?) throws(FilterError) -> [UInt8]? {
    guard let name else { return nil }
    switch name.lowercased() {
    case "authorization", "x-api-key", "api-key", "x-goog-api-key":
      throw .configuration(
        "'\(name)' is looked at anyway: leave it out, or name another header.", at: "/header")
    case "cookie", "proxy-authorization", "host", "content-length", "transfer-encoding", "connection":
      throw .configuration("'\(name)' has a meaning of its own in HTTP: name another header.", at: "/header")
    default: return Array(name.utf8)
    }
  }

  public func authenticate(_ head: borrowing HeadView) throws(FilterError) -> Authentication {
    var collector = CredentialCollector(digester: digester)
    head.forEachHeader(named: "authorization") { collector.add(authorization: $0) }
    for name: StaticString in ["x-api-key", "api-key", "x-goog-api-key"] {
      head.forEachHeader(named: name) { collector.add(key: $0) }
    }
    if let header { head.forEachHeader(named: header) { collector.add(key: $0) } }

    switch try collector.outcome() {
    case .none: return .challenge(Challenge.plain)
    case .malformed: return .deny(reason: "malformed", challenge: Challenge.invalidToken)
    case .ambiguous: return .deny(reason: "ambiguous", challenge: Challenge.invalidRequest)
    case .key(let digest): return try answer(to: digest)
    }
  }

  private func answer(to digest: SHA256Digest) throws(FilterError) -> Authentication {
    guard let keys else {
      throw FilterError(.unsupported, "This host offers no keys (sluice.host.keys/1).")
    }
    switch try keys.find(digest: digest.bytes.span) {
    case .valid(var principal):
      principal.established = "keys"
      return .allow(principal)
    case .unknown: return .deny(reason: "unknown-key", challenge: Challenge.invalidToken)
    case .expired: return .deny(reason: "expired", challenge: Challenge.invalidToken)
    case .revoked: return .deny(reason: "revoked", challenge: Challenge.invalidToken)
    }
  }
}

/// What a client is told in WWW-Authenticate (RFC 9110, 11.6.1; RFC 6750, 3.1). All bad keys get the same text,
/// so that nobody learns which keys were ever good.
private enum Challenge {
  static let plain = "Bearer realm=\"sluice\""
  static let invalidToken = "Bearer realm=\"sluice\", error=\"invalid_token\""
  static let invalidRequest = "Bearer realm=\"sluice\", error=\"invalid_request\""
}
