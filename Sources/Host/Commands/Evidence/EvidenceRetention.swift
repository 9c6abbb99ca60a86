internal import ArgumentParser
internal import Control
internal import Evidence
internal import JSONTree

extension EvidenceCommand {
  struct Hold: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Put a session under legal hold: retention keeps its records and originals until it is released.",
      discussion: """
        The hold is on record, with its reason and the records that it keeps; `verify` finds a removal against it.

          sluice evidence hold ./data ses_… --reason "litigation 4711"
          sluice evidence hold ./data --list
        """)

    @Argument(help: "A data directory.", completion: .directory) var directory: String
    @Argument(help: "The session, as ses_….") var session: String?
    @Option(help: "Why, in your words; it goes on record.") var reason: String?
    @Flag(help: "Show the holds that there are.") var list = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
      if list == (session != nil) || list == (reason != nil) {
        throw ValidationError("Name a session and a --reason, or say --list.")
      }
      try reason.map(Reason.check)
    }

    func run() throws {
      try running {
        let reader = try EvidenceReader(directory: LogFolder.find(directory))
        if list { return show(try reader.holds()) }
        guard let session, let reason else { return }
        let records = try reader.sequences(ofSession: session)
        guard !records.isEmpty else {
          throw CommandFailure(
            message:
              "no session '\(session)' is on record; `sluice evidence sessions \(directory)` shows them",
            code: 1)
        }
        try Administration.record(
          "session.held",
          [
            ("reason", reason), ("records", records), ("session", session),
            ("subject", Administration.operatorName),
          ], in: directory)
        Terminal.print(
          json
            ? JSONValue.fields([
              "held": .bool(true), "records": .string(records), "session": .string(session),
            ]).line
            : "\(session) is held: records \(records), and what it adds from now on.")
      }
    }

    private func show(_ holds: [LegalHold]) {
      if json {
        let all = holds.map { hold in
          JSONValue.fields([
            "reason": .string(hold.reason), "session": .string(hold.session),
            "since": .string(Terminal.time(Int64(hold.since / 1_000_000_000))),
            "subject": .string(hold.subject),
          ])
        }
        return Terminal.print(JSONValue.array(all).line)
      }
      for hold in holds {
        Terminal.print(
          "\(hold.session)  since \(Terminal.time(Int64(hold.since / 1_000_000_000)))  \(hold.subject)  \(hold.reason)"
        )
      }
      if holds.isEmpty { Terminal.print("No session is held.") }
    }
  }

  struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End a session's legal hold.",
      discussion: "  sluice evidence release ./data ses_… --reason \"settled\"")

    @Argument(help: "A data directory.", completion: .directory) var directory: String
    @Argument(help: "The session, as ses_….") var session: String
    @Option(help: "Why, in your words; it goes on record.") var reason: String
    @Flag(help: "Print JSON.") var json = false

    func validate() throws { try Reason.check(reason) }

    func run() throws {
      try running {
        let holds = try EvidenceReader(directory: LogFolder.find(directory)).holds()
        guard holds.contains(where: { $0.session == session }) else {
          throw CommandFailure(message: "session '\(session)' is not held", code: 1)
        }
        try Administration.record(
          "session.released",
          [("reason", reason), ("session", session), ("subject", Administration.operatorName)], in: directory)
        Terminal.print(
          json
            ? JSONValue.fields(["held": .bool(false), "session": .string(session)]).line
            : "\(session) is held no longer.")
      }
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove old records' bodies and old originals, while no gateway is serving.",
      discussion: """
        A signed record says first what goes; every hash stays, so the log can be verified as before. Kept are sessions \
        under legal hold, records that a sink has not acknowledged, what is about the log itself, and the segment that \
        is being written. A gateway that is serving does the same by itself: --retain-records, --retain-originals.

          sluice evidence prune ./data --records-older-than 2190d --originals-older-than 90d --reason "retention plan 7"
        """)

    @Argument(help: "A data directory.", completion: .directory) var directory: String
    @Option(help: ArgumentHelp("Records older than this go.", valueName: "duration")) var recordsOlderThan:
      String?
    @Option(help: ArgumentHelp("Sealed originals older than this go.", valueName: "duration"))
    var originalsOlderThan: String?
    @Option(help: "Why, in your words; it goes on record.") var reason: String
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
      try Reason.check(reason)
      if recordsOlderThan == nil, originalsOlderThan == nil {
        throw ValidationError("Say what may go: --records-older-than, --originals-older-than.")
      }
    }

    func run() throws {
      try running {
        let policy = RetentionPolicy(
          records: try recordsOlderThan.map { try Amount.seconds($0) },
          originals: try originalsOlderThan.map { try Amount.seconds($0) })
        try Administration.requireLog(in: directory)
        let store = try Store(try DataDirectory(directory))
        let originals = policy.originals == nil ? nil : try SealedStore(directory: directory)
        defer { originals?.close() }
        var report = RemovalReport()
        let isDone = try Administration.withLog(directory) { log in
          // A hold that waits for its record counts.
          try EventFeed.run(store, log)
          report = try policy.apply(log, originals, reason: reason, subject: Administration.operatorName)
        }
        guard isDone else {
          throw CommandFailure(
            message:
              "a gateway is serving; it removes by itself what --retain-records and --retain-originals say",
            code: 2)
        }
        Terminal.print(
          json
            ? JSONValue.fields([
              "bytes": .integer(report.bytes), "originalBytes": .integer(report.originalBytes),
              "originals": .integer(report.originals), "records": .integer(report.records),
            ]).line
            : "\(report.records) records' bodies (\(report.bytes) bytes) and \(report.originals) originals (\(report.originalBytes) bytes) are gone."
        )
      }
    }
  }
}

/// What somebody says why, for the record.
enum Reason {
  static func check(_ text: String) throws {
    guard (1...500).contains(text.utf8.count), text.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
      throw ValidationError("--reason has 1 to 500 bytes and no control characters.")
    }
  }
}
