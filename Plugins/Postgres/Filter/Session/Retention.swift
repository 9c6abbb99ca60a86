internal import FilterKit

/// Removes months that are past their time, by the function expire(), as the role that may. Its failures never stop
/// records from being kept: they are logged, and tried again.
struct Retention {
  /// Seconds between two looks.
  private static let interval: Int64 = 3600

  private var options: PostgresOptions
  private let days: Int64
  private var next = Deadline(seconds: 0)

  init(_ options: PostgresOptions, _ retention: PostgresOptions.Retention) {
    self.options = options
    days = retention.days
    // A role of its own logs in by itself: what the writer may do, its connection may do.
    if let user = retention.user {
      self.options.user = user
      self.options.password = retention.password
    }
  }

  mutating func runIfDue(_ host: Host) {
    guard next.milliseconds == 0 else { return }
    next = Deadline(seconds: Self.interval)
    do throws(PostgresFailure) {
      let connection = try open()
      let months = try connection.run(
        """
        SELECT count(*) FILTER (WHERE outcome = 'removed'), count(*) FILTER (WHERE outcome = 'held'),
          coalesce(sum(records) FILTER (WHERE outcome = 'removed'), 0)::bigint
        FROM expire(make_interval(days => $1::bigint::integer))
        """, [.integer(days)])
      let (removed, held) = (months.integer(0, 0) ?? 0, months.integer(0, 1) ?? 0)
      guard removed > 0 || held > 0 else { return }
      host.log(
        .info, "the postgres sink's retention has run",
        [("months_removed", removed), ("months_held", held), ("records_removed", months.integer(0, 2) ?? 0)])
    } catch {
      host.log(.warning, "the postgres sink's retention failed; it is tried again in an hour")
    }
  }

  /// Whether the role may do it.
  func probe() throws(PostgresFailure) {
    let connection = try open()
    let check = ServerCheck(connection, options)
    guard try check.version() >= ServerCheck.newest else { return }
    guard try connection.run("SELECT has_function_privilege('expire(interval)', 'EXECUTE')").isTrue(0, 0)
    else {
      throw PostgresFailure(
        .refused, "the role \(options.user) lacks EXECUTE on expire", state: "42501", pointer: "/retention")
    }
  }

  private func open() throws(PostgresFailure) -> Connection {
    let connection = try Connection(options, for: .writing, name: "sluice retention")
    // A reader of an old month is not worth waiting for: the month goes next time.
    try connection.run("SELECT set_config('lock_timeout', '5s', false)")
    return connection
  }
}
