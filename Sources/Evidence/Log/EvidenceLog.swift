internal import Synchronization

/// A tamper-evident, append-only log of records in one directory.
///
/// One process writes a log at a time; any number may read it meanwhile (``EvidenceReader``, ``Verifier``).
/// Records are numbered from 0 without gaps, in the order in which they are appended, and are leaves of a
/// Merkle tree (RFC 6962) whose root is signed at least once a minute.
///
/// The log fails closed: after an error of the disk nothing more is taken, and what was not yet acknowledged
/// is reported as failed, until the log is opened again.
public final class EvidenceLog: Sendable {
  /// Names this log among all: 32 hexadecimal digits.
  public let logID: String
  /// The key that verifies this log's checkpoints now, as `checkpoint.pub` has it.
  public var verifierKey: VerifierKey { progress.withLock { $0.verifierKey } ?? firstKey }

  private let firstKey: VerifierKey

  private let options: Options
  let directory: LogDirectory
  private let queue: Monitor<LogQueue>
  private let progress: Monitor<LogProgress>
  private let thread: WorkerThread
  private let spare: SpareSegment
  private let feeds = Mutex<[SinkFeed]>([])
  private let isClosed = Mutex(false)
  /// Keeps other writers out; let go at the very end.
  private let lock: Mutex<FileLock?>

  /// Opens the log in `directory`, creating directory (mode 0700), log and signing key where they are missing.
  /// [blocking] Reads the last segment.
  ///
  /// An unfinished write at the end is cut off and reported. Throws ``EvidenceError/Code/locked`` where
  /// another process writes the log, `insecure` where others could change it, and `damaged` where it holds
  /// less than, or something else than, its last checkpoint says: then nothing is touched.
  public static func open(
    directory path: String, options: Options = Options()
  ) throws(EvidenceError) -> (EvidenceLog, RecoveryReport) {
    let options = options.bounded
    let directory = try LogDirectory.forWriting(path, options.fileSystem)
    let recovered = try Recovery(directory, options).run()
    return (try EvidenceLog(directory, options, recovered), recovered.report)
  }

  private init(_ directory: LogDirectory, _ options: Options, _ recovered: Recovered) throws(EvidenceError) {
    self.options = options
    self.directory = directory
    lock = Mutex(recovered.lock)
    logID = "\(recovered.log)"
    firstKey = recovered.verifierKey
    let queue = Monitor(LogQueue())
    let progress = Monitor(LogProgress())
    self.queue = queue
    self.progress = progress
    spare = try SpareSegment(directory, size: options.segmentBytes)
    let writer = try LogWriter(directory, options, recovered, queue, progress, spare)
    try writer.begin()
    do throws(SystemFailure) {
      thread = try WorkerThread(name: "evidence") { writer.run() }
    } catch {
      spare.stop()
      throw EvidenceError(error)
    }
  }

  deinit { close() }

  /// Appends one record. Any thread; never waits for the disk.
  ///
  /// `completion` is called exactly once with the record's sequence, on the writer's thread, once the record
  /// is held at `durability`; or with why it isn't. It must not block. Where the record is not even taken
  /// (`backlogged`, `closed`, `tooLarge`, `invalidRecord`, or an earlier failure of the disk), it is called on
  /// the caller's thread before this returns.
  public func append(
    _ draft: RecordDraft, durability: Durability,
    completion: @escaping @Sendable (Result<UInt64, EvidenceError>) -> Void
  ) {
    append([draft], durability: durability, completion: completion)
  }

  /// Appends several records with nothing between them; the result is the last one's sequence. Either all are
  /// taken or none.
  public func append(
    _ drafts: [RecordDraft], durability: Durability,
    completion: @escaping @Sendable (Result<UInt64, EvidenceError>) -> Void
  ) {
    var bytes = 0
    var fault = drafts.isEmpty ? EvidenceError(.invalidRecord, "there is no record to append") : nil
    for draft in drafts where fault == nil {
      let size = draft.sizeBound
      bytes += size
      fault =
        size > options.maximumRecordBytes
        ? EvidenceError(
          .tooLarge,
          "a \(draft.type.rawValue) record of \(size) bytes is over the limit of \(options.maximumRecordBytes)"
        ) : draft.fault
    }
    if fault == nil {
      let entry = QueueEntry(drafts: drafts, bytes: bytes, durability: durability, completion: completion)
      fault = queue.update { $0.add(entry, limit: options.maximumQueueBytes) }
    }
    if let fault { completion(.failure(fault)) }
  }

  /// Appends and waits. [blocking] For commands and tests; never from an event loop or a completion.
  @discardableResult
  public func appendAndWait(
    _ drafts: [RecordDraft], durability: Durability = .stable
  ) throws(EvidenceError) -> UInt64 {
    let outcome = Monitor<Result<UInt64, EvidenceError>?>(nil)
    append(drafts, durability: durability) { result in outcome.update { $0 = result } }
    guard let result = outcome.wait(until: nil, { $0 }) else {
      throw EvidenceError(.closed, "the append was never completed")
    }
    return try result.get()
  }

  /// Feeds `sink` with this log's stable records, from wherever the sink says it stands, on a thread of its own.
  ///
  /// `name`: 1–64 bytes of `a–z 0–9 -`; it names the file that remembers the sink's position. `level`: what an
  /// acknowledgement must promise to count.
  @discardableResult
  public func attach(
    _ sink: any RecordSink, name: String, level: Durability = .stable
  ) throws(EvidenceError) -> SinkFeed {
    let feed = try SinkFeed(sink, name: name, level: level, log: logID, directory, progress)
    feeds.withLock { $0.append(feed) }
    return feed
  }

  /// Ends a feed: its sink is given `drain` to catch up, and closed. [blocking] What it has not acknowledged is given
  /// again when a sink is attached under that name.
  public func detach(_ feed: SinkFeed, drain: Duration = .seconds(5)) {
    let isKnown = feeds.withLock { feeds in
      guard let index = feeds.firstIndex(where: { $0 === feed }) else { return false }
      feeds.remove(at: index)
      return true
    }
    guard isKnown else { return }
    feed.beginStopping(deadline: Timestamp.monotonic() + drain.nanoseconds)
    feed.finish()
  }

  /// Puts a new signing key in the old one's place where one lies ready (``KeyRotation/prepare(directory:)``). Any
  /// thread; it's done within moments. Looks for a file.
  public func adoptKeyIfReady() {
    if (try? directory.openOwn(LogDirectory.nextKey, .read)) != nil {
      queue.update { $0.mustAdoptKey = true }
    }
  }

  /// Waits until a checkpoint covers the first `size` records, which are stable. [blocking]
  func checkpoint(covering size: UInt64) throws(EvidenceError) {
    for _ in 0..<600 {
      queue.update { $0.mustCheckpoint = true }
      let outcome: Bool? = progress.wait(until: Timestamp.monotonic() + 100_000_000) { progress in
        progress.status.checkpointSize >= size ? true : progress.hasEnded ? false : nil
      }
      if outcome == true { return }
      if let failure = status.failure { throw failure }
      if outcome == false { break }
    }
    throw EvidenceError(.closed, "no checkpoint was made within a minute")
  }

  /// How the log is now. Any thread.
  public var status: LogStatus {
    var status = progress.withLock { $0.status }
    queue.withLock { queue in
      status.queueDepth = queue.entries.count
      status.queueBytes = queue.bytes
      status.failure = queue.failure
    }
    status.warning = spare.failure
    status.sinks = feeds.withLock { $0 }.map { $0.status }
    return status
  }

  /// Writes what waits, makes a last checkpoint, gives the sinks up to `drain` to catch up, and ends the
  /// threads. [blocking] Not from a completion. A second call does nothing.
  public func close(drain: Duration = .seconds(5)) {
    let first = isClosed.withLock { closed in
      defer { closed = true }
      return !closed
    }
    guard first else { return }
    queue.update { $0.isClosing = true }
    // The last reference may go in a completion, on the thread itself, which can't wait for its own end.
    if thread.isCurrent { thread.detach() } else { thread.join() }
    spare.stop()
    let deadline = Timestamp.monotonic() + drain.nanoseconds
    let feeds = feeds.withLock { $0 }
    for feed in feeds { feed.beginStopping(deadline: deadline) }
    for feed in feeds { feed.finish() }
    lock.withLock { $0 = nil }
  }
}
