internal import ArgumentParser
internal import Control
internal import JSONTree

struct GrantsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grants",
    abstract: "Let a person's requests pass a gate for some time, without asking each time.",
    discussion: """
      A grant is for one person, one pipeline, the kinds of findings that are named, and some time. It counts where \
      the gate would let those who gave it decide, and as many of them as the gate asks for. Nobody grants anything to \
      themselves. Who gives it: as in `sluice approvals --help`. Each request that passes on one has it on record.

        SLUICE_KEY=sk-sluice-… sluice grants create --subject ana@example.org --pipeline cursor \\
          --kinds SSN,MRN --for 8h --comment "migration of ward 3" --data ./data
        SLUICE_KEY=sk-sluice-… sluice grants support grt_… --data ./data
        sluice grants revoke grt_… --data ./data
      """,
    subcommands: [Create.self, Support.self, Revoke.self, List.self])

  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give a grant.")

    @Option(help: "Whose requests.") var subject: String
    @Option(help: "Through which pipeline.") var pipeline: String
    @Option(help: ArgumentHelp("What may be found in them, with commas between.", valueName: "KIND,KIND"))
    var kinds: String
    @Option(help: "The highest score that passes.") var maximumScore = 100
    @Option(
      name: .customLong("for"), help: ArgumentHelp("How long: 30m, 8h, up to 7d.", valueName: "duration"))
    var duration: String
    @Option(help: "Why; it stands in the record.") var comment: String
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
      guard (0...100).contains(maximumScore) else {
        throw ValidationError("--maximum-score is a score, 0 to 100.")
      }
      _ = try Amount.seconds(duration)
    }

    func run() throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let grant = try store.makeGrant(
          to: subject, pipeline: pipeline,
          kinds: kinds.split(separator: ",").map { $0.trimmingPrefix(" ").uppercased() },
          maximumScore: maximumScore, lifetime: try Amount.seconds(duration),
          by: try ApprovalsCommand.Word.approver(store), comment: comment, now: secondsNow())
        Terminal.print(json ? grant.json.line : "\(grant.id) \(grant.summary)")
      }
    }
  }

  struct Support: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add your word to a grant, where a gate asks for several people's.")

    @Argument(help: "The grant's id, as grt_….") var id: String
    @Option(help: "Why; it stands in the record.") var comment = ""
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let grant = try store.supportGrant(
          id, by: try ApprovalsCommand.Word.approver(store), comment: comment, now: secondsNow())
        Terminal.print(
          json ? grant.json.line : "\(grant.id) has the word of \(grant.supporters.count) people.")
      }
    }
  }

  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End a grant at once.")

    @Argument(help: "The grant's id, as grt_….") var id: String
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let grant = try store.revokeGrant(
          id, by: try ApprovalsCommand.Word.approver(store), now: secondsNow())
        Terminal.print(json ? grant.json.line : "\(grant.id) is revoked.")
      }
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show grants, the newest first.")

    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let grants = try Store(try DataDirectory(data), at: try shared.location).grants()
        if json { return Terminal.print(JSONValue.array(grants.map(\.json)).line) }
        for grant in grants {
          Terminal.print("\(grant.id)  \(grant.state(secondsNow()).padding(7))  \(grant.summary)")
        }
        if grants.isEmpty { Terminal.print("There are no grants.") }
      }
    }
  }
}

extension Grant {
  fileprivate func state(_ now: Int64) -> String {
    if revoked != nil { return "revoked" }
    return expires <= now ? "expired" : "valid"
  }

  fileprivate var summary: String {
    "\(subject) on \(pipeline): \(kinds.joined(separator: ",")) up to score \(maximumScore), until \(Terminal.time(expires)), by \(supporters.map(\.subject).joined(separator: ", "))"
  }

  fileprivate var json: JSONValue {
    .fields([
      "created": .string(Terminal.time(created)), "expires": .string(Terminal.time(expires)),
      "id": .string(id), "kinds": .texts(kinds), "maximum-score": .integer(maximumScore),
      "pipeline": .string(pipeline), "state": .string(state(secondsNow())), "subject": .string(subject),
      "supporters": .array(
        supporters.map { supporter in
          .fields([
            "comment": .string(supporter.comment), "established": .string(supporter.established),
            "subject": .string(supporter.subject), "time": .string(Terminal.time(supporter.time)),
          ])
        }),
    ])
  }
}
