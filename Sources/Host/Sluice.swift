internal import ArgumentParser
internal import Glibc
internal import PluginHost

/// The executable.
@main
struct Sluice: ParsableCommand {
  static let version = "0.1.0"

  /// `sluice plugin-host PARENT` is no command for people: it is the process that an isolated plugin runs in, and
  /// becomes it before anything else of this program has begun.
  static func main() {
    let arguments = CommandLine.arguments
    if arguments.count == 3, arguments[1] == "plugin-host", let parent = Int32(arguments[2]) {
      Glibc.exit(sluice_plugin_host_main(parent))
    }
    main(nil)
  }

  static let configuration = CommandConfiguration(
    commandName: "sluice",
    abstract: "A PHI gateway for AI coding tools.",
    discussion: """
      Point a tool at a gateway by changing its base URL. The gateway knows who is asking, masks protected health \
      information on the way to the model and back, holds risky requests for approval, puts the provider's key on \
      itself, and leaves evidence that can be verified offline.

      Start here:
        sluice demo                                       see it work, with nothing set up
        sluice check pipelines/cursor.yaml                find every mistake in a pipeline
        sluice keys create --subject ana --data ./data    make a key for a person
        sluice serve pipelines/cursor.yaml --listen 127.0.0.1:8080 --data ./data

      Exit codes: 0 done; 1 something is wrong with what was given, or was found out; 2 it can't be told or done \
      (no permission, no file, no store); 64 the command line can't be understood.
      """,
    version: "sluice \(version)",
    subcommands: [
      Serve.self, Check.self, LoginCommand.self, LogoutCommand.self, WhoAmICommand.self, PolicyCommand.self,
      FilterCommand.self, KeysCommand.self, ApprovalsCommand.self, GrantsCommand.self, BreakGlassCommand.self,
      StoreCommand.self, EvidenceCommand.self, HookCommand.self, ProtocolsCommand.self, RevealCommand.self,
      PluginCommand.self,
      DemoCommand.self, StandInCommand.self,
    ])
}
