internal import Glibc

/// Reads every segment in order and compares each record with what it should be.
struct SegmentCheck {
  private let directory: LogDirectory
  private let fileSystem: any FileSystem
  private let segments: [SegmentName]
  private let hasher: Hasher256
  private let onProgress: (@Sendable (Int, Int) -> Void)?

  private var log: LogIdentifier?
  private var logText: [UInt8] = []
  /// The same for messages, made once: it's asked for at each record.
  private var text = ""
  private var frontier = MerkleFrontier()
  /// The sequence that the next record should have.
  private var expected: UInt64 = 0
  /// False after a gap, until a segment's header gives the tree anew.
  private var isTreeTrue = true
  private var totalBytes = 0
  private var doneBytes = 0
  private var removals = RemovalCheck()
  /// Where the last record ends.
  private var end: (file: String, offset: Int) = ("", 0)

  /// How often and how long to wait for a write that is under way.
  private static let patience = 10
  private static let pauseMicroseconds: UInt32 = 20_000
  private static let progressBytes = 16 << 20

  init(
    _ directory: LogDirectory, _ segments: [SegmentName], _ onProgress: (@Sendable (Int, Int) -> Void)?
  ) throws(EvidenceError) {
    self.directory = directory
    self.segments = segments
    self.onProgress = onProgress
    fileSystem = directory.fileSystem
    hasher = try Hasher256()
  }

  mutating func check(
    _ statements: inout CheckpointCheck, _ report: inout VerificationReport
  ) throws(EvidenceError) {
    for name in segments {
      let file = try act { () throws(SystemFailure) in
        try fileSystem.open(name.text, in: directory.handle, .read)
      }
      totalBytes += try act { () throws(SystemFailure) in try fileSystem.status(of: file).size }
    }
    for (index, name) in segments.enumerated() {
      let file = try act { () throws(SystemFailure) in
        try fileSystem.open(name.text, in: directory.handle, .read)
      }
      try begin(file, name, &report)
      try statements.compare(frontier, isTrue: isTreeTrue, log: text, hasher, &report)
      try read(file, name, isLast: index == segments.count - 1, &statements, &report)
    }
    report.logID = text
    report.size = expected
    report.bytes = doneBytes
    onProgress?(totalBytes, totalBytes)
    try statements.finish(size: expected, file: end.file, at: end.offset, log: text, &report)
    removals.finish(coveredSize: statements.coveredSize, &report)
  }

  /// The segment's header against what was read so far.
  private mutating func begin(
    _ file: OpenFile, _ name: SegmentName, _ report: inout VerificationReport
  ) throws(EvidenceError) {
    var bytes = [UInt8](repeating: 0, count: SegmentHeader.size)
    _ = try act { () throws(SystemFailure) in try fileSystem.read(file, at: 0, into: &bytes, from: 0) }
    end = (name.text, SegmentHeader.size)
    guard let header = SegmentHeader(bytes), header.firstSequence == name.firstSequence else {
      report.add(
        .segment, expected, file: name.text, at: 0,
        "the segment's header, before record \(name.firstSequence), is altered")
      skip(to: name.firstSequence, name, &report)
      return
    }
    if log == nil {
      log = header.log
      text = "\(header.log)"
      logText = Array(text.utf8)
    }
    if header.log != log {
      report.add(.segment, expected, file: name.text, at: 0, "this segment is another log's")
    }
    let isContinuous = header.firstSequence == expected
    skip(to: header.firstSequence, name, &report)
    if isContinuous, isTreeTrue {
      if header.frontier != frontier {
        report.add(
          .segment, expected, file: name.text, at: 64,
          "the roots in this segment's header, before record \(expected), are not those of the records")
      }
    } else {
      // Signed checkpoints will tell whether these roots are true.
      frontier = header.frontier
      isTreeTrue = true
    }
  }

  /// Notices records that are missing, or that are there too often, between two segments.
  private mutating func skip(to first: UInt64, _ name: SegmentName, _ report: inout VerificationReport) {
    guard first != expected else { return }
    if first > expected {
      report.add(
        .missing, expected, first - 1, file: name.text, at: 0,
        "missing: records \(expected) to \(first - 1) are not there")
    } else {
      report.add(
        .inserted, first, expected - 1, file: name.text, at: 0,
        "records \(first) to \(expected - 1) are there a second time")
    }
    expected = first
    isTreeTrue = false
  }

  private mutating func read(
    _ file: OpenFile, _ name: SegmentName, isLast: Bool, _ statements: inout CheckpointCheck,
    _ report: inout VerificationReport
  ) throws(EvidenceError) {
    var cursor = SegmentCursor(file, fileSystem)
    var attempts = 0
    var reported = 0
    defer { end = (name.text, cursor.position) }
    while true {
      let start = cursor.position
      let step = try act { () throws(SystemFailure) in try cursor.next() }
      if case .frame(let found) = step {
        let leaf = found.leaf(cursor.bytes.span, hasher)
        if found.header.isIntact, leaf == found.header.leaf {
          if found.header.isRemoved {
            takeRemoved(leaf)
          } else {
            take(cursor.bytes.span.extracting(found.body), leaf, name, found.offset, &statements, &report)
          }
          try statements.compare(frontier, isTrue: isTreeTrue, log: text, hasher, &report)
          attempts = 0
          doneBytes += Frame.headerSize + found.body.count
          if doneBytes - reported >= Self.progressBytes {
            reported = doneBytes
            onProgress?(doneBytes, totalBytes)
          }
          continue
        }
      }
      if case .end = step, isLast, report.isLive { return }
      if isLast, report.isLive, attempts < Self.patience {
        // A write under way looks torn for a moment.
        attempts += 1
        usleep(Self.pauseMicroseconds)
        cursor.rewind(to: start)
        continue
      }
      if try isEnd(file, start, step, mayBeUnfinished: isLast && statements.isExhausted, &report) {
        cursor.rewind(to: start)
        return
      }
      guard report.problems.count < VerificationReport.problemLimit else { return }
      guard case .frame(let found) = step else {
        report.add(
          .altered, expected, file: name.text, at: start,
          "record \(expected) altered: what stands here is no record")
        isTreeTrue = false
        return
      }
      takeAltered(cursor.bytes.span.extracting(found.body), found, name, &report)
      try statements.compare(frontier, isTrue: isTreeTrue, log: text, hasher, &report)
    }
  }

  /// Whether nothing follows, or only what an unfinished write left and no checkpoint covers.
  private func isEnd(
    _ file: OpenFile, _ start: Int, _ step: SegmentCursor.Step, mayBeUnfinished: Bool,
    _ report: inout VerificationReport
  ) throws(EvidenceError) -> Bool {
    if case .frame = step, !mayBeUnfinished { return false }
    let tail = try act { () throws(SystemFailure) in try Tail.read(file, fileSystem, from: start, hasher) }
    guard tail.size == 0 || (mayBeUnfinished && tail.isUnfinishedWrite) else { return false }
    if !report.isLive { report.unfinishedBytes = tail.size }
    return true
  }

  /// A record whose body is gone: its hash keeps the tree going. Whether it was allowed to go, the end tells.
  private mutating func takeRemoved(_ leaf: HashValue) {
    removals.takeRemoved(expected)
    frontier.append(leaf, hasher)
    expected += 1
  }

  /// A record that fits its hash: is it one of this log, and the next one?
  private mutating func take(
    _ body: Span<UInt8>, _ leaf: HashValue, _ name: SegmentName, _ offset: Int,
    _ statements: inout CheckpointCheck, _ report: inout VerificationReport
  ) {
    let sequence = expected
    frontier.append(leaf, hasher)
    expected += 1
    guard let fields = EnvelopeFields(body) else {
      report.add(
        .altered, sequence, file: name.text, at: offset,
        "record \(sequence) altered: it isn't a record's JSON object")
      return
    }
    if !Self.equal(body.extracting(fields.log), logText) {
      report.add(.inserted, sequence, file: name.text, at: offset, "record \(sequence) is another log's")
    }
    if fields.sequence > sequence {
      report.add(
        .missing, sequence, fields.sequence - 1, file: name.text, at: offset,
        "missing: where record \(sequence) should be stands record \(fields.sequence)")
    } else if fields.sequence < sequence {
      report.add(
        .inserted, sequence, file: name.text, at: offset,
        "inserted: where record \(sequence) should be stands record \(fields.sequence) again")
    }
    if fields.sequence != sequence {
      expected = fields.sequence &+ 1
      isTreeTrue = false
    }
    if Self.isAdministration(body.extracting(fields.type)), let event = LogEvent(body, fields.data) {
      if case .keyRotated(let rotation) = event { statements.take(rotation, at: sequence) }
      removals.take(event, at: sequence)
    }
    if report.firstTime == nil { report.firstTime = fields.timeValue }
    report.lastTime = fields.timeValue
  }

  /// A record that doesn't fit its hash, or whose header doesn't fit its checksum.
  private mutating func takeAltered(
    _ body: Span<UInt8>, _ found: SegmentCursor.Found, _ name: SegmentName, _ report: inout VerificationReport
  ) {
    let isBodyGood = unsafe hasher.leaf(body.bytes) == found.header.leaf
    report.add(
      .altered, expected, file: name.text, at: found.offset,
      isBodyGood
        ? "record \(expected) altered: the frame around it was changed"
        : "record \(expected) altered: it doesn't fit the hash that was written with it")
    // The hash as it stands keeps the tree going; if a checkpoint agrees, nothing but this record was changed.
    frontier.append(found.header.leaf, hasher)
    expected += 1
  }

  private static let administration = Array(RecordType.administration.rawValue.utf8)

  private static func isAdministration(_ type: Span<UInt8>) -> Bool { equal(type, administration) }

  private static func equal(_ one: Span<UInt8>, _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    for i in other.indices where one[i] != other[i] { return false }
    return true
  }

  private func act<Value>(_ body: () throws(SystemFailure) -> Value) throws(EvidenceError) -> Value {
    do throws(SystemFailure) {
      return try body()
    } catch {
      throw EvidenceError(error)
    }
  }
}
