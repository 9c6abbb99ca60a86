internal import Foundation
internal import Synchronization

/// Wakes those who wait for a change in the store, where the database tells of it; they look again after a while in
/// any case. Any thread.
final class ChangeSignal: Sendable {
  private let condition = NSCondition()
  private let count = Atomic(0)
  private let tells = Atomic(false)

  /// Whether changes are told of now: then there is no need to look often.
  var isLive: Bool { tells.load(ordering: .relaxed) }

  func set(isLive: Bool) { tells.store(isLive, ordering: .relaxed) }

  /// What to hand to ``wait(after:milliseconds:)``, to be taken before the look after which one waits.
  var now: Int { count.load(ordering: .acquiring) }

  func announce() {
    condition.lock()
    count.add(1, ordering: .acquiringAndReleasing)
    condition.broadcast()
    condition.unlock()
  }

  /// Returns when there was a change after `moment`, or after so long. [blocking]
  func wait(after moment: Int, milliseconds: Int) {
    let end = Date(timeIntervalSinceNow: Double(milliseconds) / 1000)
    condition.lock()
    while now == moment, condition.wait(until: end) {}
    condition.unlock()
  }
}
