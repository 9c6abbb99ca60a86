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

  /// Bytes as they are, to standard output.
  static func write(_ bytes: [UInt8]) { write(bytes, to: 1) }

  private static func write(_ text: String, to handle: Int32) { write(Array(text.utf8), to: handle) }

  private static func write(_ bytes: [UInt8], to handle: Int32) {
    var rest = bytes[...]
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

  /// Without control characters but line feeds and tabs: a transcript must not steer the terminal that shows it.
  static func plain(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Marks what a mask put in.
  static func markPlaceholders(_ text: String) -> String {
    guard hasColours else { return text }
    return text.replacing(#/\[[A-Z][A-Z0-9_]*\]/#) { bold(String($0.output)) }
  }
}

/// Seconds since 1970 UTC.
func secondsNow() -> Int64 { Int64(Glibc.time(nil)) }
