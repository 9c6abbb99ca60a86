internal import ArgumentParser

struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin", abstract: "Test plugins, and watch them work.",
    discussion: """
      A plugin is a shared library with filters in it; docs/filter-abi.md is the guide.

        sluice plugin check ./libsluice-mrn.so             is it one, and does it keep to the rules?
        sluice plugin top                                  what do a running gateway's filters do?
      """,
    subcommands: [PluginCheckCommand.self, PluginTopCommand.self, PluginProbeCommand.self])
}
