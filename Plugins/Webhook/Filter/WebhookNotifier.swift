public import FilterKit
public import JSONTree
internal import Notifying

/// Tells any HTTPS service, signed as Standard Webhooks has it, and takes its signed answers.
///
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
public final class WebhookNotifier: NotifyFilter {
  public static let name: StaticString = "webhook"
  public static let summary: StaticString = "tells an HTTPS service, signed as Standard Webhooks has it"
  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["url", "secret"],
      "properties": {
        "url": { "type": "string", "description": "where to, https://…" },
        "secret": {
          "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
          "description": "where the secret is that notifications are signed with: whsec_ and base64"
        },
        "reply-secret": {
          "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
          "description": "where the secret is that answers are signed with; another one than 'secret'"
        },
        "people": {
          "type": "array", "maxItems": 1000,
          "description": "who may answer, by the ids that the service gives them, and which principal each of them is",
          "items": {
            "type": "object", "required": ["id", "subject", "groups"],
            "properties": {
              "id": { "type": "string", "minLength": 1, "maxLength": 128 },
              "subject": { "type": "string", "minLength": 1, "maxLength": 256 },
              "groups": {
                "type": "array", "maxItems": 64,
                "items": { "type": "string", "minLength": 1, "maxLength": 128 }
              }
            }
          }
        },
        "link": {
          "type": "string", "maxLength": 2048,
          "description": "where the request is to be read; {approval} stands for the approval's id"
        },
        "ca": { "type": "string", "description": "a PEM file to trust in place of the system's" }
      }
    }
    """

  private let service: Service
  private let secret: SecretReference
  private let replySecret: SecretReference?
  private let people: People
  private let link: String?

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    guard let secret = try SecretReference("secret", in: configuration) else {
      throw .configuration("A webhook needs a secret to sign with.", at: "")
    }
    self.secret = secret
    service = try Service("url", in: configuration)
    replySecret = try SecretReference("reply-secret", in: configuration)
    people = try People(configuration)
    link = try Link.read(configuration)
    if replySecret == nil, !people.isEmpty {
      throw .configuration("Without 'reply-secret' nobody can answer.", at: "/people")
    }
    if replySecret == secret || configuration["reply-secret"] == configuration["secret"] {
      throw .configuration(
        "Answers need a secret of their own: a notification sent back would pass for one.",
        at: "/reply-secret")
    }
  }

  public func send(_ notification: Notification) throws(FilterError) -> Delivery {
    let notice = try Notice(notification, link: link)
    let now = Clock.now()
    let body = JSONValue.fields([
      "data": .fields([
        "approval": notification.json["approval"] ?? .null,
        "decisions": notification.json["decisions"] ?? .null,
        "link": notice.link.map(JSONValue.string) ?? .null,
      ]),
      "timestamp": .string(Clock.text(now)), "type": .string(notice.event.rawValue),
    ]).canonical
    let signature = try StandardWebhook.signature(
      id: notice.id, time: String(now), body: body, secret: try secret.read(), option: "secret")
    let called = try service.call(
      .post, "",
      headers: [
        ("content-type", "application/json"), ("webhook-id", notice.id), ("webhook-timestamp", String(now)),
        ("webhook-signature", signature),
      ], body: body)
    switch called {
    case .later(let milliseconds): return .retry(after: milliseconds)
    case .answered(let answer):
      guard (200...299).contains(answer.status) else {
        throw FilterError(
          answer.status == 410 ? .internal : .unavailable, "The service refuses with status \(answer.status)."
        )
      }
      return .delivered(reference: nil)
    }
  }

  public func receive(
    _ call: HookCall, decide: (NotifyReply) -> ReplyOutcome
  ) throws(FilterError) -> HookAnswer {
    guard let replySecret else { throw FilterError(.input, "Nobody can answer here.") }
    let (id, time) = try StandardWebhook.verify(call, secret: try replySecret.read(), option: "reply-secret")
    guard let json = try? JSONReader.read(call.body), let approval = json["approval"]?.string,
      Notice.isIdentifier(approval), let verdict = json["verdict"]?.string,
      ["approve", "deny"].contains(verdict),
      let who = json["person"]?.string
    else { return Self.answer(400, "malformed") }
    guard let person = people[who] else { return Self.answer(403, "unknown-person") }
    let outcome = decide(
      NotifyReply(
        approval: approval, approves: verdict == "approve", subject: person.subject, groups: person.groups,
        person: who, comment: json["comment"]?.string ?? "", once: id, replayUntil: time + Clock.tolerance))
    return switch outcome {
    case .counted: Self.answer(200, "counted")
    case .approved: Self.answer(200, "approved")
    case .denied: Self.answer(200, "denied")
    case .notAllowed: Self.answer(403, "not-allowed")
    case .ownRequest: Self.answer(403, "own-request")
    case .alreadyDecided: Self.answer(409, "already-decided")
    case .expired: Self.answer(410, "expired")
    case .unknown: Self.answer(404, "unknown")
    case .replayed: Self.answer(409, "replayed")
    case .unavailable: Self.answer(503, "unavailable")
    }
  }

  private static func answer(_ status: Int, _ outcome: String) -> HookAnswer {
    HookAnswer(
      status: status, contentType: "application/json",
      body: JSONValue.fields(["outcome": .string(outcome)]).canonical)
  }
}
