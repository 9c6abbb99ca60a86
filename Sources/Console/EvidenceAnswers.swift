internal import Control
internal import Evidence
internal import JSONTree

/// The evidence, as it is recorded: masked. Sealed originals are not to be had here. Who reads is on record.
enum EvidenceAnswers {
  /// Bytes of records in one page: a record holds a whole transcript, and 500 of them would not fit into memory.
  private static let maximumPage = 8 << 20

  static func log(_ call: Call) -> Reply {
    let status = call.services.log()
    return Reply(
      .fields([
        "checkpoint-size": .integer(status.checkpointSize), "durable-size": .integer(status.durableSize),
        "sinks": .array(
          status.sinks.map {
            .fields([
              "acknowledged-size": .integer($0.acknowledgedSize), "down": .bool($0.isDown),
              "lag": .integer($0.lag), "name": .string($0.name),
            ])
          }),
        "size": .integer(status.size), "state": .string(status.failure == nil ? "open" : "failed"),
      ]))
  }

  /// Sessions that are as the query says, the newest first.
  static func sessions(_ call: Call) throws -> Reply {
    let fields = try Fields(query: call.query, ["person", "pipeline", "kind", "risk", "limit"])
    var filter = SessionFilter()
    if fields.has("person") { filter.subject = try fields.text("person", maximum: 255) }
    if fields.has("pipeline") { filter.pipeline = try fields.text("pipeline", maximum: 64) }
    if fields.has("kind") { filter.kind = try fields.text("kind", maximum: 64) }
    if fields.has("risk") { filter.score = try fields.integer("risk", 0...100) }
    let limit = try fields.integer("limit", 1...500, or: 100)
    try note(call, "sessions")
    let found = try EvidenceReader(directory: call.services.evidence).sessions().filter(filter.holds)
    return Reply(.fields(["sessions": .array(found.reversed().prefix(limit).map(\.json))]))
  }

  /// The records of one session, as they were written.
  static func session(_ call: Call) throws -> Reply {
    let fields = try Fields(query: call.query, ["from", "limit"])
    let from = try fields.integer("from", 0...Int.max, or: 0)
    let limit = try fields.integer("limit", 1...500, or: 100)
    guard call.item.hasPrefix("ses_"), call.item.utf8.count <= 64 else {
      throw Problem(
        404, "not-found", "a session's id begins with ses_; GET /api/v1/evidence/sessions shows them")
    }
    let id = call.item
    try note(call, id)
    var records: [[UInt8]] = []
    var bytes = 0
    // Where the next page begins.
    var next: UInt64?
    try EvidenceReader(directory: call.services.evidence).read(
      from: UInt64(from), session: id, exchange: nil
    ) { record in
      let json = record.json
      // One record is shown however large it is, or the page after it could never be reached.
      guard records.isEmpty || records.count < limit && bytes + json.count <= maximumPage else {
        next = record.sequence
        return false
      }
      bytes += json.count
      records.append(json)
      return true
    }
    guard !records.isEmpty else {
      throw Problem(404, "not-found", "there is nothing on record of this session from there on")
    }
    var json = Array("{\"next\":\(next.map(String.init) ?? "null"),\"records\":[".utf8)
    for (index, record) in records.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      json += record
    }
    return Reply(json: json + Array("]}".utf8))
  }

  static func record(_ call: Call) throws -> Reply {
    var found: StoredRecord?
    guard let sequence = Fields.digits(call.item).map({ UInt64($0) }),
      sequence < call.services.log().durableSize
    else { throw Problem(404, "not-found", "there is no record with this number") }
    try note(call, String(sequence))
    try EvidenceReader(directory: call.services.evidence).forEach(from: sequence) { record in
      found = record
      return false
    }
    guard let found, found.sequence == sequence else {
      throw Problem(404, "not-found", "there is no record with this number")
    }
    return Reply(json: found.json)
  }

  /// Before anything is read: without that it is not read.
  static func note(_ call: Call, _ what: String) throws {
    let person = try call.person
    _ = try call.store.note(
      "evidence.read", [("by", person.subject), ("established", person.established), ("what", what)])
  }
}
