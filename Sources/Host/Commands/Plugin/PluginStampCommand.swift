internal import ArgumentParser
internal import Conformance
internal import PluginTrust

struct PluginStampCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stamp",
    abstract: "Write the digest of a plugin's JSON Schemas into its note.",
    discussion: """
      A build can't know it, and leaves zeros, which say nothing. The last step of a build, before signing: the file \
      changes. The plugin is loaded, in a process of its own, to be asked for its schemas.

      Example:
        sluice plugin stamp ./libsluice-mrn.so
      """)

  @Argument(help: "The plugin.", completion: .file(extensions: ["so"])) var plugin: String

  func run() throws {
    try running {
      let check = PluginCheck(
        probe: [PluginFolder.executable, "plugin", "probe"], library: plugin, seed: 1)
      do { Terminal.print("\(plugin): schemas sha256:\(try check.stamp())") } catch {
        throw CommandFailure(message: "\(error)", code: 1)
      }
    }
  }
}
