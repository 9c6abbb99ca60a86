internal import Synchronization

/// What one filter of one pipeline has done since the process began, over all policies that had it. None of it tells
/// anything of a text.
///
/// Event loops add to stripes of their own, so that no two cores fight for a cache line; who reads adds them up. Order
/// between the numbers means nothing.
final class FilterCounters: Sendable {
  private let stripes: [Stripe]
  private let failures = Atomic<Int>(0)
  private let overruns = Atomic<Int>(0)

  /// A power of two: threads that use chains at once, roughly.
  static let stripeCount = 8

  init() { stripes = (0..<Self.stripeCount).map { _ in Stripe() } }

  /// One stage's work on one payload, added at once. `stripe` is any number: the same thread gives the same, mostly.
  func add(_ work: FilterWork, stripe: Int) {
    let mine = stripes[stripe & (Self.stripeCount - 1)]
    if work.calls != 0 { mine.calls.add(work.calls, ordering: .relaxed) }
    if work.bytes != 0 { mine.bytes.add(work.bytes, ordering: .relaxed) }
    if work.findings != 0 { mine.findings.add(work.findings, ordering: .relaxed) }
    if work.holds != 0 { mine.holds.add(work.holds, ordering: .relaxed) }
    if work.remembered != 0 { mine.remembered.add(work.remembered, ordering: .relaxed) }
    mine.nanoseconds.add(MonotonicClock.now() - work.began, ordering: .relaxed)
  }

  func addFailure() { failures.add(1, ordering: .relaxed) }
  func addOverrun() { overruns.add(1, ordering: .relaxed) }

  var totals: FilterTotals {
    var totals = FilterTotals()
    totals.failures = failures.load(ordering: .relaxed)
    totals.overruns = overruns.load(ordering: .relaxed)
    for stripe in stripes {
      totals.calls += stripe.calls.load(ordering: .relaxed)
      totals.bytes += stripe.bytes.load(ordering: .relaxed)
      totals.findings += stripe.findings.load(ordering: .relaxed)
      totals.holds += stripe.holds.load(ordering: .relaxed)
      totals.remembered += stripe.remembered.load(ordering: .relaxed)
      totals.nanoseconds += stripe.nanoseconds.load(ordering: .relaxed)
    }
    return totals
  }

  private final class Stripe: Sendable {
    let calls = Atomic<Int>(0)
    let bytes = Atomic<Int>(0)
    let findings = Atomic<Int>(0)
    let holds = Atomic<Int>(0)
    let remembered = Atomic<Int>(0)
    let nanoseconds = Atomic<Int>(0)
    /// Keeps the next object's numbers on another cache line.
    private let distance = InlineArray<16, Int>(repeating: 0)
  }
}

/// What a filter has done so far.
public struct FilterTotals: Sendable, Hashable {
  /// Texts, or pieces of texts, that the filter was given; for the rest of the stages, requests.
  public internal(set) var calls = 0
  public internal(set) var bytes = 0
  /// What a detector found.
  public internal(set) var findings = 0
  /// Of a detector: pieces after which it held text back. Of a gate: requests that it wants people to decide.
  public internal(set) var holds = 0
  /// Calls that it failed, and answers of its that broke a rule; those over the budget are among them.
  public internal(set) var failures = 0
  /// Calls that took longer than the stage's budget.
  public internal(set) var overruns = 0
  /// Texts whose findings were remembered, so that the filter was not asked.
  public internal(set) var remembered = 0
  /// Spent in its stage, texts made ready for it included.
  public internal(set) var nanoseconds = 0
}

/// What is counted while a stage works on one payload. On the stack of the thread that does it.
struct FilterWork {
  var calls = 0
  var bytes = 0
  var findings = 0
  var holds = 0
  var remembered = 0
  let began: Int
  /// When the call before this one ended.
  var last: Int

  init() {
    began = MonotonicClock.now()
    last = began
  }
}
