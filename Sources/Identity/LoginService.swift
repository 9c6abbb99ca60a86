internal import Control
public import JSONTree
internal import OidcTokens

/// One call to the paths below `/api/v1/login` and to `/api/v1/me`, as whichever listener has read it.
public struct LoginCall: Sendable {
  /// HTTP's method.
  public let method: String
  /// Without a query.
  public let path: String
  /// What came as `Authorization: Bearer …`; empty: nothing.
  public let bearer: String
  /// At most ``LoginService/maximumBody`` bytes.
  public let body: [UInt8]
  /// The client's address, for counting.
  public let peer: String

  public init(method: String, path: String, bearer: String, body: [UInt8], peer: String) {
    self.method = method
    self.path = path
    self.bearer = bearer
    self.body = body
    self.peer = peer
  }
}

/// What is answered.
public struct LoginReply: Sendable {
  /// HTTP's status.
  public let status: Int
  public let body: JSONValue
  /// Seconds after which another try makes sense; nil: nothing is said.
  public let retryAfter: Int?

  init(_ status: Int, _ body: JSONValue, retryAfter: Int? = nil) {
    self.status = status
    self.body = body
    self.retryAfter = retryAfter
  }
}

/// Logs people in: `sluice login` talks to this, through a gateway or through the admin API. It holds no connection and
/// no state of a log-in, so that each call may come to another replica.
///
/// | call | what it does |
/// |---|---|
/// | `GET /api/v1/login` | says with which provider, and how |
/// | `POST /api/v1/login/device` | begins the device flow (RFC 8628, 3.1) |
/// | `POST /api/v1/login/exchange` | gives a key for a `device_code`, or for a `code` with `code_verifier`, `redirect_uri` and `nonce` (RFC 7636; RFC 8252) |
/// | `POST /api/v1/login/end` | ends the key that it is called with |
/// | `GET /api/v1/me` | says whom the key stands for |
public final class LoginService: Sendable {
  /// Bytes of a body.
  public static let maximumBody = 16 << 10

  private let desk: LoginDesk?
  private let store: Store
  private let roles: RoleMap
  private let limiter = CallLimiter()
  private let now: @Sendable () -> Int64
  /// What a person may use, for `GET /api/v1/me`.
  private let pipelines: @Sendable () -> JSONValue
  /// Told of what a client is not told: a stable word and the reason.
  private let journal: @Sendable (_ what: String, _ reason: String) -> Void

  init(
    desk: LoginDesk?, store: Store, roles: RoleMap, now: @escaping @Sendable () -> Int64,
    pipelines: @escaping @Sendable () -> JSONValue, journal: @escaping @Sendable (String, String) -> Void
  ) {
    self.desk = desk
    self.store = store
    self.roles = roles
    self.now = now
    self.pipelines = pipelines
    self.journal = journal
  }

  /// Whether a path is answered here.
  public static func takes(_ path: some StringProtocol) -> Bool {
    path == "/api/v1/me" || path == "/api/v1/login" || path.hasPrefix("/api/v1/login/")
  }

  /// Answers a call. [blocking] Any thread.
  public func answer(_ call: LoginCall) -> LoginReply {
    guard limiter.admit(call.peer, now: now()) else {
      return LoginReply(
        429, Self.error(LoginFailure("slow_down", 429, "Too many calls from this address.")), retryAfter: 5)
    }
    do {
      switch (call.method, call.path) {
      case ("GET", "/api/v1/me"): return try whoIs(call)
      case ("GET", "/api/v1/login"): return try about()
      case ("POST", "/api/v1/login/device"): return try beginDevice()
      case ("POST", "/api/v1/login/exchange"): return try exchange(call)
      case ("POST", "/api/v1/login/end"): return try end(call)
      case (_, "/api/v1/me"), (_, "/api/v1/login"), (_, "/api/v1/login/device"),
        (_, "/api/v1/login/exchange"), (_, "/api/v1/login/end"):
        throw LoginFailure("method_not_allowed", 405, "This path answers another method.")
      default: throw LoginFailure("not_found", 404, "There is nothing at this path.")
      }
    } catch {
      return explain(error)
    }
  }

  private static func error(_ failure: LoginFailure) -> JSONValue {
    .object([
      (name: "error", value: .string(failure.code)),
      (name: "error_description", value: .string(failure.message)),
    ])
  }

  private func explain(_ error: any Error) -> LoginReply {
    switch error {
    case let failure as LoginFailure: return LoginReply(failure.status, Self.error(failure))
    case let refusal as Refusal:
      journal("login-refused", refusal.rawValue)
      let failure = LoginFailure.refused(refusal)
      return LoginReply(failure.status, Self.error(failure))
    case OpenIDClient.Failure.refused(let word):
      // A code that waits for its owner is no failure (RFC 8628, 3.5).
      let isPending = word == "authorization_pending" || word == "slow_down"
      if !isPending { journal("login-refused", word) }
      return LoginReply(
        400,
        Self.error(LoginFailure(word, 400, isPending ? "Not yet." : "The OpenID provider says no: \(word).")))
    case let failure as ControlError where failure.code == .notAllowed:
      return LoginReply(401, Self.error(.notAccepted))
    case let failure as ControlError:
      journal("login-unavailable", failure.message)
      return LoginReply(503, Self.error(.storeUnavailable), retryAfter: 5)
    default:
      journal("login-unavailable", "the provider can't be asked")
      return LoginReply(503, Self.error(.unavailable), retryAfter: 5)
    }
  }

  private func open() throws -> LoginDesk {
    guard let desk else {
      throw LoginFailure(
        "not_supported", 404,
        "Nobody logs in here: the installation names no OpenID provider. Ask whoever runs the gateway for a key."
      )
    }
    return desk
  }

  private func about() throws -> LoginReply {
    let desk = try open()
    let endpoints = try desk.client.endpoints(now: now())
    let settings = desk.settings
    return LoginReply(
      200,
      .object([
        (name: "authorization_endpoint", value: .string(endpoints.authorization)),
        (name: "client_id", value: .string(settings.clientID)),
        (
          name: "flows",
          value: .array([.string("browser")] + (endpoints.device == nil ? [] : [.string("device")]))
        ),
        (name: "issuer", value: .string(settings.issuer)),
        (name: "key_lifetime", value: .number(Double(settings.keyLifetime))),
        (name: "scope", value: .string(settings.scopes.joined(separator: " "))),
      ]))
  }

  private func beginDevice() throws -> LoginReply {
    let given = try open().client.beginDevice(now: now())
    // What the standard names, and nothing else.
    var fields: [(name: String, value: JSONValue)] = []
    for name in ["device_code", "user_code", "verification_uri", "verification_uri_complete"] {
      guard let text = given[name]?.string else { continue }
      guard text.utf8.count <= 2048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw OpenIDClient.Failure.unavailable
      }
      fields.append((name: name, value: .string(text)))
    }
    guard fields.count >= 3, given["verification_uri"] != nil else { throw OpenIDClient.Failure.unavailable }
    fields.append((name: "expires_in", value: .number(given["expires_in"]?.number ?? 600)))
    fields.append((name: "interval", value: .number(max(1, given["interval"]?.number ?? 5))))
    return LoginReply(200, .object(fields))
  }

  private func exchange(_ call: LoginCall) throws -> LoginReply {
    let desk = try open()
    guard let body = try? StrictJSON.object(call.body) else { throw LoginFailure.malformed }
    func text(_ name: String) throws -> String {
      guard let text = body[name]?.string, !text.isEmpty, text.utf8.count <= 8192,
        text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      else { throw LoginFailure.malformed }
      return text
    }
    if body["device_code"] != nil {
      return Self.given(
        try desk.issue(
          [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", try text("device_code")),
          ], nonce: nil, now: now()))
    }
    let redirect = try text("redirect_uri")
    guard Self.isLoopback(redirect) else {
      throw LoginFailure("invalid_request", 400, "A redirect goes to loopback alone (RFC 8252, 7.3).")
    }
    let verifier = try text("code_verifier")
    guard (43...128).contains(verifier.utf8.count) else { throw LoginFailure.malformed }
    return Self.given(
      try desk.issue(
        [
          ("grant_type", "authorization_code"), ("code", try text("code")), ("redirect_uri", redirect),
          ("code_verifier", verifier),
        ], nonce: try text("nonce"), now: now()))
  }

  /// An address of loopback with a port or a path, and nothing that some reader could take for another host.
  static func isLoopback(_ redirect: String) -> Bool {
    for start in ["http://127.0.0.1", "http://[::1]"] where redirect.hasPrefix(start) {
      let rest = redirect.dropFirst(start.count)
      let port = rest.prefix { $0 != "/" }
      let isPort =
        port.isEmpty
        || port.hasPrefix(":") && (1...5).contains(port.utf8.count - 1)
          && port.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
      return isPort && !rest.isEmpty
        && rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"@#\\".utf8.contains($0) }
    }
    return false
  }

  private static func given(_ issued: LoginDesk.Issued) -> LoginReply {
    LoginReply(
      200,
      .object([
        (name: "checked", value: .bool(issued.isChecked)), (name: "email", value: .string(issued.key.email)),
        (name: "expires", value: .number(Double(issued.ends))),
        (name: "groups", value: .array(issued.key.groups.map { .string($0) })),
        (name: "id", value: .string(issued.key.id)), (name: "key", value: .string(issued.secret)),
        (name: "subject", value: .string(issued.key.subject)),
      ]))
  }

  private func end(_ call: LoginCall) throws -> LoginReply {
    let person = try store.principal(for: call.bearer, roles: roles, now: now())
    guard person.established == "login" else {
      throw LoginFailure(
        "not_supported", 400,
        "This key did not come from logging in; whoever made it revokes it: sluice keys revoke")
    }
    if let desk {
      try desk.end(person.keyID, now: now())
    } else {
      try store.endLogin(person.keyID, reason: "logged out", now: now())
    }
    return LoginReply(200, .object([(name: "id", value: .string(person.keyID))]))
  }

  private func whoIs(_ call: LoginCall) throws -> LoginReply {
    let person = try store.principal(for: call.bearer, roles: roles, now: now())
    let login = person.established == "login" ? try store.login(person.keyID) : nil
    let expires = login?.ends ?? person.expires
    return LoginReply(
      200,
      .object([
        (name: "email", value: .string(person.email)),
        (name: "established", value: .string(person.established)),
        (name: "expires", value: expires == 0 ? .null : .number(Double(expires))),
        (name: "groups", value: .array(person.groups.map { .string($0) })),
        (name: "id", value: .string(person.keyID)), (name: "pipelines", value: pipelines()),
        (name: "roles", value: .array(Role.allCases.filter(person.has).map { .string($0.rawValue) })),
        (name: "subject", value: .string(person.subject)),
      ]))
  }
}
