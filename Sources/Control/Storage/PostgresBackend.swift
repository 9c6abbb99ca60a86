internal import Glibc
internal import Synchronization

/// A database that several gateways share. A few connections, each used by one transaction at a time.
final class PostgresBackend: Backend {
  /// Transactions that one process has at once.
  private static let mostConnections = 8
  /// How often a transaction is begun anew where others came in between.
  private static let tries = 12
  /// After a failure to connect nobody tries again for so long, so that a server that is gone is not waited for by each
  /// request in turn. Milliseconds.
  private static let pause: Int64 = 500
  /// The channel on which every change is made known.
  static let channel = "sluice"

  private struct Pool {
    var idle: [PostgresConnection] = []
    var count = 0
    var refusedUntil: Int64 = 0
    var refusal: PostgresFailure?
  }

  private let url: String
  private let pool = Mutex(Pool())
  private let slots = Slots(mostConnections)

  init(_ url: String) throws {
    self.url = url
    try migrate()
  }

  /// A connection of one's own, for waiting for changes.
  func listener() throws(PostgresFailure) -> PostgresConnection {
    let connection = try PostgresConnection(url)
    try connection.script("LISTEN \(Self.channel)")
    return connection
  }

  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", announces: false, body)
  }

  func write<T>(_ body: (Database) throws -> T) throws -> T {
    try transaction("BEGIN ISOLATION LEVEL SERIALIZABLE", announces: true, body)
  }

  private func transaction<T>(
    _ begin: String, announces: Bool, _ body: (Database) throws -> T
  ) throws -> T {
    for attempt in 1... {
      let connection = try take()
      do {
        try connection.script(begin)
        let runner = PostgresRunner(connection)
        let value = try body(Database(runner))
        if announces, runner.hasChanged { try connection.script("NOTIFY \(Self.channel)") }
        try connection.script("COMMIT")
        give(back: connection)
        return value
      } catch {
        if connection.isIdle == false { try? connection.script("ROLLBACK") }
        give(back: connection)
        guard let failure = error as? PostgresFailure, attempt < Self.tries else { throw error }
        if failure.isConflict {
          usleep(UInt32.random(in: 500...(2000 * UInt32(attempt))))
        } else if failure.isLost, attempt == 1 {
          // An idle connection that the server has closed meanwhile: nothing of the transaction has happened, unless its
          // commit did; what is done here may be done twice.
          discardIdle()
        } else {
          throw error
        }
      }
    }
    preconditionFailure("the loop ends by returning or throwing")
  }

  // MARK: The pool

  private func take() throws(PostgresFailure) -> PostgresConnection {
    slots.take()
    let (known, refusal) = pool.withLock { pool -> (PostgresConnection?, PostgresFailure?) in
      if let idle = pool.idle.popLast() { return (idle, nil) }
      return (nil, pool.refusedUntil > Self.now() ? pool.refusal : nil)
    }
    if let known { return known }
    do throws(PostgresFailure) {
      if let refusal { throw refusal }
      return try PostgresConnection(url)
    } catch {
      pool.withLock { pool in
        if refusal == nil {
          pool.refusal = error
          pool.refusedUntil = Self.now() + Self.pause
        }
      }
      slots.giveBack()
      throw error
    }
  }

  private func give(back connection: PostgresConnection) {
    if connection.isIdle { pool.withLock { $0.idle.append(connection) } }
    slots.giveBack()
  }

  private func discardIdle() {
    let old = pool.withLock { pool in
      defer { pool.idle = [] }
      return pool.idle
    }
    _ = old  // closed outside of the lock
  }

  private static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  // MARK: Migrations

  /// Brings the schema up to this version: one process at a time, each step in a transaction with its name.
  private func migrate() throws {
    let connection = try PostgresConnection(url)
    if try isCurrent(connection) { return }
    try connection.script("SELECT pg_advisory_lock(\(Self.lock))")
    // Closing the connection lets the lock go.
    try connection.script(
      """
      CREATE SCHEMA IF NOT EXISTS sluice;
      CREATE TABLE IF NOT EXISTS sluice.migrations (name TEXT PRIMARY KEY)
      """)
    let done = Set(try connection.run("SELECT name FROM sluice.migrations", []).rows.map { $0[0] })
    for migration in Migration.all where !done.contains(.text(migration.name)) {
      try connection.script("BEGIN; " + migration.postgres)
      _ = try connection.run("INSERT INTO sluice.migrations (name) VALUES ($1)", [.text(migration.name)])
      try connection.script("COMMIT")
    }
  }

  /// Of this program's schema: any number that nobody else locks.
  private static let lock = 0x736C_7569

  /// Whether nothing is to be done: then a role without rights to make tables will do.
  private func isCurrent(_ connection: PostgresConnection) throws(PostgresFailure) -> Bool {
    let found = try connection.run("SELECT to_regclass('sluice.migrations') IS NOT NULL", [])
    guard found.rows.first?.first == .integer(1) else { return false }
    let names = try connection.run("SELECT name FROM sluice.migrations", []).rows.map { $0[0] }
    return Migration.all.allSatisfy { names.contains(.text($0.name)) }
  }
}

private final class PostgresRunner: StatementRunner {
  private let connection: PostgresConnection
  private(set) var hasChanged = false

  init(_ connection: PostgresConnection) { self.connection = connection }

  func run(_ sql: String, _ arguments: [StoredValue]) throws -> StatementResult {
    let result = try connection.run(Self.numbered(sql), arguments)
    if result.changes > 0, !sql.hasPrefix("SELECT") { hasChanged = true }
    return result
  }

  /// `?` becomes `$1`, `$2`, …; the store's statements have none in a text.
  private static func numbered(_ sql: String) -> String {
    var number = 0
    var result = ""
    for character in sql {
      if character == "?" {
        number += 1
        result += "$\(number)"
      } else {
        result.append(character)
      }
    }
    return result
  }
}

/// Lets so many through at once; the others wait.
@safe private final class Slots: @unchecked Sendable {  // a semaphore is thread-safe
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init(_ count: Int) { unsafe sem_init(semaphore, 0, UInt32(count)) }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  func take() {
    while unsafe sem_wait(semaphore) != 0, errno == EINTR { continue }
  }

  func giveBack() { unsafe sem_post(semaphore) }
}
