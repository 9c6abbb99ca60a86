internal import ArgumentParser
internal import Control
internal import Foundation
internal import JSONTree

struct BreakGlassCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "break-glass",
    abstract: "In an emergency: let your own held request go on at once, and answer for it.",
    discussion: """
      Nobody is waited for. The pipeline's gate says who may (`break-glass:`), and for how long at most. The key in the \
      environment's SLUICE_KEY must be that of whoever's request it is. What you do is on record with your reason, at \
      once and with high severity; people are told, and others review it: `sluice approvals review`.

        SLUICE_KEY=sk-sluice-… sluice break-glass apr_… --reason "patient in resuscitation" --data ./data
        SLUICE_KEY=sk-sluice-… sluice break-glass apr_… --reason "ward 3 evacuates" --for 15m --data ./data

      Or over a gateway's admin API, with the key of `sluice login` and no access to its data directory:

        sluice break-glass apr_… --reason "patient in resuscitation" --gateway https://gateway.example.org:9443

      Exit codes: 0 the request goes on; 1 it may not (not yours, decided already, no such rule); 2 the store or the \
      gateway can't be used.
      """)

  @Argument(help: "The approval that your request waits for, as apr_…; the gateway's answer names it.")
  var id: String
  @Option(help: "Why; it stands in the record, and others will read it.") var reason: String
  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "All of your requests that this gate would hold, for so long: 15m. Without: this one request.",
      valueName: "duration"))
  var duration: String?
  @OptionGroup var place: ApprovalPlace
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    guard !reason.allSatisfy(\.isWhitespace) else { throw ValidationError("--reason says why.") }
    _ = try duration.map { try Amount.seconds($0) }
  }

  func run() throws {
    try running {
      let approval = try place.open().breakGlass(
        id, reason: reason, lifetime: try duration.map { try Amount.seconds($0) })
      if json { return Terminal.print(approval.line) }
      guard let glass = approval["breakGlass"] else { return }
      let scope =
        glass["scope"]?.string == "once"
        ? "this request goes on"
        : "your requests on \(ApprovalText.text(approval, "pipeline")) go on until \(ApprovalText.text(glass, "expires"))"
      Terminal.print(
        "\(Terminal.bold(ApprovalText.text(glass, "id"))): \(scope). It is on record, and others will review it."
      )
    }
  }
}

extension ApprovalsCommand {
  struct Review: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say what you think of a broken glass.",
      discussion: """
        Who may is who might have decided about the request; nobody reviews what they did themselves. With \
        --unjustified it ends at once, where it lasts still.

          sluice approvals list --unreviewed --data ./data
          SLUICE_KEY=sk-sluice-… sluice approvals review gls_… --comment "seen, case 4711" --data ./data
          sluice approvals review gls_… --comment "seen, case 4711" --gateway https://gateway.example.org:9443
        """)

    @Argument(help: "The broken glass's id, as gls_…, or its approval's.") var id: String
    @Option(help: "What you found; it stands in the record.") var comment: String
    @Flag(help: "It should not have been done: it ends now.") var unjustified = false
    @OptionGroup var place: ApprovalPlace
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let approval = try place.open().review(id, isJustified: !unjustified, comment: comment)
        if json { return Terminal.print(approval.line) }
        let glass = approval["breakGlass"].map { ApprovalText.text($0, "id") } ?? Terminal.plain(id)
        Terminal.print("\(glass) is reviewed\(unjustified ? ": unjustified, and ended" : "").")
      }
    }
  }
}

extension BreakGlass {
  /// For a list: that it happened must not be overlooked.
  var summary: String {
    let review = isEnded ? "called unjustified" : isReviewed ? "reviewed" : "NOT REVIEWED"
    return
      "BROKEN GLASS \(id) by \(subject)\(isOnce ? "" : " until \(Terminal.time(expires))"), \(review): \(reason)"
  }

  var json: JSONValue {
    .fields([
      "created": .string(Terminal.time(created)), "established": .string(established),
      "expires": .string(Terminal.time(expires)), "id": .string(id), "reason": .string(reason),
      "reviews": .array(
        reviews.map { review in
          .fields([
            "comment": .string(review.comment), "established": .string(review.established),
            "justified": .bool(review.isJustified), "subject": .string(review.subject),
            "time": .string(Terminal.time(review.time)),
          ])
        }),
      "scope": .string(isOnce ? "once" : "until"), "severity": .string("high"), "subject": .string(subject),
    ])
  }
}
