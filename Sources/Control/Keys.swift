internal import COpenSSL

/// What is kept of an issued key: everything but the key.
public struct KeyRecord: Sendable, Equatable {
  /// `key_…`: may be shown and logged.
  public let id: String
  public let subject: String
  public let email: String
  public let groups: [String]
  /// Seconds since 1970 UTC.
  public let created: Int64
  /// Seconds since 1970 UTC; 0: never.
  public let expires: Int64
  /// Seconds since 1970 UTC; nil: it has not been revoked.
  public let revoked: Int64?
  /// `keys`: somebody who administers made it; `login`: its person logged in with a provider.
  public let established: String

  init(_ row: Row) {
    id = row["id"]
    subject = row["subject"]
    email = row["email"]
    groups = Lines.read(row["groups"])
    created = row["created"]
    expires = row["expires"]
    revoked = row["revoked"]
    established = row["established"]
  }
}

/// Texts without line ends, in one column.
enum Lines {
  static func write(_ texts: [String]) -> String { texts.joined(separator: "\n") }
  static func read(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
}

/// Crockford's base 32 in lower case: no letter looks like another.
enum Base32 {
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  static func random(_ letters: Int) -> String {
    var random = SystemRandomNumberGenerator()
    return String(decoding: (0..<letters).map { _ in alphabet[Int(random.next() & 31)] }, as: UTF8.self)
  }
}

/// A key that is about to be made: 160 random bits, of which the store gets the SHA-256 alone.
struct NewKey {
  let secret = Store.keyPrefix + Base32.random(32)
  let id = "key_" + Base32.random(12)
  private let subject: String
  private let email: String
  private let groups: [String]
  private let expires: Int64
  private let created: Int64

  /// - Throws: `invalid` where what it says of its person can't be stored or shown, or it would have expired.
  init(subject: String, email: String, groups: [String], expires: Int64, now: Int64) throws(ControlError) {
    for (what, text, limit) in [("subject", subject, 256), ("email", email, 256)]
      + groups.map({ ("group", $0, 256) })
    {
      let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
      guard isPlain, text.utf8.count <= limit, !text.isEmpty || what == "email" else {
        throw ControlError(.invalid, "the \(what) is empty, too long, or has control characters")
      }
    }
    guard expires == 0 || expires > now else {
      throw ControlError(.invalid, "the key would have expired already")
    }
    self.subject = subject
    self.email = email
    self.groups = groups
    self.expires = expires
    created = now
  }

  func insert(established: String, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO keys (id, digest, subject, email, groups, created, expires, established)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        id, Store.digest(secret), subject, email, Lines.write(groups), created, expires, established,
      ])
  }
}

extension Store {
  /// How every key begins.
  public static let keyPrefix = "sk-sluice-"

  /// Makes a key of 160 random bits. The secret is returned once, and only its SHA-256 is kept.
  /// - Parameter expires: seconds since 1970 UTC; 0: never.
  /// - Parameter person: who makes it, by the admin API; nil: the owner of the data directory.
  public func createKey(
    subject: String, email: String, groups: [String], expires: Int64, by person: Person? = nil, now: Int64
  ) throws(ControlError) -> (secret: String, record: KeyRecord) {
    let made = try createKey(
      subject: subject, email: email, groups: groups, expires: expires, by: person, once: nil, now: now)
    guard let secret = made.secret else { throw ControlError(.unavailable, "the key that was made is gone") }
    return (secret, made.record)
  }

  /// As above, for a call that may come again.
  /// - Parameter call: what tells the call from others; nil: it is not told from others.
  /// - Returns: the key's secret, nil where an earlier such call made the key: what is shown once is gone.
  /// - Throws: `reused` where an earlier call of that name asked for something else.
  public func createKey(
    subject: String, email: String, groups: [String], expires: Int64, by person: Person?,
    once call: RepeatedCall?, now: Int64
  ) throws(ControlError) -> (secret: String?, record: KeyRecord) {
    let made = try NewKey(subject: subject, email: email, groups: groups, expires: expires, now: now)
    let earlier = try write { database -> String? in
      if let earlier = try call.flatMap({ try Self.claim($0, for: made.id, now: now, database) }) {
        return earlier
      }
      try made.insert(established: "keys", database)
      try Self.note(
        "key.created",
        [("key", made.id), ("subject", subject), ("groups", groups.joined(separator: ","))]
          + Self.fields(of: person), database)
      return nil
    }
    guard let record = try key(earlier ?? made.id) else {
      throw ControlError(.unavailable, "the key that was made is gone")
    }
    return (earlier == nil ? made.secret : nil, record)
  }

  /// All keys, the newest first.
  public func keys() throws(ControlError) -> [KeyRecord] {
    try read { try Row.fetchAll($0, sql: "SELECT * FROM keys ORDER BY created DESC, id").map(KeyRecord.init) }
  }

  /// One key by its id; nil: there is none.
  public func key(_ id: String) throws(ControlError) -> KeyRecord? {
    try read {
      try Row.fetchOne($0, sql: "SELECT * FROM keys WHERE id = ?", arguments: [id]).map(KeyRecord.init)
    }
  }

  /// Whether a key may be used now; one that is not there may not.
  public func isUsable(key id: String, now: Int64) throws(ControlError) -> Bool {
    guard let key = try key(id) else { return false }
    return key.revoked == nil && (key.expires == 0 || key.expires > now)
  }

  /// Ends a key, for good.
  /// - Parameter person: who ends it, by the admin API; nil: the owner of the data directory.
  public func revokeKey(_ id: String, by person: Person? = nil, now: Int64) throws(ControlError) -> KeyRecord
  {
    try write { database in
      try database.execute(
        sql: "UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL", arguments: [now, id])
      if database.changesCount > 0 {
        try Self.note("key.revoked", [("key", id)] + Self.fields(of: person), database)
      }
    }
    guard let record = try key(id) else {
      throw ControlError(.notFound, "there is no key \(id); `sluice keys list` shows them")
    }
    return record
  }

  static func fields(of person: Person?) -> [(name: String, value: String)] {
    person.map { [("by", $0.subject), ("established", $0.established)] } ?? []
  }

  func key(digest: [UInt8]) throws(ControlError) -> KeyRecord? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM keys WHERE digest = ?", arguments: [Data32.data(digest)])
        .map(KeyRecord.init)
    }
  }

  /// All keys by their digests.
  func keysByDigest() throws(ControlError) -> [[UInt8]: KeyRecord] {
    try read { database in
      var all: [[UInt8]: KeyRecord] = [:]
      for row in try Row.fetchAll(database, sql: "SELECT * FROM keys") {
        all[Data32.bytes(row["digest"])] = KeyRecord(row)
      }
      return all
    }
  }

  /// The key's own record, for whoever holds it: how an approver proves who they are.
  public func key(secret: String, now: Int64) throws(ControlError) -> KeyRecord {
    guard let record = try key(digest: Data32.bytes(Self.digest(secret))) else {
      throw ControlError(.notAllowed, "the key in SLUICE_KEY is not known here")
    }
    guard record.revoked == nil, record.expires == 0 || record.expires > now else {
      throw ControlError(.notAllowed, "the key in SLUICE_KEY has expired or was revoked")
    }
    return record
  }
}
