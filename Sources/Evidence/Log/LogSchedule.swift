/// When the writer must act although nothing arrives. Times are CLOCK_MONOTONIC nanoseconds.
struct LogSchedule: Sendable {
  private let interval: UInt64
  private let idle: UInt64
  private let synchronizeWithin: UInt64
  /// The arrival of the first record that no checkpoint covers, and of the last one.
  private var firstUncovered: UInt64?
  private var lastAppended: UInt64 = 0
  private var firstUnsynchronized: UInt64?

  init(_ options: EvidenceLog.Options) {
    interval = options.checkpointInterval.nanoseconds
    idle = options.checkpointWhenIdle.nanoseconds
    synchronizeWithin = options.synchronizeWithin.nanoseconds
  }

  /// When to wake at the latest; nil where nothing is pending.
  var deadline: UInt64? {
    let pending = [checkpointDue, firstUnsynchronized.map { $0 &+ synchronizeWithin }].compactMap(\.self)
    return pending.min()
  }

  private var checkpointDue: UInt64? {
    firstUncovered.map { min($0 &+ interval, lastAppended &+ idle) }
  }

  func isCheckpointDue(_ now: UInt64) -> Bool { checkpointDue.map { now >= $0 } ?? false }

  func isSynchronizationDue(_ now: UInt64) -> Bool {
    firstUnsynchronized.map { now >= $0 &+ synchronizeWithin } ?? false
  }

  mutating func appended(isStable: Bool) {
    let now = Timestamp.monotonic()
    lastAppended = now
    if firstUncovered == nil { firstUncovered = now }
    if isStable { firstUnsynchronized = nil } else if firstUnsynchronized == nil { firstUnsynchronized = now }
  }

  mutating func synchronized() { firstUnsynchronized = nil }

  mutating func covered() {
    firstUncovered = nil
    firstUnsynchronized = nil
  }
}
