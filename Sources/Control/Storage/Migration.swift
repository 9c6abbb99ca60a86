/// A step from one form of the tables to the next. Both databases take the same text: types are SQLite's, and Postgres'
/// are put in their place.
struct Migration: Sendable {
  let name: String
  let sql: String

  /// In their order; a step that was ever released is never changed.
  static let all: [Migration] = [
    Migration(
      name: "1",
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
        """),
    // A version keeps what was pushed, by whom and why, for ever; the same text may be in force more than once.
    Migration(
      name: "policy-versions",
      sql: """
        CREATE TABLE policyVersions (
          version INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, author TEXT NOT NULL,
          comment TEXT NOT NULL, time INTEGER NOT NULL, sources TEXT NOT NULL
        ) STRICT;
        INSERT INTO policyVersions (version, digest, author, comment, time, sources)
          SELECT version, digest, '', '', time, '[]' FROM policies;
        DROP TABLE policies;
        """),
    Migration(
      name: "grants",
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
        """),
    Migration(
      name: "notifications",
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
        """),
    // A key that came from logging in lives as long as the provider says that its person may come in.
    Migration(
      name: "logins",
      sql: """
        ALTER TABLE keys ADD COLUMN established TEXT NOT NULL DEFAULT 'keys';
        CREATE TABLE logins (
          keyId TEXT PRIMARY KEY REFERENCES keys (id), issuer TEXT NOT NULL, subject TEXT NOT NULL,
          refresh BLOB NOT NULL, ends INTEGER NOT NULL, checked INTEGER NOT NULL, due INTEGER NOT NULL,
          claimed INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX loginsByDue ON logins (due);
        """),
    Migration(
      name: "break-glass",
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
        """),
  ]

  /// The same for Postgres. Words of SQL stand in capitals here, names don't.
  var postgres: String {
    sql.replacing(" STRICT", with: "")
      .replacing(
        "INTEGER PRIMARY KEY AUTOINCREMENT", with: "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
      )
      .replacing("INTEGER", with: "BIGINT").replacing("BLOB", with: "BYTEA")
  }
}
