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
    let id = try Int64.fetchOne(
      database, sql: "INSERT INTO events (type, data) VALUES (?, ?) RETURNING id",
      arguments: [type, Data32.data(object.canonical)])
    guard let id else { throw ControlError(.unavailable, "the event that was noted is gone") }
    return id
  }

  /// Notes something that changes nothing in this store, so that the log gets it, and returns its number.
  public func note(_ type: String, _ fields: [(name: String, value: String)]) throws(ControlError) -> Int64 {
    try write { database in try Self.note(type, fields, database) }
  }

  /// Whether an event is in the log, durably.
  public func isRecorded(_ id: Int64) throws(ControlError) -> Bool {
    try read { database in
      try Int64.fetchOne(database, sql: "SELECT recorded FROM events WHERE id = ?", arguments: [id]) != nil
    }
  }

  /// Events that are in no log yet, the oldest first, whoever has taken them.
  func pendingEvents(limit: Int) throws(ControlError) -> [AdministrationEvent] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT id, type, data FROM events WHERE recorded IS NULL ORDER BY id LIMIT ?",
        arguments: [limit]
      ).map { AdministrationEvent(id: $0["id"], type: $0["type"], data: Data32.bytes($0["data"])) }
    }
  }

  /// How long nobody else takes what one gateway has taken, in seconds: longer than any write to a log. Where it died
  /// in between, another takes it then, so that an event may be in two logs, by its number, and is never in none.
  static let lease: Int64 = 60

  /// Takes events that are in no log yet, the oldest first: whoever takes them puts them into a log, and then says so
  /// with ``markRecorded(_:now:)``. No other gateway gets them meanwhile.
  public func takeEvents(limit: Int, now: Int64) throws(ControlError) -> [AdministrationEvent] {
    // Most of the time there is nothing: no write transaction for that.
    guard try !pendingEvents(limit: 1).isEmpty else { return [] }
    let free = "recorded IS NULL AND (owner = '' OR owner = ? OR claimed < ?)"
    let mine: [any Storable] = [taker, now - Self.lease]
    return try write { database in
      try Row.fetchAll(
        database,
        sql: """
          UPDATE events SET owner = ?, claimed = ?
            WHERE id IN (SELECT id FROM events WHERE \(free) ORDER BY id LIMIT ?) RETURNING id, type, data
          """, arguments: [taker, now] + mine + [limit]
      ).map { AdministrationEvent(id: $0["id"], type: $0["type"], data: Data32.bytes($0["data"])) }
    }.sorted { $0.id < $1.id }
  }

  /// These are in the log now.
  public func markRecorded(_ events: [AdministrationEvent], now: Int64) throws(ControlError) {
    try write { database in
      for event in events {
        try database.execute(
          sql: "UPDATE events SET recorded = ? WHERE recorded IS NULL AND id = ?", arguments: [now, event.id])
      }
    }
  }
}
