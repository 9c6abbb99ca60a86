/// When a credential is read again, and whether the last good one may still be used. A state machine without I/O; times
/// are seconds of a clock that does not jump.
struct CredentialSchedule: Sendable {
  struct Times: Sendable {
    /// Between two reads while all is well.
    var refresh: Int64 = 300
    /// How long the last good one is used beyond that while none can be read.
    var keep: Int64 = 3600
    /// Between two reads because an upstream refused it: many clients must not become many reads.
    var refused: Int64 = 5
  }

  private let times: Times
  private var read: Int64
  private var attempted: Int64
  private var failures: Int64 = 0
  private var wasRefused = false

  /// It was just read.
  init(times: Times, now: Int64) {
    self.times = times
    read = now
    attempted = now
  }

  /// Whether it is to be read now.
  func isDue(now: Int64) -> Bool {
    if wasRefused, now >= attempted + times.refused { return true }
    if failures > 0 { return now >= attempted + min(60, 1 << min(failures, 6)) }
    return now >= attempted + times.refresh
  }

  /// Whether the last good one may not be used any more.
  func isOver(now: Int64) -> Bool { now >= read + times.refresh + times.keep }

  /// An upstream has said that it is not good.
  mutating func refuse() { wasRefused = true }

  mutating func succeed(now: Int64) {
    read = now
    attempted = now
    failures = 0
    wasRefused = false
  }

  mutating func fail(now: Int64) {
    attempted = now
    failures += 1
    wasRefused = false
  }
}
