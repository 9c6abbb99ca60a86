/// What libpq says where it can't connect: lines of text, in which the server's SQLSTATE stands, as errors are asked
/// for in full.
enum ConnectionMessage {
  /// Which option is at fault, as far as the text tells.
  static func failure(_ text: String) -> PostgresFailure {
    let state = state(in: text)
    let message = first(text)
    let pointer = state.isEmpty ? option(text) : ""
    if mentions(text, ["session is read-only", "server is in hot standby mode"]) {
      return PostgresFailure(.connection, message, state: "25006")
    }
    // The server has no TLS, or asks for it: pg_hba.conf says so under this state.
    if state == "28000", mentions(text, ["no encryption", "SSL off"]) {
      return PostgresFailure(.connection, message, state: state, pointer: "/tls")
    }
    return PostgresFailure(.connection, message, state: state, pointer: pointer)
  }

  /// libpq's own messages, which it does not translate here: the plugin sets no locale.
  private static func option(_ text: String) -> String {
    let words: [(String, [String])] = [
      ("/host", ["could not translate host name", "does not match host name"]),
      ("/ca", ["root certificate", "certificate verify failed"]),
      ("/certificate", ["certificate file", "private key file"]),
      ("/tls", ["SSL"]),
      ("/password", ["no password supplied"]),
    ]
    return words.first { mentions(text, $0.1) }?.0 ?? ""
  }

  /// The line that says what went wrong with the newest try, as libpq puts one after the other; without its advice, and
  /// without the source lines of VERBOSE.
  static func first(_ text: String) -> String {
    let lines = text.split(separator: "\n")
    let line = lines.last { $0.hasPrefix("connection to server") } ?? lines.first ?? "the connection is gone"
    return String(line).trimmed
  }

  /// `FATAL:  28P01: password authentication failed`, in whatever language.
  private static func state(in text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count > 9 else { return "" }
    for start in 0..<bytes.count - 8
    where bytes[start] == 0x3A && bytes[start + 1] == 0x20 && bytes[start + 2] == 0x20
      && bytes[start + 8] == 0x3A
    {
      let candidate = bytes[start + 3..<start + 8]
      if candidate.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }) {
        return String(decoding: candidate, as: UTF8.self)
      }
    }
    return ""
  }

  private static func mentions(_ text: String, _ words: [String]) -> Bool {
    words.contains { text.contains($0) }
  }
}

extension String {
  /// Without spaces at either end, and at most 300 characters.
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "." { text.removeLast() }
    return String(text.prefix(300))
  }
}
