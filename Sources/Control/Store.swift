internal import GRDB

/// What an installation knows: keys, approvals, policies, and events on their way to the log. SQLite in one file,
/// used by several processes at once: a gateway that serves, and the command line beside it.
///
/// All functions block [blocking], unless they say otherwise; none is to be called from an event loop.
public final class Store: Sendable {
  let database: DatabasePool

  /// Opens the store in a folder, making it where it is missing, and brings it up to this version.
  public init(_ directory: DataDirectory) throws(ControlError) {
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      configuration.maximumReaderCount = 4
      configuration.prepareDatabase { database in
        // A decision that was acknowledged must survive the loss of power.
        try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
      }
      database = try DatabasePool(path: "\(directory.path)/sluice.db", configuration: configuration)
      try Self.migrator.migrate(database)
    } catch {
      throw ControlError(.unavailable, "the store in \(directory.path) can't be opened: \(error)")
    }
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE keys (
            id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, subject TEXT NOT NULL, email TEXT NOT NULL,
            groups TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER
          ) STRICT;
          CREATE TABLE approvals (
            id TEXT PRIMARY KEY, digest BLOB NOT NULL, pipeline TEXT NOT NULL, subject TEXT NOT NULL,
            context TEXT NOT NULL, score INTEGER NOT NULL, approvers TEXT NOT NULL, quorum INTEGER NOT NULL,
            localOperator INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, state TEXT NOT NULL,
            decided INTEGER
          ) STRICT;
          CREATE INDEX approvalsByDigest ON approvals (digest, state);
          CREATE INDEX approvalsByState ON approvals (state, expires);
          CREATE TABLE decisions (
            approval TEXT NOT NULL REFERENCES approvals (id), subject TEXT NOT NULL, established TEXT NOT NULL,
            verdict TEXT NOT NULL, comment TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (approval, subject)
          ) STRICT;
          CREATE TABLE policies (
            version INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, time INTEGER NOT NULL,
            text TEXT NOT NULL
          ) STRICT;
          CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, data BLOB NOT NULL, recorded INTEGER
          ) STRICT;
          """)
    }
    migrator.registerMigration("policy-versions") { database in
      // A version keeps what was pushed, by whom and why, for ever; the same text may be in force more than once.
      try database.execute(
        sql: """
          CREATE TABLE policyVersions (
            version INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, author TEXT NOT NULL,
            comment TEXT NOT NULL, time INTEGER NOT NULL, sources TEXT NOT NULL
          ) STRICT;
          INSERT INTO policyVersions (version, digest, author, comment, time, sources)
            SELECT version, digest, '', '', time, '[]' FROM policies;
          DROP TABLE policies;
          """)
    }
    migrator.registerMigration("grants") { database in
      try database.execute(
        sql: """
          CREATE TABLE grants (
            id TEXT PRIMARY KEY, subject TEXT NOT NULL, pipeline TEXT NOT NULL, kinds TEXT NOT NULL,
            maximumScore INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER
          ) STRICT;
          CREATE INDEX grantsByPipeline ON grants (pipeline, expires);
          CREATE TABLE grantSupporters (
            grantId TEXT NOT NULL REFERENCES grants (id), subject TEXT NOT NULL, groups TEXT NOT NULL,
            established TEXT NOT NULL, localOperator INTEGER NOT NULL, comment TEXT NOT NULL, time INTEGER NOT NULL,
            PRIMARY KEY (grantId, subject)
          ) STRICT;
          CREATE INDEX approvalsByDecided ON approvals (decided);
          """)
    }
    migrator.registerMigration("break-glass") { database in
      try database.execute(
        sql: """
          ALTER TABLE approvals ADD COLUMN required TEXT NOT NULL DEFAULT '';
          ALTER TABLE approvals ADD COLUMN glassGroups TEXT NOT NULL DEFAULT '';
          ALTER TABLE approvals ADD COLUMN glassAnyone INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE approvals ADD COLUMN glassLifetime INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE decisions ADD COLUMN groups TEXT NOT NULL DEFAULT '';
          CREATE TABLE brokenGlass (
            id TEXT PRIMARY KEY, approval TEXT NOT NULL UNIQUE REFERENCES approvals (id), subject TEXT NOT NULL,
            groups TEXT NOT NULL, established TEXT NOT NULL, pipeline TEXT NOT NULL, reason TEXT NOT NULL,
            created INTEGER NOT NULL, expires INTEGER NOT NULL, once INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX brokenGlassByPipeline ON brokenGlass (pipeline, expires);
          CREATE TABLE glassReviews (
            glass TEXT NOT NULL REFERENCES brokenGlass (id), subject TEXT NOT NULL, established TEXT NOT NULL,
            justified INTEGER NOT NULL, comment TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (glass, subject)
          ) STRICT;
          """)
    }
    migrator.registerMigration("logins") { database in
      // A key that came from logging in lives as long as the provider says that its person may come in.
      try database.execute(
        sql: """
          ALTER TABLE keys ADD COLUMN established TEXT NOT NULL DEFAULT 'keys';
          CREATE TABLE logins (
            keyId TEXT PRIMARY KEY REFERENCES keys (id), issuer TEXT NOT NULL, subject TEXT NOT NULL,
            refresh BLOB NOT NULL, ends INTEGER NOT NULL, checked INTEGER NOT NULL, due INTEGER NOT NULL,
            claimed INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX loginsByDue ON logins (due);
          """)
    }
    return migrator
  }

  func read<T>(_ body: (Database) throws -> T) throws(ControlError) -> T {
    do { return try database.read(body) } catch { throw Self.explain(error) }
  }

  func write<T>(_ body: (Database) throws -> T) throws(ControlError) -> T {
    do { return try database.write(body) } catch { throw Self.explain(error) }
  }

  private static func explain(_ error: any Error) -> ControlError {
    error as? ControlError ?? ControlError(.unavailable, "the store can't be used at the moment: \(error)")
  }

  /// Changes whenever another process or this one has changed the store. Cheap.
  func dataVersion() throws(ControlError) -> Int {
    try read { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
  }
}
