/// Keeps sealed originals: one file a part, `sealed/DAY/SHA256.age` in the data directory, mode 0600, stable on disk
/// before anybody hears of it. What it's given is encrypted in memory; nothing else of it touches the disk.
///
/// It takes no more than its limit: a full store refuses, and the exchange that wanted to be kept doesn't happen.
public final class SealedStore: Sendable {
  /// Bounds, in bytes.
  public struct Options: Sendable {
    /// What all sealed files together may take.
    public var maximumBytes = 64 << 30
    /// What may wait for the disk. One part is taken whatever its size if none waits.
    public var maximumQueueBytes = 128 << 20
    var fileSystem: any FileSystem = PosixFileSystem()

    public init() {}
  }

  private let worker: SealedWriter
  private let queue: Monitor<SealedQueue>
  private let thread: WorkerThread
  private let isClosed = Monitor(false)

  /// Opens the store in `directory`, a data directory, making `sealed` (mode 0700) where it's missing. [blocking]
  /// Looks at every file's size.
  public init(directory path: String, options: Options = Options()) throws(EvidenceError) {
    let directory = try LogDirectory.forWriting("\(path)/\(SealedName.folder)", options.fileSystem)
    let queue = Monitor(SealedQueue(usedBytes: try SealedFiles(directory).totalSize()))
    let worker = try SealedWriter(directory, options, queue)
    self.queue = queue
    self.worker = worker
    do throws(SystemFailure) {
      thread = try WorkerThread(name: "sealing") { worker.run() }
    } catch {
      throw EvidenceError(error)
    }
  }

  deinit { close() }

  /// Seals `original` to `recipients` and keeps it. Any thread; never waits.
  ///
  /// `completion` is called exactly once: on the store's thread once the file is stable, or with why it isn't; where
  /// nothing is taken (`backlogged`, `closed`, `storage-full`), on the caller's thread before this returns.
  public func keep(
    _ original: [UInt8], for recipients: [AgeRecipient],
    completion: @escaping @Sendable (Result<SealedReference, EvidenceError>) -> Void
  ) {
    let part = SealedQueue.Part(original: original, recipients: recipients, completion: completion)
    let limit = worker.options
    if let fault = queue.update({ $0.add(part, limit.maximumQueueBytes, limit.maximumBytes) }) {
      completion(.failure(fault))
    }
  }

  /// Why nothing is taken any more, or nil. The store has to be opened again. Any thread.
  public var failure: EvidenceError? { queue.withLock { $0.failure } }

  /// How many bytes all sealed files take. Any thread.
  public var usedBytes: Int { queue.withLock { $0.usedBytes } }

  /// Whether ``remove(before:except:)`` would remove anything. [blocking]
  func hasFiles(before day: String, except held: Set<String>) throws(EvidenceError) -> Bool {
    try SealedFiles(worker.directory).contains(
      before: min(day, SealedFiles.day(of: Timestamp.now())), except: held)
  }

  /// Removes what came before `day` (as `2026-11-26`, UTC) and is in none of `held` (digests, hexadecimal). [blocking]
  /// Today's are never removed. Returns how many files and bytes went.
  public func remove(before day: String, except held: Set<String>) throws(EvidenceError) -> (
    files: Int, bytes: Int
  ) {
    let today = SealedFiles.day(of: Timestamp.now())
    let removed = try SealedFiles(worker.directory).remove(before: min(day, today), except: held)
    queue.update { $0.usedBytes -= removed.bytes }
    return removed
  }

  /// Keeps what waits, and ends. [blocking] A second call does nothing.
  public func close() {
    let isFirst = isClosed.withLock { closed in
      defer { closed = true }
      return !closed
    }
    guard isFirst else { return }
    queue.update { $0.isClosing = true }
    if thread.isCurrent { thread.detach() } else { thread.join() }
  }
}

/// What waits to be sealed.
struct SealedQueue: Sendable {
  struct Part: Sendable {
    var original: [UInt8]
    var recipients: [AgeRecipient]
    var completion: @Sendable (Result<SealedReference, EvidenceError>) -> Void

    /// No sealed file of it is larger.
    var sizeBound: Int {
      original.count + (original.count / AgeStream.chunkSize + 1) * ChaChaPoly.tagSize + 128
        + 160 * recipients.count
    }
  }

  var parts: [Part] = []
  var waitingBytes = 0
  var usedBytes: Int
  var isClosing = false
  /// Set once; from then on nothing is taken.
  var failure: EvidenceError?

  init(usedBytes: Int) { self.usedBytes = usedBytes }

  mutating func add(_ part: Part, _ queueLimit: Int, _ limit: Int) -> EvidenceError? {
    if let failure { return failure }
    if isClosing { return EvidenceError(.closed, "the store of sealed originals is closed") }
    let size = part.sizeBound
    guard parts.isEmpty || waitingBytes + size <= queueLimit else {
      return EvidenceError(
        .backlogged, "\(parts.count) originals wait for the disk; it is too slow for the traffic")
    }
    guard usedBytes + waitingBytes + size <= limit else {
      return EvidenceError(
        .storageFull,
        "the sealed originals take their whole \(limit) bytes; shorten their retention or raise the limit")
    }
    parts.append(part)
    waitingBytes += size
    return nil
  }
}
