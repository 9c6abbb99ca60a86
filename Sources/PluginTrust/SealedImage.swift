internal import Glibc
internal import SealedMemory

/// A plugin's bytes as they were judged, in memory that nobody can change any more.
///
/// What is loaded is then what was hashed, whoever may write to the plugin's file in between.
public struct SealedImage: ~Copyable, Sendable {
  private let descriptor: Int32

  init(_ bytes: [UInt8], name: String) throws(PluginFile.Failure) {
    descriptor = unsafe bytes.withUnsafeBytes { unsafe sluice_seal(name, $0.baseAddress, $0.count) }
    guard descriptor < 0 else { return }
    let reason = errno
    throw PluginFile.Failure(
      description: "\(name) can't be copied into memory that can't be changed: \(PluginFile.reason(reason))"
        + (reason == EACCES
          ? ". Libraries are loaded from there: set the sysctl vm.memfd_noexec to 0 or 1" : ""))
  }

  deinit { close(descriptor) }

  /// Where the loader finds it, as long as the descriptor is open.
  public var path: String { "/proc/self/fd/\(descriptor)" }

  /// Keeps the descriptor open for ever, and returns it.
  ///
  /// To be called once something has been loaded from ``path``: the loader knows a library by the path that it came
  /// from, and a Swift library is never unloaded. Were the descriptor closed, its number would be given to the next
  /// file, and `dlopen` of the same path would hand back this library instead of that one.
  public consuming func keep() -> Int32 {
    let kept = descriptor
    discard self
    return kept
  }
}
