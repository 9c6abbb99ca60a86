/// The checkpoints of a log, compared one after the other with the tree as it grows.
struct CheckpointCheck {
  private var reader: CheckpointReader?
  /// In place of a file: the next one of a sink's.
  private var source: (() throws(EvidenceError) -> CheckpointReader.Entry?)?
  private var pending: CheckpointReader.Entry?
  private var keys: KeyRing
  private var extra: Checkpoint?
  private let hasBadExtra: Bool
  /// The last statement that was accepted: a later one may say neither less nor otherwise.
  private var previous: Checkpoint?
  /// Once the tree differs, it differs for ever; that's said once.
  private var differs = false

  private(set) var count = 0
  private(set) var coveredSize: UInt64 = 0
  private(set) var unfinishedBytes = 0

  init(_ directory: LogDirectory, _ keys: KeyRing, extra: [UInt8]?) throws(EvidenceError) {
    self.keys = keys
    self.extra = extra.flatMap { Checkpoint(note: $0) }
    hasBadExtra = extra != nil && self.extra == nil
    do throws(SystemFailure) {
      let file = try directory.fileSystem.open(LogDirectory.checkpoints, in: directory.handle, .read)
      reader = try CheckpointReader(file, directory.fileSystem)
    } catch {
      guard error.code == SystemFailure.missing else { throw EvidenceError(error) }
    }
    try advance()
  }

  /// Those that a sink holds, in ascending order of size, asked for one by one.
  init(
    _ keys: KeyRing, extra: [UInt8]?, source: @escaping () throws(EvidenceError) -> CheckpointReader.Entry?
  ) throws(EvidenceError) {
    self.keys = keys
    self.extra = extra.flatMap { Checkpoint(note: $0) }
    hasBadExtra = extra != nil && self.extra == nil
    self.source = source
    try advance()
  }

  /// The largest size that a checkpoint, read so far and not compared yet, speaks of.
  var dueSize: UInt64? { pending?.checkpoint?.size ?? extra?.size }

  /// Whether every checkpoint has been compared: what comes now is not covered.
  var isExhausted: Bool { pending == nil && extra == nil }

  /// Compares what is due at this size. `isTrue` false: the tree isn't to be compared, for a gap was found.
  mutating func compare(
    _ frontier: MerkleFrontier, isTrue: Bool, log: String, _ hasher: Hasher256,
    _ report: inout VerificationReport
  ) throws(EvidenceError) {
    if let checkpoint = extra, checkpoint.size <= frontier.size {
      extra = nil
      judge(checkpoint, file: "the given checkpoint", at: 0, frontier, isTrue, log, hasher, &report)
    }
    while let entry = pending {
      if let checkpoint = entry.checkpoint {
        guard checkpoint.size <= frontier.size else { return }
        count += 1
        if isOrdered(checkpoint, entry.offset, &report) {
          judge(
            checkpoint, file: LogDirectory.checkpoints, at: entry.offset, frontier, isTrue, log, hasher,
            &report)
          previous = checkpoint
        }
      } else {
        report.add(
          .checkpoint, nil, file: LogDirectory.checkpoints, at: entry.offset, "this is not a checkpoint")
      }
      try advance()
    }
  }

  /// What is left says that the log was longer.
  mutating func finish(
    size: UInt64, file: String, at offset: Int, log: String, _ report: inout VerificationReport
  )
    throws(EvidenceError)
  {
    if hasBadExtra {
      report.add(.checkpoint, nil, file: "the given checkpoint", at: 0, "this is not a checkpoint")
    }
    var largest: UInt64?
    if let extra = self.extra, isAuthentic(extra, file: "the given checkpoint", at: 0, log, &report) {
      largest = extra.size
    }
    while let entry = pending {
      count += 1
      if let checkpoint = entry.checkpoint,
        isAuthentic(checkpoint, file: LogDirectory.checkpoints, at: entry.offset, log, &report)
      {
        largest = max(largest ?? 0, checkpoint.size)
      }
      try advance()
    }
    for offset in keys.unvouched {
      report.add(
        .checkpoint, nil, file: LogDirectory.checkpoints, at: offset,
        "this checkpoint is signed by a key that was not given and that no signed record vouches for")
    }
    guard let largest, largest > size else { return }
    report.add(
      .cut, size, largest - 1, file: file, at: offset,
      "cut: records \(size) to \(largest - 1) are gone; a signed checkpoint covers \(largest)")
  }

  private mutating func judge(
    _ checkpoint: Checkpoint, file: String, at offset: Int, _ frontier: MerkleFrontier, _ isTrue: Bool,
    _ log: String,
    _ hasher: Hasher256, _ report: inout VerificationReport
  ) {
    guard isAuthentic(checkpoint, file: file, at: offset, log, &report), isTrue, !differs else { return }
    // One of an earlier size was passed where the tree was not to be compared.
    guard checkpoint.size == frontier.size else { return }
    if frontier.root(hasher) == checkpoint.root {
      coveredSize = max(coveredSize, checkpoint.size)
      keys.confirm(below: checkpoint.size)
      return
    }
    differs = true
    let range = coveredSize..<max(coveredSize + 1, checkpoint.size)
    // A record in this range that was named already is the better answer.
    guard !report.problems.contains(where: { $0.first.map(range.contains) ?? false }) else { return }
    report.add(
      .rewritten, range.lowerBound, range.upperBound - 1, file: file, at: offset,
      "rewritten: records \(range.lowerBound) to \(range.upperBound - 1) are not those that this checkpoint signed; "
        + "those before them are")
  }

  private func isOrdered(_ checkpoint: Checkpoint, _ offset: Int, _ report: inout VerificationReport) -> Bool
  {
    guard let previous else { return true }
    if checkpoint.size < previous.size
      || (checkpoint.size == previous.size && checkpoint.root != previous.root)
    {
      report.add(
        .checkpoint, nil, file: LogDirectory.checkpoints, at: offset,
        "this checkpoint of size \(checkpoint.size) contradicts the one of size \(previous.size) before it")
      return false
    }
    return true
  }

  /// A record puts one signing key in another's place.
  mutating func take(_ rotation: KeyRotation, at sequence: UInt64) { keys.take(rotation, at: sequence) }

  private mutating func isAuthentic(
    _ checkpoint: Checkpoint, file: String, at offset: Int, _ log: String, _ report: inout VerificationReport
  ) -> Bool {
    if checkpoint.origin != "sluice/\(log)" {
      report.add(.checkpoint, nil, file: file, at: offset, "this checkpoint is another log's")
      return false
    }
    // Without a key nothing can be told about signatures; the verdict says so.
    if keys.isEmpty { return true }
    switch keys.standing(of: checkpoint, at: offset) {
    case .authentic: return true
    case .claimed: return false
    case .retired:
      report.add(
        .checkpoint, nil, file: file, at: offset,
        "forged: the checkpoint of size \(checkpoint.size) is signed by a key that another had taken the place of"
      )
    case .forged:
      report.add(
        .checkpoint, nil, file: file, at: offset,
        "forged: the checkpoint of size \(checkpoint.size) is not signed by the log's key")
    }
    return false
  }

  private mutating func advance() throws(EvidenceError) {
    if let source {
      pending = try source()
      return
    }
    do throws(SystemFailure) {
      pending = try reader?.next()
      if pending == nil { unfinishedBytes = reader?.unfinishedBytes ?? 0 }
    } catch {
      throw EvidenceError(error)
    }
  }
}
