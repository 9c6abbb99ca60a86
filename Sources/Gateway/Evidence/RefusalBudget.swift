internal import Synchronization

/// How many refusals of unknown clients get a record of their own. Anybody can be refused, as often as they like,
/// and the disk must not be theirs to fill: beyond a number a second, refusals are counted in the next record.
final class RefusalBudget: Sendable {
  static let perSecond = 20

  private struct State {
    var second: Int64 = 0
    var used = 0
    var suppressed = 0
  }

  private let state = Mutex(State())

  /// Whether this one is recorded, and how many before it were not.
  func take(now: Int64) -> (isRecorded: Bool, suppressed: Int) {
    state.withLock { state in
      if state.second != now {
        state.second = now
        state.used = 0
      }
      guard state.used < Self.perSecond else {
        state.suppressed += 1
        return (false, 0)
      }
      state.used += 1
      defer { state.suppressed = 0 }
      return (true, state.suppressed)
    }
  }
}
