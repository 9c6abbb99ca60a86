internal import Foundation

/// One version of the policy: what was pushed, by whom, when and why. Never changed, never deleted.
public struct PolicyVersion: Sendable, Equatable {
  /// From 1 on; the highest is in force.
  public let version: UInt64
  /// SHA-256 of the pipelines' canonical form and of their protocols, in hexadecimal.
  public let digest: String
  public let author: String
  public let comment: String
  /// Seconds since 1970 UTC.
  public let time: Int64
  /// The files, as JSON: whoever pushes knows their form.
  public let sources: String
}

extension Store {
  private static let versions = "SELECT version, digest, author, comment, time, sources FROM policyVersions"

  /// Puts a policy in force: a new version, unless the one in force is the same.
  /// - Parameters:
  ///   - expected: the version that it is to replace, 0 for none; nil: whichever is in force.
  ///   - person: who pushes it, by the admin API: then it is noted for the log, too.
  /// - Throws: `changed` where another version is in force than was expected.
  public func pushPolicy(
    digest: String, sources: String, author: String, comment: String, replacing expected: UInt64? = nil,
    by person: Person? = nil, now: Int64
  ) throws(ControlError) -> (policy: PolicyVersion, isNew: Bool) {
    try Self.check(author: author, comment: comment)
    return try write { database in
      let known = try Row.fetchOne(database, sql: Self.versions + " ORDER BY version DESC LIMIT 1").map(
        Self.policy)
      if let expected, expected != known?.version ?? 0 {
        throw ControlError(
          .changed,
          "version \(known?.version ?? 0) is in force, not \(expected); look at what changed, and push again")
      }
      if let known, known.digest == digest { return (known, false) }
      let made = try Row.fetchOne(
        database,
        sql: """
          INSERT INTO policyVersions (digest, author, comment, time, sources) VALUES (?, ?, ?, ?, ?)
            RETURNING version, digest, author, comment, time, sources
          """, arguments: [digest, author, comment, now, sources]
      ).map(Self.policy)
      guard let made else { throw ControlError(.unavailable, "the policy that was pushed is gone") }
      if let person {
        try Self.note(
          "policy.pushed",
          [("comment", comment), ("digest", digest), ("version", String(made.version))]
            + Self.fields(of: person), database)
      }
      return (made, true)
    }
  }

  /// The policy in force; nil: none was ever pushed.
  public func currentPolicy() throws(ControlError) -> PolicyVersion? {
    try read { database in
      try Row.fetchOne(database, sql: Self.versions + " ORDER BY version DESC LIMIT 1").map(Self.policy)
    }
  }

  /// One version.
  public func policy(_ version: UInt64) throws(ControlError) -> PolicyVersion {
    let found = try read { database in
      try Row.fetchOne(
        database, sql: Self.versions + " WHERE version = ?", arguments: [Int64(clamping: version)]
      ).map(Self.policy)
    }
    guard let found else {
      throw ControlError(.notFound, "there is no policy version \(version); `sluice policy list` shows them")
    }
    return found
  }

  /// All versions, the newest first.
  public func policies() throws(ControlError) -> [PolicyVersion] {
    try read { database in
      try Row.fetchAll(database, sql: Self.versions + " ORDER BY version DESC").map(Self.policy)
    }
  }

  /// The newest versions first, without their files (``PolicyVersion/sources`` is empty): those of years may be large.
  public func policies(limit: Int) throws(ControlError) -> [PolicyVersion] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT version, digest, author, comment, time, '' AS sources FROM policyVersions
            ORDER BY version DESC LIMIT ?
          """, arguments: [limit]
      ).map(Self.policy)
    }
  }

  private static func policy(_ row: Row) -> PolicyVersion {
    PolicyVersion(
      version: UInt64(clamping: row["version"] as Int64), digest: row["digest"], author: row["author"],
      comment: row["comment"], time: row["time"], sources: row["sources"])
  }

  private static func check(author: String, comment: String) throws(ControlError) {
    for text in [author, comment] {
      guard text.utf8.count <= 2000, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" }) else {
        throw ControlError(
          .invalid, "an author and a comment have at most 2000 bytes and no control characters")
      }
    }
  }
}
