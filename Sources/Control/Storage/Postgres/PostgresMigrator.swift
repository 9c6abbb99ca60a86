/// Brings the tables up to date, all of it or nothing.
struct PostgresMigrator {
  private let connection: PostgresConnection
  private let place: PostgresLocation

  init(_ connection: PostgresConnection, _ place: PostgresLocation) {
    self.connection = connection
    self.place = place
  }

  func run(_ migrator: Migrator) throws {
    let known = try applied()
    let names = migrator.migrations.map(\.name)
    // A newer gateway may have gone further: what it added is not in the way.
    guard !names.allSatisfy(known.contains) else { return }
    // Each statement sees what was committed before it, so that whoever waited for the lock sees what was done.
    try connection.script("BEGIN ISOLATION LEVEL READ COMMITTED")
    do {
      // Gateways that start at once: one works, the others wait and find everything done.
      _ = try connection.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('sluice store ' || $1, 0))", [.text(place.schema)])
      if try !schemaExists() { try connection.script("CREATE SCHEMA \(place.schema)") }
      try connection.script(
        "CREATE TABLE IF NOT EXISTS \(place.schema).migrations (name TEXT PRIMARY KEY, applied TIMESTAMPTZ NOT NULL DEFAULT now())"
      )
      let done = try applied()
      for migration in migrator.migrations where !done.contains(migration.name) {
        try migration.body(Database(PostgresScript(connection)))
        _ = try connection.run("INSERT INTO migrations (name) VALUES ($1)", [.text(migration.name)])
      }
      try announceChanges()
      try connection.script("COMMIT")
    } catch {
      try? connection.script("ROLLBACK")
      throw error
    }
  }

  private func schemaExists() throws -> Bool {
    try !connection.run("SELECT 1 FROM pg_namespace WHERE nspname = $1", [.text(place.schema)]).rows.isEmpty
  }

  private func applied() throws -> Set<String> {
    let table = try connection.run(
      "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'migrations'",
      [.text(place.schema)])
    guard !table.rows.isEmpty else { return [] }
    return Set(
      try connection.run("SELECT name FROM migrations").rows.compactMap { row in
        if case .text(let name) = row.first { name } else { nil }
      })
  }

  /// Every change of what gateways wait for is told to all of them, whoever makes it.
  private func announceChanges() throws {
    try connection.script(
      """
      CREATE OR REPLACE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('\(PostgresListener.channel)', TG_TABLE_NAME); RETURN NULL; END $$;
      """)
    for table in ["keys", "approvals", "policyVersions"] {
      try connection.script(
        """
        DROP TRIGGER IF EXISTS announce ON \(table);
        CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE ON \(table)
          FOR EACH STATEMENT EXECUTE FUNCTION announce();
        """)
    }
  }
}

/// Runs a migration: several statements in one text, without arguments.
private final class PostgresScript: StatementRunner {
  private let connection: PostgresConnection

  init(_ connection: PostgresConnection) { self.connection = connection }

  func run(_ sql: String, _ arguments: [StoredValue]) throws -> StatementResult {
    try connection.script(PostgresDialect.definitions(sql))
    return StatementResult()
  }
}
