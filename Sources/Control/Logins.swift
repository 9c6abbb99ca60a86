/// Where a key came from that its person got by logging in, and until when the provider's word for them is taken.
public struct Login: Sendable, Equatable {
  public let keyID: String
  /// The provider.
  public let issuer: String
  public let subject: String
  /// What asks the provider again, under a ``SecretSeal``; empty where it gave nothing for that.
  public let refresh: [UInt8]
  /// When the key ends at the latest, in seconds since 1970 UTC; the key itself expires earlier, and is renewed.
  public let ends: Int64
  /// When the provider last said that they may come in.
  public let checked: Int64
  /// When it is asked again.
  public let due: Int64

  /// How a key says where it came from.
  static let established = "login"
  /// Where ``refresh`` is sealed for.
  public static func place(_ keyID: String) -> String { "logins/\(keyID)" }

  init(_ row: Row) {
    keyID = row["keyId"]
    issuer = row["issuer"]
    subject = row["subject"]
    refresh = Data32.bytes(row["refresh"])
    ends = row["ends"]
    checked = row["checked"]
    due = row["due"]
  }
}

extension Store {
  /// As many keys of log-ins as one person has at a time; a new one ends the oldest.
  static let maximumLogins = 16

  /// A personal key for somebody who has logged in.
  /// - Parameters:
  ///   - expires: when the key ends unless it is renewed before, in seconds since 1970 UTC.
  ///   - ends: when it ends at the latest.
  ///   - due: when the provider is to be asked again.
  ///   - seal: what to keep for that, sealed for the key's id; nil: nothing is asked.
  public func createLogin(
    subject: String, email: String, groups: [String], issuer: String, expires: Int64, ends: Int64, due: Int64,
    now: Int64, seal: (_ place: String) throws(ControlError) -> [UInt8]
  ) throws(ControlError) -> (secret: String, record: KeyRecord) {
    let made = try NewKey(subject: subject, email: email, groups: groups, expires: expires, now: now)
    let refresh = try seal(Login.place(made.id))
    try write { database in
      let live = try Row.fetchAll(
        database,
        sql: """
          SELECT logins.keyId FROM logins JOIN keys ON keys.id = logins.keyId
          WHERE logins.issuer = ? AND logins.subject = ? ORDER BY keys.created DESC, keys.id
          """, arguments: [issuer, subject])
      for row in live.dropFirst(Self.maximumLogins - 1) {
        try Self.endLogin(row["keyId"], reason: "too many log-ins of one person", now: now, database)
      }
      try made.insert(established: Login.established, database)
      try database.execute(
        sql: """
          INSERT INTO logins (keyId, issuer, subject, refresh, ends, checked, due, claimed)
          VALUES (?, ?, ?, ?, ?, ?, ?, 0)
          """, arguments: [made.id, issuer, subject, Data32.data(refresh), ends, now, due])
      try Self.note(
        "login.began",
        [
          ("key", made.id), ("subject", subject), ("groups", groups.joined(separator: ",")),
          ("issuer", issuer),
        ], database)
    }
    guard let record = try key(made.id) else {
      throw ControlError(.unavailable, "the key that was made is gone")
    }
    return (made.secret, record)
  }

  public func login(_ keyID: String) throws(ControlError) -> Login? {
    try read {
      try Row.fetchOne($0, sql: "SELECT * FROM logins WHERE keyId = ?", arguments: [keyID]).map(Login.init)
    }
  }

  /// One log-in whose provider is to be asked now, for this process alone: a provider that gives another refresh token
  /// each time takes two uses of one for theft.
  /// - Parameter seconds: for how long no other process takes it.
  public func takeDueLogin(now: Int64, for seconds: Int64) throws(ControlError) -> Login? {
    try write { database in
      guard
        let login = try Row.fetchOne(
          database, sql: "SELECT * FROM logins WHERE due <= ? AND claimed <= ? ORDER BY due LIMIT 1",
          arguments: [now, now]
        ).map(Login.init)
      else { return nil }
      try database.execute(
        sql: "UPDATE logins SET claimed = ? WHERE keyId = ? AND claimed <= ?",
        arguments: [now + seconds, login.keyID, now])
      return database.changesCount == 1 ? login : nil
    }
  }

  /// The provider has said that they may still come in.
  /// - Parameter refresh: sealed; nil: what asks it is the same as before.
  public func renewLogin(
    _ login: Login, email: String, groups: [String], refresh: [UInt8]?, expires: Int64, due: Int64, now: Int64
  ) throws(ControlError) {
    try write { database in
      guard
        let key = try Row.fetchOne(database, sql: "SELECT * FROM keys WHERE id = ?", arguments: [login.keyID])
          .map(KeyRecord.init), key.revoked == nil
      else { return }
      try database.execute(
        sql: "UPDATE keys SET email = ?, groups = ?, expires = ? WHERE id = ? AND revoked IS NULL",
        arguments: [email, Lines.write(groups), expires, login.keyID])
      try database.execute(
        sql: "UPDATE logins SET refresh = ?, checked = ?, due = ?, claimed = 0 WHERE keyId = ?",
        arguments: [Data32.data(refresh ?? login.refresh), now, due, login.keyID])
      if key.groups != groups {
        try Self.note(
          "login.changed",
          [("key", login.keyID), ("subject", key.subject), ("groups", groups.joined(separator: ","))],
          database)
      }
    }
  }

  /// The provider could not be asked: it is asked again at that time. The key's own end stays where it is.
  /// - Parameter refresh: what asks it then, sealed; nil: the same as before.
  public func postponeLogin(_ keyID: String, due: Int64, refresh: [UInt8]? = nil) throws(ControlError) {
    try write { database in
      try database.execute(
        sql: "UPDATE logins SET due = ?, claimed = 0 WHERE keyId = ?", arguments: [due, keyID])
      guard let refresh else { return }
      try database.execute(
        sql: "UPDATE logins SET refresh = ? WHERE keyId = ?", arguments: [Data32.data(refresh), keyID])
    }
  }

  /// Ends a log-in and its key, for good, and forgets what asked the provider.
  public func endLogin(_ keyID: String, reason: String, now: Int64) throws(ControlError) {
    try write { database in try Self.endLogin(keyID, reason: reason, now: now, database) }
  }

  private static func endLogin(_ keyID: String, reason: String, now: Int64, _ database: Database) throws {
    try database.execute(sql: "DELETE FROM logins WHERE keyId = ?", arguments: [keyID])
    try database.execute(
      sql: "UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL", arguments: [now, keyID])
    guard database.changesCount > 0 else { return }
    try note("login.ended", [("key", keyID), ("reason", reason)], database)
  }

  /// Forgets log-ins whose time is over, with what asked their providers.
  public func sweepLogins(now: Int64) throws(ControlError) {
    try write { database in
      try database.execute(
        sql: """
          DELETE FROM logins WHERE ends <= ? OR keyId IN
            (SELECT id FROM keys WHERE revoked IS NOT NULL OR (expires <> 0 AND expires <= ?))
          """, arguments: [now, now])
    }
  }
}
