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
      """,
    subcommands: [List.self, Show.self, Approve.self, Deny.self, Review.self, Watch.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show approvals, the newest first.")

    @Option(help: "One state alone: pending, approved, denied, expired or consumed.") var state: String?
    @Flag(help: "Those alone whose requester broke the glass.") var brokenGlass = false
    @Flag(help: "Of those, the ones that nobody has reviewed.") var unreviewed = false
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
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
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let approvals =
          brokenGlass || unreviewed
          ? try store.brokenGlass(unreviewed: unreviewed, limit: 500, now: secondsNow())
            .filter { wanted == nil || $0.state == wanted }
          : try store.approvals(wanted, limit: 500, now: secondsNow())
        if json { return Terminal.print(JSONValue.array(approvals.map(\.json)).line) }
        for approval in approvals {
          Terminal.print(
            "\(approval.id)  \(approval.state.rawValue.padding(8))  score \(String(approval.score).padding(3))  \(approval.subject)  \(approval.pipeline)  until \(Terminal.time(approval.expires))"
          )
          if let glass = approval.glass { Terminal.print("    \(Terminal.bold(glass.summary))") }
        }
        if approvals.isEmpty { Terminal.print(unreviewed ? "Nothing is left to review." : "Nothing waits.") }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one approval: who asks, why it waits, and the masked request.")

    @Argument(help: "The approval's id, as apr_….") var id: String
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let approval = try Store(try DataDirectory(data), at: try shared.location).approval(
          id, now: secondsNow())
        if json { return Terminal.print(approval.json.line) }
        Terminal.print(
          "\(Terminal.bold(approval.id)) \(approval.state.rawValue): \(approval.subject) on \(approval.pipeline), score \(approval.score), until \(Terminal.time(approval.expires))"
        )
        Terminal.print(
          "who may decide: \(approval.approvers.joined(separator: ", "))\(approval.localOperator ? ", or the owner of the data directory" : ""); \(approval.quorum) needed\(approval.terms.required.isEmpty ? "" : ", one each of \(approval.terms.required.joined(separator: ", "))")"
        )
        if let glass = approval.glass { Terminal.print(Terminal.bold(glass.summary)) }
        let context = try? JSONReader.read(Array(approval.context.utf8))
        for reason in context?["reasons"]?.array ?? [] {
          Terminal.print(
            "  +\(reason["points"]?.integer ?? 0)  \(reason["code"]?.string ?? "") (\(reason["count"]?.integer ?? 0))"
          )
        }
        Terminal.print(Terminal.markPlaceholders(context?["excerpt"]?.string ?? ""))
        for review in approval.glass?.reviews ?? [] {
          Terminal.print(
            "\(review.isJustified ? "justified" : "unjustified") says \(review.subject) (\(review.established)) at \(Terminal.time(review.time)) \(review.comment)"
          )
        }
        for decision in approval.decisions {
          Terminal.print(
            "\(decision.verdict.rawValue) by \(decision.subject) (\(decision.established)) at \(Terminal.time(decision.time)) \(decision.comment)"
          )
        }
      }
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
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func say(_ verdict: Approval.Verdict) throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let approval = try store.decide(
          id, by: try Self.approver(store), verdict, comment: comment, now: secondsNow())
        if json { return Terminal.print(approval.json.line) }
        let missing = approval.quorum - approval.approvals.count
        Terminal.print(
          approval.state == .pending
            ? "\(approval.id) has your word; \(missing > 0 ? "\(missing) more needed" : "somebody of each of \(approval.terms.required.joined(separator: ", ")) is needed")."
            : "\(approval.id) is \(approval.state.rawValue).")
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
      "expires": .string(Terminal.time(expires)), "id": .string(id), "pipeline": .string(pipeline),
      "quorum": .integer(quorum), "required": .texts(terms.required), "score": .integer(score),
      "state": .string(state.rawValue), "subject": .string(subject),
    ])
  }
}
