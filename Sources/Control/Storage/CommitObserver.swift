internal import GRDB

/// Tells those of this process who wait what it has changed itself, when it is committed. Of what other processes change
/// in the file it hears nothing: whoever waits for that has to look.
final class CommitObserver: TransactionObserver {
  private let changes: ChangeSignal
  /// Of the transaction that goes on. GRDB calls from the one queue that writes.
  private var topics: Set<StoreTopic> = []

  init(_ changes: ChangeSignal) { self.changes = changes }

  func observes(eventsOfKind kind: DatabaseEventKind) -> Bool { StoreTopic(table: kind.tableName) != nil }

  func databaseDidChange(with event: DatabaseEvent) {
    if let topic = StoreTopic(table: event.tableName) { topics.insert(topic) }
  }

  func databaseDidCommit(_ database: GRDB.Database) {
    changes.announce(topics)
    topics = []
  }

  func databaseDidRollback(_ database: GRDB.Database) { topics = [] }
}

extension StoreTopic {
  fileprivate init?(table: String) { self.init(rawValue: table.lowercased()) }
}
