internal import Control
internal import JSONTree

/// Standing permissions.
enum GrantAnswers {
  static func list(_ call: Call) throws -> Reply {
    let person = try call.person
    let seesAll = person.has(.approver) || person.has(.auditor)
    let grants = try call.store.grants().filter { seesAll || $0.subject == person.subject }
    return Reply(.fields(["grants": .array(grants.map { $0.json(call.now) })]))
  }

  static func make(_ call: Call) throws -> Reply {
    let fields = try Fields(
      body: call.body, ["subject", "pipeline", "kinds", "maximum-score", "lifetime-seconds", "comment"])
    let grant = try call.store.makeGrant(
      to: try fields.text("subject", maximum: 255), pipeline: try fields.text("pipeline", maximum: 64),
      kinds: try kinds(fields), maximumScore: try fields.integer("maximum-score", 0...100, or: 100),
      lifetime: Int64(try fields.integer("lifetime-seconds", 60...Int(Grant.longest))),
      by: try call.approver, comment: try fields.text("comment"), now: call.now)
    return Reply(grant.json(call.now), status: 201)
  }

  static func support(_ call: Call) throws -> Reply {
    let comment = try Fields(body: call.body, ["comment"]).text("comment", or: "")
    return Reply(
      try call.store.supportGrant(
        try call.identifier("grt_", 10), by: try call.approver, comment: comment, now: call.now
      ).json(call.now))
  }

  static func revoke(_ call: Call) throws -> Reply {
    Reply(
      try call.store.revokeGrant(try call.identifier("grt_", 10), by: try call.approver, now: call.now)
        .json(call.now))
  }

  private static func kinds(_ fields: Fields) throws(Problem) -> [String] {
    let kinds = try fields.texts("kinds", maximum: 64)
    for kind in kinds {
      guard
        kind.utf8.allSatisfy({
          (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x5F || $0 == 0x2D
        })
      else { throw .invalid("a kind is written as SSN or MRN") }
    }
    return kinds
  }
}

/// Access that somebody took without anybody's word.
enum GlassAnswers {
  static func list(_ call: Call) throws -> Reply {
    let fields = try Fields(query: call.query, ["unreviewed", "limit"])
    let unreviewed = try fields.word("unreviewed", of: ["true", "false"]) == "true"
    let found = try call.store.brokenGlass(
      unreviewed: unreviewed, limit: try fields.integer("limit", 1...200, or: 50), now: call.now)
    return Reply(.fields(["approvals": .array(found.map(\.json))]))
  }

  static func breakIt(_ call: Call) throws -> Reply {
    let fields = try Fields(body: call.body, ["reason", "lifetime-seconds"])
    let lifetime =
      fields.has("lifetime-seconds") ? Int64(try fields.integer("lifetime-seconds", 60...604_800)) : nil
    return Reply(
      try call.store.breakGlass(
        try call.identifier("apr_", 10), by: try call.approver, reason: try fields.text("reason"),
        lifetime: lifetime, now: call.now
      ).json)
  }

  static func review(_ call: Call) throws -> Reply {
    let fields = try Fields(body: call.body, ["justified", "comment"])
    let (isJustified, comment) = (try fields.bool("justified"), try fields.text("comment"))
    return Reply(
      try call.store.reviewGlass(
        try call.identifier("gls_", 10), by: try call.approver, isJustified: isJustified, comment: comment,
        now: call.now
      ).json)
  }
}
