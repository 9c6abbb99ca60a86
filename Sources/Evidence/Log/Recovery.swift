/// A log, ready to be written on.
struct Recovered {
  var log: LogIdentifier
  var key: SigningKey
  var verifierKey: VerifierKey
  var frontier: MerkleFrontier
  var segment: ActiveSegment
  var checkpoints: CheckpointFile
  /// Held as long as the log is open.
  var lock: FileLock
  var report: RecoveryReport
}

/// Opens what an earlier run left, or makes a new log.
struct Recovery {
  private let directory: LogDirectory
  private let options: EvidenceLog.Options
  private let fileSystem: any FileSystem
  private let hasher: Hasher256

  /// The first segment is made while everybody waits; the rest in the background.
  private static let firstSegmentBytes = 1 << 20

  init(_ directory: LogDirectory, _ options: EvidenceLog.Options) throws(EvidenceError) {
    self.directory = directory
    self.options = options
    fileSystem = directory.fileSystem
    hasher = try Hasher256()
  }

  func run() throws(EvidenceError) -> Recovered {
    let lockFile = try directory.openOwn(LogDirectory.lock, .createOrOpen)
    guard let lock = try act({ () throws(SystemFailure) in try fileSystem.lock(lockFile) }) else {
      throw EvidenceError(.locked, "another process writes the evidence log in \(directory.handle.name)")
    }
    let segments = try directory.segments()
    let key = try KeyFiles(directory).signingKey(mayCreate: segments.isEmpty)
    let checkpointFile = try directory.openOwn(LogDirectory.checkpoints, .createOrOpen)
    let last = try act { () throws(SystemFailure) in try CheckpointReader.last(checkpointFile, fileSystem) }
    var report = RecoveryReport()
    report.cutCheckpointBytes = last.unfinishedBytes
    let opened: Opened
    if let name = segments.last {
      opened = try reopen(name, last.entry, key)
      report.cutBytes = opened.cutBytes
      report.checkpointSize = last.entry?.checkpoint?.size ?? 0
    } else {
      guard last.entry == nil else {
        throw EvidenceError(.damaged, "there are checkpoints but no segments: the log was removed")
      }
      opened = try create()
      report.isNew = true
    }
    let verifierKey = try VerifierKey(name: Checkpoint.origin(of: opened.log), publicKey: key.publicKey)
    try KeyFiles(directory).publish(verifierKey, mayReplace: segments.isEmpty)
    report.size = opened.frontier.size
    report.segments = max(1, segments.count)
    let checkpoints = try act { () throws(SystemFailure) in
      let file = try CheckpointFile(checkpointFile, fileSystem, end: last.wholeBytes)
      try fileSystem.synchronize(directory.handle)
      return file
    }
    return Recovered(
      log: opened.log, key: key, verifierKey: verifierKey, frontier: opened.frontier, segment: opened.segment,
      checkpoints: checkpoints, lock: lock, report: report)
  }

  private struct Opened {
    var log: LogIdentifier
    var frontier: MerkleFrontier
    var segment: ActiveSegment
    var cutBytes = 0
  }

  private func create() throws(EvidenceError) -> Opened {
    guard let log = LogIdentifier(try Random.bytes(16)) else { throw EvidenceError(.key, "no identifier") }
    let header = SegmentHeader(log: log, created: Timestamp.now(), frontier: MerkleFrontier())
    let segment = try act { () throws(SystemFailure) in
      try ActiveSegment.create(
        size: min(Self.firstSegmentBytes, options.segmentBytes), zeroing: true, header, in: directory)
    }
    return Opened(log: log, frontier: MerkleFrontier(), segment: segment)
  }

  /// Reads the last segment to its end, compares it with the last checkpoint, and only then cuts.
  private func reopen(
    _ name: SegmentName, _ lastEntry: CheckpointReader.Entry?, _ key: SigningKey
  ) throws(EvidenceError) -> Opened {
    let file = try directory.openOwn(name.text, .readWrite)
    let header = try readHeader(file, name)
    var frontier = header.frontier
    let target = try expected(lastEntry, header.log, key)
    try compare(frontier, target)
    var cursor = SegmentCursor(file, fileSystem)
    var end = cursor.position
    reading: while true {
      switch try act({ () throws(SystemFailure) in try cursor.next() }) {
      case .end, .broken: break reading
      case .frame(let found):
        let leaf = found.leaf(cursor.bytes.span, hasher)
        guard found.header.isIntact, leaf == found.header.leaf else { break reading }
        frontier.append(leaf, hasher)
        end = cursor.position
        try compare(frontier, target)
      }
    }
    if let target, frontier.size < target.size {
      throw damaged("record \(frontier.size) in \(name.text) is altered or cut off", target)
    }
    let cut = try cutTail(file, name, from: end, frontier.size)
    let capacity = try act { () throws(SystemFailure) in try fileSystem.status(of: file).size }
    let segment = ActiveSegment(file: file, name: name, offset: end, capacity: capacity)
    return Opened(log: header.log, frontier: frontier, segment: segment, cutBytes: cut)
  }

  private func readHeader(_ file: OpenFile, _ name: SegmentName) throws(EvidenceError) -> SegmentHeader {
    var bytes = [UInt8](repeating: 0, count: SegmentHeader.size)
    _ = try act { () throws(SystemFailure) in try fileSystem.read(file, at: 0, into: &bytes, from: 0) }
    guard let header = SegmentHeader(bytes), header.firstSequence == name.firstSequence else {
      throw EvidenceError(.damaged, "the header of \(name.text) is damaged; nothing was changed")
    }
    return header
  }

  /// The last checkpoint, if it is this log's and this key's.
  private func expected(
    _ entry: CheckpointReader.Entry?, _ log: LogIdentifier, _ key: SigningKey
  ) throws(EvidenceError) -> Checkpoint? {
    guard let entry else { return nil }
    let verifier = try VerifierKey(name: Checkpoint.origin(of: log), publicKey: key.publicKey)
    guard let checkpoint = entry.checkpoint, checkpoint.origin == verifier.name,
      checkpoint.isSigned(by: [verifier])
    else {
      throw EvidenceError(
        .damaged,
        "the last checkpoint, at byte \(entry.offset) of checkpoints, is not this log's; nothing was changed")
    }
    return checkpoint
  }

  private func compare(_ frontier: MerkleFrontier, _ target: Checkpoint?) throws(EvidenceError) {
    guard let target else { return }
    if frontier.size == target.size, frontier.root(hasher) != target.root {
      throw damaged("the records are not those that the last checkpoint signed", target)
    }
  }

  private func damaged(_ what: String, _ checkpoint: Checkpoint) -> EvidenceError {
    EvidenceError(
      .damaged,
      "\(what), though the last checkpoint covers \(checkpoint.size) records; nothing was changed: run "
        + "`sluice evidence verify`, keep this directory, and begin a new log elsewhere")
  }

  /// Zeroes what an unfinished write left. Anything else is kept and refused.
  private func cutTail(
    _ file: OpenFile, _ name: SegmentName, from end: Int, _ size: UInt64
  ) throws(EvidenceError) -> Int {
    let tail = try act { () throws(SystemFailure) in try Tail.read(file, fileSystem, from: end, hasher) }
    guard tail.size > 0 else { return 0 }
    guard tail.isUnfinishedWrite else {
      throw EvidenceError(
        .damaged,
        "record \(size) in \(name.text) at byte \(end) was altered after it was written; nothing was changed: run "
          + "`sluice evidence verify`, keep this directory, and begin a new log elsewhere")
    }
    try act { () throws(SystemFailure) in
      let zeros = [UInt8](repeating: 0, count: min(tail.size, 1 << 20))
      var done = 0
      while done < tail.size {
        let count = min(zeros.count, tail.size - done)
        try fileSystem.write(file, at: end + done, count == zeros.count ? zeros : Array(zeros[..<count]))
        done += count
      }
      try fileSystem.synchronizeData(file)
    }
    return tail.size
  }

  private func act<Value>(_ body: () throws(SystemFailure) -> Value) throws(EvidenceError) -> Value {
    do throws(SystemFailure) {
      return try body()
    } catch {
      throw EvidenceError(error)
    }
  }
}
