internal import Glibc

/// A system call that failed.
struct SystemError: Error {
  let call: SystemCalls.Name
  let code: Int32

  /// Whether there is no more room, as opposed to something being broken.
  var isFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }

  /// For people; names no path, as a path may tell more than a log should.
  var message: String {
    let text = unsafe strerror(code).map { unsafe String(cString: $0) }
    return "\(call.rawValue): \(text ?? "error \(code)")"
  }
}

/// Every system call of this plugin. None of them follows a symbolic link below the directory's parent.
struct SystemCalls: Sendable {
  enum Name: String, Sendable {
    case open, makeDirectory = "mkdir", status = "fstat", mode = "fchmod", lock = "flock", read, write
    case sync = "fdatasync", syncDirectory = "fsync", truncate = "ftruncate", rename, remove = "unlink",
      list = "readdir"
    case times = "futimens"
  }

  /// What is known of an open file.
  struct Status {
    let size: UInt64
    /// Seconds since 1970.
    let modified: Int64
    let isRegular, isDirectory, isOurs: Bool
    let links: UInt64
    let permissions: UInt32
  }

  /// Asked before each call: another answer than 0 is the error that the call fails with. For tests.
  var fault: @Sendable (Name) -> Int32 = { _ in 0 }
  /// Seconds since 1970 UTC.
  var now: @Sendable () -> Int64 = {
    var time = timespec()
    return unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 ? Int64(time.tv_sec) : 0
  }

  /// Runs a call again while signals interrupt it, and turns its errno into an error.
  private func run<R: SignedInteger>(_ name: Name, _ body: () -> R) throws(SystemError) -> R {
    let injected = fault(name)
    guard injected == 0 else { throw SystemError(call: name, code: injected) }
    while true {
      let result = body()
      if result >= 0 { return result }
      if errno != EINTR { throw SystemError(call: name, code: errno) }
    }
  }

  /// A directory by its path, made with mode 0700 where it is missing. The last part may be no symbolic link.
  func openDirectory(_ path: String) throws(SystemError) -> Int32 {
    var parent = "."
    var last = path
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
      parent = slash == path.startIndex ? "/" : String(path[..<slash])
      last = String(path[path.index(after: slash)...])
    }
    let above = try run(.open) { unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { close(above) }
    do throws(SystemError) {
      _ = try run(.makeDirectory) { unsafe mkdirat(above, last, 0o700) }
      try syncDirectory(above)
    } catch {
      if error.code != EEXIST { throw error }
    }
    return try run(.open) { unsafe openat(above, last, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
  }

  /// A directory that is there, for reading.
  func openExisting(_ path: String) throws(SystemError) -> Int32 {
    try run(.open) { unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }

  /// A file for appending and reading; with `flags` of O_CREAT and O_EXCL, as they say.
  func openForAppending(_ directory: Int32, _ name: String, _ flags: Int32 = 0) throws(SystemError) -> Int32 {
    let flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags
    return try run(.open) { unsafe openat(directory, name, flags, 0o600 as mode_t) }
  }

  /// A file whose lock is all that matters; made where it is missing.
  func openLock(_ directory: Int32, _ name: String) throws(SystemError) -> Int32 {
    try openForAppending(directory, name, O_CREAT)
  }

  func openForReading(_ directory: Int32, _ name: String) throws(SystemError) -> Int32 {
    try run(.open) { unsafe openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
  }

  /// A file that must not be there yet.
  func create(_ directory: Int32, _ name: String) throws(SystemError) -> Int32 {
    try openForAppending(directory, name, O_CREAT | O_EXCL)
  }

  func closeFile(_ file: Int32) { close(file) }

  func status(_ file: Int32) throws(SystemError) -> Status {
    var raw = stat()
    _ = try run(.status) { unsafe fstat(file, &raw) }
    return Status(
      size: UInt64(max(raw.st_size, 0)), modified: Int64(raw.st_mtim.tv_sec),
      isRegular: raw.st_mode & S_IFMT == S_IFREG, isDirectory: raw.st_mode & S_IFMT == S_IFDIR,
      isOurs: raw.st_uid == geteuid(), links: UInt64(raw.st_nlink), permissions: raw.st_mode & 0o7777)
  }

  func setMode(_ file: Int32, _ mode: UInt32) throws(SystemError) {
    _ = try run(.mode) { fchmod(file, mode) }
  }

  /// Takes the lock that belongs to the open file, or fails with EWOULDBLOCK.
  func lock(_ file: Int32) throws(SystemError) { _ = try run(.lock) { flock(file, LOCK_EX | LOCK_NB) } }

  /// Before closing: a process that is just being started has the descriptor, too, until it runs its program.
  func unlock(_ file: Int32) { flock(file, LOCK_UN) }

  /// Writes all of it.
  func write(_ file: Int32, _ bytes: [UInt8]) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let rest = bytes.span.extracting(written..<bytes.count)
      written += try run(.write) {
        unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      }
    }
  }

  /// Reads up to `count` bytes from `offset` on into `buffer`, which is emptied before; none at the end.
  func read(_ file: Int32, at offset: UInt64, count: Int, into buffer: inout [UInt8]) throws(SystemError) {
    if buffer.count != count { buffer = [UInt8](repeating: 0, count: count) }
    let length = try run(.read) {
      unsafe buffer.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, $0.count, off_t(offset)) }
    }
    buffer.removeLast(count - length)
  }

  func sync(_ file: Int32) throws(SystemError) { _ = try run(.sync) { fdatasync(file) } }

  func syncDirectory(_ directory: Int32) throws(SystemError) {
    _ = try run(.syncDirectory) { fsync(directory) }
  }

  func truncate(_ file: Int32, to size: UInt64) throws(SystemError) {
    _ = try run(.truncate) { ftruncate(file, off_t(size)) }
  }

  func rename(_ directory: Int32, _ name: String, to other: String) throws(SystemError) {
    _ = try run(.rename) { unsafe renameat(directory, name, directory, other) }
  }

  func remove(_ directory: Int32, _ name: String) throws(SystemError) {
    _ = try run(.remove) { unsafe unlinkat(directory, name, 0) }
  }

  /// Gives a file the time at which another was last changed.
  func setModified(_ file: Int32, _ seconds: Int64) throws(SystemError) {
    let times = [timespec(tv_sec: Int(seconds), tv_nsec: 0), timespec(tv_sec: Int(seconds), tv_nsec: 0)]
    _ = try run(.times) { unsafe futimens(file, times) }
  }

  /// The names in a directory, but `.` and `..`.
  func list(_ directory: Int32) throws(SystemError) -> [String] {
    // A stream of its own: closing it closes its descriptor, and reading moves its position.
    let copy = try run(.list) { unsafe openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard let stream = unsafe fdopendir(copy) else {
      let code = errno
      close(copy)
      throw SystemError(call: .list, code: code)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    if errno != 0 { throw SystemError(call: .list, code: errno) }
    return names
  }
}

extension SystemError {
  /// The file is not there.
  var isMissing: Bool { code == ENOENT }

  /// zlib found no memory.
  static let noMemory = SystemError(call: .write, code: ENOMEM)

  /// The file is another user's, is no plain file, or has a second name.
  static let refused = SystemError(call: .open, code: EPERM)
}
