internal import ArgumentParser
internal import Foundation
internal import JSONTree
internal import PluginTrust

struct PluginTrustCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Trust a vendor's key: what it has signed may load.",
    discussion: """
      The key is a PEM file, or its text, ed25519:… Compare it with what the vendor has told you by another way. From \
      the first key on, plugins that are neither listed nor signed are refused. Without a key it lists those that are \
      trusted.

      Examples:
        sluice plugin trust acme.pub --name acme --plugins-lock /etc/sluice/plugins.lock
        sluice plugin trust
        sluice plugin trust --remove acme
      """)

  @Argument(
    help: "The public key: a PEM file, or ed25519:… .", completion: .file(extensions: ["pub", "pem"]))
  var key: String?
  @Option(help: "What you call it; the file's name by default.") var name: String?
  @Option(help: ArgumentHelp("No longer trust the key of this name.", valueName: "name")) var remove: String?
  @OptionGroup var lock: LockOption
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if key != nil, remove != nil { throw ValidationError("Give a key to trust, or --remove, not both.") }
    if let name, !PluginLock.isName(name) {
      throw ValidationError("A name is of letters, digits and . @ _ -, at most 64.")
    }
  }

  func run() throws {
    try running {
      var (path, held) = try lock.editable()
      if let remove {
        guard held.keys.contains(where: { $0.name == remove }) else {
          throw CommandFailure(message: "\(path) trusts no key named '\(remove)'", code: 1)
        }
        held.keys.removeAll { $0.name == remove }
        try WholeFile.write(Array(held.text.utf8), to: path)
      } else if let key {
        let added = PluginLock.TrustedKey(name: try name ?? Self.name(key), key: try Self.read(key))
        guard !held.keys.contains(where: { $0.name == added.name || $0.key == added.key }) else {
          throw CommandFailure(
            message: "\(path) trusts '\(added.name)', or this key under another name, already", code: 1)
        }
        held.keys.append(added)
        try WholeFile.write(Array(held.text.utf8), to: path)
      }
      if json {
        let keys = held.keys.map {
          JSONValue.fields(["key": .string("\($0.key)"), "name": .string($0.name)])
        }
        return Terminal.print(JSONValue.fields(["keys": .array(keys), "lock": .string(path)]).line)
      }
      for key in held.keys { Terminal.print("\(key.name.padding(20)) \(key.key)") }
      Terminal.print("\(path): \(held.keys.count) trusted keys")
    }
  }

  private static func name(_ key: String) throws(CommandFailure) -> String {
    let name = URL(fileURLWithPath: key).deletingPathExtension().lastPathComponent
    guard PluginKey(key) == nil, PluginLock.isName(name) else {
      throw CommandFailure(message: "give the key a name: --name acme", code: 1)
    }
    return name
  }

  private static func read(_ key: String) throws -> PluginKey {
    if let key = PluginKey(key) { return key }
    guard let pem = FileManager.default.contents(atPath: key) else {
      throw CommandFailure(message: "\(key) is neither ed25519:… nor a file that can be read", code: 1)
    }
    do { return try PluginKey(pem: Array(pem), file: key) } catch {
      throw CommandFailure(message: "\(error)", code: 1)
    }
  }
}
