/// One transaction on a database, whichever it is. Confined to the call that received it.
///
/// Statements are SQL that SQLite and Postgres both understand, with `?` for each argument.
final class Database {
  private let runner: any StatementRunner
  /// How many rows the last statement has changed.
  private(set) var changesCount = 0
  /// What opens and seals texts; a migration has none.
  var sealed: SealedText?

  init(_ runner: any StatementRunner) { self.runner = runner }

  func execute(sql: String, arguments: [any Storable] = []) throws {
    _ = try rows(sql, arguments)
  }

  fileprivate func rows(_ sql: String, _ arguments: [any Storable]) throws -> [Row] {
    let result = try runner.run(sql, arguments.map(\.stored))
    changesCount = result.changes
    let columns = Row.Columns(result.columns)
    return result.rows.map { Row(columns: columns, values: $0) }
  }
}

/// What runs statements in one transaction.
protocol StatementRunner: AnyObject {
  func run(_ sql: String, _ arguments: [StoredValue]) throws -> StatementResult
}

struct StatementResult {
  var columns: [String] = []
  var rows: [[StoredValue]] = []
  /// How many rows it has changed.
  var changes = 0
}

/// One row of an answer.
struct Row {
  /// Where each column stands. Postgres knows no capital letters, so none count.
  final class Columns {
    let places: [String: Int]
    init(_ names: [String]) {
      places = Dictionary(
        names.enumerated().map { ($1.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }
  }

  fileprivate let columns: Columns
  fileprivate let values: [StoredValue]

  /// The value of a column. What the tables' own definitions rule out is a broken invariant.
  subscript<T: Storable>(name: String) -> T {
    guard let place = columns.places[name.lowercased()], let value = T(stored: values[place]) else {
      preconditionFailure("the store has no column '\(name)' that holds a \(T.self)")
    }
    return value
  }

  static func fetchAll(_ database: Database, sql: String, arguments: [any Storable] = []) throws -> [Row] {
    try database.rows(sql, arguments)
  }

  static func fetchOne(_ database: Database, sql: String, arguments: [any Storable] = []) throws -> Row? {
    try database.rows(sql, arguments).first
  }
}

extension Storable {
  /// The first column of the first row; nil where there is none, or it is NULL.
  static func fetchOne(_ database: Database, sql: String, arguments: [any Storable] = []) throws -> Self? {
    try database.rows(sql, arguments).first.flatMap { row in row.values.first.flatMap { Self(stored: $0) } }
  }
}
