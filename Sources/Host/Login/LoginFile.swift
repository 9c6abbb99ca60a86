internal import Foundation
internal import Glibc
internal import JSONTree

/// Who is logged in on this machine: one gateway and its key, in `$XDG_CONFIG_HOME/sluice/login.json`, for its owner's
/// eyes alone.
struct LoginFile {
  let gateway: String
  let key: String
  let subject: String
  /// Seconds since 1970 UTC.
  let expires: Int64
  /// A PEM file that is trusted in place of the system's; empty: the system's.
  let authorities: String

  private static var folder: String {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? "."
    // A relative path there is to be ignored (XDG Base Directory Specification).
    let base = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.config"
    return "\(base)/sluice"
  }

  static var path: String { "\(folder)/login.json" }

  /// Nil where nobody is logged in.
  /// - Throws: where others may read the file.
  static func read() throws -> LoginFile? {
    let handle = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    if handle < 0, errno == ENOENT { return nil }
    let file = FileHandle(fileDescriptor: handle, closeOnDealloc: true)
    var status = stat()
    guard handle >= 0, unsafe fstat(handle, &status) == 0, status.st_mode & 0o077 == 0,
      status.st_uid == geteuid()
    else {
      throw CommandFailure(
        message: "others may read \(path), or it is another user's. Run: chmod 600 \(path), and log in again",
        code: 2)
    }
    guard let data = try? file.read(upToCount: 64 << 10), let fields = try? JSONReader.read(Array(data)),
      let gateway = fields["gateway"]?.string, let key = fields["key"]?.string,
      let expires = fields["expires"]?.integer
    else { throw CommandFailure(message: "\(path) can't be understood; log in again", code: 2) }
    return LoginFile(
      gateway: gateway, key: key, subject: fields["subject"]?.string ?? "", expires: Int64(expires),
      authorities: fields["ca"]?.string ?? "")
  }

  /// Written under another name and moved into place, with nobody else's permissions at any time.
  func write() throws {
    let folder = Self.folder
    try? FileManager.default.createDirectory(
      atPath: (folder as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    unsafe mkdir(folder, 0o700)
    let draft = "\(Self.path).\(getpid())"
    let text = JSONValue.fields([
      "ca": .string(authorities), "expires": .integer(expires), "gateway": .string(gateway),
      "key": .string(key),
      "subject": .string(subject),
    ]).canonical
    let handle = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard handle >= 0 else {
      throw CommandFailure(
        message: "\(draft) can't be made: \(unsafe String(cString: strerror(errno)))", code: 2)
    }
    let isWritten = unsafe Glibc.write(handle, text, text.count) == text.count && fsync(handle) == 0
    close(handle)
    guard isWritten, unsafe rename(draft, Self.path) == 0 else {
      unsafe unlink(draft)
      throw CommandFailure(message: "\(Self.path) can't be written", code: 2)
    }
  }

  static func remove() { unsafe unlink(path) }
}
