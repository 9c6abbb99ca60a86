internal import FilterABI
internal import Glibc
internal import PluginTrust
internal import Synchronization

/// A library that this process has loaded: the one place that calls `dlopen`.
///
/// It is never closed, which a Swift library would not survive. The same bytes are loaded once, whatever path they came
/// from, as the loader itself does with one file.
@safe final class OpenLibrary: @unchecked Sendable {  // a handle may be used from any thread
  /// Held around calls tagged [control]: never two at once for one library, whoever asks.
  let control = Mutex<Void>(())
  private let handle: UnsafeMutableRawPointer
  /// What its entry handed out, by the host that it was given: it is asked once.
  private let tables = Mutex<[UInt: Table]>([:])

  @safe private struct Table: @unchecked Sendable {  // never changed or freed, by contract
    let pointer: UnsafePointer<sluice_plugin>
  }

  private init(_ handle: UnsafeMutableRawPointer) { unsafe self.handle = unsafe handle }

  private static let all = Mutex<[String: OpenLibrary]>([:])

  /// The library of a plugin. Its constructors run in that, unless it is loaded already.
  /// - Throws: the loader's reason.
  static func open(_ verified: consuming VerifiedPlugin) throws(PluginError) -> OpenLibrary {
    let (path, digest, image) = (verified.path, verified.digest, verified.image.path)
    let (library, isNew) = try all.withLock { (all) throws(PluginError) in
      if let known = all[digest] { return (known, false) }
      unsafe dlerror()
      guard let handle = unsafe dlopen(image, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
        let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "the loader gave no reason"
        throw PluginError(
          .unreadable,
          "\(path) can't be loaded: \(reason). A plugin is one file: what it needs is looked for in the system's "
            + "folders, not beside it")
      }
      let library = unsafe OpenLibrary(handle)
      all[digest] = library
      return (library, true)
    }
    if isNew { _ = verified.image.keep() }
    return library
  }

  /// What its entry hands out to a host: the same each time, whichever build was loaded in between.
  /// - Parameter path: what messages call it.
  func table(for host: HostTable, path: String) throws(PluginError) -> UnsafePointer<sluice_plugin> {
    let key = unsafe UInt(bitPattern: host.pointer)
    let made = try tables.withLock { (tables) throws(PluginError) in
      if let known = tables[key] { return known }
      let raw = unsafe try enter(host, path)
      let table = unsafe Table(pointer: raw)
      tables[key] = table
      return table
    }
    return unsafe made.pointer
  }

  private func enter(_ host: HostTable, _ path: String) throws(PluginError) -> UnsafePointer<sluice_plugin> {
    guard let symbol = unsafe dlsym(handle, "sluice_plugin_v1") else {
      throw PluginError(
        .notAPlugin,
        "\(path) is no plugin: it does not export 'sluice_plugin_v1'. Build it with this release's header")
    }
    let entry = unsafe unsafeBitCast(symbol, to: sluice_plugin_entry.self)
    let answer = control.withLock { _ in unsafe Answer(pointer: entry(host.pointer)) }
    guard let raw = unsafe answer.pointer else {
      throw PluginError(
        .refused,
        "\(path) refuses to work with this host: this host has ABI \(SLUICE_ABI_MAJOR).\(SLUICE_ABI_MINOR). "
          + "Get a build for this major version")
    }
    return unsafe raw
  }

  @safe private struct Answer: @unchecked Sendable {  // as Table
    let pointer: UnsafePointer<sluice_plugin>?
  }
}
