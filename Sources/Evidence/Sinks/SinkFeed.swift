/// Carries a log's records to one sink, in order, on a thread of its own.
///
/// Records are read back from the log's files, so that however far a sink is behind, memory stays at one batch.
public final class SinkFeed: Sendable {
  /// What the sink's and the feed's threads share.
  struct State: Sendable {
    var acknowledgedSize: UInt64 = 0
    var failure: EvidenceError?
    var isDown = false
    /// Set by close: when to give up, in CLOCK_MONOTONIC nanoseconds.
    var stopBy: UInt64?
  }

  public let name: String
  private let state: Monitor<State>
  private let progress: Monitor<LogProgress>
  private let thread: WorkerThread

  init(
    _ sink: any RecordSink, name: String, level: Durability, log: String, _ directory: LogDirectory,
    _ progress: Monitor<LogProgress>
  ) throws(EvidenceError) {
    let position = try SinkPosition(directory, name: name)
    var initial = State()
    initial.acknowledgedSize = try position.load()
    let state = Monitor(initial)
    self.name = name
    self.state = state
    self.progress = progress
    let acknowledger = SinkAcknowledger { sequence, reached in
      guard reached >= level else { return }
      let durable = progress.withLock { $0.status.durableSize }
      // Nobody can have what was never given.
      state.update { $0.acknowledgedSize = max($0.acknowledgedSize, min(sequence &+ 1, durable)) }
    }
    let worker = try FeedWorker(sink, acknowledger, log: log, directory, position, state, progress)
    do throws(SystemFailure) {
      thread = try WorkerThread(name: "evidence-\(name)") { worker.run() }
    } catch {
      throw EvidenceError(error)
    }
  }

  /// How far the sink is. Any thread.
  public var status: SinkStatus {
    let durable = progress.withLock { $0.status.durableSize }
    return state.withLock { state in
      SinkStatus(
        name: name, acknowledgedSize: state.acknowledgedSize,
        lag: durable > state.acknowledgedSize ? durable - state.acknowledgedSize : 0, failure: state.failure,
        isDown: state.isDown)
    }
  }

  /// Waits until the sink has acknowledged the first `size` records, or refused for good, or `timeout` is over.
  /// [blocking] True in the first case.
  public func wait(forSize size: UInt64, timeout: Duration) -> Bool {
    let deadline = Timestamp.monotonic() + timeout.nanoseconds
    return state.wait(until: deadline) { state in
      state.acknowledgedSize >= size ? true : state.isDown ? false : nil
    } ?? false
  }

  /// Lets the feed go on until it has caught up or `deadline` is over.
  func beginStopping(deadline: UInt64) {
    state.update { $0.stopBy = deadline }
    progress.update { _ in }
  }

  func finish() { thread.join() }
}
