internal import Foundation
internal import Glibc

/// Where an installation's store is: in its data directory, or in a Postgres that it shares with others.
///
/// It is a fact of the installation, not an option of each command, so that no command can look into the wrong one: the
/// file `store` in the data directory (its owner's alone, as the address may hold a password), or `SLUICE_STORE` in the
/// environment, which goes before it.
public enum StoreAddress: Sendable, Equatable {
  case local
  case shared(String)

  private static let variable = "SLUICE_STORE"
  private static let longest = 4096

  static func read(in directory: DataDirectory) throws(ControlError) -> StoreAddress {
    if let value = unsafe getenv(variable) {
      let text = unsafe String(cString: value)
      if text.hasPrefix("file:") {
        return try parse(try contents(of: String(text.dropFirst(5))) ?? "", variable)
      }
      return try parse(text, variable)
    }
    guard let text = try contents(of: file(in: directory)) else { return .local }
    return try parse(text, file(in: directory))
  }

  static func file(in directory: DataDirectory) -> String { "\(directory.path)/store" }

  /// Makes it the installation's store, from the next start and the next command on.
  public func use(in directory: DataDirectory) throws(ControlError) {
    let path = Self.file(in: directory)
    guard case .shared(let url) = self else {
      if unsafe unlink(path) != 0, errno != ENOENT {
        throw ControlError(.unavailable, "\(path) can't be removed")
      }
      return
    }
    let draft = "\(path).\(getpid())"
    let handle = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard handle >= 0 else { throw ControlError(.unavailable, "\(draft) can't be made") }
    let bytes = Array((url + "\n").utf8)
    let isWritten = unsafe write(handle, bytes, bytes.count) == bytes.count && fsync(handle) == 0
    close(handle)
    guard isWritten, unsafe rename(draft, path) == 0 else {
      unsafe unlink(draft)
      throw ControlError(.unavailable, "\(path) can't be written")
    }
  }

  /// - Parameter text: `local`, or a connection URI.
  public static func parse(_ text: String, _ place: String) throws(ControlError) -> StoreAddress {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if text == "local" { return .local }
    guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://"), text.utf8.count <= longest else {
      throw ControlError(
        .invalid, "\(place) says no store: it is postgres://USER@HOST/DATABASE, or local")
    }
    return .shared(text)
  }

  /// For people: without a password.
  public var printable: String {
    switch self {
    case .local: "local"
    case .shared(let url): (try? PostgresParameters(url).printable) ?? "postgres://?"
    }
  }

  private static func contents(of path: String) throws(ControlError) -> String? {
    let handle = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    if handle < 0, errno == ENOENT { return nil }
    guard handle >= 0 else { throw ControlError(.unavailable, "\(path) can't be read") }
    defer { close(handle) }
    var status = stat()
    guard unsafe fstat(handle, &status) == 0, status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
      throw ControlError(
        .insecure, "others may read \(path), or it is another user's. Run: chmod 600 \(path)")
    }
    var bytes = [UInt8](repeating: 0, count: longest)
    let count = unsafe Glibc.read(handle, &bytes, bytes.count)
    guard count >= 0 else { throw ControlError(.unavailable, "\(path) can't be read") }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
