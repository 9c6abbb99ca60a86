/// Why the database, or the way to it, did not do what was asked.
struct PostgresFailure: Error {
  enum Kind {
    /// The connection is gone, or could not be had.
    case connection
    /// The database said no.
    case refused
  }

  let kind: Kind
  /// For the operator. Never a value of a statement.
  let message: String
  /// SQLSTATE, where the database said one.
  var state = ""

  /// Another transaction came in between: the same again may go well.
  var isConflict: Bool { state == "40001" || state == "40P01" }

  /// What is there after all, or no longer fits: the connection remembers it, another one does not.
  var isGone: Bool {
    kind == .connection || ["08", "57", "58"].contains { state.hasPrefix($0) } || state == "25P03"
  }

  func explained(_ place: PostgresLocation) -> ControlError {
    let code = state.isEmpty ? "" : " (SQLSTATE \(state))"
    let advice =
      switch state {
      case "28P01", "28000": ". See the role \(place.user), its password and the server's pg_hba.conf"
      case "3D000": ". Make the database \(place.database), or name another"
      case "42501": ". The role \(place.user) lacks a right: docs/store.md lists them"
      case "42P01", "3F000": ". The tables are not there: docs/store.md tells how a role makes them"
      case "25006": ". The server only takes reads: it is a standby"
      case "57014", "55P03": ". It took longer than a statement may"
      default: ""
      }
    return ControlError(.unavailable, "the store at \(place.shown) can't be used: \(message)\(code)\(advice)")
  }
}
