internal import ArgumentParser
internal import Evidence
internal import Foundation
internal import Glibc
internal import JSONTree

extension EvidenceCommand {
  struct Keygen: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a pair of keys for sealed originals: an age identity, and its recipient.",
      discussion: """
        The identity opens originals; keep it off the gateway, with whoever may look at them. The recipient goes into \
        pipelines: evidence: { originals: sealed, recipients: [age1…] }. `age` reads the file, too.

          sluice evidence keygen --output compliance.key
        """)

    @Option(
      name: .shortAndLong, help: "The file to make for the identity, mode 0600; it must not be there yet.",
      completion: .file())
    var output: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let identity = try AgeIdentity.generate()
        try NewFile.write(Array(identity.fileText(created: secondsNow()).utf8), to: output)
        Terminal.print(
          json
            ? JSONValue.fields(["identity": .string(output), "recipient": .string("\(identity.recipient)")])
              .line
            : "\(identity.recipient)")
        if !json {
          Terminal.complain("The identity is in \(output). Keep it off the gateway, and keep a copy.")
        }
      }
    }
  }
}

/// A file that must not be there yet, its owner's alone.
enum NewFile {
  static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
    let handle = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard handle >= 0 else {
      let reason = errno == EEXIST ? "it is there already" : unsafe String(cString: strerror(errno))
      throw CommandFailure(message: "\(path) can't be made: \(reason)", code: 2)
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(handle, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    let isDone = rest.isEmpty && fsync(handle) == 0
    close(handle)
    guard isDone else {
      unsafe unlink(path)
      throw CommandFailure(message: "\(path) can't be written; the disk may be full", code: 2)
    }
  }
}
