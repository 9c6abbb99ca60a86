internal import FilterKit

/// Why the server, or the way to it, did not do what was asked.
struct PostgresFailure: Error, Sendable {
  enum Kind: Sendable {
    /// The server can't be reached, or the connection is gone: what was under way may or may not have happened.
    case connection
    /// The server answered, and said no; ``PostgresFailure/state`` says why.
    case refused
    /// It took longer than it may.
    case timeOut
    /// An option is at fault, whatever the server is: ``PostgresFailure/pointer`` says which.
    case configuration
    /// What is in the database is not what this sink, or this log, left there.
    case foreign
  }

  let kind: Kind
  /// SQLSTATE, five characters, where the server said one.
  var state = ""
  /// A sentence for the operator. Never a record's content, never a password.
  let message: String
  /// The option at fault, where it is known.
  var pointer = ""

  init(_ kind: Kind, _ message: String, state: String = "", pointer: String = "") {
    self.kind = kind
    self.message = message
    self.state = state
    self.pointer = pointer
  }
}

extension PostgresFailure {
  /// What the host is told.
  /// - Parameter isProbe: what will not mend itself is a mistake while looking, and something to wait for while the
  ///   sink runs: passwords and rights are put right without restarting a gateway.
  func explained(_ options: PostgresOptions, isProbe: Bool) -> FilterError {
    let advice = Self.advice(state: state, options)
    let place = pointer.isEmpty ? advice.pointer : pointer
    let code = state.isEmpty ? "" : " (SQLSTATE \(state))"
    let text =
      "PostgreSQL at \(options.host): \(message)\(code)\(advice.text.isEmpty ? "" : ". \(advice.text)")"
    switch kind {
    case .foreign: return FilterError(.internal, text, pointer: place)
    case .configuration: return FilterError(isProbe ? .configuration : .unavailable, text, pointer: place)
    case .refused where isPermanentForRecords:
      return FilterError(isProbe ? .configuration : .input, text, pointer: place)
    case .refused where isProbe && !isPassing: return FilterError(.configuration, text, pointer: place)
    case .connection where isProbe && !place.isEmpty && !isPassing:
      return FilterError(.configuration, text, pointer: place)
    case .refused, .connection, .timeOut: return FilterError(.unavailable, text, pointer: place)
    }
  }

  /// Data that the server never takes, however often it is given (classes 22 and 54).
  private var isPermanentForRecords: Bool { state.hasPrefix("22") || state.hasPrefix("54") }

  /// States that pass by themselves: connections, resources, an operator's doing, a standby that becomes a primary.
  private var isPassing: Bool {
    ["08", "53", "57", "58", "40", "55", "25"].contains { state.hasPrefix($0) }
      || state.isEmpty && pointer.isEmpty
  }

  private static func advice(state: String, _ options: PostgresOptions) -> (text: String, pointer: String) {
    switch state {
    case "28P01":
      (
        "The password of \(options.user) is wrong, or the role is not there",
        options.password == nil ? "/user" : "/password"
      )
    case "28000": ("The role \(options.user) may not connect so: see the server's pg_hba.conf", "/user")
    case "3D000": ("There is no database \(options.database): make it, or name another", "/database")
    case "3F000": ("There is no schema \(options.schema): make it, or let 'migrate' be true", "/schema")
    case "42501": ("The role \(options.user) lacks a right: README.md lists them", "/user")
    case "42P01", "42883":
      ("The schema \(options.schema) is not the sink's, or of an older version", "/schema")
    case "25006":
      ("The server only takes reads: it is a standby, or default_transaction_read_only is on", "/host")
    case "53300": ("The server has no connection left", "")
    case "53100": ("The server's disk is full", "")
    default: ("", "")
    }
  }
}
