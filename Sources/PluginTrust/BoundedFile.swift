internal import Glibc

/// A file of a stranger, read whole and with a limit.
struct BoundedFile {
  let bytes: [UInt8]
  let status: stat

  /// Nil where there is no such file.
  init?(_ path: String, limit: Int, what: String) throws(PluginFile.Failure) {
    func failure(_ why: String) -> PluginFile.Failure { PluginFile.Failure(description: "\(path) \(why)") }
    // O_NONBLOCK: a pipe of that name must not make the host wait.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0, errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw failure("can't be read: \(PluginFile.reason(errno))") }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw failure("can't be read: \(PluginFile.reason(errno))")
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else { throw failure("is no \(what)") }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("changed while it was read, or can't be read") }
      filled += count
    }
    self.bytes = bytes
    self.status = status
  }
}
