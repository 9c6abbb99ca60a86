internal import Synchronization

/// Whether a filter keeps to its stage's budget, and what follows where it does not.
///
/// The exchange whose call took too long is denied. A call in this process can't be interrupted, and while it runs
/// its event loop does nothing else; so from the second overrun in a row on the filter is left alone for a while, and
/// its exchanges are denied at once. Then one call is tried. One call in time, and all is well again.
final class FilterHealth: Sendable {
  private let inARow = Atomic<Int>(0)
  /// By the clock of ``MonotonicClock``; 0: it may be called.
  private let suspendedUntil = Atomic<Int>(0)

  private static let firstPause = 1_000_000_000
  private static let longestPause = 60_000_000_000

  var isUnhealthy: Bool { inARow.load(ordering: .relaxed) != 0 }

  /// Whether the filter may be called now. Where its pause is over, one caller is told so, and the others wait for what
  /// comes of it.
  func admits(at now: Int) -> Bool {
    let until = suspendedUntil.load(ordering: .relaxed)
    if until == 0 { return true }
    guard now >= until else { return false }
    return suspendedUntil.compareExchange(
      expected: until, desired: now + Self.pause(after: inARow.load(ordering: .relaxed)), ordering: .relaxed
    ).exchanged
  }

  /// A call has ended in time.
  func wasInTime() {
    guard isUnhealthy else { return }
    inARow.store(0, ordering: .relaxed)
    suspendedUntil.store(0, ordering: .relaxed)
  }

  /// A call has taken too long.
  /// - Parameter mayPause: whether the filter is to be left alone for a while; not where its process was ended for it.
  func overran(at now: Int, mayPause: Bool) {
    let count = inARow.add(1, ordering: .relaxed).newValue
    if mayPause, count > 1 { suspendedUntil.store(now + Self.pause(after: count), ordering: .relaxed) }
  }

  private static func pause(after count: Int) -> Int {
    min(longestPause, firstPause << max(0, min(count - 2, 6)))
  }
}
