internal import Foundation
internal import JSONTree

/// Something that somebody did at the command line, on its way into the evidence log. It is written in one
/// transaction with what it tells of, so that neither is there without the other.
public struct AdministrationEvent: Sendable {
  public let id: Int64
  /// `key.created`, `key.revoked`, `approval.decided`, `originals.opened` and others: see the schema of
  /// administration records.
  public let type: String
  /// A canonical JSON object.
  public let data: [UInt8]
}

extension Store {
  @discardableResult
  static func note(
    _ type: String, _ fields: [(name: String, value: String)], _ database: Database
  ) throws -> Int64 {
    let object = JSONValue.object(
      (fields + [("event", type)]).map { (name: $0.name, value: .string($0.value)) })
    return try Int64.fetchOne(
      database, sql: "INSERT INTO events (type, data) VALUES (?, ?) RETURNING id",
      arguments: [type, Data32.data(object.canonical)]) ?? 0
  }

  /// Notes something that changes nothing in this store, so that the log gets it, and returns its number.
  public func note(_ type: String, _ fields: [(name: String, value: String)]) throws(ControlError) -> Int64 {
    try write { try Self.note(type, fields, $0) }
  }

  /// Whether an event is in the log, durably.
  public func isRecorded(_ id: Int64) throws(ControlError) -> Bool {
    try read { database in
      try Int64.fetchOne(database, sql: "SELECT recorded FROM events WHERE id = ?", arguments: [id]) != nil
    }
  }

  /// Events that are not in the log yet, the oldest first.
  public func pendingEvents(limit: Int) throws(ControlError) -> [AdministrationEvent] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT id, type, data FROM events WHERE recorded IS NULL ORDER BY id LIMIT ?",
        arguments: [limit]
      ).map { AdministrationEvent(id: $0["id"], type: $0["type"], data: Data32.bytes($0["data"])) }
    }
  }

  /// These are in the log now.
  public func markRecorded(through id: Int64, now: Int64) throws(ControlError) {
    try write { database in
      try database.execute(
        sql: "UPDATE events SET recorded = ? WHERE recorded IS NULL AND id <= ?", arguments: [now, id])
    }
  }
}
