public import Synchronization

/// What one filter instance has done. Added to from any thread.
public final class FilterCounters: Sendable {
  public let calls = Atomic<Int>(0)
  public let bytes = Atomic<Int>(0)
  public let findings = Atomic<Int>(0)
  public let failures = Atomic<Int>(0)

  func count(bytes count: Int) {
    calls.add(1, ordering: .relaxed)
    bytes.add(count, ordering: .relaxed)
  }
}
