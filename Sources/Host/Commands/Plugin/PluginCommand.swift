internal import ArgumentParser

struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin", abstract: "Test plugins.",
    discussion: """
      A plugin is a shared library with filters in it; docs/filter-abi.md is the guide.

        sluice plugin check ./libsluice-mrn.so             is it one, and does it keep to the rules?
      """,
    subcommands: [PluginCheckCommand.self, PluginProbeCommand.self])
}
