/// Reads every record that a sink holds, in order, and compares each with what it should be.
struct HeldCheck {
  private let source: any HeldEvidence
  private let logText: [UInt8]
  private let log: String
  private let hasher: Hasher256
  private var frontier = MerkleFrontier()
  /// The sequence that the next record should have.
  private var expected: UInt64 = 0
  /// False for good after a gap of which not even the hashes are held.
  private var isTreeTrue = true
  private var bytes = 0
  private var reported = 0
  private var removals = RemovalCheck()
  private var expired = SequenceRanges()
  private var keepsHashes = false
  private let onProgress: (@Sendable (Int, Int) -> Void)?

  private static let progressBytes = 16 << 20

  init(
    _ source: any HeldEvidence, log: String, _ onProgress: (@Sendable (Int, Int) -> Void)?
  ) throws(EvidenceError) {
    self.source = source
    self.log = log
    logText = Array(log.utf8)
    self.onProgress = onProgress
    hasher = try Hasher256()
  }

  mutating func check(_ statements: inout CheckpointCheck, _ report: inout VerificationReport)
    throws(EvidenceError)
  {
    try statements.compare(frontier, isTrue: true, log: log, hasher, &report)
    var before: UInt64
    repeat {
      before = expected
      try source.forEachHeld(from: expected) { (item) throws(EvidenceError) in
        take(item, &statements, &report)
        try statements.compare(frontier, isTrue: isTreeTrue, log: log, hasher, &report)
        return report.problems.count < VerificationReport.problemLimit
      }
      // A checkpoint that came while the records were read covers records that can be read now.
    } while expected > before && (statements.dueSize ?? 0) > expected
    report.logID = log
    report.size = expected
    report.bytes = bytes
    try statements.finish(size: expected, file: "", at: 0, log: log, &report)
    removals.finish(coveredSize: statements.coveredSize, &report)
    for range in expired.ranges {
      report.notes.append(
        "records \(range.lowerBound) to \(range.upperBound): removed by the sink's own retention; their hashes are held"
      )
    }
  }

  private mutating func take(
    _ item: HeldItem, _ statements: inout CheckpointCheck, _ report: inout VerificationReport
  ) {
    let sequence = item.sequence
    if sequence < expected {
      return report.add(
        .inserted, sequence, file: "", at: 0, "inserted: record \(sequence) is there a second time")
    }
    if sequence > expected {
      report.add(
        .missing, expected, sequence - 1, file: "", at: 0,
        "missing: records \(expected) to \(sequence - 1) are not there")
      isTreeTrue = false
    }
    expected = sequence + 1
    if item.leaf != nil { keepsHashes = true }
    if item.json.isEmpty { takeHash(item, &report) } else { takeBody(item, &statements, &report) }
    bytes += item.json.count
    if bytes - reported >= Self.progressBytes {
      reported = bytes
      onProgress?(bytes, bytes)
    }
  }

  /// A record of which the hash alone is held, which keeps the tree going.
  private mutating func takeHash(_ item: HeldItem, _ report: inout VerificationReport) {
    guard let leaf = item.leaf else {
      isTreeTrue = false
      return report.add(
        .missing, item.sequence, file: "", at: 0, "missing: record \(item.sequence) is not there")
    }
    frontier.append(leaf, hasher)
    if item.isRemoved { return expired.append(item.sequence) }
    report.add(
      .missing, item.sequence, file: "", at: 0,
      "missing: record \(item.sequence) is gone, and the sink's retention did not remove it; its hash is held"
    )
  }

  private mutating func takeBody(
    _ item: HeldItem, _ statements: inout CheckpointCheck, _ report: inout VerificationReport
  ) {
    let sequence = item.sequence
    let hash = unsafe hasher.leaf(item.json.span.bytes)
    if keepsHashes, item.leaf == nil {
      report.add(
        .inserted, sequence, file: "", at: 0,
        "inserted: record \(sequence) is there without the hash that this sink keeps of each")
    }
    guard item.leaf == nil || item.leaf == hash, let record = StoredRecord(item.json) else {
      // The hash as it stands keeps the tree going; if a checkpoint agrees, nothing but this record was changed.
      frontier.append(item.leaf ?? hash, hasher)
      return report.add(
        .altered, sequence, file: "", at: 0,
        "record \(sequence) altered: it \(item.leaf == hash || item.leaf == nil ? "isn't a record's JSON object" : "doesn't fit the hash that was written with it")"
      )
    }
    if record.isRemoved, let leaf = record.removedLeaf {
      removals.takeRemoved(sequence)
      frontier.append(leaf, hasher)
    } else {
      frontier.append(hash, hasher)
    }
    if record.log != log {
      report.add(.inserted, sequence, file: "", at: 0, "record \(sequence) is another log's")
    } else if record.sequence != sequence {
      report.add(
        .altered, sequence, file: "", at: 0,
        "record \(sequence) altered: in its place stands record \(record.sequence)")
    } else if record.type == RecordType.administration.rawValue,
      let event = LogEvent(item.json.span, record.dataPlace)
    {
      if case .keyRotated(let rotation) = event { statements.take(rotation, at: sequence) }
      removals.take(event, at: sequence)
    }
    if report.firstTime == nil { report.firstTime = record.time }
    report.lastTime = record.time
  }
}
