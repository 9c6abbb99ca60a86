/// An approval's state in short, to tell whether there is news of it.
public struct ApprovalStamp: Sendable, Equatable {
  public let id: String
  public let subject: String
  /// As it is now: what nobody has looked at since its time was over is expired.
  public let state: Approval.State
  /// How many have decided about it.
  public let decisions: Int
  /// How many have said what they think of its broken glass.
  public let reviews: Int
  /// When it was decided, used or found to be over, in seconds since 1970 UTC; nil: not yet.
  public let decided: Int64?
}

extension Store {
  /// What waits, and whatever was decided, used, expired or reviewed since then: one question, however many wait.
  /// - Parameters:
  ///   - time: seconds since 1970 UTC.
  ///   - limit: at most so many; the newest are left out.
  public func approvalStamps(since time: Int64, limit: Int, now: Int64) throws(ControlError)
    -> [ApprovalStamp]
  {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT id, subject, state, expires, decided,
              (SELECT COUNT(*) FROM decisions WHERE decisions.approval = approvals.id) AS given,
              (SELECT COUNT(*) FROM brokenGlass JOIN glassReviews ON glass = brokenGlass.id
                WHERE brokenGlass.approval = approvals.id) AS reviews
            FROM approvals WHERE state = 'pending' OR decided >= ? OR id IN (SELECT brokenGlass.approval
                FROM glassReviews JOIN brokenGlass ON brokenGlass.id = glass WHERE glassReviews.time >= ?)
            ORDER BY created, id LIMIT ?
          """, arguments: [time, time, limit]
      ).map { row in
        let state = Approval.State(rawValue: row["state"] as String) ?? .denied
        let expires: Int64 = row["expires"]
        let isOver = (state == .pending || state == .approved) && expires <= now
        let given: Int = row["given"]
        return ApprovalStamp(
          id: row["id"], subject: row["subject"], state: isOver ? .expired : state,
          decisions: given, reviews: row["reviews"], decided: row["decided"])
      }
    }
  }
}
