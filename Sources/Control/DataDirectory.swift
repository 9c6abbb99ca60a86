internal import Glibc

/// The folder that holds an installation's store, secrets and evidence: its owner's alone.
public struct DataDirectory: Sendable {
  public let path: String

  /// Opens the folder, making it (mode 0700) where it is missing.
  /// - Throws: where it is a symbolic link, belongs to somebody else, or others may write to it.
  public init(_ path: String) throws(ControlError) {
    self.path = path
    if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
      throw ControlError(
        .unavailable, "\(path) can't be made: \(Self.reason()). Make it, or name another with --data")
    }
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      throw ControlError(.unavailable, "\(path) can't be looked at: \(Self.reason())")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw ControlError(
        .insecure, "\(path) is no folder (symbolic links are not followed). Name the folder itself")
    }
    guard status.st_uid == geteuid() else {
      throw ControlError(
        .insecure, "\(path) belongs to another user. Run as its owner, or name another with --data")
    }
    guard status.st_mode & 0o022 == 0 else {
      throw ControlError(.insecure, "others may write to \(path). Run: chmod go-w \(path)")
    }
  }

  private static func reason() -> String { unsafe String(cString: strerror(errno)) }

  /// A secret of this installation: 32 random bytes, made on first use and the same ever after.
  ///
  /// Replicas that are to make the same placeholders need the same file: copy `secrets/NAME.key`.
  public func secret(named name: String) throws(ControlError) -> [UInt8] {
    let folder = "\(path)/secrets"
    if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST {
      throw ControlError(.unavailable, "\(folder) can't be made: \(Self.reason())")
    }
    let file = "\(folder)/\(name).key"
    if let known = try Self.readSecret(file) { return known }
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    // Written under another name and linked into place: whoever comes second finds the first one's, whole.
    let draft = "\(file).\(Base32.random(10))"
    let handle = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard handle >= 0 else { throw ControlError(.unavailable, "\(draft) can't be made: \(Self.reason())") }
    let isWritten = unsafe write(handle, bytes, bytes.count) == bytes.count && fsync(handle) == 0
    close(handle)
    defer { unsafe unlink(draft) }
    guard isWritten else { throw ControlError(.unavailable, "\(draft) can't be written: \(Self.reason())") }
    if unsafe link(draft, file) != 0, errno != EEXIST {
      throw ControlError(.unavailable, "\(file) can't be made: \(Self.reason())")
    }
    guard let made = try Self.readSecret(file) else { throw ControlError(.unavailable, "\(file) is gone") }
    return made
  }

  private static func readSecret(_ file: String) throws(ControlError) -> [UInt8]? {
    let handle = unsafe open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    if handle < 0, errno == ENOENT { return nil }
    guard handle >= 0 else { throw ControlError(.unavailable, "\(file) can't be read: \(reason())") }
    defer { close(handle) }
    var status = stat()
    guard unsafe fstat(handle, &status) == 0, status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
      throw ControlError(
        .insecure, "others may read \(file), or it is another user's. Run: chmod 600 \(file)")
    }
    var bytes = [UInt8](repeating: 0, count: 33)
    guard unsafe read(handle, &bytes, 33) == 32 else {
      throw ControlError(
        .invalid, "\(file) does not hold 32 bytes. Restore it from a backup, or from another replica")
    }
    return Array(bytes[..<32])
  }
}
