internal import Glibc

/// The file of a plugin, before anything of it runs.
enum PluginFile {
  /// As many bytes as a plugin may have.
  static let maximumSize = 512 << 20

  /// SHA-256 of the file, in hexadecimal.
  static func digest(_ path: String) throws(PluginError) -> String {
    // O_NONBLOCK: a pipe of that name must not make the host wait.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw PluginError(.unreadable, "\(path) can't be read: \(reason())") }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw PluginError(.unreadable, "\(path) can't be read: \(reason())")
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= maximumSize else {
      throw PluginError(.unreadable, "\(path) is no file of at most \(maximumSize >> 20) MiB")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw PluginError(.unreadable, "\(path) changed while it was read, or can't be read")
      }
      filled += count
    }
    return Digest.sha256(bytes).hexadecimal
  }

  /// The path without symbolic links and dots: one file, one name.
  static func canonical(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  private static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
