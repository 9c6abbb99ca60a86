internal import ArgumentParser
internal import Evidence
internal import Foundation
internal import Glibc
internal import JSONTree

struct EvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "Verify, search and replay the evidence.",
    discussion: """
      DIR is a data directory, or the folder of a log itself. All of it works offline, and while a gateway is serving.
      verify, sessions, show and replay also read what a sink keeps, named by a URL; where it keeps several logs, the
      one that stands after a #.

        sluice evidence verify ./data --key "$(cat checkpoint.pub)"
        sluice evidence sessions ./data
        sluice evidence replay ./data ses_…
        sluice evidence verify postgres://auditor@db.example.org/evidence --key "$(cat checkpoint.pub)"
      """,
    subcommands: [
      Verify.self, Sessions.self, Show.self, Replay.self, Keygen.self, Open.self, Prove.self, Hold.self,
      Release.self, Prune.self, RotateKey.self, Export.self,
    ])

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find any edit, deletion, insertion, swap or cut. Exit code 0: whole; 1: not; 2: can't tell.",
      discussion: """
        The public key beside the log proves that the log fits its key. To prove that it is the gateway's, keep a \
        copy of checkpoint.pub elsewhere and give it with --key.
        """)

    @Argument(help: "A data directory, the folder of a log, or a sink's URL.", completion: .directory)
    var directory: String
    @Option(help: "The public key, as checkpoint.pub has it.") var key: String?
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      let isShown = isatty(2) == 1 && !json
      var verifier = Verifier(publicKey: key)
      verifier.onProgress = { done, total in
        if isShown, total > 64 << 20 { Terminal.progress("\(done * 100 / max(total, 1)) %") }
      }
      var place: SinkPlace?
      try running { place = try SinkPlace.open(directory) }
      let report =
        place.map { verifier.verify($0, log: $0.log) }
        ?? verifier.verify(directory: LogFolder.find(directory))
      Terminal.print(json ? String(decoding: report.json, as: UTF8.self) : report.description)
      throw ExitCode(report.exitCode)
    }
  }

  struct Sessions: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Show who worked when, on which pipeline; find sessions by person, time, kind, risk or approval.",
      discussion: """
          sluice evidence sessions ./data --person ana@example.org --since 7d
          sluice evidence sessions ./data --kind SSN --risk 50 --approval denied --json
        """)

    @Argument(help: "A data directory, the folder of a log, or a sink's URL.", completion: .directory)
    var directory: String
    @OptionGroup var search: SessionSearch
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let filter = try search.filter
        let sessions = try LogFolder.sessions(directory).filter(filter.holds)
        if json { return Terminal.print(JSONValue.array(sessions.map(\.json)).line) }
        for session in sessions {
          Terminal.print(
            "\(session.id)  \(Terminal.time(Int64(session.firstTime / 1_000_000_000)))  \(String(session.exchanges).padding(5)) exchanges  \(session.denied) denied  \(session.subject ?? "?")  \(session.pipeline ?? "?")"
          )
        }
        if sessions.isEmpty {
          Terminal.print(filter.isEmpty ? "No session is on record yet." : "No session is like that.")
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the records of an exchange or a session, or one record by its number.")

    @Argument(help: "A data directory, the folder of a log, or a sink's URL.", completion: .directory)
    var directory: String
    @Argument(help: "An exchange (ex_…), a session (ses_…) or a sequence number.") var what: String
    @Flag(help: "Print JSON lines.") var json = false

    func run() throws {
      try running {
        let records = try LogFolder.records(directory, of: what)
        for record in records {
          if json {
            Terminal.print(String(decoding: record.json, as: UTF8.self))
          } else {
            RecordText.show(record)
          }
        }
      }
    }
  }

  struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a session as it went: what was asked and answered, with what was masked marked.")

    @Argument(help: "A data directory, the folder of a log, or a sink's URL.", completion: .directory)
    var directory: String
    @Argument(help: "The session, as ses_…, or one exchange, as ex_….") var what: String
    @Option(
      help: ArgumentHelp(
        "At so many times its own speed, as 1 or 10; pauses are cut to three seconds. The default on a terminal: 1.",
        valueName: "factor"))
    var speed: Double?
    @Flag(help: "All at once. The default where the output is no terminal.") var atOnce = false
    @Flag(help: "Print the records as JSON lines, at that speed.") var json = false

    func validate() throws {
      if let speed, !(0.01...10_000).contains(speed) {
        throw ValidationError("--speed is from 0.01 to 10000.")
      }
      if speed != nil, atOnce { throw ValidationError("Either --speed or --at-once.") }
    }

    func run() throws {
      try running {
        let factor = speed ?? (!atOnce && isatty(1) == 1 ? 1 : nil)
        var last: UInt64?
        for record in try LogFolder.records(directory, of: what) {
          // Records' times may step back where the clock did.
          if let factor, let last, record.time > last {
            usleep(UInt32(min(Double(record.time - last) / 1000 / factor, 3_000_000)))
          }
          last = record.time
          if json {
            Terminal.print(String(decoding: record.json, as: UTF8.self))
          } else {
            RecordText.replay(record)
          }
        }
      }
    }
  }
}

/// Finds the log that a command is about.
enum LogFolder {
  /// A data directory keeps its log in `log`.
  static func find(_ directory: String) -> String {
    let inside = Installation.evidence(in: directory)
    var isFolder = ObjCBool(false)
    let hasInside =
      unsafe FileManager.default.fileExists(atPath: inside, isDirectory: &isFolder) && isFolder.boolValue
    return hasInside ? inside : directory
  }

  /// Where records are read from: a log's folder, or a sink by its URL.
  static func source(_ place: String) throws -> any RecordSource {
    if let sink = try SinkPlace.open(place) { return sink }
    return try EvidenceReader(directory: find(place))
  }

  static func sessions(_ place: String) throws -> [SessionSummary] {
    if let sink = try SinkPlace.open(place) { return try sink.sessions() }
    return try EvidenceReader(directory: find(place)).sessions()
  }

  static func records(_ directory: String, of what: String) throws -> [StoredRecord] {
    var found: [StoredRecord] = []
    let number = UInt64(what)
    let isSession = what.hasPrefix("ses_")
    try source(directory).read(
      from: number ?? 0, session: isSession ? what : nil, exchange: isSession || number != nil ? nil : what
    ) { record in
      if let number, record.sequence != number { return false }
      found.append(record)
      return number == nil
    }
    guard !found.isEmpty else {
      throw CommandFailure(
        message:
          "there is nothing on record of '\(what)'; `sluice evidence sessions \(directory)` shows what there is",
        code: 1)
    }
    return found
  }
}

extension SessionSummary {
  var json: JSONValue {
    .fields([
      "approvals": .texts(approvals.sorted()), "closed": .bool(isClosed), "denied": .integer(denied),
      "exchanges": .integer(exchanges),
      "ended": .string(Terminal.time(Int64(lastTime / 1_000_000_000))), "id": .string(id),
      "kinds": .texts(kinds.sorted()),
      "pipeline": pipeline.map { .string($0) } ?? .null, "records": .integer(records),
      "score": score.map { .integer($0) } ?? .null,
      "started": .string(Terminal.time(Int64(firstTime / 1_000_000_000))),
      "subject": subject.map { .string($0) } ?? .null,
    ])
  }
}
