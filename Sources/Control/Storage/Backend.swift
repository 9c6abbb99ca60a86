/// Where a store keeps what it knows. All functions block.
protocol Backend: Sendable {
  /// Reads in one transaction, which sees the store as it was at one moment.
  func read<T>(_ body: (Database) throws -> T) throws -> T
  /// Reads and writes in one transaction that is as if it were alone. `body` may run several times, where another
  /// transaction came in between: it has no other effects than on the database.
  func write<T>(_ body: (Database) throws -> T) throws -> T
}
