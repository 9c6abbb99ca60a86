internal import Foundation
internal import Glibc
internal import Synchronization

/// Hears of changes that others make, on a thread and a connection of its own.
final class PostgresListener: Sendable {
  static let channel = "sluice_store"
  /// How long one wait lasts, in milliseconds: then it looks whether it is to end.
  private static let patience: Int64 = 250
  /// After so much silence it asks for a sign of life, in milliseconds.
  private static let silence: Int64 = 5_000

  private let place: PostgresLocation
  private let changes: ChangeSignal
  private let isStarted = Atomic(false)
  private let isStopped = Atomic(false)

  init(_ place: PostgresLocation, _ changes: ChangeSignal) {
    self.place = place
    self.changes = changes
  }

  func start() {
    guard isStarted.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else {
      return
    }
    Thread.detachNewThread { [self] in
      var pause = ReconnectPause()
      while !isStopped.load(ordering: .relaxed) {
        guard pause.isOver else {
          usleep(20_000)
          continue
        }
        if (try? listen(connected: { pause.succeeded() })) == nil { pause.failed() }
        changes.set(isLive: false)
      }
    }
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }

  private func listen(connected: () -> Void) throws {
    let connection = try PostgresConnection(place)
    try connection.script("LISTEN \(Self.channel)")
    connected()
    changes.set(isLive: true)
    // What happened before is not told of.
    changes.announce(StoreTopic.allCases)
    var quiet: Int64 = 0
    while !isStopped.load(ordering: .relaxed) {
      let said = try connection.notifications(milliseconds: Self.patience)
      if !said.isEmpty {
        changes.announce(said.compactMap(StoreTopic.init))
        quiet = 0
      } else {
        quiet += Self.patience
        guard quiet >= Self.silence else { continue }
        quiet = 0
        try connection.script("SELECT 1")
      }
    }
  }
}
