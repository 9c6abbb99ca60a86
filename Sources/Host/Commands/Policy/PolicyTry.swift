internal import ArgumentParser
internal import Control
internal import Evidence
internal import FilterChain
internal import Foundation
internal import JSONTree

extension PolicyCommand {
  struct Try: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "try",
      abstract: "Run a policy over recorded exchanges, and show what it would change.",
      discussion: """
        Nothing is pushed, sent, asked or recorded about the exchanges. Each request on record is passed through the \
        stages of the pipeline of its name, in the log's order and as of its time.

        What is on record is masked, so that without --identity
          - detectors are shown only what they missed before: values that would be found anew are counted, values \
            that would no longer be found are not seen;
          - scores are not told anew: gates are asked with the score on record (where there is none, \
            as a guard had denied the request, with that of the masked text);
          - guards see placeholders where values stood.
        With --identity the sealed originals are used, and nothing is missing. That they are opened is put on record \
        first, as by `sluice evidence open`, with --reason.

        Not compared, and counted: pipelines that the files don't have, forms with files, requests without a \
        transcript (or an original). Answers and heads are not looked at; grants, approvals and broken glass are not \
        applied: `hold` is what the gate says.

          sluice policy try pipelines/ --against ./data --since 7d
          sluice policy try new.yaml --against ./data --identity compliance.key --reason "case 4711" --json

        Exit codes: 0 it was tried, whatever it would change; 1 a mistake in the files; 2 the evidence can't be read.
        """)

    @Argument(
      help: "Pipeline files, or folders of them.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]
    @Option(help: "A data directory, the folder of a log, or a sink's URL.", completion: .directory)
    var against: String
    @Option(help: "Only exchanges at or after this: 2026-11-26, an instant, or an age as 7d.") var since:
      String?
    @Option(
      name: .shortAndLong, help: "The file of identities that open sealed originals; - is standard input.")
    var identity: String?
    @Option(help: "With --identity: why, in your words; it goes on record.") var reason: String?
    @Option(help: "Show so many changes one by one.") var show = 20
    @Flag(help: "Print JSON: the counts, and every change.") var json = false

    func validate() throws {
      guard (identity == nil) == (reason == nil) else {
        throw ValidationError("--identity and --reason go together: opening originals is put on record.")
      }
      if let reason { try Reason.check(reason) }
      guard show >= 0 else { throw ValidationError("--show is a number of changes.") }
      _ = try since.map { try SessionSearch.time($0) }
    }

    func run() throws {
      try running {
        let bundle = try PolicyBundle.read(files)
        let library = PluginLibrary(
          directories: PluginFolder.all,
          services: Services.offline(fingerprintKey: try TrialKey.of(against)))
        let from = try since.map { try SessionSearch.time($0) } ?? 0
        let source = try LogFolder.source(against)
        var trial = try PolicyTrial(bundle, library: library, originals: try opened(source, from: from))
        let progress = ProgressLine(what: "records")
        var failure: EvidenceError?
        try source.read(from: 0, session: nil, exchange: nil) { record in
          guard record.time >= from else { return true }
          progress.advance()
          do throws(EvidenceError) {
            try trial.take(record)
            return true
          } catch {
            failure = error
            return false
          }
        }
        progress.finish()
        if let failure { throw failure }
        Terminal.print(
          json
            ? trial.json(isMasked: identity == nil).line : trial.text(isMasked: identity == nil, show: show))
      }
    }

    /// What opens the originals, once it is on record which are opened and why.
    private func opened(_ source: any RecordSource, from: UInt64) throws -> SealedReader? {
      guard let identity, let reason else { return nil }
      let identities = try AgeIdentity.list(try EvidenceCommand.Open.identityFile(identity))
      let reader = try SealedReader(directory: against, identities: identities)
      var sequences: [UInt64] = []
      try source.read(from: 0, session: nil, exchange: nil) { record in
        if record.time >= from, record.type == RecordType.request.rawValue, SealedReference(of: record) != nil
        {
          sequences.append(record.sequence)
        }
        return true
      }
      guard !sequences.isEmpty else {
        throw CommandFailure(
          message: "no original of those exchanges was sealed; try it without --identity", code: 1)
      }
      try Administration.record(
        "originals.opened",
        [
          ("exchange", ""), ("reason", reason), ("records", Self.ranges(sequences)),
          ("recipients", identities.map { "\($0.recipient)" }.joined(separator: ",")),
          ("subject", Administration.operatorName),
        ], in: against)
      return reader
    }

    /// As `3-9,12`.
    static func ranges(_ sequences: [UInt64]) -> String {
      var parts: [ClosedRange<UInt64>] = []
      for sequence in sequences {
        if let last = parts.last, last.upperBound + 1 == sequence {
          parts[parts.count - 1] = last.lowerBound...sequence
        } else {
          parts.append(sequence...sequence)
        }
      }
      return parts.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        .joined(separator: ",")
    }
  }
}

extension PolicyTrial {
  private static let limits =
    "From masked transcripts: values that are no longer found, and scores, can't be told (see --help); use --identity."

  func text(isMasked: Bool, show: Int) -> String {
    var lines = ["\(compared) exchanges compared; \(changed) would change."]
    for (why, count) in left.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(count) not compared: \(why)")
    }
    for (change, count) in verdicts.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(Terminal.bold(change)): \(count)")
    }
    for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(kind): \(count.more) more\(isMasked ? "" : ", \(count.fewer) fewer")")
    }
    if !isMasked, scores != (0, 0) {
      lines.append("  scores: \(scores.higher) higher, \(scores.lower) lower")
    }
    for change in changes.prefix(show) { lines.append(change.line) }
    if changed > min(show, changes.count) {
      lines.append("  … \(changed - min(show, changes.count)) more; --show N or --json lists them")
    }
    if isMasked { lines.append(Terminal.dim(Self.limits)) }
    return lines.joined(separator: "\n")
  }

  func json(isMasked: Bool) -> JSONValue {
    .fields([
      "basis": .string(isMasked ? "masked-transcripts" : "originals"), "changed": .integer(changed),
      "changes": .array(changes.map(\.json)), "compared": .integer(compared),
      "kinds": .object(
        kinds.sorted { $0.key < $1.key }.map { kind, count in
          (
            name: kind,
            value: .fields([
              "fewer": isMasked ? .null : .integer(count.fewer), "more": .integer(count.more),
            ])
          )
        }),
      "left": .object(left.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }),
      "scores": isMasked
        ? .null : .fields(["higher": .integer(scores.higher), "lower": .integer(scores.lower)]),
      "verdicts": .object(verdicts.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }),
    ])
  }
}

extension PolicyTrial.Change {
  fileprivate var line: String {
    var parts: [String] = []
    if before.verdict != after.verdict || before.rule != after.rule {
      parts.append("\(before.text) → \(after.text)")
    }
    if before.score != after.score {
      parts.append("score \(before.score.map(String.init) ?? "–") → \(after.score.map(String.init) ?? "–")")
    }
    parts += kinds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value > 0 ? "+" : "")\($0.value)" }
    return "  \(exchange)  \(pipeline)  \(Terminal.plain(parts.joined(separator: ", ")))"
  }

  fileprivate var json: JSONValue {
    .fields([
      "after": after.json, "before": before.json, "exchange": .string(exchange),
      "kinds": .object(kinds.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }),
      "pipeline": .string(pipeline), "sequence": .integer(sequence),
    ])
  }
}

extension PolicyTrial.Said {
  fileprivate var text: String { verdict + (rule.map { " (\($0))" } ?? "") }

  fileprivate var json: JSONValue {
    .fields([
      "rule": rule.map { .string($0) } ?? .null, "score": score.map { .integer($0) } ?? .null,
      "verdict": .string(verdict),
    ])
  }
}

/// The key of the installation whose evidence is read, where it is at hand: its placeholders and fingerprints then mean
/// in the trial what they meant on record.
private enum TrialKey {
  static func of(_ place: String) throws -> [UInt8]? {
    guard FileManager.default.fileExists(atPath: "\(place)/secrets/fingerprint.key") else { return nil }
    return try DataDirectory(place).secret(named: "fingerprint")
  }
}
