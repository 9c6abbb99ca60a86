internal import ArgumentParser
internal import Evidence
internal import Foundation
internal import Glibc
internal import JSONTree

extension EvidenceCommand {
  struct Open: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Open the sealed originals of an exchange, or of one record. It is put on record first.",
      discussion: """
        Each file is compared with the digest in its record before it is opened. The record of the opening names who, \
        why, and which records; it is durable in the log before a byte is shown.

          sluice evidence open ./data ex_… --identity compliance.key --reason "complaint 4711" --output original.bin
          age -d -i compliance.key data/sealed/2026-11-26/….age       # the same bytes, with no record of it
        """)

    enum Part: String, ExpressibleByArgument, CaseIterable { case request, response, all }

    @Argument(help: "A data directory.", completion: .directory) var directory: String
    @Argument(help: "An exchange (ex_…) or a sequence number.") var what: String
    @Option(name: .shortAndLong, help: "The file of identities; - reads it from standard input.")
    var identity: String
    @Option(help: "Why, in your words; it goes on record.") var reason: String
    @Option(help: "What of an exchange: request, response or all.") var part = Part.all
    @Option(name: .shortAndLong, help: "The file to make, mode 0600; without it, standard output.")
    var output: String?
    @Flag(help: "Print what was opened as JSON; needs --output.") var json = false

    func validate() throws {
      if json, output == nil {
        throw ValidationError("--json needs --output: the original goes to standard output.")
      }
      try Reason.check(reason)
    }

    func run() throws {
      try running {
        let identities = try AgeIdentity.list(try Self.identityFile(identity))
        let wanted = try LogFolder.records(directory, of: what).filter { record in
          part == .all || record.type == part.rawValue
        }
        let found = wanted.compactMap { record in
          SealedReference(of: record).map { (record: record, reference: $0) }
        }
        guard !found.isEmpty else {
          throw CommandFailure(message: "no original of '\(what)' was sealed", code: 1)
        }
        let reader = try SealedReader(directory: directory, identities: identities)
        // Everything is opened, and so known to be whole, before it is recorded; nothing is shown before that.
        let originals = try found.map { try reader.original($0.reference) }
        try Administration.record(
          "originals.opened",
          [
            ("exchange", found[0].record.exchange ?? ""), ("reason", reason),
            ("records", found.map { String($0.record.sequence) }.joined(separator: ",")),
            ("recipients", identities.map { "\($0.recipient)" }.joined(separator: ",")),
            ("subject", Administration.operatorName),
          ], in: directory)
        if let output {
          try NewFile.write(originals.flatMap(\.self), to: output)
        } else {
          for original in originals { Terminal.write(original) }
        }
        guard json else { return }
        Terminal.print(
          JSONValue.array(
            found.map { record, reference in
              .fields([
                "bytes": .integer(reference.originalSize), "path": .string(reference.path),
                "sequence": .integer(record.sequence), "sha256": .string("\(reference.digest)"),
                "type": .string(record.type),
              ])
            }
          ).line)
      }
    }

    static func identityFile(_ path: String) throws -> [UInt8] {
      let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
      guard let data = try handle?.read(upToCount: AgeIdentity.fileLimit + 1) else {
        throw CommandFailure(message: "\(path) can't be read, or is empty", code: 2)
      }
      return Array(data)
    }
  }
}
