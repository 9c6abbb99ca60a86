internal import Foundation

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
}
