internal import Foundation

/// What is asked of people.
public struct ApprovalRequest: Sendable {
  public let digest: [UInt8]
  public let pipeline: String
  public let subject: String
  /// The asker's; empty: it is not known.
  public let email: String
  public let context: String
  public let score: Int
  public let terms: GateTerms
  /// Seconds.
  public let lifetime: Int64
  /// As many requests of one person may wait at once, on all pipelines together.
  public let maximumWaiting: Int

  /// Where a pipeline says nothing else.
  public static let standardWaiting = 50

  public init(
    digest: [UInt8], pipeline: String, subject: String, email: String = "", context: String, score: Int,
    terms: GateTerms, lifetime: Int64, maximumWaiting: Int = ApprovalRequest.standardWaiting
  ) {
    self.maximumWaiting = maximumWaiting
    self.email = email
    self.digest = digest
    self.pipeline = pipeline
    self.subject = subject
    self.context = context
    self.score = score
    self.terms = terms
    self.lifetime = lifetime
  }

  /// Of a gate without required groups and without break-glass.
  public init(
    digest: [UInt8], pipeline: String, subject: String, context: String, score: Int, approvers: [String],
    quorum: Int, localOperator: Bool, lifetime: Int64
  ) {
    self.init(
      digest: digest, pipeline: pipeline, subject: subject, context: context, score: score,
      terms: GateTerms(approvers: approvers, quorum: quorum, localOperator: localOperator), lifetime: lifetime
    )
  }
}

/// What a gate's question came to.
public enum GateAnswer: Sendable {
  /// A grant covers the request: nobody has to be asked.
  case granted(Grant)
  /// The person has broken the glass a while ago, and it lasts.
  case broken(BreakGlass)
  case approval(Approval, isNew: Bool)
}

extension Store {
  /// Looks for a grant that covers the request, and asks people where there is none.
  /// - Parameter kinds: all that was found in it.
  public func answer(
    _ request: ApprovalRequest, kinds: Set<String>, now: Int64
  ) throws(ControlError) -> GateAnswer {
    if let grant = try grant(
      for: request.subject, email: request.email, pipeline: request.pipeline, kinds: kinds,
      score: request.score,
      under: request.terms, now: now)
    {
      return .granted(grant)
    }
    if let glass = try brokenGlass(for: request, now: now) { return .broken(glass) }
    let (approval, isNew) = try ask(request, now: now)
    return .approval(approval, isNew: isNew)
  }

  /// The names of those that were decided from `time` on.
  func approvalsDecided(since time: Int64) throws(ControlError) -> [String] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT id FROM approvals WHERE decided >= ? AND state <> 'pending'", arguments: [time]
      ).map { $0["id"] }
    }
  }

  /// Asks, or finds what was asked before: the same request that is waiting, or has been approved and not used,
  /// is the same approval. Whether it is new comes with it.
  /// - Throws: ``ControlError/Code/tooMany`` where one person would have more that wait than they may.
  public func ask(_ request: ApprovalRequest, now: Int64) throws(ControlError) -> (
    approval: Approval, isNew: Bool
  ) {
    try write { database in
      let known = try Row.fetchOne(
        database,
        sql:
          "SELECT * FROM approvals WHERE digest = ? AND state IN ('pending', 'approved') ORDER BY created DESC",
        arguments: [Data32.data(request.digest)])
      if let known {
        var approval = try Self.approval(known, database)
        let before = approval.state
        approval.expire(now: now)
        if approval.state == before { return (approval, false) }
        try Self.save(approval, now: now, database)
      }
      try Self.requireRoom(for: request, now: now, database)
      let id = "apr_" + Base32.random(10)
      try database.execute(
        sql: """
          INSERT INTO approvals (id, digest, pipeline, subject, context, score, approvers, required, quorum,
            localOperator, glassGroups, glassAnyone, glassLifetime, created, expires, email, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')
          """,
        arguments: [
          id, Data32.data(request.digest), request.pipeline, request.subject,
          try database.seal(request.context, "approvals", "context", [id]), request.score,
          Lines.write(request.terms.approvers), Lines.write(request.terms.required), request.terms.quorum,
          request.terms.localOperator, Lines.write(request.terms.breakGlass?.groups ?? []),
          request.terms.breakGlass?.anyone ?? false, request.terms.breakGlass?.lifetime ?? 0, now,
          now + request.lifetime, request.email,
        ])
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM approvals WHERE id = ?", arguments: [id])
      else {
        throw ControlError(.unavailable, "the approval that was made is gone")
      }
      return (try Self.approval(row, database), true)
    }
  }

  /// Nobody buries the approvers: what they can't look through they would approve unread.
  private static func requireRoom(for request: ApprovalRequest, now: Int64, _ database: Database) throws {
    // Under either name, and no more of them than it takes to say no. Counted where they lie: a pipeline may allow thousands.
    let waiting =
      try Row.fetchOne(
        database,
        sql: """
          SELECT COUNT(*) AS waiting FROM (
            SELECT id FROM approvals WHERE subject = ? AND state = 'pending' AND expires > ?
            UNION SELECT id FROM approvals WHERE email = ? AND email <> '' AND state = 'pending' AND expires > ?
            LIMIT ?) AS theirs
          """, arguments: [request.subject, now, request.email, now, request.maximumWaiting]
      )?["waiting"] ?? request.maximumWaiting
    guard waiting < request.maximumWaiting else {
      throw ControlError(
        .tooMany, "\(waiting) requests of \(request.subject) wait already, and no more of one person may")
    }
  }

  /// Takes one person's word.
  /// - Parameter message: which message brought it, where one did: it is taken once.
  public func decide(
    _ id: String, by approver: Approver, _ verdict: Approval.Verdict, comment: String,
    message: TakenMessage? = nil, now: Int64
  ) throws(ControlError) -> Approval {
    guard comment.utf8.count <= 2000, comment.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" })
    else {
      throw ControlError(.invalid, "a comment has at most 2000 bytes and no control characters")
    }
    return try write { database in
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM approvals WHERE id = ?", arguments: [id])
      else {
        throw ControlError(.notFound, "there is no approval \(id); `sluice approvals list` shows them")
      }
      var approval = try Self.approval(row, database)
      try message.map { try Self.take($0, now: now, database) }
      try approval.decide(approver, verdict, comment: comment, now: now)
      if let decision = approval.decisions.last {
        try database.execute(
          sql:
            "INSERT INTO decisions (approval, subject, established, verdict, groups, comment, time, email) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            id, decision.subject, decision.established, decision.verdict.rawValue,
            Lines.write(decision.groups),
            try database.seal(decision.comment, "decisions", "comment", [id, decision.subject]), now,
            decision.email,
          ])
        try Self.note(
          "approval.decided",
          [
            ("approval", id), ("comment", decision.comment), ("established", decision.established),
            ("pipeline", approval.pipeline), ("requester", approval.subject),
            ("state", approval.state.rawValue),
            ("subject", decision.subject), ("time", String(now)), ("verdict", decision.verdict.rawValue),
          ], database)
      }
      try Self.save(approval, now: now, database)
      return approval
    }
  }

  /// Uses an approval up; whether this call was the one that did.
  public func consume(_ id: String, now: Int64) throws(ControlError) -> Bool {
    try write { database in
      try database.execute(
        sql: "UPDATE approvals SET state = 'consumed' WHERE id = ? AND state = 'approved' AND expires > ?",
        arguments: [id, now])
      return database.changesCount == 1
    }
  }

  public func approval(_ id: String, now: Int64) throws(ControlError) -> Approval {
    let found = try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM approvals WHERE id = ?", arguments: [id]).map { row in
        try Self.approval(row, database)
      }
    }
    guard var approval = found else {
      throw ControlError(.notFound, "there is no approval \(id); `sluice approvals list` shows them")
    }
    approval.expire(now: now)
    return approval
  }

  /// The newest approvals first; of one state, or of all.
  public func approvals(_ state: Approval.State?, limit: Int, now: Int64) throws(ControlError) -> [Approval] {
    let all = try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM approvals ORDER BY created DESC, id LIMIT ?", arguments: [limit]
      )
      .map { try Self.approval($0, database) }
    }
    return all.map { approval in
      var approval = approval
      approval.expire(now: now)
      return approval
    }.filter { state == nil || $0.state == state }
  }

  /// The approval as it was saved last; nil: there is none.
  static func findApproval(_ id: String, _ database: Database) throws -> Approval? {
    try Row.fetchOne(database, sql: "SELECT * FROM approvals WHERE id = ?", arguments: [id]).map {
      try approval($0, database)
    }
  }

  static func approval(_ row: Row, _ database: Database) throws -> Approval {
    let id: String = row["id"]
    let state: String = row["state"]
    let decisions = try Row.fetchAll(
      database, sql: "SELECT * FROM decisions WHERE approval = ? ORDER BY time", arguments: [id]
    ).map { row in
      Approval.Decision(
        subject: row["subject"], established: row["established"],
        verdict: Approval.Verdict(rawValue: row["verdict"]) ?? .deny, groups: Lines.read(row["groups"]),
        comment: try database.open(row["comment"], "decisions", "comment", [id, row["subject"]]),
        time: row["time"], email: row["email"])
    }
    let glassLifetime: Int64 = row["glassLifetime"]
    let terms = GateTerms(
      approvers: Lines.read(row["approvers"]), required: Lines.read(row["required"]), quorum: row["quorum"],
      localOperator: row["localOperator"],
      breakGlass: glassLifetime == 0
        ? nil
        : BreakGlassTerms(
          groups: Lines.read(row["glassGroups"]), anyone: row["glassAnyone"], lifetime: glassLifetime))
    return Approval(
      id: id, digest: Data32.bytes(row["digest"]), pipeline: row["pipeline"], subject: row["subject"],
      context: try database.open(row["context"], "approvals", "context", [id]), score: row["score"],
      terms: terms, created: row["created"],
      expires: row["expires"], state: Approval.State(rawValue: state) ?? .denied, decisions: decisions,
      glass: try glass(of: id, database), email: row["email"])
  }

  static func save(_ approval: Approval, now: Int64, _ database: Database) throws {
    try database.execute(
      sql: "UPDATE approvals SET state = ?, decided = ? WHERE id = ?",
      arguments: [approval.state.rawValue, now, approval.id])
  }
}
