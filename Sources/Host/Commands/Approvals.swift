internal import ArgumentParser
internal import Control
internal import Foundation
internal import Glibc
internal import JSONTree

struct ApprovalsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approvals", abstract: "See and decide requests that wait for people.",
    discussion: """
      Who decides: with a key in the environment's SLUICE_KEY, its person, who must be in one of the gate's groups; \
      without one, the owner of the data directory, where the gate allows that. Nobody decides about their own \
      request.

        sluice approvals list --data ./data
        SLUICE_KEY=sk-sluice-… sluice approvals approve apr_… --comment "case 4711" --data ./data

      Or over a gateway's admin API, with the key of `sluice login` and no access to its data directory; who may see and \
      decide what is then as docs/admin-api.md says:

        sluice approvals list --gateway https://gateway.example.org:9443
        sluice approvals approve apr_… --comment "case 4711" --gateway https://gateway.example.org:9443

      Exit codes: 0 done; 1 it may not be, or can't be any more; 2 the store or the gateway can't be asked.
      """,
    subcommands: [List.self, Show.self, Approve.self, Deny.self, Review.self, Watch.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show approvals, the newest first.")

    @Option(help: "One state alone: pending, approved, denied, expired or consumed.") var state: String?
    @Flag(help: "Those alone whose requester broke the glass.") var brokenGlass = false
    @Flag(help: "Of those, the ones that nobody has reviewed.") var unreviewed = false
    @OptionGroup var place: ApprovalPlace
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let wanted = try state.map { name in
          guard let state = Approval.State(rawValue: name) else {
            throw CommandFailure(
              message: "'\(name)' is no state: pending, approved, denied, expired or consumed", code: 1)
          }
          return state
        }
        let approvals = try place.open().list(wanted, brokenGlass: brokenGlass, unreviewed: unreviewed)
        if json { return Terminal.print(JSONValue.array(approvals).line) }
        for approval in approvals {
          Terminal.print(
            "\(ApprovalText.line(approval))  until \(ApprovalText.text(approval, "expires"))")
          if let glass = ApprovalText.glass(approval) { Terminal.print("    \(Terminal.bold(glass))") }
        }
        if approvals.isEmpty { Terminal.print(unreviewed ? "Nothing is left to review." : "Nothing waits.") }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one approval: who asks, why it waits, and the masked request.")

    @Argument(help: "The approval's id, as apr_….") var id: String
    @OptionGroup var place: ApprovalPlace
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let approval = try place.open().show(id)
        if json { return Terminal.print(approval.line) }
        Self.lines(approval).forEach(Terminal.print)
      }
    }

    private static func lines(_ approval: JSONValue) -> [String] {
      func text(_ name: String, of value: JSONValue) -> String { ApprovalText.text(value, name) }
      func text(_ name: String) -> String { text(name, of: approval) }
      let required = ApprovalText.texts(approval, "required")
      let owner = approval["localOperator"]?.bool == true ? ", or the owner of the data directory" : ""
      var lines = [
        "\(Terminal.bold(text("id"))) \(text("state")): \(text("subject")) on \(text("pipeline")), score \(approval["score"]?.integer ?? 0), until \(text("expires"))",
        "who may decide: \(ApprovalText.texts(approval, "approvers"))\(owner); \(approval["quorum"]?.integer ?? 0) needed\(required.isEmpty ? "" : ", one each of \(required)")",
      ]
      if let glass = ApprovalText.glass(approval) { lines.append(Terminal.bold(glass)) }
      let context = approval["context"]
      for reason in context?["reasons"]?.array ?? [] {
        lines.append(
          "  +\(reason["points"]?.integer ?? 0)  \(text("code", of: reason)) (\(reason["count"]?.integer ?? 0))"
        )
      }
      lines.append(Terminal.markPlaceholders(Terminal.plain(context?["excerpt"]?.string ?? "")))
      for review in approval["breakGlass"]?["reviews"]?.array ?? [] {
        lines.append(
          "\(review["justified"]?.bool == true ? "justified" : "unjustified") says \(text("subject", of: review)) (\(text("established", of: review))) at \(text("time", of: review)) \(text("comment", of: review))"
        )
      }
      for decision in approval["decisions"]?.array ?? [] {
        lines.append(
          "\(text("verdict", of: decision)) by \(text("subject", of: decision)) (\(text("established", of: decision))) at \(text("time", of: decision)) \(text("comment", of: decision))"
        )
      }
      return lines
    }
  }

  struct Approve: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Let a request go on.")
    @OptionGroup var word: Word
    func run() throws { try word.say(.approve) }
  }

  struct Deny: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Refuse a request.")
    @OptionGroup var word: Word
    func run() throws { try word.say(.deny) }
  }

  struct Word: ParsableArguments {
    @Argument(help: "The approval's id, as apr_….") var id: String
    @Option(help: "Why; it stands in the record.") var comment = ""
    @OptionGroup var place: ApprovalPlace
    @Flag(help: "Print JSON.") var json = false

    func say(_ verdict: Approval.Verdict) throws {
      try running {
        let approval = try place.open().decide(id, verdict, comment: comment)
        if json { return Terminal.print(approval.line) }
        let (name, state) = (ApprovalText.text(approval, "id"), ApprovalText.text(approval, "state"))
        let given = (approval["decisions"]?.array ?? []).count { $0["verdict"]?.string == "approve" }
        let missing = (approval["quorum"]?.integer ?? 0) - given
        Terminal.print(
          state == Approval.State.pending.rawValue
            ? "\(name) has your word; \(missing > 0 ? "\(missing) more needed" : "somebody of each of \(ApprovalText.texts(approval, "required")) is needed")."
            : "\(name) is \(state).")
      }
    }

    static func approver(_ store: Store) throws -> Approver {
      if let secret = ProcessInfo.processInfo.environment["SLUICE_KEY"], !secret.isEmpty {
        let key = try store.key(secret: secret, now: secondsNow())
        return Approver(
          subject: key.subject, email: key.email, groups: key.groups, established: "keys",
          isLocalOperator: false)
      }
      let name =
        unsafe getpwuid(geteuid()).map { unsafe String(cString: $0.pointee.pw_name) } ?? String(geteuid())
      return Approver(subject: "os:\(name)", groups: [], established: "data-directory", isLocalOperator: true)
    }
  }
}

extension Approval {
  var json: JSONValue {
    .fields([
      "approvers": .texts(approvers), "context": (try? JSONReader.read(Array(context.utf8))) ?? .null,
      "created": .string(Terminal.time(created)),
      "decisions": .array(
        decisions.map { decision in
          .fields([
            "comment": .string(decision.comment), "established": .string(decision.established),
            "subject": .string(decision.subject), "time": .string(Terminal.time(decision.time)),
            "verdict": .string(decision.verdict.rawValue),
          ])
        }),
      "breakGlass": glass?.json ?? .null,
      "expires": .string(Terminal.time(expires)), "id": .string(id),
      "localOperator": .bool(localOperator), "pipeline": .string(pipeline),
      "quorum": .integer(quorum), "required": .texts(terms.required), "score": .integer(score),
      "state": .string(state.rawValue), "subject": .string(subject),
    ])
  }
}
