internal import Glibc
internal import PipelineModel
internal import PluginTrust

/// Which plugins run in a process of their own, and how.
public struct IsolationSettings: Sendable {
  /// The program that becomes the process: `sluice`, or whatever runs `sluice_plugin_host_main`.
  public var executable: String
  /// Whether a plugin, by its path, is this project's own and runs in the host's process where its stage does not
  /// say otherwise.
  public var isOwn: @Sendable (String) -> Bool
  /// Bytes of memory that a plugin may take beyond what it has when it starts.
  public var memory: UInt64 = 1 << 30
  /// Milliseconds that a call may take which an exchange waits for, where its stage says nothing else, in this process, too: as long
  /// may a plugin that hangs hold up an event loop, once, before its process is ended.
  public var callTime = UInt32(Stage.defaultBudget)
  /// Milliseconds for loading, for making an instance, and for each of a sink's calls.
  public var controlTime: UInt32 = 60_000
  /// Milliseconds after which a process that ended is started again, at most: 10 at first, and twice as many after each
  /// life that was short.
  public var longestPause: UInt32 = 5000

  public init(
    executable: String = IsolationSettings.thisProgram,
    isOwn: @escaping @Sendable (String) -> Bool = IsolationSettings.isShipped
  ) {
    self.executable = executable
    self.isOwn = isOwn
  }

  /// `sluice`: this program, or the one beside it.
  public static let thisProgram: String = {
    let path = PluginFile.canonical("/proc/self/exe")
    if path.hasSuffix("/sluice") { return path }
    return (path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./") + "sluice"
  }()

  private static let shipped = [
    "employee-id", "file", "jira", "keys", "mtls", "oidc", "phi", "postgres", "rules", "s3", "servicenow",
    "slack",
    "smtp", "teams", "threshold", "webhook",
  ]

  /// Whether it is one of this project's plugins in this installation's own folders. Who can write there can replace
  /// the program itself.
  @Sendable public static func isShipped(_ path: String) -> Bool {
    guard let slash = path.lastIndex(of: "/"), let program = thisProgram.lastIndex(of: "/") else {
      return false
    }
    let folder = thisProgram[..<program]
    let folders = [String(folder), PluginFile.canonical(folder + "/../lib/sluice")]
    return folders.contains(String(path[..<slash]))
      && shipped.contains { path[path.index(after: slash)...] == "libsluice-\($0).so" }
  }

  /// Where a stage's plugin runs.
  enum Placement {
    case inProcess
    case isolated(StageAllowance)

    /// Tells a library's placements apart: one process serves stages that are allowed the same.
    var key: String {
      switch self {
      case .inProcess: ""
      case .isolated(let allowed):
        "isolated \(allowed.read) \(allowed.write) \(allowed.network) "
      }
    }
  }

  func placement(of stage: Stage, path: String) -> Placement {
    switch stage.isolation {
    case .some(.none): .inProcess
    case .process: .isolated(stage.allowed)
    case nil: isOwn(path) ? .inProcess : .isolated(stage.allowed)
    }
  }
}
