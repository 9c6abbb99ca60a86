internal import Glibc
internal import PluginTrust
internal import Synchronization

/// A library that this process has loaded: the one place that calls `dlopen`.
///
/// It is never closed, which a Swift library would not survive. The same bytes are loaded once, whatever path they came
/// from, as the loader itself does with one file.
@safe struct OpenLibrary: @unchecked Sendable {  // a handle may be used from any thread
  private let handle: UnsafeMutableRawPointer

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
      let library = unsafe OpenLibrary(handle: handle)
      all[digest] = library
      return (library, true)
    }
    if isNew { _ = verified.image.keep() }
    return library
  }

  /// A function that it exports; nil where it does not.
  func symbol(_ name: String) -> UnsafeMutableRawPointer? { unsafe dlsym(handle, name) }
}
