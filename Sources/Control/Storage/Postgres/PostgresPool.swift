internal import Foundation

/// A few connections that many threads use in turn. Any thread.
final class PostgresPool: @unchecked Sendable {  // `condition` guards what changes
  /// As many statements as one gateway has under way at once.
  static let size = 6
  /// How long a call waits for another to be over. Seconds.
  private static let patience: TimeInterval = 5

  let place: PostgresLocation
  private let condition = NSCondition()
  private var idle: [PostgresConnection] = []
  private var taken = 0
  private var pause = ReconnectPause()

  init(_ place: PostgresLocation) { self.place = place }

  /// Lends a connection: one that was used before, or a new one. Give it back with ``giveBack(_:)``. [blocking]
  func take() throws -> PostgresConnection {
    try reserve()
    condition.lock()
    let known = idle.popLast()
    // After failures none is tried for a moment: a database that comes back is not to be met by all at once.
    let mayTry = known != nil || pause.isOver
    condition.unlock()
    if let known { return known }
    do {
      guard mayTry else {
        throw PostgresFailure(kind: .connection, message: "it could not be reached a moment ago")
      }
      let made = try PostgresConnection(place)
      condition.withLock { pause.succeeded() }
      return made
    } catch {
      condition.withLock { if mayTry { pause.failed() } }
      giveBack(nil)
      throw error
    }
  }

  /// - Parameter connection: nil: it is of no use any more.
  func giveBack(_ connection: PostgresConnection?) {
    condition.lock()
    taken -= 1
    if let connection { idle.append(connection) }
    condition.signal()
    condition.unlock()
  }

  /// One was cut off: the others of its time are, too.
  func forget() {
    condition.lock()
    let gone = idle
    idle = []
    condition.unlock()
    _ = gone
  }

  private func reserve() throws {
    let end = Date(timeIntervalSinceNow: Self.patience)
    condition.lock()
    defer { condition.unlock() }
    while taken >= Self.size {
      guard condition.wait(until: end) else {
        throw PostgresFailure(kind: .connection, message: "all \(Self.size) connections are in use")
      }
    }
    taken += 1
  }
}

/// How long to wait before connecting is tried again: doubled each time up to two seconds, half of it by chance.
struct ReconnectPause {
  private static let longest: Int64 = 2_000
  private var milliseconds: Int64 = 0
  private var until: Int64 = 0

  var isOver: Bool { Deadline.now() >= until }

  mutating func failed() {
    milliseconds = min(max(milliseconds * 2, 50), Self.longest)
    until = Deadline.now() + milliseconds / 2 + .random(in: 0...milliseconds / 2)
  }

  mutating func succeeded() { self = ReconnectPause() }
}
