internal import ArgumentParser
internal import FilterChain
internal import JSONTree
internal import PluginTrust

struct PluginListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the plugins that are there, what they are, and whether they may load.",
    discussion: """
      Looks into the folder of this program, ../lib/sluice, and those of SLUICE_PLUGINS. Nothing of a plugin runs. What \
      is shown is from its file: the note (`sluice plugin stamp` writes the digest of its schemas there), and the \
      linker's build id.

      Exit code 1 where one of them may not load.
      """)

  @Argument(help: "These plugins instead.", completion: .file(extensions: ["so"])) var files: [String] = []
  @OptionGroup var lock: LockOption
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    try running {
      let policy = lock.policy
      let rows = (files.isEmpty ? InstalledPlugins.all : files).map { Row($0, policy) }
      if json {
        Terminal.print(JSONValue.array(rows.map(\.fields)).line)
      } else {
        for row in rows { row.print() }
        let refused = rows.count { $0.refusal != nil }
        Terminal.print("\(rows.count) plugins" + (refused > 0 ? ", \(refused) of them may not load" : ""))
      }
      if rows.contains(where: { $0.refusal != nil }) { throw ExitCode(1) }
    }
  }
}

/// What is known of one file without running it.
private struct Row {
  let path: String
  var plugin: InspectedPlugin?
  var grounds: TrustPolicy.Grounds?
  var refusal: String?

  init(_ path: String, _ policy: TrustPolicy) {
    self.path = path
    do {
      let plugin = try InspectedPlugin(path)
      self.plugin = plugin
      grounds = try policy.judge(plugin.file, plugin.note)
    } catch { refusal = "\(error)" }
  }

  private var placement: String {
    IsolationSettings.isShipped(plugin?.file.path ?? path) ? "in process" : "isolated"
  }

  var fields: JSONValue {
    .fields([
      "abi": plugin.map { .string($0.note.abi) } ?? .null,
      "build": (plugin?.build).map { .string($0) } ?? .null,
      "extensions": .texts(plugin?.note.extensions ?? []),
      "grounds": grounds.map { .string("\($0)") } ?? .null,
      "id": plugin.map { .string($0.note.id) } ?? .null,
      "path": .string(plugin?.file.path ?? path),
      "placement": .string(placement),
      "refusal": refusal.map { .string($0) } ?? .null,
      "schemas": (plugin?.note.schemas).map { .string($0) } ?? .null,
      "sha256": plugin.map { .string($0.file.digest) } ?? .null,
    ])
  }

  func print() {
    guard let plugin else {
      return Terminal.print("\(Terminal.red("refused")) \(path)\n        \(refusal ?? "")")
    }
    let verdict = refusal == nil ? Terminal.green("may load") : Terminal.red("refused ")
    let kinds = plugin.note.extensions.map { name in
      name.hasPrefix("sluice.") && name.hasSuffix("/1")
        ? String(name.dropFirst("sluice.".utf8.count).dropLast(2)) : name
    }
    Terminal.print(
      "\(verdict) \(plugin.note.id.padding(28)) \(kinds.joined(separator: " ").padding(20)) \(placement.padding(10)) "
        + (grounds.map { "\($0)" } ?? ""))
    Terminal.print(Terminal.dim("         \(plugin.file.path)  sha256:\(plugin.file.digest)"))
    let stamp = plugin.note.schemas.map { "schemas \($0.prefix(12))" } ?? "not stamped"
    let build = plugin.build.map { "build \($0.prefix(12))" } ?? "no build id"
    Terminal.print(Terminal.dim("         ABI \(plugin.note.abi), \(stamp), \(build)"))
    if let refusal { Terminal.print("         \(refusal)") }
  }
}
