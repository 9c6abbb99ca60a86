internal import Foundation
internal import GRDB
internal import Glibc

/// A file of this machine, used by several processes at once: a gateway that serves, and the command line beside it.
final class SQLiteBackend: Backend {
  let isShared = false
  let changes = ChangeSignal()
  private let pool: DatabasePool

  init(path: String, _ migrator: Migrator) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { database in
      // A decision that was acknowledged must survive the loss of power.
      try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
    }
    Self.keepPrivate(path)
    pool = try DatabasePool(path: path, configuration: configuration)
    pool.add(transactionObserver: CommitObserver(changes), extent: .databaseLifetime)
    var steps = DatabaseMigrator()
    for migration in migrator.migrations {
      steps.registerMigration(migration.name) { try migration.body(Database(SQLiteScript($0))) }
    }
    // Whoever comes second finds everything done: GRDB looks for what is to be done before it locks.
    let folder = unsafe open(
      String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]), O_RDONLY | O_CLOEXEC)
    defer { close(folder) }
    while flock(folder, LOCK_EX) != 0, errno == EINTR {}
    try steps.migrate(pool)
  }

  /// The file is its owner's alone, whatever the folder lets others read; SQLite gives the files beside it the same mode.
  private static func keepPrivate(_ path: String) {
    // A file that is there is not opened: closing it again would end this process's locks on it (fcntl(2)).
    let made = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if made >= 0 { close(made) }
    for name in [path, path + "-wal", path + "-shm"] { _ = unsafe chmod(name, 0o600) }
  }

  func listen() {}

  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try pool.read { try body(Database(SQLiteRunner($0))) }
  }

  func write<T>(_ body: (Database) throws -> T) throws -> T {
    try pool.write { try body(Database(SQLiteRunner($0))) }
  }
}

/// Runs a migration: several statements in one text, without arguments.
private final class SQLiteScript: StatementRunner {
  private let database: GRDB.Database

  init(_ database: GRDB.Database) { self.database = database }

  func run(_ sql: String, _ arguments: [StoredValue]) throws -> StatementResult {
    try database.execute(sql: sql)
    return StatementResult()
  }
}

private final class SQLiteRunner: StatementRunner {
  private let database: GRDB.Database

  init(_ database: GRDB.Database) { self.database = database }

  func run(_ sql: String, _ arguments: [StoredValue]) throws -> StatementResult {
    let statement = try database.cachedStatement(sql: sql)
    try statement.setArguments(StatementArguments(arguments.map(Self.value)))
    var result = StatementResult(columns: statement.columnNames)
    if statement.columnNames.isEmpty {
      try statement.execute()
    } else {
      let cursor = try GRDB.Row.fetchCursor(statement)
      while let row = try cursor.next() {
        result.rows.append(try row.databaseValues.map { try Self.stored($0.storage) })
      }
    }
    result.changes = database.changesCount
    return result
  }

  private static func value(_ value: StoredValue) -> DatabaseValue {
    switch value {
    case .null: .null
    case .integer(let value): value.databaseValue
    case .text(let value): value.databaseValue
    case .blob(let value): Data(value).databaseValue
    }
  }

  private static func stored(_ value: DatabaseValue.Storage) throws(ControlError) -> StoredValue {
    switch value {
    case .null: .null
    case .int64(let value): .integer(value)
    case .double: throw ControlError(.invalid, "a column of the store holds a fraction, and none should")
    case .string(let value): .text(value)
    case .blob(let value): .blob(Array(value))
    }
  }
}
