public import FilterKit
public import JSONTree
internal import Notifying

/// Asks people in a Slack channel, with buttons, and shows there what it came to.
///
/// https://docs.slack.dev/reference/methods/chat.postMessage, /authentication/verifying-requests-from-slack
public final class SlackNotifier: NotifyFilter {
  public static let name: StaticString = "slack"
  public static let summary: StaticString = "asks people in a Slack channel"
  public static let schema: StaticString = """
    {
      "type": "object",
      "required": ["token", "channel"],
      "properties": {
        "token": {
          "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
          "description": "where the app's bot token is, with the scope chat:write"
        },
        "channel": {
          "type": "string", "pattern": "^[CG][A-Z0-9]{2,20}$",
          "description": "the channel's id; the app has to be a member"
        },
        "signing-secret": {
          "type": "string", "x-secret": true, "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
          "description": "where the app's signing secret is; without it there are no buttons"
        },
        "people": {
          "type": "array", "maxItems": 1000,
          "description": "who may answer, as TEAM/USER, and which principal each of them is",
          "items": {
            "type": "object", "required": ["id", "subject", "groups"],
            "properties": {
              "id": { "type": "string", "pattern": "^[TE][A-Z0-9]{2,20}/[UW][A-Z0-9]{2,20}$" },
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
        "api": { "type": "string", "description": "in place of https://slack.com/api" },
        "ca": { "type": "string", "description": "a PEM file to trust in place of the system's" }
      }
    }
    """

  private let token: SecretReference
  private let channel: String
  private let signingSecret: SecretReference?
  private let people: People
  private let link: String?
  private let service: Service

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    guard let token = try SecretReference("token", in: configuration),
      let channel = configuration["channel"]?.string
    else { throw .configuration("Slack needs a token and a channel.", at: "") }
    self.token = token
    self.channel = channel
    signingSecret = try SecretReference("signing-secret", in: configuration)
    people = try People(configuration)
    link = try Link.read(configuration)
    service = try Service("api", in: configuration, standard: "https://slack.com/api")
    if signingSecret == nil, !people.isEmpty {
      throw .configuration("Without 'signing-secret' nobody can answer from Slack.", at: "/people")
    }
  }

  public func send(_ notification: Notification) throws(FilterError) -> Delivery {
    let notice = try Notice(notification, link: link)
    let hasButtons = signingSecret != nil && !people.isEmpty && notice.event == .asked
    let message = SlackMessage.blocks(notice, hasButtons: hasButtons)
    switch notice.event {
    case .asked:
      return try call(
        "/chat.postMessage",
        .fields([
          "blocks": message, "channel": .string(channel),
          "text": .string(SlackMessage.escaped(notice.headline)),
          "unfurl_links": .bool(false), "unfurl_media": .bool(false),
        ]))
    case .settled:
      let parts = notification.reference.split(separator: " ")
      guard parts.count == 2 else { return .delivered(reference: nil) }
      return try call(
        "/chat.update",
        .fields([
          "blocks": message, "channel": .string(String(parts[0])),
          "text": .string(SlackMessage.escaped(notice.headline)), "ts": .string(String(parts[1])),
        ]))
    }
  }

  public func receive(
    _ call: HookCall, decide: (NotifyReply) -> ReplyOutcome
  ) throws(FilterError) -> HookAnswer {
    guard let signingSecret else { throw FilterError(.input, "Nobody can answer from Slack.") }
    let press = try SlackInteraction.read(call, signingSecret: try signingSecret.read())
    guard let person = people[press.person] else {
      tell(press, "You are not among the people who may decide. Ask whoever keeps the policy.")
      return HookAnswer()
    }
    let outcome = decide(
      NotifyReply(
        approval: press.approval, approves: press.approves, subject: person.subject, groups: person.groups,
        person: press.person, comment: "", once: press.signature,
        replayUntil: press.time + Clock.tolerance))
    // What it came to is shown to all when the message is changed; what it did not, to whoever pressed.
    switch outcome {
    case .approved, .denied: break
    default: tell(press, outcome.sentence)
    }
    return HookAnswer()
  }

  /// Says something to one person in the channel. Where that fails they see that nothing happened.
  private func tell(_ press: SlackInteraction, _ sentence: String) {
    _ = try? call(
      "/chat.postEphemeral",
      .fields([
        "channel": .string(press.channel), "text": .string(SlackMessage.escaped(sentence)),
        "user": .string(press.user),
      ]), patience: .short)
  }

  private func call(
    _ method: String, _ body: JSONValue, patience: Service.Patience = .long
  ) throws(FilterError) -> Delivery {
    let called = try service.call(
      .post, method,
      headers: [
        ("authorization", "Bearer \(try token.read())"), ("content-type", "application/json; charset=utf-8"),
      ],
      body: body.canonical, patience: patience)
    guard case .answered(let answer) = called else {
      guard case .later(let milliseconds) = called else { return .retry(after: 0) }
      return .retry(after: milliseconds)
    }
    guard answer.json["ok"]?.bool == true else {
      let word = (answer.json["error"]?.string ?? "status \(answer.status)").filter {
        $0.isLetter || $0 == "_" || $0.isNumber || $0 == " "
      }
      // What somebody has to mend may be mended before the approval expires.
      throw FilterError(
        ["invalid_blocks", "msg_too_long", "message_not_found"].contains(word) ? .internal : .unavailable,
        "Slack refuses with '\(word.prefix(64))'.")
    }
    guard let channel = answer.json["channel"]?.string, let time = answer.json["ts"]?.string,
      (channel + time).utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return .delivered(reference: nil) }
    return .delivered(reference: "\(channel) \(time)")
  }
}
