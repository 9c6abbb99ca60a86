/// The feed's own side. Confined to its thread once that runs.
final class FeedWorker: @unchecked Sendable {
  private let sink: any RecordSink
  private let acknowledger: SinkAcknowledger
  private let log: String
  private let directory: LogDirectory
  private let position: SinkPosition
  private let state: Monitor<SinkFeed.State>
  private let progress: Monitor<LogProgress>
  private var cursor: LogCursor
  /// Nil where the sink keeps no checkpoints.
  private var checkpoints: CheckpointFeed?
  private var backOff = BackOff()
  private var storedSize: UInt64
  /// Records that the sink took but wasn't told to flush.
  private var unflushedBytes = 0
  private var isOpen = false
  private var mustRecover = true

  /// A batch ends at either bound; a larger record is a batch of its own.
  private static let batchBytes = 1 << 20
  private static let batchRecords = 1024
  /// A sink that is behind is told to flush after this much.
  private static let flushBytes = 4 << 20

  init(
    _ sink: any RecordSink, _ acknowledger: SinkAcknowledger, log: String, _ directory: LogDirectory,
    _ position: SinkPosition, _ state: Monitor<SinkFeed.State>, _ progress: Monitor<LogProgress>
  ) throws(EvidenceError) {
    self.sink = sink
    self.acknowledger = acknowledger
    self.log = log
    self.directory = directory
    self.position = position
    self.state = state
    self.progress = progress
    storedSize = state.withLock { $0.acknowledgedSize }
    cursor = try LogCursor(directory, from: 0)
  }

  func run() {
    while !isOver {
      do throws(SinkFailure) {
        try advance()
        state.update { $0.failure = nil }
        backOff.reset()
      } catch {
        mustRecover = true
        state.update { $0.failure = EvidenceError(.sink, error.message) }
        guard error.isRetryable else {
          state.update { $0.isDown = true }
          break
        }
        pause(backOff.next())
      }
    }
    storePosition()
    if isOpen { sink.close() }
    // A sink may acknowledge as it closes.
    storePosition()
  }

  /// One turn: what there is to deliver, or a flush, or waiting for more.
  private func advance() throws(SinkFailure) {
    if !isOpen {
      try sink.open(log: log, acknowledger: acknowledger)
      isOpen = true
    }
    if mustRecover { try recover() }
    let durable = progress.withLock { $0.status.durableSize }
    if cursor.next < durable {
      try deliver(until: durable)
      if unflushedBytes >= Self.flushBytes {
        try flush()
        try sendCheckpoints()
      }
    } else if unflushedBytes > 0 {
      try flush()
    } else if try !sendCheckpoints() {
      waitForMore()
    }
  }

  private func recover() throws(SinkFailure) {
    let next = try sink.recover()
    let durable = progress.withLock { $0.status.durableSize }
    guard next <= durable else {
      throw SinkFailure(
        isRetryable: false,
        message: "the sink holds \(next) records of a log that has \(durable): the log was cut")
    }
    cursor = try own { () throws(EvidenceError) in try LogCursor(directory, from: next) }
    checkpoints = nil
    if let held = try sink.recoverCheckpoint() {
      checkpoints = try own { () throws(EvidenceError) in try CheckpointFeed(directory, from: held) }
    }
    unflushedBytes = 0
    mustRecover = false
  }

  /// Gives the sink the checkpoints whose records it has. Returns whether there was any.
  @discardableResult
  private func sendCheckpoints() throws(SinkFailure) -> Bool {
    var wasSent = false
    while let checkpoint = try own({ () throws(EvidenceError) in try checkpoints?.next(upTo: cursor.next) }) {
      try sink.checkpoint(checkpoint.note)
      checkpoints?.isHeld(checkpoint)
      wasSent = true
    }
    return wasSent
  }

  private func deliver(until durable: UInt64) throws(SinkFailure) {
    let first = cursor.next
    var records: [[UInt8]] = []
    var bytes = 0
    try own { () throws(EvidenceError) in
      cursor.refresh()
      while cursor.next < durable, bytes < Self.batchBytes, records.count < Self.batchRecords {
        let record = try cursor.record()
        bytes += record.count
        records.append(record)
      }
    }
    let result = try sink.append(firstSequence: first, records: records)
    let accepted = max(0, min(result.accepted, records.count))
    unflushedBytes += records[..<accepted].reduce(0) { $0 + $1.count }
    guard accepted < records.count else { return }
    let failure = EvidenceError(.sink, "the sink takes no more for now")
    state.update { $0.failure = failure }
    pause(result.retryAfter?.nanoseconds ?? backOff.next())
    cursor = try own { () throws(EvidenceError) in try LogCursor(directory, from: first + UInt64(accepted)) }
  }

  private func flush() throws(SinkFailure) {
    try sink.flush()
    unflushedBytes = 0
    storePosition()
  }

  /// A few milliseconds' patience under load makes batches; nobody waits for a sink.
  private func waitForMore() {
    let have = cursor.next
    let covered = checkpoints?.heldSize
    let more: Bool? = progress.wait(until: nil) { progress in
      if progress.status.durableSize > have || progress.hasEnded { return true }
      if let covered, progress.status.checkpointSize > covered { return true }
      return self.state.withLock { $0.stopBy } == nil ? nil : true
    }
    if more == true, state.withLock({ $0.stopBy }) == nil { pause(5_000_000) }
  }

  /// Over when told to stop and either caught up or out of time.
  private var isOver: Bool {
    guard let stopBy = state.withLock({ $0.stopBy }) else { return false }
    if Timestamp.monotonic() >= stopBy { return true }
    let durable = progress.withLock { $0.status.durableSize }
    guard isOpen && !mustRecover && cursor.next >= durable && unflushedBytes == 0 else { return false }
    return (try? checkpoints?.next(upTo: cursor.next)) == nil
  }

  /// Waits that long, less if it's told to stop.
  private func pause(_ nanoseconds: UInt64) {
    let until = Timestamp.monotonic() &+ nanoseconds
    let stopBy: UInt64? = state.wait(until: until) { $0.stopBy }
    // While stopping there is a deadline, so short pauses do; they keep a failing sink from being hammered.
    if stopBy != nil {
      _ = state.wait(until: Timestamp.monotonic() + min(nanoseconds, 50_000_000)) { _ in nil as Void? }
    }
  }

  private func storePosition() {
    let size = state.withLock { $0.acknowledgedSize }
    guard size != storedSize else { return }
    do throws(EvidenceError) {
      try position.store(size)
      storedSize = size
    } catch {
      // The sink knows better than this file where it stands; the operator still should know.
      state.update { $0.failure = error }
    }
  }

  /// A fault of the log's own files ends the feed: altered records are never delivered.
  private func own<Value>(_ body: () throws(EvidenceError) -> Value) throws(SinkFailure) -> Value {
    do throws(EvidenceError) {
      return try body()
    } catch {
      throw SinkFailure(isRetryable: error.code == .storage, message: error.message)
    }
  }
}

/// Waits that double from 100 ms to 30 s, each shortened by up to a half at random so that replicas spread out.
struct BackOff {
  private var step: UInt64 = 0
  private var generator = SystemRandomNumberGenerator()

  mutating func next() -> UInt64 {
    let full = min(30_000_000_000, UInt64(100_000_000) << min(step, 9))
    step += 1
    return full - UInt64.random(in: 0...full / 2, using: &generator)
  }

  mutating func reset() { step = 0 }
}
