/// Reads a log's records, also while a gateway writes it. [blocking] One reader belongs to one thread.
///
/// Each record is compared with the hash that was written with it; whether the whole is what was signed, only
/// ``Verifier`` tells.
public struct EvidenceReader {
  private let directory: LogDirectory
  private let hasher: Hasher256

  /// Throws `notFound` where there is no log in `directory`.
  public init(directory path: String) throws(EvidenceError) {
    directory = try LogDirectory.forReading(path, PosixFileSystem())
    hasher = try Hasher256()
    guard try !directory.segments().isEmpty else {
      throw EvidenceError(.notFound, "there is no evidence log in \(path)")
    }
  }

  /// Calls `body` with each record from `sequence` on, in order, until it returns false. Ends before a write
  /// that is under way or was left unfinished.
  public func forEach(from sequence: UInt64 = 0, _ body: (StoredRecord) -> Bool) throws(EvidenceError) {
    let segments = try directory.segments()
    let first = segments.lastIndex { $0.firstSequence <= sequence } ?? 0
    for (index, name) in segments.enumerated().dropFirst(first) {
      guard try read(name, isLast: index == segments.count - 1, from: sequence, body) else { return }
    }
  }

  /// Calls `body` with each record of a session, until it returns false.
  public func forEach(session: String, _ body: (StoredRecord) -> Bool) throws(EvidenceError) {
    try forEach { $0.session == session ? body($0) : true }
  }

  /// Every record of an exchange: a handful.
  public func records(exchange: String) throws(EvidenceError) -> [StoredRecord] {
    var records: [StoredRecord] = []
    try forEach { record in
      if record.exchange == exchange { records.append(record) }
      return true
    }
    return records
  }

  private func read(
    _ name: SegmentName, isLast: Bool, from sequence: UInt64, _ body: (StoredRecord) -> Bool
  ) throws(EvidenceError) -> Bool {
    let file = try open(name)
    let segment = try SegmentHeader.read(file, directory.fileSystem, name)
    var cursor = SegmentCursor(file, directory.fileSystem)
    var number = name.firstSequence
    while true {
      switch try step(&cursor) {
      case .end: return true
      case .broken:
        if isLast { return true }
        throw damaged(number, name)
      case .frame(let found):
        let leaf = found.leaf(cursor.bytes.span, hasher)
        guard found.header.isIntact, leaf == found.header.leaf else {
          if isLast, try isUnfinished(cursor.file, found.offset) { return true }
          throw damaged(number, name)
        }
        if number >= sequence {
          let json =
            found.header.isRemoved
            ? RemovedRecord.json(found.header, number, segment) : Array(cursor.bytes[found.body])
          guard let record = StoredRecord(json) else { throw damaged(number, name) }
          guard body(record) else { return false }
        }
        number += 1
      }
    }
  }

  private func damaged(_ number: UInt64, _ name: SegmentName) -> EvidenceError {
    EvidenceError(
      .damaged, "record \(number) in \(name.text) is not what was written; run `sluice evidence verify`")
  }

  private func isUnfinished(_ file: OpenFile, _ offset: Int) throws(EvidenceError) -> Bool {
    do throws(SystemFailure) {
      return try Tail.read(file, directory.fileSystem, from: offset, hasher).isUnfinishedWrite
    } catch {
      throw EvidenceError(error)
    }
  }

  private func step(_ cursor: inout SegmentCursor) throws(EvidenceError) -> SegmentCursor.Step {
    do throws(SystemFailure) {
      return try cursor.next()
    } catch {
      throw EvidenceError(error)
    }
  }

  private func open(_ name: SegmentName) throws(EvidenceError) -> OpenFile {
    do throws(SystemFailure) {
      return try directory.fileSystem.open(name.text, in: directory.handle, .read)
    } catch {
      throw EvidenceError(error)
    }
  }
}
