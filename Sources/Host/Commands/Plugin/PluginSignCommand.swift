internal import ArgumentParser
internal import Foundation
internal import PluginTrust

struct PluginSignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Sign a plugin with an Ed25519 key; the signature goes into PLUGIN.so.sig beside it.",
    discussion: """
      For those who ship plugins, and for hospitals that vouch for builds of their own. Ship both files. Signers add \
      up; signing again replaces your signature.

      Examples:
        openssl genpkey -algorithm ed25519 -out acme.key
        openssl pkey -in acme.key -pubout -out acme.pub
        sluice plugin sign libsluice-mrn.so --key acme.key
      """)

  @Argument(help: "The plugin.", completion: .file(extensions: ["so"])) var plugin: String
  @Option(help: "The private key, PEM.", completion: .file(extensions: ["key", "pem"])) var key: String

  func run() throws {
    try running {
      let inspected = try InspectedPlugin(plugin)
      guard let pem = FileManager.default.contents(atPath: key) else {
        throw CommandFailure(message: "\(key) can't be read", code: 2)
      }
      do {
        let signer = try PluginSigningKey(pem: Array(pem), file: key)
        var signatures = try PluginSignatures(besides: inspected.file.path)
        // Those for an older build say nothing about this one.
        signatures.keep(signersOf: inspected.file.digest)
        try signatures.sign(inspected.file.digest, by: signer)
        let path = PluginSignatures.path(of: inspected.file.path)
        try WholeFile.write(Array(signatures.text.utf8), to: path)
        Terminal.print("\(path): \(inspected.note.id), signed by \(signer.publicKey)")
      } catch let failure as PluginFile.Failure {
        throw CommandFailure(message: failure.description, code: 1)
      }
    }
  }
}
