public import Synchronization

/// What one filter instance has done. Added to from any thread; none of it tells anything of a text.
public final class FilterCounters: Sendable {
  /// Texts, or pieces of texts, that the filter was given; for the rest of the stages, requests.
  public let calls = Atomic<Int>(0)
  public let bytes = Atomic<Int>(0)
  public let findings = Atomic<Int>(0)
  /// Calls that it failed, and answers of its that broke a rule.
  public let failures = Atomic<Int>(0)
  /// Time spent in its stage, texts made ready for it included.
  public let nanoseconds = Atomic<Int>(0)
  /// Texts whose findings were remembered, so that the filter was not asked.
  public let remembered = Atomic<Int>(0)

  /// One stage's work on one payload, added at once: threads share these numbers, texts are many.
  func add(_ work: Work) {
    if work.calls != 0 { calls.add(work.calls, ordering: .relaxed) }
    if work.bytes != 0 { bytes.add(work.bytes, ordering: .relaxed) }
    if work.findings != 0 { findings.add(work.findings, ordering: .relaxed) }
    if work.remembered != 0 { remembered.add(work.remembered, ordering: .relaxed) }
    nanoseconds.add(MonotonicClock.now() - work.began, ordering: .relaxed)
  }

  /// What is counted while a stage works.
  struct Work {
    var calls = 0
    var bytes = 0
    var findings = 0
    var remembered = 0
    let began = MonotonicClock.now()
  }
}
