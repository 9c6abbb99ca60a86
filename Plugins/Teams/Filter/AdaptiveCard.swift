internal import JSONTree
internal import Notifying

/// A notice as an Adaptive Card 1.4: https://adaptivecards.io/explorer/
enum AdaptiveCard {
  /// The message that a workflow's "When a Teams webhook request is received" takes.
  /// - Parameter mention: the name of the outgoing webhook that takes answers; nil: there is none.
  static func message(_ notice: Notice, mention: String?) -> JSONValue {
    .fields([
      "attachments": .array([
        .fields([
          "content": card(notice, mention: mention),
          "contentType": .string("application/vnd.microsoft.card.adaptive"), "contentUrl": .null,
        ])
      ]), "type": .string("message"),
    ])
  }

  private static func card(_ notice: Notice, mention: String?) -> JSONValue {
    var body: [JSONValue] = [
      run(notice.event == .asked ? "A request waits for approval" : notice.outcome, isTitle: true)
    ]
    for fact in notice.facts {
      body.append(
        .fields([
          "inlines": .array([
            .fields([
              "text": .string("\(fact.name): "), "type": .string("TextRun"), "weight": .string("Bolder"),
            ]),
            .fields(["text": .string(fact.value), "type": .string("TextRun")]),
          ]), "type": .string("RichTextBlock"),
        ]))
    }
    if notice.event == .asked {
      if let mention {
        body.append(run("@\(mention) approve \(notice.approval)", isTitle: false))
        body.append(run("@\(mention) deny \(notice.approval)", isTitle: false))
      }
      body.append(run("sluice approvals show \(notice.approval)", isTitle: false))
    }
    var actions: [JSONValue] = []
    if notice.event == .asked, let link = notice.link {
      actions.append(
        .fields([
          "title": .string("Read the request"), "type": .string("Action.OpenUrl"), "url": .string(link),
        ]))
    }
    return .fields([
      "$schema": .string("http://adaptivecards.io/schemas/adaptive-card.json"), "actions": .array(actions),
      "body": .array(body), "type": .string("AdaptiveCard"), "version": .string("1.4"),
    ])
  }

  /// A text run takes no Markdown, so a name can't become a link.
  private static func run(_ text: String, isTitle: Bool) -> JSONValue {
    .fields([
      "inlines": .array([
        .fields([
          "size": .string(isTitle ? "Large" : "Default"), "text": .string(text), "type": .string("TextRun"),
          "weight": .string(isTitle ? "Bolder" : "Default"),
        ])
      ]), "type": .string("RichTextBlock"),
    ])
  }
}
