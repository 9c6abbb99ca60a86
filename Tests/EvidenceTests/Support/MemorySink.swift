import Synchronization

@testable import Evidence

/// A sink in memory that keeps each sequence once, and fails when told to.
final class MemorySink: RecordSink {
  struct State {
    var records: [[UInt8]] = []
    var acknowledger: SinkAcknowledger?
    var failures: [SinkFailure] = []
    /// How many records it takes of a batch at most.
    var appetite = Int.max
    var opens = 0
    var closes = 0
    var recoveries = 0
    var mustForget = 0
    /// Sequences that came out of order.
    var gaps = 0
  }

  let state = Mutex(State())

  private func failIfDue() throws(SinkFailure) {
    if let failure = state.withLock({ $0.failures.popLast() }) { throw failure }
  }

  func open(log: String, acknowledger: SinkAcknowledger) throws(SinkFailure) {
    state.withLock {
      $0.opens += 1
      $0.acknowledger = acknowledger
    }
  }

  func recover() throws(SinkFailure) -> UInt64 {
    state.withLock { state in
      state.recoveries += 1
      state.records.removeLast(min(state.mustForget, state.records.count))
      state.mustForget = 0
      return UInt64(state.records.count)
    }
  }

  func append(firstSequence: UInt64, records: [[UInt8]]) throws(SinkFailure) -> SinkProgress {
    try failIfDue()
    return state.withLock { state in
      if firstSequence != UInt64(state.records.count) { state.gaps += 1 }
      let accepted = min(state.appetite, records.count)
      state.records += records.prefix(accepted)
      return SinkProgress(accepted: accepted, retryAfter: .milliseconds(1))
    }
  }

  func flush() throws(SinkFailure) {
    try failIfDue()
    let (acknowledger, count) = state.withLock { ($0.acknowledger, $0.records.count) }
    if count > 0 { acknowledger?.acknowledge(upTo: UInt64(count - 1)) }
  }

  func close() { state.withLock { $0.closes += 1 } }
}
