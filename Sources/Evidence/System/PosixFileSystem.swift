import Glibc

/// The operating system's own calls. Interrupted calls are repeated; short ones are continued.
struct PosixFileSystem: FileSystem {
  static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  func openDirectory(_ path: String, followingLinks: Bool) throws(SystemFailure) -> OpenFile {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW)
    let descriptor = try check("open", path) { unsafe Glibc.open(path, flags) }
    return OpenFile(descriptor: descriptor, name: path)
  }

  func openDirectory(_ name: String, in directory: OpenFile) throws(SystemFailure) -> OpenFile {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
    let descriptor = try check("open", name) { unsafe openat(directory.descriptor, name, flags) }
    return OpenFile(descriptor: descriptor, name: name)
  }

  func makeDirectory(_ path: String) throws(SystemFailure) -> Bool {
    try makeDirectory(path, at: AT_FDCWD)
  }

  func makeDirectory(_ name: String, in directory: OpenFile) throws(SystemFailure) -> Bool {
    try makeDirectory(name, at: directory.descriptor)
  }

  private func makeDirectory(_ name: String, at descriptor: Int32) throws(SystemFailure) -> Bool {
    if unsafe mkdirat(descriptor, name, 0o700) == 0 { return true }
    let code = errno
    guard code == EEXIST else { throw SystemFailure(call: "mkdir", name: name, code: code) }
    return false
  }

  func open(_ name: String, in directory: OpenFile, _ mode: OpenMode) throws(SystemFailure) -> OpenFile {
    // O_NONBLOCK: opening a FIFO that somebody put there must not hang; it means nothing to a regular file.
    var flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    switch mode {
    case .read: flags |= O_RDONLY
    case .readWrite: flags |= O_RDWR
    case .create: flags |= O_RDWR | O_CREAT | O_EXCL
    case .createOrOpen: flags |= O_RDWR | O_CREAT
    }
    let descriptor = try check("open", name) { unsafe openat(directory.descriptor, name, flags, 0o600) }
    return OpenFile(descriptor: descriptor, name: name)
  }

  func status(of file: OpenFile) throws(SystemFailure) -> FileStatus {
    var status = stat()
    _ = try check("fstat", file.name) { unsafe fstat(file.descriptor, &status) }
    return FileStatus(
      isDirectory: status.st_mode & S_IFMT == S_IFDIR, isRegular: status.st_mode & S_IFMT == S_IFREG,
      owner: status.st_uid, permissions: status.st_mode & 0o7777, size: Int(status.st_size))
  }

  func names(in directory: OpenFile) throws(SystemFailure) -> [String] {
    // A descriptor of its own: a directory stream owns the one it is given, and its position.
    let copy = try check("open", directory.name) {
      unsafe openat(directory.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard let stream = unsafe fdopendir(copy) else {
      let code = errno
      Self.close(copy)
      throw SystemFailure(call: "opendir", name: directory.name, code: code)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        let code = errno
        guard code == 0 else { throw SystemFailure(call: "readdir", name: directory.name, code: code) }
        return names
      }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  func read(
    _ file: OpenFile, at offset: Int, into buffer: inout [UInt8], from start: Int
  ) throws(SystemFailure) -> Int {
    let wanted = buffer.count - start
    var done = 0
    while done < wanted {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe pread(
          file.descriptor, bytes.baseAddress?.advanced(by: start + done), wanted - done, off_t(offset + done))
      }
      if count == 0 { break }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw SystemFailure(call: "read", name: file.name, code: code)
      }
      done += count
    }
    return done
  }

  func write(_ file: OpenFile, at offset: Int, _ bytes: [UInt8]) throws(SystemFailure) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { raw in
        unsafe pwrite(
          file.descriptor, raw.baseAddress?.advanced(by: done), raw.count - done, off_t(offset + done))
      }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw SystemFailure(call: "write", name: file.name, code: code)
      }
      done += count
    }
  }

  func synchronizeData(_ file: OpenFile) throws(SystemFailure) {
    _ = try check("fdatasync", file.name) { fdatasync(file.descriptor) }
  }

  func synchronize(_ file: OpenFile) throws(SystemFailure) {
    _ = try check("fsync", file.name) { fsync(file.descriptor) }
  }

  func allocate(_ file: OpenFile, size: Int) throws(SystemFailure) {
    // posix_fallocate returns its error instead of setting errno.
    var code: Int32
    repeat { code = posix_fallocate(file.descriptor, 0, off_t(size)) } while code == EINTR
    guard code == 0 else { throw SystemFailure(call: "posix_fallocate", name: file.name, code: code) }
  }

  func truncate(_ file: OpenFile, size: Int) throws(SystemFailure) {
    _ = try check("ftruncate", file.name) { ftruncate(file.descriptor, off_t(size)) }
  }

  func rename(_ from: String, to: String, in directory: OpenFile) throws(SystemFailure) {
    _ = try check("rename", from) { unsafe renameat(directory.descriptor, from, directory.descriptor, to) }
  }

  func remove(_ name: String, in directory: OpenFile) throws(SystemFailure) {
    if unsafe unlinkat(directory.descriptor, name, 0) != 0 {
      let code = errno
      guard code == ENOENT else { throw SystemFailure(call: "unlink", name: name, code: code) }
    }
  }

  func removeDirectory(_ name: String, in directory: OpenFile) throws(SystemFailure) {
    if unsafe unlinkat(directory.descriptor, name, AT_REMOVEDIR) != 0 {
      let code = errno
      guard code == ENOENT || code == ENOTEMPTY || code == EEXIST else {
        throw SystemFailure(call: "rmdir", name: name, code: code)
      }
    }
  }

  func lock(_ file: OpenFile) throws(SystemFailure) -> FileLock? {
    if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 { return FileLock(of: file) }
    let code = errno
    guard code == EWOULDBLOCK else { throw SystemFailure(call: "flock", name: file.name, code: code) }
    return nil
  }

  static func unlock(_ file: OpenFile) { _ = flock(file.descriptor, LOCK_UN) }

  func isLocked(_ file: OpenFile) throws(SystemFailure) -> Bool {
    if flock(file.descriptor, LOCK_SH | LOCK_NB) == 0 {
      Self.unlock(file)
      return false
    }
    let code = errno
    guard code == EWOULDBLOCK else { throw SystemFailure(call: "flock", name: file.name, code: code) }
    return true
  }

  private func check(
    _ call: StaticString, _ name: String, _ body: () -> Int32
  ) throws(SystemFailure) -> Int32 {
    while true {
      let result = body()
      if result >= 0 { return result }
      let code = errno
      guard code == EINTR else { throw SystemFailure(call: call, name: name, code: code) }
    }
  }
}

extension SystemFailure {
  static var noSpace: Int32 { ENOSPC }
  static var quotaExceeded: Int32 { EDQUOT }
  static var tooBig: Int32 { EFBIG }
  static var missing: Int32 { ENOENT }
  static var symbolicLink: Int32 { ELOOP }
  static var exists: Int32 { EEXIST }
  static var inputOutput: Int32 { EIO }
  static var denied: Int32 { EACCES }
  static var notDirectory: Int32 { ENOTDIR }

  /// The C library's words for the code.
  var reason: String {
    var text = [UInt8](repeating: 0, count: 128)
    let message = unsafe text.withUnsafeMutableBytes { bytes -> String in
      unsafe bytes.withMemoryRebound(to: CChar.self) { buffer in
        guard let base = buffer.baseAddress else { return "" }
        // The XSI form: fills the buffer and returns 0.
        return unsafe strerror_r(code, base, buffer.count) == 0 ? String(cString: base) : "error \(code)"
      }
    }
    return message
  }
}

/// The user that this process acts as.
func effectiveUser() -> UInt32 { geteuid() }
