internal import Foundation

/// A call that its client may send again, as it does not know whether the first one arrived.
public struct RepeatedCall: Sendable {
  /// For so long it makes nothing twice. Seconds.
  public static let memory: Int64 = 86_400

  let digest: Data
  let request: Data

  /// - Parameters:
  ///   - name: what the client calls it; with the person, so that nobody meets another's.
  ///   - request: what it asks for.
  public init(_ name: String, by person: Person, request: [UInt8]) {
    // No subject has a line end.
    digest = Store.digest("\(person.subject)\n\(name)")
    self.request = Store.digest(String(decoding: request, as: UTF8.self))
  }
}

extension Store {
  /// Remembers the call, in the transaction that does what it asks for.
  /// - Returns: what an earlier one has made; nil: this is the first.
  static func claim(_ call: RepeatedCall, for made: String, now: Int64, _ database: Database) throws
    -> String?
  {
    try database.execute(
      sql: "DELETE FROM repeatedCalls WHERE time < ?", arguments: [now - RepeatedCall.memory])
    try database.execute(
      sql:
        "INSERT INTO repeatedCalls (call, request, made, time) VALUES (?, ?, ?, ?) ON CONFLICT (call) DO NOTHING",
      arguments: [call.digest, call.request, made, now])
    if database.changesCount == 1 { return nil }
    let row = try Row.fetchOne(
      database, sql: "SELECT request, made FROM repeatedCalls WHERE call = ?", arguments: [call.digest])
    guard let row else { throw ControlError(.unavailable, "a call that came twice is gone; send it again") }
    guard Data32.bytes(row["request"]) == Array(call.request) else {
      throw ControlError(
        .reused, "a call with this Idempotency-Key asked for something else; take another for another call")
    }
    return row["made"]
  }
}
