/// Where a prover gets a log's leaves and its checkpoints: a log's directory, or a sink.
protocol LeafSource {
  /// Calls `body` with each record's sequence, its hash and its body (empty where that was removed), in order from 0
  /// on without gaps, until it returns false. Throws `damaged` where there is a gap. [blocking]
  func forEachLeaf(_ body: (UInt64, HashValue, [UInt8]) -> Bool) throws(EvidenceError)
  /// Every checkpoint, in order. [blocking]
  func checkpoints() throws(EvidenceError) -> [Checkpoint]
}

extension EvidenceError {
  static let changedLog = EvidenceError(
    .damaged, "the log is not what its checkpoint signed; run `sluice evidence verify`")
}

/// A log's own directory.
struct DirectoryLeaves: LeafSource {
  private let directory: LogDirectory

  init(directory path: String) throws(EvidenceError) {
    directory = try LogDirectory.forReading(path, PosixFileSystem())
    guard try !directory.segments().isEmpty else {
      throw EvidenceError(.notFound, "there is no evidence log in \(path)")
    }
  }

  func forEachLeaf(_ body: (UInt64, HashValue, [UInt8]) -> Bool) throws(EvidenceError) {
    let hasher = try Hasher256()
    var number: UInt64 = 0
    for name in try directory.segments() {
      guard name.firstSequence == number else { throw .changedLog }
      do throws(SystemFailure) {
        var cursor = SegmentCursor(
          try directory.fileSystem.open(name.text, in: directory.handle, .read), directory.fileSystem)
        while case .frame(let found) = try cursor.next() {
          let leaf = found.leaf(cursor.bytes.span, hasher)
          guard body(number, leaf, Array(cursor.bytes[found.body])) else { return }
          number += 1
        }
      } catch {
        throw EvidenceError(error)
      }
    }
  }

  func checkpoints() throws(EvidenceError) -> [Checkpoint] {
    do throws(SystemFailure) {
      let file = try directory.fileSystem.open(LogDirectory.checkpoints, in: directory.handle, .read)
      var reader = try CheckpointReader(file, directory.fileSystem)
      var all: [Checkpoint] = []
      while let entry = try reader.next() { if let checkpoint = entry.checkpoint { all.append(checkpoint) } }
      return all
    } catch {
      throw EvidenceError(error)
    }
  }
}

/// What a sink holds.
struct HeldLeaves: LeafSource {
  private let source: any HeldEvidence

  init(_ source: any HeldEvidence) { self.source = source }

  func forEachLeaf(_ body: (UInt64, HashValue, [UInt8]) -> Bool) throws(EvidenceError) {
    let hasher = try Hasher256()
    var number: UInt64 = 0
    try source.forEachHeld(from: 0) { (item) throws(EvidenceError) in
      guard item.sequence == number else { throw .changedLog }
      number += 1
      if item.json.isEmpty {
        guard let leaf = item.leaf else { throw .changedLog }
        return body(item.sequence, leaf, [])
      }
      if let removed = StoredRecord(item.json)?.removedLeaf { return body(item.sequence, removed, []) }
      return body(item.sequence, unsafe hasher.leaf(item.json.span.bytes), item.json)
    }
  }

  func checkpoints() throws(EvidenceError) -> [Checkpoint] {
    var all: [Checkpoint] = []
    var place: UInt64? = 0
    while let from = place {
      let page = try source.checkpoints(from: from)
      all += page.notes.compactMap { Checkpoint(note: $0) }
      place = page.next
    }
    return all
  }
}
