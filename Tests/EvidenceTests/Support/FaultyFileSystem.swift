import Glibc
import Synchronization

@testable import Evidence

/// The real file system, but for the calls that a test lets fail.
final class FaultyFileSystem: FileSystem {
  enum Call: Sendable { case write, synchronizeData, allocate, rename, truncate }

  struct Fault: Sendable {
    var call: Call
    /// Only for files whose name begins so.
    var prefix = ""
    /// How many calls succeed before.
    var after = 0
    var code: Int32 = EIO
    /// For a write: how many of its bytes arrive all the same.
    var partialBytes = 0
  }

  private let real = PosixFileSystem()
  private let faults = Mutex<[Fault]>([])
  /// Closed while a test holds up the preparation of segments.
  let allocationGate = Monitor(true)

  func inject(_ fault: Fault) { faults.withLock { $0.append(fault) } }
  func heal() { faults.withLock { $0 = [] } }

  /// The fault that is due, if one is; it stays due.
  private func due(_ call: Call, _ name: String) -> Fault? {
    faults.withLock { faults in
      for index in faults.indices where faults[index].call == call && name.hasPrefix(faults[index].prefix) {
        if faults[index].after == 0 { return faults[index] }
        faults[index].after -= 1
      }
      return nil
    }
  }

  private func check(_ call: Call, _ name: String) throws(SystemFailure) {
    if let fault = due(call, name) { throw SystemFailure(call: "injected", name: name, code: fault.code) }
  }

  func write(_ file: OpenFile, at offset: Int, _ bytes: [UInt8]) throws(SystemFailure) {
    if let fault = due(.write, file.name) {
      try real.write(file, at: offset, Array(bytes.prefix(fault.partialBytes)))
      throw SystemFailure(call: "injected", name: file.name, code: fault.code)
    }
    try real.write(file, at: offset, bytes)
  }

  func synchronizeData(_ file: OpenFile) throws(SystemFailure) {
    try check(.synchronizeData, file.name)
    try real.synchronizeData(file)
  }

  func allocate(_ file: OpenFile, size: Int) throws(SystemFailure) {
    _ = allocationGate.wait(until: nil) { $0 ? true : nil }
    try check(.allocate, file.name)
    try real.allocate(file, size: size)
  }

  func truncate(_ file: OpenFile, size: Int) throws(SystemFailure) {
    try check(.truncate, file.name)
    try real.truncate(file, size: size)
  }

  func rename(_ from: String, to: String, in directory: OpenFile) throws(SystemFailure) {
    try check(.rename, from)
    try real.rename(from, to: to, in: directory)
  }

  func openDirectory(_ path: String, followingLinks: Bool) throws(SystemFailure) -> OpenFile {
    try real.openDirectory(path, followingLinks: followingLinks)
  }

  func openDirectory(_ name: String, in directory: OpenFile) throws(SystemFailure) -> OpenFile {
    try real.openDirectory(name, in: directory)
  }

  func makeDirectory(_ path: String) throws(SystemFailure) -> Bool { try real.makeDirectory(path) }

  func makeDirectory(_ name: String, in directory: OpenFile) throws(SystemFailure) -> Bool {
    try real.makeDirectory(name, in: directory)
  }

  func open(_ name: String, in directory: OpenFile, _ mode: OpenMode) throws(SystemFailure) -> OpenFile {
    try real.open(name, in: directory, mode)
  }

  func status(of file: OpenFile) throws(SystemFailure) -> FileStatus { try real.status(of: file) }
  func names(in directory: OpenFile) throws(SystemFailure) -> [String] { try real.names(in: directory) }

  func read(
    _ file: OpenFile, at offset: Int, into buffer: inout [UInt8], from start: Int
  ) throws(SystemFailure) -> Int {
    try real.read(file, at: offset, into: &buffer, from: start)
  }

  func synchronize(_ file: OpenFile) throws(SystemFailure) { try real.synchronize(file) }
  func remove(_ name: String, in directory: OpenFile) throws(SystemFailure) {
    try real.remove(name, in: directory)
  }
  func removeDirectory(_ name: String, in directory: OpenFile) throws(SystemFailure) {
    try real.removeDirectory(name, in: directory)
  }
  func lock(_ file: OpenFile) throws(SystemFailure) -> FileLock? { try real.lock(file) }
  func isLocked(_ file: OpenFile) throws(SystemFailure) -> Bool { try real.isLocked(file) }
}
