internal import FilterKit
internal import Glibc

/// Where a password is read from. It is read at each connecting, so that one that was changed is taken up, and is in
/// no message.
enum Secret: Sendable, Equatable {
  case environment(String)
  case file(String)

  /// What a password file may hold, in bytes.
  private static let largest = 4096

  init(_ text: String, at pointer: String) throws(FilterError) {
    if text.hasPrefix("env:"), text.utf8.count > 4 {
      self = .environment(String(text.dropFirst(4)))
    } else if text.hasPrefix("file:"), text.utf8.count > 5 {
      self = .file(String(text.dropFirst(5)))
    } else {
      throw .configuration("A password is never in the file: say env:NAME or file:PATH.", at: pointer)
    }
  }

  /// The password. Nil, with why, where it can't be had.
  func read() -> (value: String?, problem: String) {
    switch self {
    case .environment(let name):
      let value = unsafe getenv(name).map { unsafe String(cString: $0) }
      guard let value, !value.isEmpty else { return (nil, "The environment variable \(name) is not set.") }
      return (value, "")
    case .file(let path):
      let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      guard file >= 0 else { return (nil, "The password's file \(path) can't be read.") }
      defer { close(file) }
      var bytes = [UInt8](repeating: 0, count: Self.largest + 1)
      let count = unsafe Glibc.read(file, &bytes, bytes.count)
      var text = bytes[..<max(count, 0)]
      while text.last == 0x0A || text.last == 0x0D { text.removeLast() }
      guard !text.isEmpty, text.count < Self.largest, !text.contains(0) else {
        return (nil, "The password's file \(path) holds no password: one line.")
      }
      return (String(decoding: text, as: UTF8.self), "")
    }
  }
}
