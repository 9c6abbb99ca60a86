/// What an installation knows: keys, approvals, policies, and events on their way to the log. In a file that the
/// processes of one machine use at once, or in a database that several gateways share.
///
/// All functions block [blocking], unless they say otherwise; none is to be called from an event loop.
public final class Store: Sendable {
  private let backend: any Backend
  let sealed: SealedText
  /// Who takes events from here to a log: this opening of the store.
  let taker = "tkr_" + Base32.random(16)

  /// Opens the store, making it where it is missing, and brings it up to this version. [blocking]
  /// - Parameter location: where it is; nil: where it was when the data directory was served last.
  public init(_ directory: DataDirectory, at location: StoreLocation? = nil) throws(ControlError) {
    do {
      sealed = try SealedText(try StoreKeySource(directory))
      switch try location ?? directory.storeLocation() {
      case .local:
        place = "\(directory.path)/sluice.db"
        backend = try SQLiteBackend(path: "\(directory.path)/sluice.db", Self.migrator)
      case .shared(let location):
        place = "postgres://\(location.shown)"
        backend = try PostgresBackend(location, Self.migrator)
      }
    } catch let error as ControlError {
      throw error
    } catch {
      throw ControlError(.unavailable, "the store in \(directory.path) can't be opened: \(error)")
    }
    try sealed.claim(self, now: KeyDirectory.now())
  }

  /// Where it is, for people.
  public let place: String
  /// Whether other gateways use it, too: then an answer takes as long as a network does.
  public var isShared: Bool { backend.isShared }

  /// From now on the store tells of changes that others make, where it can: for a gateway, which waits for them.
  public func listen() { backend.listen() }

  /// A moment, to be taken before one looks, and handed to ``waitForChange(of:after:milliseconds:)``.
  public func moment(_ topic: StoreTopic) -> Int { backend.changes.moment(topic) }

  /// Returns when the store has said that it changed after `moment`, or after so long. [blocking]
  public func waitForChange(of topic: StoreTopic, after moment: Int, milliseconds: Int) {
    backend.changes.wait(for: topic, after: moment, milliseconds: milliseconds)
  }

  /// Whether the store tells of changes now, so that there is no need to look often.
  public var tellsOfChanges: Bool { backend.changes.isLive }

  private static var migrator: Migrator {
    var migrator = Migrator()
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
    migrator.registerMigration("notifications") { database in
      try database.execute(
        sql: """
          CREATE TABLE notifications (
            approval TEXT NOT NULL REFERENCES approvals (id), notifier TEXT NOT NULL, event TEXT NOT NULL,
            state TEXT NOT NULL, reference TEXT NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL,
            isOpen INTEGER NOT NULL, PRIMARY KEY (approval, notifier, event)
          ) STRICT;
          CREATE INDEX notificationsByDue ON notifications (notifier, state, due);
          CREATE TABLE repliesTaken (
            once TEXT PRIMARY KEY, until INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX repliesTakenByTime ON repliesTaken (until);
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
    migrator.registerMigration("shared-events") { database in
      // Several gateways share the store: one of them takes an event to its log.
      try database.execute(
        sql: """
          ALTER TABLE events ADD COLUMN owner TEXT NOT NULL DEFAULT '';
          ALTER TABLE events ADD COLUMN claimed INTEGER NOT NULL DEFAULT 0;
          """)
    }
    migrator.registerMigration("sealed-texts") { database in
      // The key under which texts are sealed: its name, and something to try it with.
      try database.execute(
        sql: """
          CREATE TABLE storeKeys (
            id TEXT PRIMARY KEY, proof TEXT NOT NULL, created INTEGER NOT NULL
          ) STRICT;
          """)
    }
    migrator.registerMigration("repeated-calls") { database in
      // What a call that is sent again has made already.
      try database.execute(
        sql: """
          CREATE TABLE repeatedCalls (
            call BLOB PRIMARY KEY, request BLOB NOT NULL, made TEXT NOT NULL, time INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX repeatedCallsByTime ON repeatedCalls (time);
          """)
    }
    migrator.registerMigration("names-of-people") { database in
      // One person has several subjects: a key's, a provider's, a chat's. The address tells that it is one.
      try database.execute(
        sql: """
          ALTER TABLE approvals ADD COLUMN email TEXT NOT NULL DEFAULT '';
          ALTER TABLE decisions ADD COLUMN email TEXT NOT NULL DEFAULT '';
          ALTER TABLE grantSupporters ADD COLUMN email TEXT NOT NULL DEFAULT '';
          """)
    }
    migrator.registerMigration("waiting-by-person") { database in
      // How many requests of one person wait is asked with each that is held.
      try database.execute(
        sql: """
          CREATE INDEX approvalsBySubject ON approvals (subject, state, expires);
          CREATE INDEX approvalsByEmail ON approvals (email, state, expires);
          """)
    }
    migrator.registerMigration("reviews-by-time") { database in
      // Whoever listens is told of reviews, too.
      try database.execute(sql: "CREATE INDEX glassReviewsByTime ON glassReviews (time)")
    }
    return migrator
  }

  func read<T>(_ body: (Database) throws -> T) throws(ControlError) -> T {
    do { return try backend.read { try body(prepared($0)) } } catch { throw Self.explain(error) }
  }

  /// `body` may run more than once: it has no effect but on the database.
  func write<T>(_ body: (Database) throws -> T) throws(ControlError) -> T {
    do { return try backend.write { try body(prepared($0)) } } catch { throw Self.explain(error) }
  }

  private func prepared(_ database: Database) -> Database {
    database.sealed = sealed
    return database
  }

  private static func explain(_ error: any Error) -> ControlError {
    error as? ControlError ?? ControlError(.unavailable, "the store can't be used at the moment: \(error)")
  }
}
