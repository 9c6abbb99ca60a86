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
    // O_NONBLOCK: a pipe of that name must not make the host wait.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure(description: "\(path) can't be read: \(Self.reason())") }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw Failure(description: "\(path) can't be read: \(Self.reason())")
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.maximumSize else {
      throw Failure(description: "\(path) is no file of at most \(Self.maximumSize >> 20) MiB")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw Failure(description: "\(path) changed while it was read, or can't be read")
      }
      filled += count
    }
    self.path = path
    self.bytes = bytes
    digest = Hash.sha256(bytes)
  }

  /// The path without symbolic links and dots: one file, one name.
  public static func canonical(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// What it says of itself; nil where it says nothing.
  public func note() throws(PluginNote.Failure) -> PluginNote? {
    guard let image = ELFImage(bytes) else { return nil }
    return try PluginNote(of: image)
  }

  static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
