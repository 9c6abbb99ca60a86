internal import JSONTree
internal import Notifying

/// A notice as Block Kit has it: https://docs.slack.dev/reference/block-kit/blocks
enum SlackMessage {
  /// As many fields as a section may have, and letters as each of them.
  private static let mostFields = 10
  private static let longestField = 1900

  static func blocks(_ notice: Notice, hasButtons: Bool) -> JSONValue {
    var blocks: [JSONValue] = [
      .fields([
        "text": .fields([
          "text": .string(notice.event == .asked ? "A request waits for approval" : notice.outcome),
          "type": .string("plain_text"),
        ]), "type": .string("header"),
      ]),
      .fields([
        "fields": .array(notice.facts.prefix(mostFields).map(field)), "type": .string("section"),
      ]),
    ]
    if notice.event == .asked {
      var elements: [JSONValue] = []
      if hasButtons {
        elements.append(button("Approve", "approve", "primary", notice.approval))
        elements.append(button("Deny", "deny", "danger", notice.approval))
      }
      if let link = notice.link {
        elements.append(
          .fields([
            "action_id": .string("open"),
            "text": .fields(["text": .string("Read the request"), "type": .string("plain_text")]),
            "type": .string("button"), "url": .string(link),
          ]))
      }
      if !elements.isEmpty {
        blocks.append(.fields(["elements": .array(elements), "type": .string("actions")]))
      }
      blocks.append(
        .fields([
          "elements": .array([
            .fields([
              "text": .string("sluice approvals show \(notice.approval)"), "type": .string("plain_text"),
            ])
          ]), "type": .string("context"),
        ]))
    }
    return .array(blocks)
  }

  /// Plain text: a name from an identity provider can't become markup, a mention or a link.
  private static func field(_ fact: (name: String, value: String)) -> JSONValue {
    .fields([
      "emoji": .bool(false), "text": .string("\(fact.name)\n\(fact.value.prefix(longestField))"),
      "type": .string("plain_text"),
    ])
  }

  private static func button(_ text: String, _ action: String, _ style: String, _ approval: String)
    -> JSONValue
  {
    .fields([
      "action_id": .string(action), "style": .string(style),
      "text": .fields(["text": .string(text), "type": .string("plain_text")]), "type": .string("button"),
      "value": .string(approval),
    ])
  }

  /// The three characters that begin a mention, a link or an entity in Slack's markup.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
