internal import AdminDocument
internal import Control
internal import HTTPTypes

/// One way of calling the admin API.
struct Route: Sendable {
  typealias Handler = @Sendable (Call) throws -> Reply

  enum Work: Sendable {
    /// A few reads and writes of the store.
    case brief
    /// Checks a policy.
    case policy
    /// Tries a policy: plugins run, and the evidence may be read from its beginning.
    case trial
    /// Reads the evidence.
    case evidence
  }

  let method: HTTPRequest.Method
  let path: String
  /// Somebody with any of these roles may; nil: everybody, without a key.
  let roles: Set<Role>?
  var work = Work.brief
  /// Bytes; 0: a body is not read.
  var bodyLimit = 0
  let answer: Handler

  /// Whether a path that was called is this one.
  func matches(_ called: String) -> Bool {
    let (wanted, parts) = (
      path.split(separator: "/", omittingEmptySubsequences: false),
      called.split(separator: "/", omittingEmptySubsequences: false)
    )
    return wanted.count == parts.count && zip(wanted, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }
}

/// Who may call what: all of it, here. What is not in this table is not there.
enum Routes {
  static let prefix = "/api/v1"

  private static let everybody: Set<Role>? = nil
  private static let anyRole = Set(Role.allCases)
  private static let readers: Set<Role> = [.developer, .approver, .auditor]
  private static let inspectors: Set<Role> = [.auditor, .admin]

  static let all: [Route] =
    [
      get("/health", everybody) { try OwnAnswers.health($0) },
      get("/openapi.json", everybody) { _ in Reply(json: AdminDocument.text) },
      get("/version", anyRole) { OwnAnswers.version($0) },
      get("/me", anyRole) { try OwnAnswers.me($0) },
      // Each hears what they may read: the hub sees to that, as long as the stream goes on.
      get("/events", anyRole) { try EventAnswers.follow($0) },
      get("/plugins", inspectors) { OwnAnswers.plugins($0) },

      // Of keys and approvals a developer sees their own alone: the handlers see to that.
      get("/keys", [.developer, .auditor, .admin]) { try KeyAnswers.list($0) },
      post("/keys", [.admin]) { try KeyAnswers.create($0) },
      delete("/keys/{key}", [.developer, .admin]) { try KeyAnswers.revoke($0) },

      get("/approvals", readers) { try ApprovalAnswers.list($0) },
      get("/approvals/{approval}", readers) { try ApprovalAnswers.show($0) },
      post("/approvals/{approval}/approve", [.approver]) { try ApprovalAnswers.decide($0, .approve) },
      post("/approvals/{approval}/deny", [.approver]) { try ApprovalAnswers.decide($0, .deny) },
      post("/approvals/{approval}/break-glass", [.developer]) { try GlassAnswers.breakIt($0) },

      get("/grants", readers) { try GrantAnswers.list($0) },
      post("/grants", [.approver]) { try GrantAnswers.make($0) },
      post("/grants/{grant}/support", [.approver]) { try GrantAnswers.support($0) },
      delete("/grants/{grant}", [.approver, .admin]) { try GrantAnswers.revoke($0) },

      get("/broken-glass", [.approver, .auditor]) { try GlassAnswers.list($0) },
      post("/broken-glass/{glass}/review", [.approver]) { try GlassAnswers.review($0) },

      get("/policies", inspectors) { try PolicyAnswers.list($0) },
      long(.policy, .post, "/policies", [.admin], body: 1 << 20) { try PolicyAnswers.push($0) },
      get("/policies/{version}", inspectors) { try PolicyAnswers.show($0) },
      long(.policy, .get, "/policies/{version}/diff", inspectors) { try PolicyAnswers.difference($0) },
      long(.policy, .post, "/policies/{version}/roll-back", [.admin], body: bodyLimit) {
        try PolicyAnswers.rollBack($0)
      },

      long(.trial, .post, "/policy/try", inspectors, body: 2 << 20) { try TrialAnswers.attempt($0) },

      get("/evidence/log", inspectors) { EvidenceAnswers.log($0) },
      long(.evidence, .get, "/evidence/sessions", [.auditor]) { try EvidenceAnswers.sessions($0) },
      long(.evidence, .get, "/evidence/sessions/{session}", [.auditor]) { try EvidenceAnswers.session($0) },
      long(.evidence, .get, "/evidence/records/{sequence}", [.auditor]) { try EvidenceAnswers.record($0) },

      long(.evidence, .get, "/evidence/holds", inspectors) { try HoldAnswers.list($0) },
      long(.evidence, .post, "/evidence/holds", [.admin], body: bodyLimit) { try HoldAnswers.hold($0) },
      long(.evidence, .post, "/evidence/holds/{session}/release", [.admin], body: bodyLimit) {
        try HoldAnswers.release($0)
      },
    ]

  /// Bytes of a body; a policy may have more.
  private static let bodyLimit = 64 << 10

  private static func get(_ path: String, _ roles: Set<Role>?, _ answer: @escaping Route.Handler) -> Route {
    Route(method: .get, path: prefix + path, roles: roles, answer: answer)
  }

  private static func post(_ path: String, _ roles: Set<Role>, _ answer: @escaping Route.Handler) -> Route {
    Route(method: .post, path: prefix + path, roles: roles, bodyLimit: bodyLimit, answer: answer)
  }

  private static func delete(_ path: String, _ roles: Set<Role>, _ answer: @escaping Route.Handler) -> Route {
    Route(method: .delete, path: prefix + path, roles: roles, answer: answer)
  }

  private static func long(
    _ work: Route.Work, _ method: HTTPRequest.Method, _ path: String, _ roles: Set<Role>, body: Int = 0,
    _ answer: @escaping Route.Handler
  ) -> Route {
    Route(method: method, path: prefix + path, roles: roles, work: work, bodyLimit: body, answer: answer)
  }
}
