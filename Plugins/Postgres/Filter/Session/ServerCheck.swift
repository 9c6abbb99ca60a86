internal import PostgresSchema

/// Looks whether a server and its database suit the sink, without changing anything there.
struct ServerCheck {
  /// The version of the schema that this plugin works with; a later one only adds to it.
  static var newest: Int64 { Int64(Migrations.all.count) }

  private let connection: Connection
  private let options: PostgresOptions

  init(_ connection: Connection, _ options: PostgresOptions) {
    self.connection = connection
    self.options = options
  }

  /// Everything.
  func check() throws(PostgresFailure) {
    try checkServer()
    let version = try version()
    guard version >= Self.newest else {
      guard options.migrates, try mayMigrate() else { throw tooOld(version) }
      return
    }
    try checkRights()
  }

  /// What the server must be, to keep what is promised.
  func checkServer() throws(PostgresFailure) {
    let settings = try connection.run(
      """
      SELECT current_setting('server_version_num')::bigint, current_setting('transaction_read_only') = 'on',
        current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',
        current_setting('synchronous_standby_names') <> '', getdatabaseencoding() = 'UTF8'
      """)
    guard let release = settings.integer(0, 0), release >= 130_000 else {
      throw PostgresFailure(
        .configuration, "it is older than PostgreSQL 13, which the sink needs", pointer: "/host")
    }
    if settings.isTrue(0, 1) {
      throw PostgresFailure(.refused, "it takes no writes", state: "25006", pointer: "/host")
    }
    guard settings.isTrue(0, 2), settings.isTrue(0, 3) else {
      throw PostgresFailure(
        .configuration, "it runs with fsync or full_page_writes off, and so can promise nothing: put them on",
        pointer: "/host")
    }
    if options.isReplicated, !settings.isTrue(0, 4) {
      throw PostgresFailure(
        .configuration,
        "'durability' is replicated, and synchronous_standby_names is empty there, so that nothing is",
        pointer: "/durability")
    }
    guard settings.isTrue(0, 5) else {
      throw PostgresFailure(
        .configuration, "the database \(options.database) is not in UTF8: make it with ENCODING 'UTF8'",
        pointer: "/database")
    }
  }

  /// The version of the schema that is there: 0 where there is none.
  func version() throws(PostgresFailure) -> Int64 {
    let schema = try connection.run(
      """
      SELECT has_schema_privilege(oid, 'USAGE'),
        EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND relname = 'migrations'),
        EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid)
      FROM pg_namespace n WHERE nspname = $1
      """, [.text(options.schema)])
    guard schema.count > 0 else { return 0 }
    guard schema.isTrue(0, 0) else {
      throw PostgresFailure(
        .refused, "the role \(options.user) may not use the schema \(options.schema)", state: "42501",
        pointer: "/user")
    }
    guard schema.isTrue(0, 1) else {
      guard !schema.isTrue(0, 2) else {
        throw PostgresFailure(
          .configuration, "the schema \(options.schema) holds something else: name another",
          pointer: "/schema")
      }
      return 0
    }
    return try connection.run("SELECT coalesce(max(version), 0)::bigint FROM migrations").integer(0, 0) ?? 0
  }

  /// Whether the role may make the schema, or add to it.
  func mayMigrate() throws(PostgresFailure) -> Bool {
    try connection.run(
      """
      SELECT coalesce((SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = $1),
        has_database_privilege(current_database(), 'CREATE'))
      """, [.text(options.schema)]
    ).isTrue(0, 0)
  }

  func tooOld(_ version: Int64) -> PostgresFailure {
    let found =
      version == 0
      ? "the schema \(options.schema) is not there" : "the schema \(options.schema) is of version \(version)"
    return PostgresFailure(
      .configuration,
      "\(found), and version \(Self.newest) is needed: run the files of Plugins/Postgres/Schema as its owner, as README.md "
        + "shows, or let 'migrate' be true for a role that may make it", pointer: "/schema")
  }

  /// Names every right that is missing, at once.
  func checkRights() throws(PostgresFailure) {
    let rights = try connection.run(
      """
      SELECT string_agg(needed || ' on ' || object, ', ') FROM (VALUES
        ('SELECT', 'hashes'), ('INSERT', 'hashes'), ('INSERT', 'records'), ('SELECT', 'checkpoints'),
        ('INSERT', 'checkpoints'), ('INSERT', 'legal_hold')) AS list (needed, object)
      WHERE NOT has_table_privilege(object, needed)
      """)
    if let missing = rights.text(0, 0) {
      throw PostgresFailure(
        .refused, "the role \(options.user) lacks \(missing)", state: "42501", pointer: "/user")
    }
    guard
      try connection.run("SELECT has_function_privilege('ensure_month(timestamptz)', 'EXECUTE')").isTrue(0, 0)
    else {
      throw PostgresFailure(
        .refused, "the role \(options.user) lacks EXECUTE on ensure_month", state: "42501", pointer: "/user")
    }
  }
}
