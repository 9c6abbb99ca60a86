package import FilterKit
internal import Glibc
package import JSONTree

/// Where a secret is: `env:NAME` or `file:PATH`. It is read each time that it is needed, so that another one is taken up
/// without a restart, and is kept nowhere.
package struct SecretReference: Sendable, Equatable {
  private enum Place: Sendable, Equatable { case environment(String), file(String) }

  private let place: Place
  private let option: String
  /// Bytes of a secret.
  private static let longest = 8192

  /// The one that an option names; nil: it is not there.
  package init?(_ option: String, in configuration: JSONValue) throws(FilterError) {
    guard let text = configuration[option]?.string else { return nil }
    self.option = option
    if text.hasPrefix("env:") {
      place = .environment(String(text.dropFirst(4)))
    } else if text.hasPrefix("file:") {
      place = .file(String(text.dropFirst(5)))
    } else {
      throw .configuration(
        "Say where the secret is, env:NAME or file:PATH; never the secret itself.", at: "/\(option)")
    }
  }

  /// The secret, without blanks at its ends.
  package func read() throws(FilterError) -> String {
    let text: String
    switch place {
    case .environment(let name):
      guard let value = unsafe getenv(name) else {
        throw FilterError(
          .unavailable, "The gateway's environment lacks the variable that '\(option)' names.",
          pointer: "/\(option)")
      }
      text = unsafe String(cString: value)
    case .file(let path): text = try Self.read(path, option)
    }
    let secret = text.drop(while: \.isWhitespace)
    let end = secret.lastIndex { !$0.isWhitespace }.map { secret.index(after: $0) } ?? secret.startIndex
    // Control characters would end a header field early, and let what follows be another.
    guard secret[..<end].unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }),
      end > secret.startIndex
    else {
      throw FilterError(
        .unavailable, "The secret that '\(option)' names is empty, or has control characters.",
        pointer: "/\(option)")
    }
    return String(secret[..<end])
  }

  private static func read(_ path: String, _ option: String) throws(FilterError) -> String {
    let failure = FilterError(
      .unavailable, "The file that '\(option)' names can't be read, or has more than \(longest) bytes.",
      pointer: "/\(option)")
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: longest + 1)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
    }
    guard count >= 0, count <= longest else { throw failure }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
