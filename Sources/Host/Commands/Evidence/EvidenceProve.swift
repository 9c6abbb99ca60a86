internal import ArgumentParser
internal import Evidence
internal import Foundation
internal import JSONTree

extension EvidenceCommand {
  struct Prove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prove that one record is in the log, or that the log only grew; check such a proof.",
      discussion: """
        A proof is a few lines of text that stand alone: whoever has the public key checks it offline, without the log. \
        A record's proof is a C2SP tlog-proof with the record in it.

          sluice evidence prove ./data 17 > 17.tlog-proof
          sluice evidence prove --check 17.tlog-proof --key "$(cat checkpoint.pub)"
          sluice evidence prove ./data --since kept-checkpoint > grown.proof

        Exit code 0: proved, or the proof is good; 1: the proof is false or forged; 2: it can't be told.
        """)

    @Argument(help: "A data directory, or the folder of a log.", completion: .directory) var directory:
      String?
    @Argument(help: "The record's sequence number.") var sequence: UInt64?
    @Option(
      help: "A checkpoint that was kept elsewhere: prove that the log begins with what it covers.",
      completion: .file())
    var since: String?
    @Option(help: "A proof to check, instead of making one.", completion: .file()) var check: String?
    @Option(help: "The public key or keys for --check, as checkpoint.pub has them.") var key: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
      if check != nil {
        guard directory == nil, since == nil, key != nil else {
          throw ValidationError("--check FILE goes with --key KEY, and with nothing else.")
        }
      } else if directory == nil || (sequence == nil) == (since == nil) {
        throw ValidationError("Name a directory, and either a sequence number or --since CHECKPOINT.")
      }
    }

    func run() throws {
      try running {
        if let check, let key { return try Self.check(try Self.read(check), key, json) }
        let prover = try LogProver(directory: LogFolder.find(directory ?? ""))
        if let since {
          guard let old = Checkpoint(note: try Self.read(since)) else {
            throw CommandFailure(message: "\(since) is no checkpoint", code: 2)
          }
          let proof = try prover.consistency(from: old)
          show(proof.text, ["from": .integer(proof.old.size), "to": .integer(proof.new.size)])
        } else if let sequence {
          let proof = try prover.inclusion(of: sequence)
          show(proof.text, ["sequence": .integer(sequence), "size": .integer(proof.checkpoint.size)])
        }
      }
    }

    private func show(_ text: [UInt8], _ fields: KeyValuePairs<String, JSONValue>) {
      guard json else { return Terminal.write(text) }
      let proof = (name: "proof", value: JSONValue.string(String(decoding: text, as: UTF8.self)))
      Terminal.print(JSONValue.object(fields.map { (name: $0.key, value: $0.value) } + [proof]).line)
    }

    private static func read(_ file: String) throws -> [UInt8] {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw CommandFailure(message: "\(file) can't be read", code: 2)
      }
      return Array(data)
    }

    private static func check(_ text: [UInt8], _ key: String, _ json: Bool) throws {
      do throws(EvidenceError) {
        if let grown = try? ConsistencyProof(text: text) {
          try grown.check(keys: key)
          Terminal.print(
            json
              ? JSONValue.fields([
                "from": .integer(grown.old.size), "good": .bool(true), "log": .string(grown.new.origin),
                "to": .integer(grown.new.size),
              ]).line
              : "good: \(grown.new.origin) with \(grown.new.size) records begins with the \(grown.old.size) of before"
          )
          return
        }
        let proof = try InclusionProof(text: text)
        try proof.check(keys: key)
        if json {
          Terminal.print(
            JSONValue.fields([
              "good": .bool(true), "leaf": .string("\(proof.leaf)"), "log": .string(proof.checkpoint.origin),
              "record": proof.record.isEmpty ? .null : ((try? JSONReader.read(proof.record)) ?? .null),
              "sequence": .integer(proof.sequence), "size": .integer(proof.checkpoint.size),
            ]).line)
        } else {
          Terminal.print(
            "good: record \(proof.sequence) of \(proof.checkpoint.size) in \(proof.checkpoint.origin)"
              + (proof.record.isEmpty ? "; its body was removed, this is its hash: \(proof.leaf)" : ""))
          if let record = StoredRecord(proof.record) { RecordText.show(record) }
        }
      } catch {
        if json {
          Terminal.print(JSONValue.fields(["good": .bool(false), "message": .string(error.message)]).line)
        } else {
          Terminal.complain("sluice: \(error.message)")
        }
        throw ExitCode(error.code == .key ? 2 : 1)
      }
    }
  }
}
