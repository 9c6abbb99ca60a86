internal import ArgumentParser
internal import Control
internal import FilterChain
internal import JSONTree

struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Push, compare and roll back versions of the policy.",
    discussion: """
      A policy is a set of pipelines at one version. Each version keeps its text, digest, author, time and comment for \
      ever; the newest is in force. Gateways that were started without files take it up within two seconds, without \
      dropping a connection.

        sluice policy push pipelines/ --comment "mask dates" --data ./data
        sluice policy try pipelines/ --against ./data       what it would change about recorded exchanges
        sluice policy diff 3 4 --data ./data
        sluice policy roll-back 3 --comment "too many holds" --data ./data
      """,
    subcommands: [Push.self, Try.self, List.self, Show.self, Diff.self, RollBack.self])

  struct Push: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make these files the newest version.",
      discussion: """
        They are checked as a whole, as by `sluice check`; with one mistake nothing changes (exit code 1). They \
        replace all pipelines of the version before. Credentials are not looked for: they are where gateways are. To \
        which hosts one may go is in the installation's settings: what those of this data directory forbid is refused \
        here, and what a gateway's own forbid is not taken up there.
        """)

    @Argument(
      help: "Pipeline files, or folders of them.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]
    @Option(help: "Why, for those who read the history.") var comment = ""
    @Option(help: "Who; your account's name by default.") var author: String?
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @OptionGroup var settings: SettingsOption
    @Flag(help: "Check and compare, and change nothing.") var dryRun = false
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let bundle = try PolicyBundle.read(files)
        let digest = try PolicyParts.digest(
          of: bundle,
          library: PluginLibrary(
            directories: PluginFolder.all, services: Services.offline(), trust: PluginFolder.trust()),
          rules: try settings.rules(data: data))
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let before = try store.currentPolicy()
        if dryRun { return try show(bundle, digest, before) }
        let (made, isNew) = try store.pushPolicy(
          digest: digest, sources: bundle.json, author: author ?? Administration.operatorName,
          comment: comment, now: secondsNow())
        guard !json else { return Terminal.print(made.json(isNew: isNew).line) }
        if let before, isNew, let old = try? PolicyBundle(json: before.sources) {
          Terminal.print(PolicyDiff.text(old, bundle), unlessEmpty: true)
        }
        Terminal.print(
          isNew
            ? "Version \(made.version) is in force: \(bundle.pipelines.count) files, digest \(digest.prefix(12))."
            : "Nothing changed: version \(made.version) says the same already.")
      }
    }

    private func show(_ bundle: PolicyBundle, _ digest: String, _ before: PolicyVersion?) throws {
      let isNew = before?.digest != digest
      if json {
        let fields: JSONValue = .fields([
          "changes": .bool(isNew), "digest": .string(digest),
          "in-force": before.map { .integer($0.version) } ?? .null,
        ])
        return Terminal.print(fields.line)
      }
      if let before, let old = try? PolicyBundle(json: before.sources) {
        Terminal.print(PolicyDiff.text(old, bundle), unlessEmpty: true)
      }
      Terminal.print(
        isNew ? "No mistakes; this would be a new version." : "No mistakes, and nothing would change.")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show all versions, the newest first.")

    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let versions = try Store(try DataDirectory(data), at: try shared.location).policies()
        if json {
          return Terminal.print(JSONValue.array(versions.map { $0.json() }).line)
        }
        for (index, version) in versions.enumerated() {
          let line =
            "\(String(version.version).padding(5)) \(version.digest.prefix(12))  \(Terminal.time(version.time))  \(version.author.padding(16))  \(version.comment)"
          Terminal.print(index == 0 ? Terminal.bold(line) : line)
        }
        if versions.isEmpty {
          Terminal.print("No policy yet. Push one: sluice policy push FILE… --data \(data)")
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a version's files as they were pushed; the newest without a number.")

    @Argument(help: "The version's number.") var version: UInt64?
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let found = try version.map { try store.policy($0) } ?? PolicyCommand.newest(store, data)
        let bundle = try PolicyBundle(json: found.sources)
        if json { return Terminal.print(found.json(files: bundle).line) }
        Terminal.print(
          "# version \(found.version), \(found.author), \(Terminal.time(found.time))\(found.comment.isEmpty ? "" : ": \(found.comment)")"
        )
        for file in bundle.pipelines + bundle.protocols {
          Terminal.print("# \(file.name)")
          Terminal.print(String(decoding: file.bytes, as: UTF8.self))
        }
      }
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what changed from one version to another, or to the newest. Exit code 0 either way.")

    @Argument(help: "The version before.") var from: UInt64
    @Argument(help: "The version after; the newest by default.") var to: UInt64?
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption

    func run() throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let after = try to.map { try store.policy($0) } ?? PolicyCommand.newest(store, data)
        let text = PolicyDiff.text(
          try PolicyBundle(json: try store.policy(from).sources), try PolicyBundle(json: after.sources))
        Terminal.print(text.isEmpty ? "No difference." : text)
      }
    }
  }

  struct RollBack: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "roll-back",
      abstract: "Make an earlier version's files the newest version.",
      discussion: "History is not rewritten: it becomes a new version with a number of its own.")

    @Argument(help: "The version to return to.") var version: UInt64
    @Option(help: "Why, for those who read the history.") var comment = ""
    @Option(help: "Who; your account's name by default.") var author: String?
    @Option(help: "Folder of the store.", completion: .directory) var data: String
    @OptionGroup var shared: StoreOption
    @OptionGroup var settings: SettingsOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
      try running {
        let store = try Store(try DataDirectory(data), at: try shared.location)
        let old = try store.policy(version)
        // Plugins may have changed since: what no longer loads is not put in force.
        let bundle = try PolicyBundle(json: old.sources)
        let digest = try PolicyParts.digest(
          of: bundle,
          library: PluginLibrary(
            directories: PluginFolder.all, services: Services.offline(), trust: PluginFolder.trust()),
          rules: try settings.rules(data: data))
        let (made, isNew) = try store.pushPolicy(
          digest: digest, sources: old.sources, author: author ?? Administration.operatorName,
          comment: "roll-back to version \(version)" + (comment.isEmpty ? "" : ": \(comment)"),
          now: secondsNow())
        if json { return Terminal.print(made.json(isNew: isNew).line) }
        Terminal.print(
          isNew
            ? "Version \(made.version) is in force; it says what version \(version) said."
            : "Nothing changed: version \(made.version), which is in force, says the same already.")
      }
    }
  }

  private static func newest(_ store: Store, _ data: String) throws -> PolicyVersion {
    guard let newest = try store.currentPolicy() else {
      throw CommandFailure(
        message: "no policy has been pushed yet: sluice policy push FILE… --data \(data)", code: 1)
    }
    return newest
  }
}

extension PolicyVersion {
  fileprivate func json(isNew: Bool? = nil, files: PolicyBundle? = nil) -> JSONValue {
    var members: [(name: String, value: JSONValue)] = [
      ("author", .string(author)), ("comment", .string(comment)), ("digest", .string(digest)),
      ("time", .string(Terminal.time(time))), ("version", .integer(version)),
    ]
    if let isNew { members.append(("new", .bool(isNew))) }
    if let files {
      members.append(
        (
          "files",
          .array(
            (files.pipelines + files.protocols).map {
              .fields(["name": .string($0.name), "text": .string(String(decoding: $0.bytes, as: UTF8.self))])
            })
        ))
    }
    return .object(members)
  }
}

extension Terminal {
  fileprivate static func print(_ text: String, unlessEmpty: Bool) {
    if !(unlessEmpty && text.isEmpty) { print(text) }
  }
}
