internal import Glibc

/// The file of a plugin, read whole before anything of it runs.
public struct PluginFile: Sendable {
  /// As many bytes as a plugin may have.
  public static let maximumSize = 512 << 20

  public let path: String
  public let bytes: [UInt8]
  /// SHA-256 in hexadecimal.
  public let digest: String

  /// Why a file can't be used.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// Reads it. May block.
  public init(reading path: String) throws(Failure) {
    guard
      let file = try BoundedFile(
        path, limit: Self.maximumSize, what: "file of at most \(Self.maximumSize >> 20) MiB")
    else { throw Failure(description: "\(path) can't be read: \(Self.reason(ENOENT))") }
    self.path = path
    bytes = file.bytes
    digest = Hash.sha256(file.bytes)
  }

  /// The path without symbolic links and dots: one file, one name.
  public static func canonical(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// The last part of its path, by which a lock file lists it.
  public var name: String { path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path }

  /// What it says of itself; nil where it says nothing.
  public func note() throws(PluginNote.Failure) -> PluginNote? {
    guard let image = ELFImage(bytes) else { return nil }
    return try PluginNote(of: image)
  }

  /// These bytes, and no others, to be loaded.
  public func sealed() throws(Failure) -> SealedImage { try SealedImage(bytes, name: name) }

  static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
