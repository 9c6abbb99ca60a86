internal import Control
internal import JSONTree

/// Requests that wait for people. Approvers and auditors see all of them, masked; everybody else their own.
enum ApprovalAnswers {
  static func list(_ call: Call) throws -> Reply {
    let fields = try Fields(query: call.query, ["state", "limit", "cursor"])
    let state = try fields.word("state", of: Approval.State.allCases.map(\.rawValue))
    let limit = try fields.integer("limit", 1...200, or: 50)
    let cursor = fields.has("cursor") ? try Self.cursor(try fields.text("cursor")) : nil
    let person = try call.person
    // One more than is shown: whether there is another page.
    let found = try call.store.approvals(
      state.flatMap(Approval.State.init), of: seesAll(person) ? nil : person.subject, after: cursor,
      limit: limit + 1, now: call.now)
    let shown = found.prefix(limit)
    let next = found.count > limit ? shown.last.map { "\($0.created).\($0.id)" } : nil
    return Reply(
      .fields(["approvals": .array(shown.map(\.json)), "next": next.map { .string($0) } ?? .null]))
  }

  static func show(_ call: Call) throws -> Reply {
    let (id, person) = (try call.identifier("apr_", 10), try call.person)
    let approval = try call.store.approval(id, now: call.now)
    guard seesAll(person) || approval.subject == person.subject else {
      throw Problem(404, "not-found", "there is no approval \(id); `sluice approvals list` shows them")
    }
    return Reply(approval.json)
  }

  static func decide(_ call: Call, _ verdict: Approval.Verdict) throws -> Reply {
    let comment = try Fields(body: call.body, ["comment"]).text("comment", or: "")
    return Reply(
      try call.store.decide(
        try call.identifier("apr_", 10), by: try call.approver, verdict, comment: comment, now: call.now
      ).json)
  }

  private static func seesAll(_ person: Person) -> Bool { person.has(.approver) || person.has(.auditor) }

  private static func cursor(_ text: String) throws(Problem) -> ApprovalCursor {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let created = Fields.digits(parts[0]), Call.isIdentifier(parts[1], "apr_", 10)
    else { throw .invalid("'cursor' is the 'next' of the page before") }
    return ApprovalCursor(created: Int64(created), id: parts[1])
  }
}
