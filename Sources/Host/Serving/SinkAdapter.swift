internal import Evidence
internal import FilterChain

/// A sink plugin, as the log feeds it.
final class SinkAdapter: RecordSink {
  private let sink: SinkInstance

  init(_ sink: SinkInstance) { self.sink = sink }

  private func explain(_ failure: SinkInstance.Failure) -> SinkFailure {
    SinkFailure(isRetryable: failure.isTemporary, message: failure.message)
  }

  func open(log: String, acknowledger: SinkAcknowledger) throws(SinkFailure) {
    do {
      try sink.open(log: log) { sequence, level in
        // A level that this host does not know promises no more than the highest that it does.
        acknowledger.acknowledge(
          upTo: sequence, level: Durability(rawValue: UInt8(min(level, 2))) ?? .received)
      }
    } catch { throw explain(error) }
  }

  func recover() throws(SinkFailure) -> UInt64 {
    do { return try sink.recover() } catch { throw explain(error) }
  }

  func append(firstSequence: UInt64, records: [[UInt8]]) throws(SinkFailure) -> SinkProgress {
    do {
      let (accepted, retryAfter) = try sink.append(first: firstSequence, records: records)
      return SinkProgress(
        accepted: accepted, retryAfter: retryAfter == 0 ? nil : .milliseconds(Int64(clamping: retryAfter)))
    } catch { throw explain(error) }
  }

  func flush() throws(SinkFailure) {
    do { try sink.flush() } catch { throw explain(error) }
  }

  func recoverCheckpoint() throws(SinkFailure) -> UInt64? {
    do { return try sink.recoverCheckpoint() } catch { throw explain(error) }
  }

  func checkpoint(_ note: [UInt8]) throws(SinkFailure) {
    do { try sink.checkpoint(note) } catch { throw explain(error) }
  }

  func close() { sink.close() }
}
