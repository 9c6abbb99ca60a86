internal import COpenSSL
internal import FilterABI
internal import Glibc
internal import PipelineModel
internal import Synchronization

/// The plugins of this process: found in a few directories, loaded once, never unloaded.
///
/// The one place that calls `dlopen`. A Swift library can't be closed again without harm, so none is.
public final class PluginLibrary: Sendable {
  private let directories: [String]
  private let host: HostTable
  private let loaded = Mutex<[String: LoadedPlugin]>([:])

  /// - Parameter directories: where `libsluice-NAME.so` is looked for, in order.
  public init(directories: [String], services: HostServices) {
    self.directories = directories
    host = HostTable(services)
  }

  /// The names of the filters whose libraries are there to be loaded.
  public func availableNames() -> [String] {
    var names: Set<String> = []
    for directory in directories {
      guard let handle = unsafe opendir(directory) else { continue }
      defer { unsafe closedir(handle) }
      while let entry = unsafe readdir(handle) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        if name.hasPrefix("libsluice-"), name.hasSuffix(".so") {
          names.insert(String(name.dropFirst(10).dropLast(3)))
        }
      }
    }
    return names.sorted()
  }

  /// Loads the plugin that provides a stage's filter, or answers the one that is loaded already.
  func plugin(for stage: Stage) throws(PluginError) -> LoadedPlugin {
    let path = try path(of: stage)
    if let known = loaded.withLock({ $0[path] }) { return known }
    let plugin = try LoadedPlugin(path: path, host: host)
    return loaded.withLock { all in
      if let known = all[path] { return known }
      all[path] = plugin
      return plugin
    }
  }

  private func path(of stage: Stage) throws(PluginError) -> String {
    if let plugin = stage.plugin {
      if plugin.contains("/") { return plugin }
      for directory in directories where unsafe access("\(directory)/\(plugin)", R_OK) == 0 {
        return "\(directory)/\(plugin)"
      }
      throw PluginError(.missing, "the plugin \(plugin) is in none of \(directories.joined(separator: ", "))")
    }
    guard
      stage.filter.utf8.allSatisfy({
        ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || "-_.".utf8.contains($0)
      })
    else { throw PluginError(.missing, "'\(stage.filter)' is no name of a filter") }
    let name = "libsluice-\(stage.filter).so"
    for directory in directories where unsafe access("\(directory)/\(name)", R_OK) == 0 {
      return "\(directory)/\(name)"
    }
    throw PluginError(
      .missing,
      "there is no filter '\(stage.filter)': no \(name) in \(directories.joined(separator: ", "))")
  }

  var hostTable: HostTable { host }
}

/// A shared library that has been loaded and has handed out its table.
final class LoadedPlugin: Sendable {
  let path: String
  let id: String
  let version: String
  let abi: String
  /// SHA-256 of the file, in hexadecimal.
  let digest: String
  private let extensions: @Sendable (String) -> UInt?

  init(path: String, host: HostTable) throws(PluginError) {
    self.path = path
    guard let bytes = Self.read(path) else { throw PluginError(.unreadable, "\(path) can't be read") }
    digest = Digest.sha256(bytes).hexadecimal
    unsafe dlerror()
    guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
      let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "the loader gave no reason"
      throw PluginError(.unreadable, "\(path) can't be loaded: \(reason)")
    }
    guard let symbol = unsafe dlsym(handle, "sluice_plugin_v1") else {
      throw PluginError(
        .notAPlugin,
        "\(path) is no plugin for this version: it does not export sluice_plugin_v1. Build it with this release's header"
      )
    }
    let entry = unsafe unsafeBitCast(symbol, to: sluice_plugin_entry.self)
    guard let table = unsafe entry(host.pointer) else {
      throw PluginError(
        .refused,
        "\(path) refuses to work with this host (ABI \(SLUICE_ABI_MAJOR).\(SLUICE_ABI_MINOR)). Get a build for this major version"
      )
    }
    let plugin = unsafe table.pointee
    guard unsafe plugin.size >= UInt32(MemoryLayout<sluice_plugin>.size),
      unsafe plugin.abi_major == SLUICE_ABI_MAJOR
    else {
      throw unsafe PluginError(
        .wrongABI,
        "\(path) was built for ABI \(plugin.abi_major).\(plugin.abi_minor), and this host has \(SLUICE_ABI_MAJOR).\(SLUICE_ABI_MINOR). Get a build for this major version"
      )
    }
    id = unsafe plugin.id.text
    version = unsafe plugin.version.text
    abi = unsafe "\(plugin.abi_major).\(plugin.abi_minor)"
    let address = UInt(bitPattern: table)
    extensions = { name in
      guard let table = unsafe UnsafePointer<sluice_plugin>(bitPattern: address) else { return nil }
      let found = unsafe name.withABI { id in unsafe table.pointee.get_extension?(table, id) ?? nil }
      return unsafe found.map { UInt(bitPattern: $0) }
    }
  }

  /// The table of a stage's extension.
  func table<T>(_ stage: Stage, _ type: T.Type) throws(PluginError) -> UnsafePointer<T> {
    let extensionID = "sluice.\(stage.kind.rawValue)/1"
    guard let address = extensions(extensionID), let table = unsafe UnsafePointer<T>(bitPattern: address)
    else {
      throw PluginError(
        .noSuchFilter, "the plugin \(id) provides no '\(stage.kind.rawValue)' filter (\(extensionID))")
    }
    return unsafe table
  }

  private static func read(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      if count == 0 { return unsafe ferror(file) == 0 ? bytes : nil }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}
