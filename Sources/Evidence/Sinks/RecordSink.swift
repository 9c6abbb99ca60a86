/// Something that keeps records outside the log: a file, a database, an object store.
///
/// A feed calls these functions on one thread of its own, one at a time; they may block. A sink that delivers
/// at least once and keeps each sequence once loses nothing and doubles nothing.
public protocol RecordSink: AnyObject, Sendable {
  /// Begins keeping the log named `log`. `acknowledger` may be used from any thread until ``close()`` returns.
  func open(log: String, acknowledger: SinkAcknowledger) throws(SinkFailure)
  /// The next sequence that the sink needs; 0 where it holds nothing of this log. Called after `open` and after
  /// each failure; the feed goes on from there.
  func recover() throws(SinkFailure) -> UInt64
  /// Records (whole envelopes, canonical JSON in UTF-8) with ascending sequences from `firstSequence` on.
  func append(firstSequence: UInt64, records: [[UInt8]]) throws(SinkFailure) -> SinkProgress
  /// Makes durable what was taken, and acknowledges it, before it returns.
  func flush() throws(SinkFailure)
  /// The size of the largest checkpoint that the sink holds; 0 where it holds none; nil where it keeps none at all
  /// and is to be given none. Called after `recover`.
  func recoverCheckpoint() throws(SinkFailure) -> UInt64?
  /// A checkpoint's whole note, after the records that it covers were flushed. The same one may come again.
  func checkpoint(_ note: [UInt8]) throws(SinkFailure)
  /// Ends it. What was not acknowledged is given again next time.
  func close()
}

extension RecordSink {
  public func recoverCheckpoint() throws(SinkFailure) -> UInt64? { nil }
  public func checkpoint(_ note: [UInt8]) throws(SinkFailure) {}
}

/// What became of a batch.
public struct SinkProgress: Sendable {
  /// How many records, from the batch's first on, the sink took.
  public var accepted: Int
  /// How long to wait before the rest is offered again; nil: the feed's own back-off.
  public var retryAfter: Duration?

  public init(accepted: Int, retryAfter: Duration? = nil) {
    self.accepted = accepted
    self.retryAfter = retryAfter
  }
}

/// Why a sink couldn't do something. Nothing of the batch counts.
public struct SinkFailure: Error, Sendable {
  /// True: the feed backs off, recovers and goes on. False: it stops, and the sink is reported as down.
  public var isRetryable: Bool
  /// For the operator; never a record's content.
  public var message: String

  public init(isRetryable: Bool, message: String) {
    self.isRetryable = isRetryable
    self.message = message
  }
}

/// Takes a sink's acknowledgements, from any thread.
public final class SinkAcknowledger: Sendable {
  private let report: @Sendable (UInt64, Durability) -> Void

  init(_ report: @escaping @Sendable (UInt64, Durability) -> Void) { self.report = report }

  /// Every record up to and including `sequence` is held at `level`.
  public func acknowledge(upTo sequence: UInt64, level: Durability = .stable) { report(sequence, level) }
}
