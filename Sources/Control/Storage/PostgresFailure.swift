internal import CPostgres

/// Why Postgres, or the way to it, did not do what was asked.
struct PostgresFailure: Error, Sendable, CustomStringConvertible {
  /// SQLSTATE, where the server said one; empty: the way to it is the fault.
  let state: String
  /// Never a value, never a password.
  let description: String

  init(_ message: String) {
    state = ""
    description = message
  }

  /// What libpq says where there is no connection: the line of the newest try.
  init(connecting text: String) {
    let lines = text.split(separator: "\n")
    let line = lines.last { $0.hasPrefix("connection to server") } ?? lines.first ?? "the connection is gone"
    self.init(String(line.prefix(300)))
  }

  @unsafe init(answer: OpaquePointer) {
    func field(_ code: UInt8) -> String {
      unsafe PQresultErrorField(answer, Int32(code)).map { unsafe String(cString: $0) } ?? ""
    }
    state = field(UInt8(ascii: "C"))
    // What is wrong with data may quote it.
    let mayQuote = state.hasPrefix("22") || state.hasPrefix("23")
    let message = mayQuote ? "it refuses what it was given" : field(UInt8(ascii: "M"))
    description = state.isEmpty ? "the connection is gone" : "\(message) (SQLSTATE \(state))"
  }

  /// Another transaction came in between: the same again may succeed.
  var isConflict: Bool { state == "40001" || state == "40P01" }
  /// The connection is of no more use.
  var isLost: Bool { state.isEmpty || state.hasPrefix("08") || state.hasPrefix("57P") || state == "25P03" }
}
