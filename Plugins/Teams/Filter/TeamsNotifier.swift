public import FilterKit
public import JSONTree
internal import Notifying

/// Asks people in a Microsoft Teams channel with an Adaptive Card, and takes what they answer to an outgoing webhook there.
///
/// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook
public final class TeamsNotifier: NotifyFilter {
  public static let name: StaticString = "teams"
  public static let summary: StaticString = "asks people in a Microsoft Teams channel"
  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["webhook"],
      "properties": {
        "webhook": {
          "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
          "description": "where the address of the channel's workflow is; whoever knows it may post"
        },
        "outgoing-secret": {
          "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
          "description": "where the security token of the outgoing webhook is; without it nobody can answer"
        },
        "outgoing-name": {
          "type": "string", "minLength": 1, "maxLength": 64,
          "description": "the outgoing webhook's name, by which people address it; Sluice by default"
        },
        "people": {
          "type": "array", "maxItems": 1000,
          "description": "who may answer, by their Entra object id, and which principal each of them is",
          "items": {
            "type": "object", "required": ["id", "subject", "groups"],
            "properties": {
              "id": { "type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" },
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

  private let configuration: JSONValue
  private let webhook: SecretReference
  private let outgoingSecret: SecretReference?
  private let outgoingName: String
  private let people: People
  private let link: String?

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    guard let webhook = try SecretReference("webhook", in: configuration) else {
      throw .configuration("Teams needs the address of a channel's workflow.", at: "")
    }
    self.configuration = configuration
    self.webhook = webhook
    outgoingSecret = try SecretReference("outgoing-secret", in: configuration)
    outgoingName = configuration["outgoing-name"]?.string ?? "Sluice"
    people = try People(configuration)
    link = try Link.read(configuration)
    if outgoingSecret == nil, !people.isEmpty {
      throw .configuration("Without 'outgoing-secret' nobody can answer from Teams.", at: "/people")
    }
  }

  public func send(_ notification: Notification) throws(FilterError) -> Delivery {
    let notice = try Notice(notification, link: link)
    let mention = outgoingSecret == nil || people.isEmpty ? nil : outgoingName
    // Another address may stand in the secret each time.
    let service = try Service(try webhook.read(), "webhook", in: configuration)
    let called = try service.call(
      .post, "", headers: [("content-type", "application/json")],
      body: AdaptiveCard.message(notice, mention: mention).canonical)
    switch called {
    case .later(let milliseconds): return .retry(after: milliseconds)
    case .answered(let answer):
      guard (200...299).contains(answer.status) else {
        throw FilterError(.unavailable, "Teams refuses with status \(answer.status).")
      }
      // A workflow's post can't be changed later: what it came to is another post.
      return .delivered(reference: nil)
    }
  }

  public func receive(
    _ call: HookCall, decide: (NotifyReply) -> ReplyOutcome
  ) throws(FilterError) -> HookAnswer {
    guard let outgoingSecret else { throw FilterError(.input, "Nobody can answer from Teams.") }
    let message = try TeamsMessage.read(call, secret: try outgoingSecret.read())
    guard let command = message.command else {
      return Self.say("Say 'approve apr_…' or 'deny apr_…'.")
    }
    guard let person = people[message.person] else {
      return Self.say("You are not among the people who may decide. Ask whoever keeps the policy.")
    }
    let outcome = decide(
      NotifyReply(
        approval: command.approval, approves: command.approves, subject: person.subject,
        groups: person.groups,
        person: message.person, comment: "", once: message.id, replayUntil: message.time + Clock.tolerance))
    return Self.say(outcome.sentence)
  }

  private static func say(_ sentence: String) -> HookAnswer {
    HookAnswer(
      contentType: "application/json",
      body: JSONValue.fields(["text": .string(sentence), "type": .string("message")]).canonical)
  }
}
