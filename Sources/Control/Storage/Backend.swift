/// Where a store keeps what it knows. All functions block [blocking].
protocol Backend: Sendable {
  /// Whether other machines use it, too: then an answer may take as long as a network does.
  var isShared: Bool { get }
  /// Tells of changes by others, as far as the database does.
  var changes: ChangeSignal { get }
  /// From now on ``changes`` tells of them: for whoever stays, as a gateway does.
  func listen()
  /// Reads in one transaction, which sees the store as it was at one moment.
  func read<T>(_ body: (Database) throws -> T) throws -> T
  /// Reads and writes in one transaction that is as if it were alone. `body` may run several times, where another
  /// transaction came in between: it has no other effects than on the database.
  func write<T>(_ body: (Database) throws -> T) throws -> T
}
