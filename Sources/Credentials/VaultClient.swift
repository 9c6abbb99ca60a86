internal import Control
internal import Glibc
internal import HTTPSClient
internal import JSONTree

/// Which Vault, and as whom.
public struct VaultSettings: Sendable {
  public enum Login: Sendable {
    /// A token that somebody else keeps good, as Vault Agent does in a file; it is renewed here where it can be.
    case token(SecretSource)
    /// AppRole: an id and a secret for a token (auth/approle).
    case appRole(mount: String, role: SecretSource, secret: SecretSource)
  }

  /// `https://vault.example.org:8200`, without a slash at its end.
  public var address: String
  public var login: Login
  /// Of Vault Enterprise; empty: none.
  public var namespace = ""
  /// A PEM file to trust in place of the system's; nil: the system's.
  public var authorities: String?

  public init(address: String, login: Login) {
    self.address = address
    self.login = login
  }

  public static func isAddress(_ text: String) -> Bool { HTTPSClient.isAllowed(text) && !text.contains("?") }
}

/// Reads HashiCorp Vault's KV version 2 over its HTTP API (`/v1/MOUNT/data/PATH`), and keeps a token for that.
/// [blocking] One thread.
final class VaultClient {
  private let settings: VaultSettings
  private let client: HTTPSClient
  private var token: Token?

  private struct Token {
    let secret: SecretBytes
    let isRenewable: Bool
    /// Seconds of a clock that does not jump: when it was given, and how long it lives; 0: for ever.
    let since: Int
    let lease: Int
  }

  init(_ settings: VaultSettings) {
    self.settings = settings
    client = HTTPSClient(authorities: settings.authorities, maximumSize: 1 << 20)
  }

  func read(mount: String, path: String, field: String) throws(SecretFailure) -> [UInt8] {
    let place = "vault:\(mount)/\(path)"
    let url = "/v1/\(mount)/data/\(path)"
    var answer = try send(.get, url, nil, try currentToken())
    if answer.status == 403 {
      // The token may have ended or been revoked: once with another.
      SecretBytes.wipe(&answer.body)
      token = nil
      answer = try send(.get, url, nil, try currentToken())
    }
    defer { SecretBytes.wipe(&answer.body) }
    switch answer.status {
    case 200: break
    case 404:
      throw SecretFailure("\(place): there is no such secret, or its newest version is deleted (404)")
    default: throw Self.failure(answer.status, place)
    }
    guard let value = (try? JSONReader.read(answer.body))?["data"]?["data"]?[field]?.string else {
      throw SecretFailure("\(place) has no text '\(field)'; is the mount a KV of version 2?")
    }
    return Array(value.utf8)
  }

  /// A token that is good for now.
  private func currentToken() throws(SecretFailure) -> SecretBytes {
    let now = Self.now()
    if let token, token.lease == 0 || now < token.since + token.lease / 2 { return token.secret }
    if let token, token.isRenewable, now < token.since + token.lease, let renewed = try renew(token) {
      self.token = renewed
      return renewed.secret
    }
    switch settings.login {
    case .token(let source):
      let secret = try own(source)
      token = try lookUp(secret)
      return secret
    case .appRole(let mount, let role, let secret):
      let made = try logIn(mount, role: try own(role), secret: try own(secret))
      token = made
      return made.secret
    }
  }

  /// What Vault is asked with does not come from Vault.
  private func own(_ source: SecretSource) throws(SecretFailure) -> SecretBytes {
    try SecretReader(vault: nil).read(source)
  }

  /// `POST auth/approle/login`.
  private func logIn(_ mount: String, role: SecretBytes, secret: SecretBytes) throws(SecretFailure) -> Token {
    var body = JSONValue.object([
      (name: "role_id", value: .string(role.text)), (name: "secret_id", value: .string(secret.text)),
    ]).canonical
    defer { SecretBytes.wipe(&body) }
    var answer = try send(.post, "/v1/auth/\(mount)/login", body, nil)
    defer { SecretBytes.wipe(&answer.body) }
    guard answer.status == 200 else { throw Self.failure(answer.status, "vault: logging in by AppRole") }
    guard let made = Self.token(answer.body) else {
      throw SecretFailure("vault: logging in by AppRole gave no token", isTemporary: true)
    }
    return made
  }

  /// `POST auth/token/renew-self`; nil: it can't be renewed any more.
  private func renew(_ token: Token) throws(SecretFailure) -> Token? {
    var answer = try send(.post, "/v1/auth/token/renew-self", Array("{}".utf8), token.secret)
    defer { SecretBytes.wipe(&answer.body) }
    return answer.status == 200 ? Self.token(answer.body) : nil
  }

  /// `GET auth/token/lookup-self`: how long a token that was given to us lives. A policy may forbid the question.
  private func lookUp(_ secret: SecretBytes) throws(SecretFailure) -> Token? {
    var answer = try send(.get, "/v1/auth/token/lookup-self", nil, secret)
    defer { SecretBytes.wipe(&answer.body) }
    guard answer.status == 200, let data = (try? JSONReader.read(answer.body))?["data"],
      let lease = data["ttl"]?.integer
    else { return nil }
    return Token(
      secret: secret, isRenewable: data["renewable"]?.bool == true, since: Self.now(),
      lease: max(0, min(lease, 1 << 31)))
  }

  private static func token(_ body: [UInt8]) -> Token? {
    guard let auth = (try? JSONReader.read(body))?["auth"], let text = auth["client_token"]?.string,
      !text.isEmpty
    else { return nil }
    var bytes = Array(text.utf8)
    return Token(
      secret: SecretBytes(&bytes), isRenewable: auth["renewable"]?.bool == true, since: now(),
      lease: max(0, min(auth["lease_duration"]?.integer ?? 0, 1 << 31)))
  }

  private func send(
    _ method: HTTPSClient.Request.Method, _ path: String, _ body: [UInt8]?, _ token: SecretBytes?
  ) throws(SecretFailure) -> HTTPSClient.Answer {
    var request = HTTPSClient.Request(method, settings.address + path, fields: [("X-Vault-Request", "true")])
    if let token { request.fields.append(("X-Vault-Token", token.text)) }
    if !settings.namespace.isEmpty { request.fields.append(("X-Vault-Namespace", settings.namespace)) }
    if let body {
      request.body = body
      request.fields.append(("Content-Type", "application/json"))
    }
    defer { SecretBytes.wipe(&request.body) }
    do throws(HTTPSClient.Failure) { return try client.send(request) } catch {
      throw SecretFailure("vault: \(error.rawValue)", isTemporary: true)
    }
  }

  /// What its statuses mean (HashiCorp's HTTP API, "HTTP status codes").
  private static func failure(_ status: Int, _ place: String) -> SecretFailure {
    switch status {
    case 400:
      SecretFailure("\(place): Vault takes the request for a wrong one, or the ids for somebody else's (400)")
    case 403: SecretFailure("\(place): the token may not read it, or is no token of this Vault's (403)")
    case 404: SecretFailure("\(place): there is no such path (404)")
    case 412: SecretFailure("\(place): this node is behind (412)", isTemporary: true)
    case 429:
      SecretFailure("\(place): Vault's quota is used up, or this node is a standby (429)", isTemporary: true)
    case 472, 473:
      SecretFailure(
        "\(place): this node is a replication or performance standby (\(status))", isTemporary: true)
    case 501: SecretFailure("\(place): Vault is not initialised (501)", isTemporary: true)
    case 503: SecretFailure("\(place): Vault is sealed or down for maintenance (503)", isTemporary: true)
    case 300..<400:
      SecretFailure("\(place): Vault points elsewhere (\(status)); name the active node's address")
    default: SecretFailure("\(place): Vault answers \(status)", isTemporary: status >= 500)
    }
  }

  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec)
  }
}
