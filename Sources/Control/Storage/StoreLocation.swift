internal import Glibc

/// Where the store is.
public enum StoreLocation: Sendable {
  /// A file in the data directory.
  case local
  /// A database that several gateways use.
  case shared(PostgresLocation)

  /// Its text, which holds no secret.
  fileprivate var text: String {
    switch self {
    case .local: "local"
    case .shared(let place): place.text
    }
  }

  /// What a file that names the store may hold, in bytes.
  private static let largest = 4096

  /// - Parameter text: `postgres://…`, `file:PATH` of a file that holds one, or `local`.
  public init(_ text: String) throws(ControlError) {
    if text == "local" {
      self = .local
    } else if text.hasPrefix("file:") {
      self = .shared(try PostgresLocation(try Self.read(String(text.dropFirst(5)))))
    } else {
      self = .shared(try PostgresLocation(text))
    }
  }

  private static func read(_ path: String) throws(ControlError) -> String {
    guard let text = SmallFile.line(path, atMost: largest) else {
      throw ControlError(
        .invalid, "the file \(path), which is to name the store, can't be read or holds no line")
    }
    return text
  }
}

extension DataDirectory {
  private var locationFile: String { "\(path)/store" }

  /// Where its store is: what it was served with last, so that no command takes another by mistake.
  func storeLocation() throws(ControlError) -> StoreLocation {
    guard unsafe access(locationFile, F_OK) == 0 else { return .local }
    guard let text = SmallFile.line(locationFile, atMost: 4096) else {
      throw ControlError(.invalid, "\(locationFile), which names the store, can't be read or holds no line")
    }
    return try StoreLocation(text)
  }

  /// Keeps where the store is. [blocking]
  public func remember(_ location: StoreLocation) throws(ControlError) {
    let line = Array((location.text + "\n").utf8)
    let draft = "\(locationFile).\(getpid())"
    let file = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    var isKept = unsafe file >= 0 && write(file, line, line.count) == line.count && fsync(file) == 0
    if file >= 0 { close(file) }
    if isKept { isKept = unsafe rename(draft, locationFile) == 0 }
    guard isKept else {
      unsafe unlink(draft)
      throw ControlError(.unavailable, "\(locationFile) can't be written: see the folder's rights and space")
    }
  }
}

/// A file that holds one line.
enum SmallFile {
  /// Nil where it can't be read, is empty, too long or holds a NUL.
  static func line(_ path: String, atMost limit: Int) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let count = unsafe Glibc.read(file, &bytes, bytes.count)
    defer { unsafe explicit_bzero(&bytes, bytes.count) }
    var text = bytes[..<max(count, 0)]
    while text.last == 0x0A || text.last == 0x0D { text.removeLast() }
    guard !text.isEmpty, count <= limit, !text.contains(0), !text.contains(0x0A) else { return nil }
    return String(validating: text, as: UTF8.self)
  }
}
