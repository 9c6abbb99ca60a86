/// What is told of an approval.
public enum NotificationEvent: String, Sendable, CaseIterable {
  /// It waits for people.
  case asked
  /// It is decided, expired or used: whoever was asked may stop looking.
  case settled
}

/// One thing that one notifier is to tell, claimed by this gateway for a while.
public struct DueNotification: Sendable, Equatable {
  public let approval: Approval
  public let event: NotificationEvent
  /// How often it has been tried, this time included.
  public let attempt: Int
  /// What was told first is known by this over there; empty: nothing.
  public let reference: String

  /// The same for each attempt.
  public var id: String { "ntf_\(approval.id.dropFirst("apr_".count))_\(event.rawValue)" }
}

extension Store {
  /// Nobody else takes up what was claimed before so many seconds are over: longer than any delivery takes.
  private static let deliveryLease: Int64 = 120
  /// That a glass was broken is told within this, also where nothing was told of its approval before. Seconds.
  private static let glassAftermath: Int64 = 3600
  /// What somebody is to be told of: an approval that waits, or one whose glass was broken before anybody was asked.
  private static let isToBeAsked = """
    (a.state = 'pending' AND a.expires > ? OR EXISTS (
      SELECT 1 FROM brokenGlass g WHERE g.approval = a.id AND g.created > ?))
    """

  /// Claims what a notifier of a pipeline has to tell now: each is handed to one gateway alone, until it says what became of
  /// it or its claim runs out.
  ///
  /// What is to be told follows from the approvals themselves, so nothing is forgotten when a gateway dies between an
  /// approval and its notification.
  public func claimNotifications(
    of notifier: String, pipeline: String, limit: Int, now: Int64
  ) throws(ControlError) -> [DueNotification] {
    // Most of the time there is nothing: no write transaction for that.
    guard try hasNotificationsDue(of: notifier, pipeline: pipeline, now: now) else { return [] }
    return try write { database in
      try database.execute(
        sql: """
          INSERT INTO notifications (approval, notifier, event, state, reference, attempts, due, isOpen)
            SELECT a.id, ?, 'asked', 'waiting', '', 0, ?, 1 FROM approvals a
            WHERE a.pipeline = ? AND \(Self.isToBeAsked) AND NOT EXISTS (
              SELECT 1 FROM notifications n WHERE n.approval = a.id AND n.notifier = ? AND n.event = 'asked')
            ON CONFLICT (approval, notifier, event) DO NOTHING
          """,
        arguments: [notifier, now, pipeline, now, now - Self.glassAftermath, notifier])
      try database.execute(
        sql: """
          INSERT INTO notifications (approval, notifier, event, state, reference, attempts, due, isOpen)
            SELECT n.approval, n.notifier, 'settled', 'waiting', n.reference, 0, ?, 0
            FROM notifications n JOIN approvals a ON a.id = n.approval
            WHERE n.notifier = ? AND n.event = 'asked' AND n.state = 'sent' AND n.isOpen = 1
              AND (a.state <> 'pending' OR a.expires <= ?)
            ON CONFLICT (approval, notifier, event) DO NOTHING
          """,
        arguments: [now, notifier, now])
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT approval, event, attempts, reference FROM notifications
            WHERE notifier = ? AND state = 'waiting' AND due <= ? ORDER BY due, approval LIMIT ?
          """,
        arguments: [notifier, now, limit])
      var claimed: [DueNotification] = []
      for row in rows {
        let id: String = row["approval"]
        let event: String = row["event"]
        try database.execute(
          sql: """
            UPDATE notifications SET due = ?, attempts = attempts + 1
              WHERE approval = ? AND notifier = ? AND event = ? AND state = 'waiting' AND due <= ?
            """,
          arguments: [now + Self.deliveryLease, id, notifier, event, now])
        guard database.changesCount == 1, let approval = try Self.findApproval(id, database) else { continue }
        claimed.append(
          DueNotification(
            approval: approval, event: NotificationEvent(rawValue: event) ?? .settled,
            attempt: row["attempts"] + 1, reference: row["reference"]))
      }
      return claimed.map { due in
        var approval = due.approval
        approval.expire(now: now)
        return DueNotification(
          approval: approval, event: due.event, attempt: due.attempt, reference: due.reference)
      }
    }
  }

  private func hasNotificationsDue(
    of notifier: String, pipeline: String, now: Int64
  ) throws(ControlError) -> Bool {
    try read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT 1 AS found WHERE EXISTS (
              SELECT 1 FROM notifications WHERE notifier = ? AND state = 'waiting' AND due <= ?)
            OR EXISTS (
              SELECT 1 FROM approvals a WHERE a.pipeline = ? AND \(Self.isToBeAsked)
                AND NOT EXISTS (SELECT 1 FROM notifications n
                  WHERE n.approval = a.id AND n.notifier = ? AND n.event = 'asked'))
            OR EXISTS (
              SELECT 1 FROM notifications n JOIN approvals a ON a.id = n.approval
                WHERE n.notifier = ? AND n.event = 'asked' AND n.state = 'sent' AND n.isOpen = 1
                  AND (a.state <> 'pending' OR a.expires <= ?))
          """,
        arguments: [
          notifier, now, pipeline, now, now - Self.glassAftermath, notifier, notifier, now,
        ]) != nil
    }
  }

  /// It has arrived, and is known by `reference` over there.
  public func notificationSent(
    _ due: DueNotification, of notifier: String, reference: String
  ) throws(ControlError) {
    try write { database in
      try Self.end(due, notifier, state: "sent", reference: reference, database)
    }
  }

  /// It is tried again at `time`, by whichever gateway is first.
  public func notificationDelayed(
    _ due: DueNotification, of notifier: String, until time: Int64
  ) throws(ControlError) {
    try write { database in
      try database.execute(
        sql:
          "UPDATE notifications SET due = ? WHERE approval = ? AND notifier = ? AND event = ? AND state = 'waiting'",
        arguments: [time, due.approval.id, notifier, due.event.rawValue])
    }
  }

  /// It can't be told: noted for the log.
  public func notificationFailed(
    _ due: DueNotification, of notifier: String, reason: String
  ) throws(ControlError) {
    try write { database in
      try Self.end(due, notifier, state: "failed", reference: due.reference, database)
      try Self.note(
        "notification.failed",
        [
          ("approval", due.approval.id), ("notifier", notifier), ("notification", due.event.rawValue),
          ("reason", String(reason.prefix(500))),
        ], database)
    }
  }

  private static func end(
    _ due: DueNotification, _ notifier: String, state: String, reference: String, _ database: Database
  ) throws {
    try database.execute(
      sql:
        "UPDATE notifications SET state = ?, reference = ? WHERE approval = ? AND notifier = ? AND event = ?",
      arguments: [state, reference, due.approval.id, notifier, due.event.rawValue])
    guard due.event == .settled else { return }
    try database.execute(
      sql: "UPDATE notifications SET isOpen = 0 WHERE approval = ? AND notifier = ? AND event = 'asked'",
      arguments: [due.approval.id, notifier])
  }

  /// Approvals that wait, and what their notifications are known by, the oldest first.
  public func openNotifications(
    of notifier: String, limit: Int, now: Int64
  ) throws(ControlError) -> [(approval: String, reference: String)] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT n.approval, n.reference FROM notifications n JOIN approvals a ON a.id = n.approval
            WHERE n.notifier = ? AND n.event = 'asked' AND n.state = 'sent' AND n.isOpen = 1
              AND a.state = 'pending' AND a.expires > ? ORDER BY a.created, a.id LIMIT ?
          """,
        arguments: [notifier, now, limit]
      ).map { ($0["approval"], $0["reference"]) }
    }
  }
}
