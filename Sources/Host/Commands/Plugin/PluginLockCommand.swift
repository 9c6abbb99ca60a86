internal import ArgumentParser
internal import JSONTree
internal import PluginTrust

struct PluginLockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "List plugins as they are now in plugins.lock: these may load, and no others.",
    discussion: """
      Without files it lists every plugin in the folders that are searched, and forgets those that are gone. With \
      files it adds these. Keys that are trusted stay. A gateway reads the file again whenever it loads a plugin.

      Nothing of a plugin runs: look at what you list first. Put the file where those who can write plugins can't \
      write it, and name it with --plugins-lock or SLUICE_PLUGINS_LOCK.

      Examples:
        sluice plugin lock
        sluice plugin lock /opt/vendor/libsluice-mrn.so --plugins-lock /etc/sluice/plugins.lock
      """)

  @Argument(help: "Plugins to list.", completion: .file(extensions: ["so"])) var files: [String] = []
  @OptionGroup var lock: LockOption
  @Flag(help: "Print what changed as JSON.") var json = false

  func run() throws {
    try running {
      let (path, before) = try lock.editable()
      let found = try (files.isEmpty ? InstalledPlugins.all : files).map { try InspectedPlugin($0).entry }
      guard !found.isEmpty else {
        throw CommandFailure(
          message: "there are no plugins in \(PluginFolder.all.joined(separator: ", ")); name some", code: 1)
      }
      var after = before
      let names = Set(found.map(\.file))
      // A file's new build takes the place of its old one.
      after.entries = files.isEmpty ? found : before.entries.filter { !names.contains($0.file) } + found
      var seen: Set<PluginLock.Entry> = []
      after.entries = after.entries.filter { seen.insert($0).inserted }
      try WholeFile.write(Array(after.text.utf8), to: path)
      let (old, new) = (Set(before.entries), Set(after.entries))
      let added = after.entries.filter { !old.contains($0) }
      let removed = before.entries.filter { !new.contains($0) }
      if json {
        Terminal.print(
          JSONValue.fields([
            "added": .array(added.map(Self.fields)), "lock": .string(path),
            "removed": .array(removed.map(Self.fields)), "total": .integer(after.entries.count),
          ]).line)
        return
      }
      for entry in added { Terminal.print(Terminal.green("+ ") + Self.text(entry)) }
      for entry in removed { Terminal.print(Terminal.red("- ") + Self.text(entry)) }
      Terminal.print(
        added.isEmpty && removed.isEmpty
          ? "\(path): \(after.entries.count) plugins, nothing changed"
          : "\(path): \(after.entries.count) plugins")
    }
  }

  private static func text(_ entry: PluginLock.Entry) -> String {
    "\(entry.file.padding(32)) \(entry.id.padding(28)) sha256:\(entry.digest)"
  }

  private static func fields(_ entry: PluginLock.Entry) -> JSONValue {
    .fields(["file": .string(entry.file), "id": .string(entry.id), "sha256": .string(entry.digest)])
  }
}
