internal import Control
internal import Evidence
internal import JSONTree

/// Why a call was not answered, as it is told to whoever called (RFC 9457): what happened, and what to do.
struct Problem: Error, Sendable {
  let status: Int
  /// A stable word for programs.
  let code: String
  let detail: String
  /// Each mistake of a policy, as `sluice check` words them.
  var mistakes: [String] = []
  /// Seconds after which to call again.
  var retryAfter: Int?
  /// What the path can be called with (RFC 9110, 10.2.1).
  var allow: String?

  init(_ status: Int, _ code: String, _ detail: String) {
    self.status = status
    self.code = code
    self.detail = detail
  }

  static func invalid(_ detail: String) -> Problem { Problem(400, "invalid", detail) }

  static func later(_ detail: String, after seconds: Int) -> Problem {
    var problem = Problem(503, "unavailable", detail)
    problem.retryAfter = seconds
    return problem
  }

  /// Whatever a handler throws. What is not known here is not told: it may hold anything.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as ControlError: self = Problem.control(error)
    case let error as EvidenceError where error.code == .notFound:
      self = Problem(404, "not-found", "there is nothing on record like that")
    case is EvidenceError:
      self = .later("the evidence can't be read at the moment; the gateway's own log says why", after: 5)
    case let error as PolicyRefusal:
      self = Problem(422, "policy-refused", error.message)
      mistakes = error.mistakes
    default: self = Problem(500, "failed", "the call failed; what it was to change is as it was")
    }
  }

  private static func control(_ error: ControlError) -> Problem {
    switch error.code {
    case .unavailable, .insecure:
      .later("the store can't be used at the moment; the gateway's own log says why", after: 5)
    case .invalid: Problem(400, "invalid", error.message)
    case .notFound: Problem(404, "not-found", error.message)
    case .notAllowed, .ownRequest: Problem(403, error.code.rawValue, error.message)
    case .alreadyDecided, .expired, .replayed: Problem(409, error.code.rawValue, error.message)
    case .reused: Problem(422, "idempotency-key-reused", error.message)
    // Asked by exchanges alone; no call makes requests wait.
    case .tooMany: Problem(409, error.code.rawValue, error.message)
    case .changed: Problem(412, "changed", error.message)
    }
  }

  var json: JSONValue {
    var members: [(name: String, value: JSONValue)] = [
      ("code", .string(code)), ("detail", .string(detail)), ("status", .number(Double(status))),
      ("title", .string(Self.titles[status] ?? "Refused")), ("type", .string("about:blank")),
    ]
    if !mistakes.isEmpty { members.append(("mistakes", .texts(mistakes))) }
    return .object(members)
  }

  private static let titles = [
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    409: "Conflict", 412: "Precondition Failed", 413: "Content Too Large", 415: "Unsupported Media Type",
    422: "Unprocessable Content", 428: "Precondition Required", 429: "Too Many Requests",
    500: "Internal Server Error", 503: "Service Unavailable",
  ]
}
