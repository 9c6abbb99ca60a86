internal import Glibc

/// Which build of each plugin new instances are made of, and which earlier ones are still in use.
struct PluginBuilds {
  private struct Build {
    var plugin: LoadedPlugin
    /// Where it was asked for, and where the file was then.
    let requested: String
    var stamp: FileStamp?
  }

  private struct Old {
    weak var plugin: LoadedPlugin?
    let key: String
  }

  /// A file as it was when what is in force was made of it.
  private var settled: [String: FileStamp] = [:]

  /// By placement and path.
  private var current: [String: Build] = [:]
  private var old: [Old] = []

  var plugins: [LoadedPlugin] { current.values.map(\.plugin) }

  var oldPlugins: [LoadedPlugin] { old.compactMap(\.plugin) }

  /// Builds that were replaced, and that something in flight still holds.
  var oldCount: Int { old.count { $0.plugin != nil } }

  /// The build of a file, if it is still the one that lies there; nil: there is none yet, or the file has changed.
  func plugin(_ key: String) -> LoadedPlugin? {
    guard let build = current[key] else { return nil }
    guard let now = FileStamp(build.requested) else { return build.plugin }
    return now == build.stamp ? build.plugin : nil
  }

  /// The build that is there under the key, whatever lies in its file now, if it has this digest.
  mutating func sameBuild(_ key: String, digest: String, stamp: FileStamp?) -> LoadedPlugin? {
    guard let build = current[key], build.plugin.digest == digest else { return nil }
    current[key]?.stamp = stamp
    return build.plugin
  }

  /// A build of before that something still holds, and that lies in its file again: it is the current one from now on.
  mutating func earlierBuild(
    _ key: String, digest: String, requested: String, stamp: FileStamp?
  ) -> LoadedPlugin? {
    guard
      let plugin = old.lazy.filter({ $0.key == key }).compactMap(\.plugin).first(where: {
        $0.digest == digest
      })
    else { return nil }
    old.removeAll { $0.plugin === plugin }
    add(plugin, key, requested: requested, stamp: stamp)
    return plugin
  }

  mutating func add(_ plugin: LoadedPlugin, _ key: String, requested: String, stamp: FileStamp?) {
    if let before = current[key] { old.append(Old(plugin: before.plugin, key: key)) }
    current[key] = Build(plugin: plugin, requested: requested, stamp: stamp)
    old.removeAll { $0.plugin == nil }
  }

  /// What is loaded now is in force, or is the same as what is: a file counts as changed from here on. A build that was
  /// loaded and could not be used settles nothing, so that its file is looked at again.
  mutating func settle() {
    settled = [:]
    for build in current.values { settled[build.requested] = build.stamp }
  }

  /// The files that are not what they were when it was settled, as they are now. One that is gone is no change.
  var changes: [String: FileStamp] {
    var found: [String: FileStamp] = [:]
    for (path, stamp) in settled {
      if let now = FileStamp(path), now != stamp { found[path] = now }
    }
    return found
  }

  /// Ends the processes of plugins that nothing uses any more. A library of this process stays.
  mutating func trim() {
    old.removeAll { $0.plugin == nil }
    for key in current.keys where current[key]?.plugin.isIsolated == true {
      guard var build = current.removeValue(forKey: key) else { continue }
      if !isKnownUniquelyReferenced(&build.plugin) { current[key] = build }
    }
  }
}

/// What tells one content of a file from another, without reading it.
public struct FileStamp: Sendable, Equatable {
  private let device: UInt
  private let inode: UInt
  private let size: Int
  private let modified: [Int]

  /// - Parameter path: symbolic links are followed.
  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = status.st_dev
    inode = status.st_ino
    size = Int(status.st_size)
    modified = [
      status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
  }
}
