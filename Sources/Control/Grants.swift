extension Store {
  /// Makes a grant, with the word of who makes it.
  /// - Parameter lifetime: seconds, at most ``Grant/longest``.
  public func makeGrant(
    to subject: String, pipeline: String, kinds: [String], maximumScore: Int, lifetime: Int64,
    by approver: Approver, comment: String, now: Int64
  ) throws(ControlError) -> Grant {
    guard (60...Grant.longest).contains(lifetime) else {
      throw ControlError(
        .invalid,
        "a grant lasts from a minute to seven days; what is needed for longer belongs into the policy")
    }
    guard !kinds.isEmpty, kinds.count <= 256, Set(kinds).count == kinds.count else {
      throw ControlError(.invalid, "name the kinds that the grant is for, each once")
    }
    guard !comment.isEmpty else { throw ControlError(.invalid, "a grant needs a reason") }
    for text in [subject, pipeline, comment] + kinds { try Self.checkPlain(text) }
    var grant = Grant(
      id: "grt_" + Base32.random(10), subject: subject, pipeline: pipeline, kinds: kinds.sorted(),
      maximumScore: maximumScore, created: now, expires: now + lifetime, revoked: nil, supporters: [])
    try grant.support(approver, comment: comment, now: now)
    let made = grant
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO grants (id, subject, pipeline, kinds, maximumScore, created, expires)
            VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          made.id, made.subject, made.pipeline, Lines.write(made.kinds), made.maximumScore, made.created,
          made.expires,
        ])
      try Self.keepLastSupporter(of: made, database)
      try Self.note("grant.created", Self.fields(of: made) + Self.fields(of: made.supporters.last), database)
    }
    return made
  }

  /// Adds one more person's word.
  public func supportGrant(
    _ id: String, by approver: Approver, comment: String, now: Int64
  ) throws(ControlError) -> Grant {
    try Self.checkPlain(comment)
    return try write { database in
      var grant = try Self.grant(id, database)
      try grant.support(approver, comment: comment, now: now)
      try Self.keepLastSupporter(of: grant, database)
      try Self.note(
        "grant.supported", Self.fields(of: grant) + Self.fields(of: grant.supporters.last), database)
      return grant
    }
  }

  /// Ends a grant at once. Anybody who may write to the store may: less is always allowed.
  public func revokeGrant(_ id: String, by approver: Approver, now: Int64) throws(ControlError) -> Grant {
    try write { database in
      var grant = try Self.grant(id, database)
      guard grant.revoked == nil else { throw ControlError(.alreadyDecided, "\(id) is revoked already") }
      grant.revoked = now
      try database.execute(sql: "UPDATE grants SET revoked = ? WHERE id = ?", arguments: [now, id])
      try Self.note(
        "grant.revoked",
        Self.fields(of: grant) + [("by", approver.subject), ("established", approver.established)], database)
      return grant
    }
  }

  /// All grants, the newest first.
  public func grants() throws(ControlError) -> [Grant] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM grants ORDER BY created DESC, id LIMIT 1000")
        .map { try Self.grant($0, database) }
    }
  }

  /// The grant by which a request may go on; nil: there is none.
  func grant(
    for subject: String, email: String, pipeline: String, kinds: Set<String>, score: Int,
    under terms: GateTerms, now: Int64
  ) throws(ControlError) -> Grant? {
    try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT * FROM grants WHERE pipeline = ? AND expires > ? AND revoked IS NULL ORDER BY expires",
        arguments: [pipeline, now]
      )
      .map { try Self.grant($0, database) }
      .first {
        $0.covers(
          subject: subject, email: email, pipeline: pipeline, kinds: kinds, score: score, under: terms,
          now: now)
      }
    }
  }

  private static func grant(_ id: String, _ database: Database) throws -> Grant {
    guard let row = try Row.fetchOne(database, sql: "SELECT * FROM grants WHERE id = ?", arguments: [id])
    else { throw ControlError(.notFound, "there is no grant \(id); `sluice grants list` shows them") }
    return try grant(row, database)
  }

  private static func grant(_ row: Row, _ database: Database) throws -> Grant {
    let id: String = row["id"]
    let supporters = try Row.fetchAll(
      database, sql: "SELECT * FROM grantSupporters WHERE grantId = ? ORDER BY time, subject", arguments: [id]
    ).map { row in
      Grant.Supporter(
        subject: row["subject"], groups: Lines.read(row["groups"]), established: row["established"],
        isLocalOperator: row["localOperator"], comment: row["comment"], time: row["time"],
        email: row["email"])
    }
    return Grant(
      id: id, subject: row["subject"], pipeline: row["pipeline"], kinds: Lines.read(row["kinds"]),
      maximumScore: row["maximumScore"], created: row["created"], expires: row["expires"],
      revoked: row["revoked"], supporters: supporters)
  }

  private static func keepLastSupporter(of grant: Grant, _ database: Database) throws {
    guard let one = grant.supporters.last else { return }
    try database.execute(
      sql: """
        INSERT INTO grantSupporters (grantId, subject, groups, established, localOperator, comment, time,
          email) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        grant.id, one.subject, Lines.write(one.groups), one.established, one.isLocalOperator, one.comment,
        one.time, one.email,
      ])
  }

  private static func fields(of grant: Grant) -> [(name: String, value: String)] {
    [
      ("expires", String(grant.expires)), ("grant", grant.id), ("kinds", grant.kinds.joined(separator: ",")),
      ("maximum-score", String(grant.maximumScore)), ("pipeline", grant.pipeline),
      ("requester", grant.subject),
    ]
  }

  private static func fields(of supporter: Grant.Supporter?) -> [(name: String, value: String)] {
    guard let supporter else { return [] }
    return [
      ("by", supporter.subject), ("comment", supporter.comment), ("established", supporter.established),
    ]
  }

  private static func checkPlain(_ text: String) throws(ControlError) {
    guard text.utf8.count <= 2000, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
    else {
      throw ControlError(.invalid, "a name or a comment has at most 2000 bytes and no control characters")
    }
  }
}
