internal import PostgresSchema

/// Brings the schema up to date, one version after the other, all of it or nothing.
struct Migrator {
  private let connection: Connection
  private let options: PostgresOptions

  init(_ connection: Connection, _ options: PostgresOptions) {
    self.connection = connection
    self.options = options
  }

  func run() throws(PostgresFailure) {
    let check = ServerCheck(connection, options)
    guard try check.version() < ServerCheck.newest else { return }
    guard options.migrates, try check.mayMigrate() else { throw check.tooOld(try check.version()) }
    try connection.script("BEGIN")
    do throws(PostgresFailure) {
      // Two gateways that start at once: the second waits, and finds everything done.
      try connection.run(
        "SELECT pg_advisory_xact_lock(hashtextextended('sluice migrate ' || $1, 0))", [.text(options.schema)])
      if try check.version() == 0 { try connection.script("CREATE SCHEMA IF NOT EXISTS \(options.schema)") }
      for migration in Migrations.all.dropFirst(Int(try check.version())) { try connection.script(migration) }
      try connection.script("COMMIT")
    } catch {
      try? connection.script("ROLLBACK")
      throw error
    }
  }
}
