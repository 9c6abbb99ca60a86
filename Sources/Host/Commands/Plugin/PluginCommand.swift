internal import ArgumentParser

struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin", abstract: "Make, test, sign and list plugins, and say which may load.",
    discussion: """
      A plugin is a shared library with filters in it; docs/filter-abi.md is the guide.

      Write one:
        sluice plugin new --language rust --kind detect mrn    a plugin that works, with a build file and a test
        sluice plugin check ./libsluice-mrn.so                 does it keep to every rule?
        sluice plugin stamp ./libsluice-mrn.so                 write its schemas' digest into its note
        sluice plugin sign ./libsluice-mrn.so --key acme.key   vouch for it

      Run those of others:
        sluice plugin list                                     what is there, and whether it may load
        sluice plugin trust acme.pub                           what this key has signed may load
        sluice plugin lock                                     these builds may load, and no others
        sluice plugin top                                      what each filter costs now
      """,
    subcommands: [
      PluginNewCommand.self,
      PluginCheckCommand.self, PluginStampCommand.self, PluginSignCommand.self,
      PluginListCommand.self, PluginTrustCommand.self, PluginLockCommand.self, PluginTopCommand.self,
      PluginProbeCommand.self,
    ])
}
