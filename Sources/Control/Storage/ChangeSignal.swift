internal import Foundation
internal import Synchronization

/// What somebody may wait for a change of; named as the table is.
public enum StoreTopic: String, Sendable, CaseIterable {
  case keys, approvals
  case policies = "policyversions"
}

/// Wakes those who wait for a change in the store, where the database tells of it; they look again after a while in
/// any case. Any thread.
final class ChangeSignal: Sendable {
  private let condition = NSCondition()
  private let counts = Mutex<[StoreTopic: Int]>([:])
  private let tells = Atomic(false)

  /// Whether changes are told of now: then there is no need to look often.
  var isLive: Bool { tells.load(ordering: .relaxed) }

  func set(isLive: Bool) { tells.store(isLive, ordering: .relaxed) }

  /// What to hand to ``wait(for:after:milliseconds:)``, to be taken before the look after which one waits.
  func moment(_ topic: StoreTopic) -> Int { counts.withLock { $0[topic, default: 0] } }

  func announce(_ topics: some Sequence<StoreTopic>) {
    condition.lock()
    counts.withLock { counts in for topic in topics { counts[topic, default: 0] += 1 } }
    condition.broadcast()
    condition.unlock()
  }

  /// Returns when there was a change after `moment`, or after so long. [blocking]
  func wait(for topic: StoreTopic, after moment: Int, milliseconds: Int) {
    let end = Date(timeIntervalSinceNow: Double(milliseconds) / 1000)
    condition.lock()
    while self.moment(topic) == moment, condition.wait(until: end) {}
    condition.unlock()
  }
}
