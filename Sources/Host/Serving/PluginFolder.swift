internal import ArgumentParser
internal import Foundation
internal import PluginTrust

/// Where plugins are looked for: beside the executable, then in the folders of SLUICE_PLUGINS.
enum PluginFolder {
  /// The path of this program.
  static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }

  static var all: [String] {
    let beside = (executable as NSString).deletingLastPathComponent
    let named =
      ProcessInfo.processInfo.environment["SLUICE_PLUGINS"]?.split(separator: ":").map(String.init) ?? []
    return [beside, beside + "/../lib/sluice"] + named
  }

  /// Which plugins may load.
  /// - Parameter lock: the lock file that an option names; else SLUICE_PLUGINS_LOCK does, or one lies in a folder.
  static func trust(lock: String? = nil) -> TrustPolicy { TrustPolicy(lock: lock ?? namedLock, folders: all) }

  /// The lock file that the environment names.
  static var namedLock: String? {
    ProcessInfo.processInfo.environment["SLUICE_PLUGINS_LOCK"].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// The option that names a lock file, as all commands that load plugins have it.
struct LockOption: ParsableArguments {
  @Option(
    name: .customLong("plugins-lock"),
    help: ArgumentHelp(
      "Which plugins may load; by default SLUICE_PLUGINS_LOCK, or the plugins.lock in a folder of plugins.",
      valueName: "file"),
    completion: .file())
  var path: String?

  var policy: TrustPolicy { PluginFolder.trust(lock: path) }

  /// The lock file to change, and what it holds: the one in force; else the one that is named, or one in the first
  /// folder that has plugins, which is made then.
  func editable() throws -> (path: String, lock: PluginLock) {
    let named = path ?? PluginFolder.namedLock
    if let named {
      do { return (named, try PluginLock(reading: named) ?? PluginLock()) } catch {
        throw CommandFailure(message: "\(error)", code: 2)
      }
    }
    do {
      if let found = try policy.lock() { return found }
    } catch { throw CommandFailure(message: "\(error)", code: 2) }
    let folder = PluginFolder.all.first { !InstalledPlugins.files(in: $0).isEmpty } ?? PluginFolder.all[0]
    return ("\(PluginFile.canonical(folder))/\(PluginLock.fileName)", PluginLock())
  }
}
