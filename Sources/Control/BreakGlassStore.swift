extension Store {
  /// The person whose request waits takes the access at once. It is on record, as severe, with this very transaction.
  /// - Parameter lifetime: seconds for which all that the gate would hold of theirs passes; nil: this request alone.
  /// - Returns: the approval, which is approved by that; its ``Approval/glass`` says how.
  public func breakGlass(
    _ approval: String, by person: Approver, reason: String, lifetime: Int64?, now: Int64
  ) throws(ControlError) -> Approval {
    try Self.checkText(reason)
    return try write { database in
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT * FROM approvals WHERE id = ?", arguments: [approval])
      else {
        throw ControlError(.notFound, "there is no approval \(approval); `sluice approvals list` shows them")
      }
      var approval = try Self.approval(row, database)
      try approval.breakGlass(
        person, id: "gls_" + Base32.random(10), reason: reason, lifetime: lifetime, now: now)
      guard let glass = approval.glass else {
        throw ControlError(.unavailable, "the glass was broken and left no trace")
      }
      try database.execute(
        sql: """
          INSERT INTO brokenGlass (id, approval, subject, groups, established, pipeline, reason, created, expires,
            once) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          glass.id, glass.approval, glass.subject, Lines.write(glass.groups), glass.established,
          glass.pipeline,
          try database.seal(glass.reason, "brokenGlass", "reason", [glass.id]), glass.created, glass.expires,
          glass.isOnce,
        ])
      try Self.note(
        "glass.broken",
        Self.fields(of: glass) + [("established", glass.established), ("severity", "high")], database)
      try Self.save(approval, now: now, database)
      return approval
    }
  }

  /// Takes a review by somebody who might have decided. One that is called unjustified ends at once.
  /// - Parameter id: the broken glass's (`gls_…`) or its approval's (`apr_…`).
  public func reviewGlass(
    _ id: String, by reviewer: Approver, isJustified: Bool, comment: String, now: Int64
  ) throws(ControlError) -> Approval {
    try Self.checkText(comment)
    return try write { database in
      let row = try Row.fetchOne(
        database,
        sql:
          "SELECT * FROM approvals WHERE id IN (SELECT approval FROM brokenGlass WHERE id = ? OR approval = ?)",
        arguments: [id, id])
      guard var approval = try row.map({ try Self.approval($0, database) }), var glass = approval.glass else {
        throw ControlError(
          .notFound, "no glass was broken under \(id); `sluice approvals list --broken-glass` shows them")
      }
      try glass.review(
        reviewer, email: approval.email, under: approval.terms, isJustified: isJustified, comment: comment,
        now: now)
      try database.execute(
        sql: """
          INSERT INTO glassReviews (glass, subject, established, justified, comment, time)
            VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          glass.id, reviewer.subject, reviewer.established, isJustified,
          try database.seal(comment, "glassReviews", "comment", [glass.id, reviewer.subject]), now,
        ])
      try Self.note(
        "glass.reviewed",
        Self.fields(of: glass) + [
          ("by", reviewer.subject), ("comment", comment), ("established", reviewer.established),
          ("severity", isJustified ? "low" : "high"), ("verdict", isJustified ? "justified" : "unjustified"),
        ], database)
      if !isJustified, approval.state == .approved {
        // Not used yet: it never will be.
        approval.state = .denied
        try Self.save(approval, now: now, database)
      }
      approval.glass = glass
      return approval
    }
  }

  /// The approvals whose glass was broken, the newest first.
  /// - Parameter unreviewed: those alone that nobody has reviewed.
  public func brokenGlass(unreviewed: Bool, limit: Int, now: Int64) throws(ControlError) -> [Approval] {
    let all = try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT approvals.* FROM approvals JOIN brokenGlass ON brokenGlass.approval = approvals.id
            \(unreviewed ? "WHERE NOT EXISTS (SELECT 1 FROM glassReviews WHERE glass = brokenGlass.id)" : "")
            ORDER BY brokenGlass.created DESC, brokenGlass.id LIMIT ?
          """, arguments: [limit]
      ).map { try Self.approval($0, database) }
    }
    return all.map { approval in
      var approval = approval
      approval.expire(now: now)
      return approval
    }
  }

  /// A glass that the requester broke before and that still lasts. What somebody has denied is not let through by it.
  func brokenGlass(for request: ApprovalRequest, now: Int64) throws(ControlError) -> BreakGlass? {
    guard request.terms.breakGlass != nil else { return nil }
    return try read { database in
      let glass = try Row.fetchAll(
        database,
        sql:
          "SELECT * FROM brokenGlass WHERE pipeline = ? AND expires > ? AND once = 0 ORDER BY expires DESC",
        arguments: [request.pipeline, now]
      )
      .map { try Self.glass($0, database) }
      .first {
        $0.covers(subject: request.subject, pipeline: request.pipeline, under: request.terms, now: now)
      }
      guard let glass else { return nil }
      let denied = try Row.fetchOne(
        database, sql: "SELECT id FROM approvals WHERE digest = ? AND state = 'denied' AND expires > ?",
        arguments: [Data32.data(request.digest), now])
      return denied == nil ? glass : nil
    }
  }

  static func glass(of approval: String, _ database: Database) throws -> BreakGlass? {
    try Row.fetchOne(
      database, sql: "SELECT * FROM brokenGlass WHERE approval = ?", arguments: [approval]
    ).map { try glass($0, database) }
  }

  private static func glass(_ row: Row, _ database: Database) throws -> BreakGlass {
    let id: String = row["id"]
    let reviews = try Row.fetchAll(
      database, sql: "SELECT * FROM glassReviews WHERE glass = ? ORDER BY time, subject", arguments: [id]
    ).map { row in
      BreakGlass.Review(
        subject: row["subject"], established: row["established"], isJustified: row["justified"],
        comment: try database.open(row["comment"], "glassReviews", "comment", [id, row["subject"]]),
        time: row["time"])
    }
    return BreakGlass(
      id: id, approval: row["approval"], subject: row["subject"], groups: Lines.read(row["groups"]),
      established: row["established"], pipeline: row["pipeline"],
      reason: try database.open(row["reason"], "brokenGlass", "reason", [id]),
      created: row["created"], expires: row["expires"], isOnce: row["once"], reviews: reviews)
  }

  private static func fields(of glass: BreakGlass) -> [(name: String, value: String)] {
    [
      ("approval", glass.approval), ("expires", String(glass.expires)), ("glass", glass.id),
      ("pipeline", glass.pipeline), ("reason", glass.reason), ("scope", glass.isOnce ? "once" : "until"),
      ("subject", glass.subject),
    ]
  }

  private static func checkText(_ text: String) throws(ControlError) {
    guard text.utf8.count <= 2000, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" }) else {
      throw ControlError(.invalid, "a reason has at most 2000 bytes and no control characters")
    }
  }
}
