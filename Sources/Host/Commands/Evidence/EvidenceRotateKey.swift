internal import ArgumentParser
internal import Evidence
internal import Glibc
internal import JSONTree

extension EvidenceCommand {
  struct RotateKey: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rotate-key",
      abstract:
        "Put a new key in the place of the one that signs checkpoints, whether or not a gateway is serving.",
      discussion: """
        The old key vouches for the new one in a signed checkpoint, so whoever kept the old public key verifies the log \
        as before, and takes nothing more from the old key after that. The old private key is gone; checkpoint.pub \
        keeps every public key, the newest last.

          sluice evidence rotate-key ./data --reason "yearly"
        """)

    @Argument(help: "A data directory.", completion: .directory) var directory: String
    @Option(help: "Why, in your words; it goes on record.") var reason: String
    @Flag(help: "Print JSON.") var json = false

    func validate() throws { try Reason.check(reason) }

    func run() throws {
      try running {
        try Administration.record(
          "checkpoint-key.asked", [("reason", reason), ("subject", Administration.operatorName)],
          in: directory)
        let folder = Installation.evidence(in: directory)
        let key = try KeyRotation.prepare(directory: folder)
        for _ in 0..<100 {
          if try KeyRotation.isDone(key, directory: folder) {
            return Terminal.print(json ? JSONValue.fields(["key": .string("\(key)")]).line : "\(key)")
          }
          // Opening the log takes up the key that lies ready.
          if try !Administration.withLog(directory, { _ in }) { usleep(100_000) }
        }
        throw CommandFailure(
          message:
            "a gateway holds the evidence log and did not take the new key within ten seconds; see its own log",
          code: 2)
      }
    }
  }
}
