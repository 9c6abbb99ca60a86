/// What retention did.
public struct RemovalReport: Sendable, Equatable {
  /// How many records' bodies went, and how many bytes of disk.
  public internal(set) var records: UInt64 = 0
  public internal(set) var bytes = 0
  /// How many sealed originals went, and their bytes.
  public internal(set) var originals = 0
  public internal(set) var originalBytes = 0

  public init() {}

  /// Takes what another report says of originals.
  public mutating func add(originalsOf other: RemovalReport) {
    originals += other.originals
    originalBytes += other.originalBytes
  }
}

/// Removes the bodies of old records from a log; their hashes stay, and with them all that is signed.
///
/// A record says first which bodies go, why and at whose word, and a signed checkpoint covers it before any does. Kept
/// are records about the log itself, those of sessions under legal hold, those that a sink hasn't acknowledged, and
/// whatever lies in the segment that is being written.
struct RecordRemoval {
  private let log: EvidenceLog
  private let directory: LogDirectory
  private let reader: EvidenceReader
  /// Records made before this go; nanoseconds since 1970.
  private let cutoff: UInt64
  /// So many ranges are named in one record; what is beyond goes the next time.
  private static let rangeLimit = 50_000
  private static let temporaryName = "segment.removing"

  init(_ log: EvidenceLog, before cutoff: UInt64) throws(EvidenceError) {
    self.log = log
    self.cutoff = cutoff
    directory = log.directory
    reader = try EvidenceReader(directory: log.directory.handle.name)
  }

  func run(reason: String, subject: String) throws(EvidenceError) -> RemovalReport {
    let held = Set(try reader.holds().map(\.session))
    let limit = log.acknowledgedSize
    let closed = try directory.segments().dropLast()
    var doomed = SequenceRanges()
    var segments: [SegmentName] = []
    for name in closed where name.firstSequence < limit {
      let before = doomed.ranges
      guard try find(in: name, below: limit, held, &doomed) else { break }
      if doomed.ranges != before { segments.append(name) }
      if doomed.ranges.count >= Self.rangeLimit { break }
    }
    guard !doomed.isEmpty else { return RemovalReport() }
    let permission = CanonicalWriter.object { writer in
      writer.string("before", Self.text(cutoff))
      writer.string("event", LogEvent.removed)
      writer.string("reason", reason)
      writer.string("records", doomed.text)
      writer.string("subject", subject)
    }
    let sequence = try log.appendAndWait([RecordDraft(type: .administration, data: permission)])
    try log.checkpoint(covering: sequence + 1)
    var report = RemovalReport()
    for name in segments { try rewrite(name, without: doomed, &report) }
    return report
  }

  private static func text(_ time: UInt64) -> String {
    var bytes: [UInt8] = []
    Timestamp.append(time, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds what may go of a segment. False where it was begun after the cutoff: so were those behind it.
  private func find(
    in name: SegmentName, below limit: UInt64, _ held: Set<String>, _ doomed: inout SequenceRanges
  ) throws(EvidenceError) -> Bool {
    var isOld = true
    var found = doomed
    try eachFrame(of: name) { sequence, frame, bytes in
      guard !frame.header.isRemoved, sequence < limit, let record = StoredRecord(Array(bytes[frame.body]))
      else {
        return true
      }
      if sequence == name.firstSequence, record.time >= cutoff { isOld = false }
      guard isOld, found.ranges.count < Self.rangeLimit else { return false }
      if record.time < cutoff, Self.mayGo(record, held) { found.append(sequence) }
      return true
    }
    doomed = found
    return isOld
  }

  private static func mayGo(_ record: StoredRecord, _ held: Set<String>) -> Bool {
    guard let type = RecordType(rawValue: record.type), type != .administration, type != .policyChanged else {
      return false
    }
    return record.session.map { !held.contains($0) } ?? true
  }

  /// Writes the segment anew without those bodies, and puts it in the old one's place at once.
  private func rewrite(
    _ name: SegmentName, without doomed: SequenceRanges, _ report: inout RemovalReport
  ) throws(EvidenceError) {
    let fileSystem = directory.fileSystem
    let old = try directory.openOwn(name.text, .read)
    let new = try act { () throws(SystemFailure) in
      try fileSystem.remove(Self.temporaryName, in: directory.handle)
      return try fileSystem.open(Self.temporaryName, in: directory.handle, .create)
    }
    var header = [UInt8](repeating: 0, count: SegmentHeader.size)
    var end = SegmentHeader.size
    var pending: [UInt8] = []
    try act { () throws(SystemFailure) in
      _ = try fileSystem.read(old, at: 0, into: &header, from: 0)
      try fileSystem.write(new, at: 0, header)
    }
    var failure: SystemFailure?
    try eachFrame(of: name) { sequence, frame, bytes in
      if !frame.header.isRemoved, doomed.contains(sequence) {
        pending += Frame.removed(frame.header)
        report.records += 1
        report.bytes += frame.body.count
      } else {
        pending += bytes[frame.body.lowerBound - Frame.headerSize..<frame.body.upperBound]
      }
      guard pending.count >= 1 << 20 else { return true }
      do throws(SystemFailure) {
        try fileSystem.write(new, at: end, pending)
        end += pending.count
        pending.removeAll(keepingCapacity: true)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw EvidenceError(failure) }
    try act { () throws(SystemFailure) in
      try fileSystem.write(new, at: end, pending)
      try fileSystem.synchronizeData(new)
      try fileSystem.rename(Self.temporaryName, to: name.text, in: directory.handle)
      try fileSystem.synchronize(directory.handle)
    }
  }

  /// Every frame of a closed segment; one that isn't what was written ends it all: nothing is removed from a log that
  /// was changed.
  private func eachFrame(
    of name: SegmentName, _ body: (UInt64, SegmentCursor.Found, [UInt8]) -> Bool
  ) throws(EvidenceError) {
    let hasher = try Hasher256()
    var cursor = SegmentCursor(try directory.openOwn(name.text, .read), directory.fileSystem)
    var sequence = name.firstSequence
    while true {
      switch try act({ () throws(SystemFailure) in try cursor.next() }) {
      case .end: return
      case .frame(let found)
      where found.header.isIntact && found.leaf(cursor.bytes.span, hasher) == found.header.leaf:
        guard body(sequence, found, cursor.bytes) else { return }
        sequence += 1
      case .frame, .broken:
        throw EvidenceError(
          .damaged,
          "record \(sequence) in \(name.text) is not what was written; nothing was removed: run `sluice "
            + "evidence verify`")
      }
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

extension EvidenceLog {
  /// Removes the bodies of records made before `time` (nanoseconds since 1970), as far as nothing keeps them. [blocking]
  /// Reads the log.
  public func removeRecords(
    before time: UInt64, reason: String, subject: String
  ) throws(EvidenceError) -> RemovalReport {
    try RecordRemoval(self, before: time).run(reason: reason, subject: subject)
  }

  /// Removes sealed originals that came on a day before `time`'s, except those of held sessions. It's on record before.
  /// [blocking] Reads the log.
  public func removeOriginals(
    _ store: SealedStore, before time: UInt64, reason: String, subject: String
  ) throws(EvidenceError) -> RemovalReport {
    let reader = try EvidenceReader(directory: directory.handle.name)
    let held = Set(try reader.holds().map(\.session))
    var kept: Set<String> = []
    if !held.isEmpty {
      try reader.forEach { record in
        if let session = record.session, held.contains(session), let sealed = SealedReference(of: record) {
          kept.insert("\(sealed.digest)")
        }
        return true
      }
    }
    let day = SealedFiles.day(of: time)
    guard try store.hasFiles(before: day, except: kept) else { return RemovalReport() }
    let data = CanonicalWriter.object { writer in
      writer.string("before", day)
      writer.string("event", "originals.removed")
      writer.string("kept", String(kept.count))
      writer.string("reason", reason)
      writer.string("subject", subject)
    }
    try appendAndWait([RecordDraft(type: .administration, data: data)])
    let removed = try store.remove(before: day, except: kept)
    var report = RemovalReport()
    (report.originals, report.originalBytes) = (removed.files, removed.bytes)
    return report
  }

  /// How many records, from the first on, every sink has: those that are attached, or else those that ever were.
  var acknowledgedSize: UInt64 {
    let sinks = status.sinks
    if !sinks.isEmpty { return sinks.map(\.acknowledgedSize).min() ?? 0 }
    return SinkPosition.smallest(in: directory) ?? .max
  }
}
