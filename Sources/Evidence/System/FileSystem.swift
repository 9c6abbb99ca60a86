/// A refused system call.
struct SystemFailure: Error, Sendable, CustomStringConvertible {
  let call: StaticString
  /// What the call was about: a file's name or a directory's path.
  let name: String
  /// The `errno` it left.
  let code: Int32

  var description: String { "\(name): \(call): \(reason)" }
}

/// An open descriptor, closed when the last reference goes.
final class OpenFile: Sendable {
  let descriptor: Int32
  /// For messages only.
  let name: String

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  deinit { PosixFileSystem.close(descriptor) }
}

/// The exclusive lock of a file (flock(2)), held until the last reference goes.
final class FileLock: Sendable {
  private let file: OpenFile

  /// `file` is locked already.
  init(of file: OpenFile) { self.file = file }

  /// Closing alone would not do: a process that is just being started has the descriptor, too, until it runs its program.
  deinit { PosixFileSystem.unlock(file) }
}

/// What `fstat` says that the log cares about.
struct FileStatus: Sendable {
  var isDirectory: Bool
  var isRegular: Bool
  var owner: UInt32
  /// The lower twelve mode bits.
  var permissions: UInt32
  var size: Int
}

/// How a file is opened. Symbolic links are never followed.
enum OpenMode: Sendable {
  case read
  case readWrite
  /// Must not exist yet; mode 0600.
  case create
  /// May exist; mode 0600 if it doesn't.
  case createOrOpen
}

/// Every call that the log makes to the operating system, in one place, so that tests can make each fail.
/// All of them block. Offsets and sizes are bytes.
protocol FileSystem: Sendable {
  func openDirectory(_ path: String, followingLinks: Bool) throws(SystemFailure) -> OpenFile
  func openDirectory(_ name: String, in directory: OpenFile) throws(SystemFailure) -> OpenFile
  /// Mode 0700. False where it was there already.
  @discardableResult func makeDirectory(_ path: String) throws(SystemFailure) -> Bool
  @discardableResult func makeDirectory(_ name: String, in directory: OpenFile) throws(SystemFailure) -> Bool
  func open(_ name: String, in directory: OpenFile, _ mode: OpenMode) throws(SystemFailure) -> OpenFile
  func status(of file: OpenFile) throws(SystemFailure) -> FileStatus
  /// The names in a directory, in no order, without `.` and `..`.
  func names(in directory: OpenFile) throws(SystemFailure) -> [String]
  /// Fills `buffer` from `start` on and returns how many bytes came; less than asked for at the file's end.
  func read(_ file: OpenFile, at offset: Int, into buffer: inout [UInt8], from start: Int)
    throws(SystemFailure) -> Int
  /// Writes all of `bytes`, or throws.
  func write(_ file: OpenFile, at offset: Int, _ bytes: [UInt8]) throws(SystemFailure)
  /// `fdatasync`.
  func synchronizeData(_ file: OpenFile) throws(SystemFailure)
  /// `fsync`: for directories after a name changed.
  func synchronize(_ file: OpenFile) throws(SystemFailure)
  /// Reserves blocks, so that later writes can't find the disk full.
  func allocate(_ file: OpenFile, size: Int) throws(SystemFailure)
  func truncate(_ file: OpenFile, size: Int) throws(SystemFailure)
  func rename(_ from: String, to: String, in directory: OpenFile) throws(SystemFailure)
  /// A missing file is not an error.
  func remove(_ name: String, in directory: OpenFile) throws(SystemFailure)
  /// A directory that is missing or holds something is left as it is.
  func removeDirectory(_ name: String, in directory: OpenFile) throws(SystemFailure)
  /// Takes the exclusive lock; nil where somebody holds it.
  func lock(_ file: OpenFile) throws(SystemFailure) -> FileLock?
  /// Whether somebody holds the exclusive lock.
  func isLocked(_ file: OpenFile) throws(SystemFailure) -> Bool
}

extension FileSystem {
  /// The whole of a small file. Throws `EFBIG` beyond `limit` bytes.
  func contents(of name: String, in directory: OpenFile, limit: Int) throws(SystemFailure) -> [UInt8] {
    let file = try open(name, in: directory, .read)
    let size = try status(of: file).size
    guard size <= limit else {
      throw SystemFailure(call: "read", name: name, code: SystemFailure.tooBig)
    }
    var bytes = [UInt8](repeating: 0, count: size)
    let count = try read(file, at: 0, into: &bytes, from: 0)
    bytes.removeLast(size - count)
    return bytes
  }
}
