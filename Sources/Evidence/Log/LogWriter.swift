/// The one that writes: takes what waits, frames it, writes it, synchronises once, and tells everybody.
///
/// Confined to the log's thread once ``begin()`` has returned; that's why it may be handed over unchecked.
final class LogWriter: @unchecked Sendable {
  private let directory: LogDirectory
  private let options: EvidenceLog.Options
  private let log: LogIdentifier
  private let logText: [UInt8]
  private var key: SigningKey
  private let hasher: Hasher256
  private let queue: Monitor<LogQueue>
  private let progress: Monitor<LogProgress>
  private let spare: SpareSegment

  private var segment: ActiveSegment
  private var frontier: MerkleFrontier
  private var checkpoints: CheckpointFile
  private var checkpointSize: UInt64
  private var durableSize: UInt64
  /// Frames that are not yet written.
  private var buffer: [UInt8] = []
  private var bytesWritten: UInt64 = 0
  private var synchronizations: UInt64 = 0
  private var schedule: LogSchedule

  /// Frames are handed to the operating system when this much has gathered.
  private static let writeBytes = 1 << 20
  /// A buffer that one large record made larger than this is given back.
  private static let keptBytes = 4 << 20

  private typealias Waiting = (
    completion: @Sendable (Result<UInt64, EvidenceError>) -> Void, sequence: UInt64
  )

  init(
    _ directory: LogDirectory, _ options: EvidenceLog.Options, _ recovered: Recovered,
    _ queue: Monitor<LogQueue>,
    _ progress: Monitor<LogProgress>, _ spare: SpareSegment
  ) throws(EvidenceError) {
    self.directory = directory
    self.options = options
    self.queue = queue
    self.progress = progress
    self.spare = spare
    log = recovered.log
    logText = Array("\(recovered.log)".utf8)
    key = recovered.key
    hasher = try Hasher256()
    segment = recovered.segment
    frontier = recovered.frontier
    checkpoints = recovered.checkpoints
    checkpointSize = recovered.report.checkpointSize
    durableSize = recovered.frontier.size
    schedule = LogSchedule(options)
  }

  /// Covers what an earlier run left without a checkpoint.
  func begin() throws(EvidenceError) {
    do throws(EvidenceError) {
      if frontier.size > checkpointSize { try makeCheckpoint() }
      try adoptKey()
    } catch {
      spare.stop()
      throw error
    }
    publish()
  }

  /// The thread's body.
  func run() {
    var entries: [QueueEntry] = []
    while true {
      entries.removeAll(keepingCapacity: true)
      let isOpen = queue.wait(until: schedule.deadline) { queue -> Bool? in
        guard queue.entries.isEmpty else {
          swap(&queue.entries, &entries)
          queue.bytes = 0
          return true
        }
        if queue.mustAdoptKey || queue.mustCheckpoint { return true }
        return queue.isClosing ? false : nil
      }
      if isOpen == false { break }
      if !entries.isEmpty { process(entries) }
      keepSchedule()
    }
    finish()
  }

  private func process(_ entries: [QueueEntry]) {
    var written: [Waiting] = []
    var stable: [Waiting] = []
    var next = 0
    do throws(EvidenceError) {
      while next < entries.count {
        let entry = entries[next]
        for draft in entry.drafts { try place(draft) }
        let waiting: Waiting = (entry.completion, frontier.size - 1)
        next += 1
        switch entry.durability {
        case .received: entry.completion(.success(waiting.sequence))
        case .written: written.append(waiting)
        case .stable: stable.append(waiting)
        }
      }
      try flush()
      let done = written
      written = []
      for waiting in done { waiting.completion(.success(waiting.sequence)) }
      if !stable.isEmpty { try synchronize() }
    } catch {
      fail(error)
      for waiting in written + stable { waiting.completion(.failure(error)) }
      for entry in entries[next...] { entry.completion(.failure(error)) }
      return
    }
    schedule.appended(isStable: durableSize == frontier.size)
    publish()
    for waiting in stable { waiting.completion(.success(waiting.sequence)) }
  }

  /// Numbers a record and frames it; begins a new segment where this one has no room for it.
  private func place(_ draft: RecordDraft) throws(EvidenceError) {
    let start = Frame.begin(&buffer)
    Envelope.append(draft, log: logText, sequence: frontier.size, to: &buffer)
    let leaf = Frame.complete(&buffer, at: start, hasher)
    let hasRecords = segment.offset + start > SegmentHeader.size
    if hasRecords, segment.offset + buffer.count > segment.capacity {
      let frame = Array(buffer[start...])
      buffer.removeLast(buffer.count - start)
      try rotate()
      buffer.append(contentsOf: frame)
    }
    frontier.append(leaf, hasher)
    if buffer.count >= Self.writeBytes { try flush() }
  }

  private func flush() throws(EvidenceError) {
    guard !buffer.isEmpty else { return }
    try act { () throws(SystemFailure) in
      try directory.fileSystem.write(segment.file, at: segment.offset, buffer)
    }
    segment.offset += buffer.count
    bytesWritten += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: buffer.capacity <= Self.keptBytes)
  }

  private func synchronize() throws(EvidenceError) {
    try act { () throws(SystemFailure) in try directory.fileSystem.synchronizeData(segment.file) }
    synchronizations += 1
    durableSize = frontier.size
  }

  /// Closes the segment, with a checkpoint, and begins the next.
  private func rotate() throws(EvidenceError) {
    try flush()
    try synchronize()
    if frontier.size > checkpointSize { try makeCheckpoint() }
    segment = try act { () throws(SystemFailure) in
      try directory.fileSystem.truncate(segment.file, size: segment.offset)
      let header = SegmentHeader(log: log, created: Timestamp.now(), frontier: frontier)
      if let prepared = spare.take() {
        return try ActiveSegment.begin(
          prepared, named: LogDirectory.spare, capacity: spare.size, header, in: directory)
      }
      return try ActiveSegment.create(size: options.segmentBytes, zeroing: false, header, in: directory)
    }
    spare.replace()
  }

  /// Puts a new signing key in the old one's place, if one lies ready. The old one vouches for it: it signs a
  /// checkpoint that covers the record which names the new one. After a crash anywhere in here it's done again.
  private func adoptKey() throws(EvidenceError) {
    let files = KeyFiles(directory)
    guard let next = try files.nextKey() else { return }
    if frontier.size > checkpointSize {
      try synchronize()
      try makeCheckpoint()
    }
    let origin = Checkpoint.origin(of: log)
    let verifier = try VerifierKey(name: origin, publicKey: next.publicKey)
    let previous = try VerifierKey(name: origin, publicKey: key.publicKey)
    if verifier != previous {
      try place(KeyRotation(key: verifier, previous: previous).draft)
      try flush()
      try synchronize()
      try makeCheckpoint(alsoBy: next)
    }
    try files.adoptNextKey(verifier)
    key = next
    progress.update { $0.verifierKey = verifier }
    publish()
  }

  private func makeCheckpoint(alsoBy next: SigningKey? = nil) throws(EvidenceError) {
    let checkpoint = try Checkpoint(
      log: log, size: frontier.size, root: frontier.root(hasher), keys: [key] + (next.map { [$0] } ?? []))
    try act { () throws(SystemFailure) in try checkpoints.append(checkpoint) }
    checkpointSize = checkpoint.size
    schedule.covered()
    options.onCheckpoint?(checkpoint)
  }

  /// Does what has become due: synchronising what nobody wanted stable, and the checkpoint.
  private func keepSchedule() {
    // Taken in any case: what is asked of a log that has failed must not wake its thread for ever.
    let (mustAdopt, mustCheckpoint, failure) = queue.withLock { queue in
      defer { (queue.mustAdoptKey, queue.mustCheckpoint) = (false, false) }
      return (queue.mustAdoptKey, queue.mustCheckpoint, queue.failure)
    }
    guard failure == nil else { return }
    do throws(EvidenceError) {
      let now = Timestamp.monotonic()
      if mustAdopt { try adoptKey() }
      if durableSize < frontier.size, schedule.isSynchronizationDue(now) {
        try synchronize()
        schedule.synchronized()
        publish()
      }
      if checkpointSize < frontier.size,
        checkpointSize == 0 || mustCheckpoint || schedule.isCheckpointDue(now)
      {
        if durableSize < frontier.size { try synchronize() }
        try makeCheckpoint()
        publish()
      }
    } catch {
      fail(error)
    }
  }

  private func finish() {
    if queue.withLock({ $0.failure }) == nil {
      do throws(EvidenceError) {
        if durableSize < frontier.size { try synchronize() }
        if checkpointSize < frontier.size { try makeCheckpoint() }
      } catch {
        fail(error)
      }
    }
    publish(hasEnded: true)
  }

  /// Nothing more is taken, and what waits is told so.
  private func fail(_ error: EvidenceError) {
    schedule = LogSchedule(options)
    let refused = queue.update { queue in
      if queue.failure == nil { queue.failure = error }
      defer {
        queue.entries = []
        queue.bytes = 0
      }
      return queue.entries
    }
    for entry in refused { entry.completion(.failure(error)) }
  }

  private func publish(hasEnded: Bool = false) {
    progress.update { progress in
      progress.status.size = frontier.size
      progress.status.durableSize = durableSize
      progress.status.checkpointSize = checkpointSize
      progress.status.bytesWritten = bytesWritten
      progress.status.synchronizations = synchronizations
      progress.hasEnded = hasEnded
    }
  }

  private func act<Value>(_ body: () throws(SystemFailure) -> Value) throws(EvidenceError) -> Value {
    do throws(SystemFailure) {
      return try body()
    } catch {
      throw EvidenceError(error)
    }
  }
}
