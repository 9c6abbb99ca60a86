internal import Foundation
internal import Glibc

/// What commands print, and how they end.
enum Terminal {
  /// Whether standard output is a terminal that wants colours (https://no-color.org).
  static let hasColours = isatty(1) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

  /// Whether somebody watches standard error.
  static let showsProgress = isatty(2) == 1

  static func print(_ text: String) { write(text + "\n", to: 1) }
  static func complain(_ text: String) { write(text + "\n", to: 2) }
  /// Writes over the last line of standard error.
  static func progress(_ text: String) { write("\r" + text, to: 2) }

  private static func write(_ text: String, to handle: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(handle, $0.baseAddress, $0.count) }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  static func bold(_ text: String) -> String { hasColours ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  static func green(_ text: String) -> String { hasColours ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
  static func red(_ text: String) -> String { hasColours ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
  static func dim(_ text: String) -> String { hasColours ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// A time for people.
  static func time(_ seconds: Int64) -> String {
    ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
  }

  /// Marks what a mask put in.
  static func markPlaceholders(_ text: String) -> String {
    guard hasColours else { return text }
    return text.replacing(#/\[[A-Z][A-Z0-9_]*\]/#) { bold(String($0.output)) }
  }
}

/// Seconds since 1970 UTC.
func secondsNow() -> Int64 { Int64(Glibc.time(nil)) }
