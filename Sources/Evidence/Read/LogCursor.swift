/// Steps through a log's records across segments, trusting only what fits its hash.
///
/// It may run while the log is written, as long as it's never asked for a record that isn't stable yet.
struct LogCursor {
  private let directory: LogDirectory
  private let hasher: Hasher256
  private var cursor: SegmentCursor?
  /// The sequence of the record that comes next.
  private(set) var next: UInt64

  init(_ directory: LogDirectory, from sequence: UInt64) throws(EvidenceError) {
    self.directory = directory
    hasher = try Hasher256()
    next = sequence
  }

  /// The next record's bytes. Throws `damaged` where it isn't there or isn't what was written.
  mutating func record() throws(EvidenceError) -> [UInt8] {
    while true {
      if cursor == nil { try seek() }
      switch try step() {
      case .frame(let found):
        guard var cursor else { continue }
        guard found.header.isIntact, found.leaf(cursor.bytes.span, hasher) == found.header.leaf else {
          cursor.rewind(to: found.offset)
          self.cursor = cursor
          throw EvidenceError(.damaged, "record \(next) in \(cursor.file.name) is not what was written")
        }
        defer { next += 1 }
        guard found.header.isRemoved else { return Array(cursor.bytes[found.body]) }
        return RemovedRecord.json(found.header, next, try header(of: cursor))
      case .end:
        // The writer has gone on to a segment that begins here; or else the record is missing.
        let name = SegmentName(firstSequence: next).text
        guard let current = cursor, current.file.name != name else { throw missing() }
        cursor = try open(name)
      case .broken: throw missing()
      }
    }
  }

  private func header(of cursor: SegmentCursor) throws(EvidenceError) -> SegmentHeader {
    guard let name = SegmentName(cursor.file.name) else { throw missing() }
    return try SegmentHeader.read(cursor.file, directory.fileSystem, name)
  }

  /// To be called before reading on after a pause: what was read ahead may be out of date.
  mutating func refresh() { cursor?.refresh() }

  private func missing() -> EvidenceError {
    EvidenceError(.damaged, "record \(next) is missing; run `sluice evidence verify`")
  }

  private mutating func step() throws(EvidenceError) -> SegmentCursor.Step {
    do throws(SystemFailure) {
      return try cursor?.next() ?? .broken
    } catch {
      throw EvidenceError(error)
    }
  }

  /// Finds the segment that holds the next record and goes to it.
  private mutating func seek() throws(EvidenceError) {
    guard let name = try directory.segments().last(where: { $0.firstSequence <= next }) else {
      throw missing()
    }
    cursor = try open(name.text)
    let wanted = next
    next = name.firstSequence
    while next < wanted {
      guard case .frame = try step() else { throw missing() }
      next += 1
    }
  }

  private func open(_ name: String) throws(EvidenceError) -> SegmentCursor {
    do throws(SystemFailure) {
      return SegmentCursor(
        try directory.fileSystem.open(name, in: directory.handle, .read), directory.fileSystem)
    } catch {
      throw EvidenceError(error)
    }
  }
}
