internal import Control
internal import Evidence
internal import JSONTree

/// Legal holds of this gateway's log. Whoever audits changes nothing, so whoever administers sets and releases them.
enum HoldAnswers {
  static func list(_ call: Call) throws -> Reply {
    let holds = try reader(call).holds()
    return Reply(.fields(["holds": .array(holds.map(\.json))]))
  }

  static func hold(_ call: Call) throws -> Reply {
    let fields = try Fields(body: call.body, ["session", "reason"])
    let (session, reason) = (try fields.text("session", maximum: 64), try reason(fields))
    let records = try reader(call).sequences(ofSession: session)
    guard !records.isEmpty else {
      throw Problem(
        404, "not-found", "there is no such session on record; GET /api/v1/evidence/sessions shows them")
    }
    try record(call, "session.held", session, [("reason", reason), ("records", records)])
    return Reply(
      .fields(["held": .bool(true), "records": .string(records), "session": .string(session)]), status: 201)
  }

  static func release(_ call: Call) throws -> Reply {
    let reason = try reason(try Fields(body: call.body, ["reason"]))
    guard try reader(call).holds().contains(where: { $0.session == call.item }) else {
      throw Problem(
        404, "not-held", "this session is not held; GET /api/v1/evidence/holds shows those that are")
    }
    try record(call, "session.released", call.item, [("reason", reason)])
    return Reply(.fields(["held": .bool(false), "session": .string(call.item)]))
  }

  /// Into this gateway's own log, where the session's records are, and durable before it is answered: with a shared
  /// store another gateway might take it to its log, and nothing would be kept here.
  private static func record(
    _ call: Call, _ event: String, _ session: String, _ fields: [(name: String, value: String)]
  ) throws {
    let person = try call.person
    try call.services.record(
      event,
      fields + [
        ("by", person.subject), ("established", person.established), ("session", session),
        ("subject", person.subject),
      ])
  }

  private static func reason(_ fields: Fields) throws(Problem) -> String {
    let reason = try fields.text("reason")
    // As at the command line: a record's reason is bounded in bytes.
    guard reason.utf8.count <= 2000 else { throw .invalid("'reason' has at most 2000 bytes") }
    return reason
  }

  private static func reader(_ call: Call) throws(EvidenceError) -> EvidenceReader {
    try EvidenceReader(directory: call.services.evidence)
  }
}

extension LegalHold {
  fileprivate var json: JSONValue {
    .fields([
      "reason": .string(reason), "session": .string(session),
      "since": .time(Int64(since / 1_000_000_000)), "subject": .string(subject),
    ])
  }
}
