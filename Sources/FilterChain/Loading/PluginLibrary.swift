internal import Dispatch
internal import Glibc
internal import PipelineModel
public import PluginTrust
internal import Synchronization

/// The plugins of this process: found in a few directories, each build of one loaded once.
///
/// A file is read once, judged, sealed, and those bytes are loaded: ``VerifiedPlugin``, ``OpenLibrary``.
public final class PluginLibrary: Sendable {
  private let directories: [String]
  let host: HostTable
  /// What detectors found in texts that were seen before; shared by all chains.
  let cache: FindingCache?
  private let loaded = Mutex(PluginBuilds())
  private let isolation: IsolationSettings
  private let trust: TrustPolicy

  /// - Parameters:
  ///   - directories: where `libsluice-NAME.so` is looked for, in order.
  ///   - findingCacheBytes: the memory that remembered findings may take; 0: nothing is remembered.
  ///   - isolation: which plugins run in a process of their own where their stage does not say.
  ///   - trust: which plugins may load; nil: what a `plugins.lock` in the directories says.
  public init(
    directories: [String], services: HostServices, findingCacheBytes: Int = 32 << 20,
    isolation: IsolationSettings = IsolationSettings(), trust: TrustPolicy? = nil
  ) {
    self.directories = directories
    self.trust = trust ?? TrustPolicy(folders: directories)
    self.isolation = isolation
    host = HostTable(services)
    cache = findingCacheBytes > 0 ? FindingCache(bytes: findingCacheBytes) : nil
  }

  /// What the memory of findings has done so far; nil where there is none.
  public var findingCacheStatistics: FindingCacheStatistics? { cache?.statistics }

  /// The names of the filters whose libraries are there to be loaded, sorted.
  public func availableNames() -> [String] {
    var names: Set<String> = []
    for directory in directories {
      guard let handle = unsafe opendir(directory) else { continue }
      defer { unsafe closedir(handle) }
      while let entry = unsafe readdir(handle) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { continue }
        names.insert(String(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)))
      }
    }
    return names.sorted()
  }

  private static let prefix = "libsluice-"
  private static let suffix = ".so"

  /// Loads the plugin that provides a stage's filter, or answers the one that is loaded already, where its file has not
  /// changed since. May block.
  func plugin(for stage: Stage) throws(PluginError) -> LoadedPlugin {
    let requested = try path(of: stage)
    let path = PluginFile.canonical(requested)
    // Loading is inside the lock, so that a plugin's entry is called once, however many ask for it.
    let placement = isolation.placement(of: stage, path: path)
    let key = placement.key + requested
    return try loaded.withLock { (builds) throws(PluginError) in
      if let known = builds.plugin(key) { return known }
      // Before the file is read: what changes meanwhile is seen at the next look.
      let stamp = FileStamp(requested)
      let verified = try VerifiedPlugin(path: path, trust: trust)
      if let known = builds.sameBuild(key, digest: verified.digest, stamp: stamp) { return known }
      if let known = builds.earlierBuild(key, digest: verified.digest, requested: requested, stamp: stamp) {
        return known
      }
      try verified.requireFilter(of: stage.kind)
      let plugin =
        switch placement {
        case .inProcess: try LoadedPlugin(verified, host: host, callTime: Int(isolation.callTime))
        case .isolated(let allowed): try LoadedPlugin(isolated: verified, host, allowed, isolation)
        }
      builds.add(plugin, key, requested: requested, stamp: stamp)
      return plugin
    }
  }

  /// The processes of isolated plugins that run now.
  public func isolatedProcesses() -> [Int32] {
    loaded.withLock { $0.plugins.map(\.process) }.filter { $0 != 0 }
  }

  /// What was loaded is in force: see ``changedFiles()``.
  public func settle() { loaded.withLock { $0.settle() } }

  /// Waits until the instances that nothing uses any more have ended, of replaced builds as well. [blocking]
  /// - Parameter seconds: for all of them together.
  /// - Returns: whether all have.
  @discardableResult
  public func waitForEndings(within seconds: Int = 60) -> Bool {
    let plugins = loaded.withLock { $0.plugins + $0.oldPlugins }
    let deadline = DispatchTime.now() + .seconds(seconds)
    return plugins.map { $0.settle(until: deadline) }.allSatisfy { $0 }
  }

  /// The files of plugins that have changed since ``settle()`` was called last, as they are now. [blocking]
  public func changedFiles() -> [String: FileStamp] { loaded.withLock(\.changes) }

  /// Builds of plugins that were replaced by newer ones, and that something in flight still holds.
  public var oldBuilds: Int { loaded.withLock(\.oldCount) }

  /// Ends the processes of plugins that no chain uses any more.
  public func trim() { loaded.withLock { $0.trim() } }

  private func path(of stage: Stage) throws(PluginError) -> String {
    guard let plugin = stage.plugin else {
      guard stage.filter.utf8.allSatisfy(Self.isNameByte), stage.filter.utf8.count <= 64 else {
        throw PluginError(
          .missing, "'\(stage.filter.printable)' is no name of a filter: letters, digits, - and _")
      }
      return try find(Self.prefix + stage.filter + Self.suffix, "there is no filter '\(stage.filter)'")
    }
    if plugin.contains("/") { return plugin }
    return try find(plugin, "there is no plugin '\(plugin.printable)'")
  }

  private func find(_ name: String, _ otherwise: String) throws(PluginError) -> String {
    for directory in directories where unsafe access("\(directory)/\(name)", R_OK) == 0 {
      return "\(directory)/\(name)"
    }
    let there = availableNames()
    throw PluginError(
      .missing,
      "\(otherwise): no \(name.printable) in \(directories.joined(separator: ", "))"
        + (there.isEmpty ? ", which hold no plugin at all" : "; there are \(there.joined(separator: ", "))"))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
