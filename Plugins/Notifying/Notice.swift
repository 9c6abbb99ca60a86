package import FilterKit
internal import JSONTree

/// What a notification says, read from the host's JSON (docs/notify.md). It holds no text of the exchange.
package struct Notice: Sendable {
  package enum Event: String, Sendable { case asked = "approval.asked", settled = "approval.settled" }

  package let id: String
  package let event: Event
  package let approval: String
  package let subject: String
  package let pipeline: String
  package let score: Int
  /// `pending`, `approved`, `denied`, `expired` or `consumed`.
  package let state: String
  /// RFC 3339.
  package let expires: String
  package let quorum: Int
  package let approvers: [String]
  /// Empty where the client's name for it is no name.
  package let model: String
  package let kinds: [(kind: String, count: Int)]
  package let reasons: [(code: String, points: Int)]
  package let decisions: [(subject: String, verdict: String)]
  /// The glass that the requester broke: its id, and until when all of theirs goes on; nil: they did not.
  package let glass: (id: String, until: String?)?
  /// Where whoever decides reads the request; nil: nowhere but at the command line.
  package let link: String?

  /// - Parameter link: the configuration's `link`, in which `{approval}` stands for the id.
  package init(_ notification: Notification, link: String?) throws(FilterError) {
    let json = notification.json
    let approval = json["approval"]
    guard let event = json["event"]?.string.flatMap(Event.init(rawValue:)), let id = approval?["id"]?.string,
      Self.isIdentifier(id)
    else {
      throw FilterError(.unsupported, "This release knows no such notification; use a newer plugin.")
    }
    self.id = notification.id
    self.event = event
    self.approval = id
    subject = Self.line(approval?["subject"]?.string)
    pipeline = Self.line(approval?["pipeline"]?.string)
    score = approval?["score"]?.integer ?? 0
    state = Self.line(approval?["state"]?.string)
    expires = Self.line(approval?["expires"]?.string)
    quorum = approval?["quorum"]?.integer ?? 1
    approvers = (approval?["approvers"]?.strings ?? []).map { Self.line($0) }
    model = Self.line(approval?["model"]?.string)
    kinds = (approval?["kinds"]?.array ?? []).map {
      (Self.line($0["kind"]?.string), $0["count"]?.integer ?? 0)
    }
    reasons = (approval?["reasons"]?.array ?? []).map {
      (Self.line($0["code"]?.string), $0["points"]?.integer ?? 0)
    }
    decisions = (json["decisions"]?.array ?? []).map {
      (Self.line($0["subject"]?.string), Self.line($0["verdict"]?.string))
    }
    glass = (approval?["break-glass"]?["id"]?.string).map { id in
      let isOnce = approval?["break-glass"]?["scope"]?.string == "once"
      return (Self.line(id), isOnce ? nil : Self.line(approval?["break-glass"]?["expires"]?.string))
    }
    self.link = link?.replacing("{approval}", with: id)
  }

  /// One line for a list, a subject or a push message.
  package var headline: String {
    switch event {
    case .asked: "\(subject) waits for approval on \(pipeline): risk score \(score)"
    case .settled: "\(outcome): \(subject) on \(pipeline), risk score \(score)"
    }
  }

  /// What it came to, in a word or two.
  package var outcome: String {
    switch state {
    case _ where glass != nil: "Broken glass"
    case "approved", "consumed": "Approved"
    case "denied": "Denied"
    case "expired": "Expired without a decision"
    default: "Waiting"
    }
  }

  /// What there is to know, a name and a value each, in the order of a form.
  package var facts: [(name: String, value: String)] {
    var facts = [("Asked by", subject), ("Pipeline", pipeline)]
    if !model.isEmpty { facts.append(("Model", model)) }
    facts.append(("Risk score", "\(score) of 100"))
    if !reasons.isEmpty {
      facts.append(("Because of", reasons.map { "\($0.code) +\($0.points)" }.joined(separator: ", ")))
    }
    if !kinds.isEmpty {
      facts.append(("Found and masked", kinds.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")))
    }
    if event == .asked {
      let who = approvers.isEmpty ? "the owner of the data directory" : approvers.joined(separator: ", ")
      facts.append(("Who may decide", quorum > 1 ? "\(quorum) of \(who)" : who))
      facts.append(("Until", expires))
    }
    for decision in decisions {
      facts.append((decision.verdict == "approve" ? "Approved by" : "Denied by", decision.subject))
    }
    if let glass {
      facts.append(("Broken glass", "\(glass.id): nobody was asked; review it"))
      if let until = glass.until { facts.append(("Lets all pass until", until)) }
    }
    facts.append(("Approval", approval))
    return facts
  }

  /// How to decide where there is no button.
  package var instructions: String {
    "sluice approvals show \(approval)\nsluice approvals approve \(approval)\nsluice approvals deny \(approval)"
  }

  /// All of it as plain text.
  package var text: String {
    var lines = [headline, ""]
    let width = facts.map(\.name.count).max() ?? 0
    for fact in facts {
      lines.append(fact.name + String(repeating: " ", count: width - fact.name.count + 2) + fact.value)
    }
    if event == .asked {
      lines += ["", "The masked request, and how to decide:"]
      if let link { lines.append(link) }
      lines.append(instructions)
    }
    return lines.joined(separator: "\n")
  }

  /// All of it for where brackets or braces are markup that nothing quotes: they become parentheses.
  package var plainText: String {
    String(
      text.map { character in
        switch character {
        case "{", "[": "("
        case "}", "]": ")"
        default: character
        }
      })
  }

  /// Whether it is an approval's id, so that it may stand in an address, a query or a button.
  package static func isIdentifier(_ text: String) -> Bool {
    guard text.hasPrefix("apr_"), (5...64).contains(text.utf8.count) else { return false }
    return text.dropFirst(4).utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (0x30...0x39).contains($0)
    }
  }

  /// One line of plain text: names come from identity providers, and lines would forge others.
  private static func line(_ text: String?) -> String {
    String(
      String.UnicodeScalarView(
        (text ?? "").unicodeScalars.filter { scalar in
          switch scalar.value {
          case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
            0xFEFF, 0xE0000...0xE007F:
            false
          default: true
          }
        }.prefix(256)))
  }
}
