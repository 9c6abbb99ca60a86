/// Makes proofs from a log. [blocking] It reads the log once from its beginning; memory stays at a few hashes.
///
/// What it returns was checked against the signed root first: a log that was changed yields no proof.
public struct LogProver {
  private let directory: LogDirectory
  private let hasher: Hasher256

  /// Throws `not-found` where there is no log in `directory`.
  public init(directory path: String) throws(EvidenceError) {
    directory = try LogDirectory.forReading(path, PosixFileSystem())
    hasher = try Hasher256()
    guard try !directory.segments().isEmpty else {
      throw EvidenceError(.notFound, "there is no evidence log in \(path)")
    }
  }

  /// Proves that the record of that sequence is in the log that the newest checkpoint signed.
  public func inclusion(of sequence: UInt64) throws(EvidenceError) -> InclusionProof {
    guard let checkpoint = try checkpoints().last, checkpoint.size > sequence else {
      throw EvidenceError(
        .notFound,
        "no checkpoint covers record \(sequence) yet; one is made within a minute, or when the gateway stops")
    }
    let ranges = ProofRanges.inclusion(sequence, checkpoint.size)
    let found = try roots(of: ranges, until: checkpoint.size, keeping: sequence)
    guard let (leaf, record) = found.kept,
      ProofCheck.includes(
        leaf, index: sequence, size: checkpoint.size, root: checkpoint.root, found.roots, hasher)
    else { throw changed() }
    return InclusionProof(
      sequence: sequence, leaf: leaf, record: record, path: found.roots, checkpoint: checkpoint)
  }

  /// Proves that the log of the newest checkpoint begins with the log of `old`, which was kept elsewhere.
  public func consistency(from old: Checkpoint) throws(EvidenceError) -> ConsistencyProof {
    guard let checkpoint = try checkpoints().last, checkpoint.size >= old.size else {
      throw EvidenceError(
        .damaged, "the log's newest checkpoint covers less than the one that was given: it was cut")
    }
    guard checkpoint.origin == old.origin else {
      throw EvidenceError(.notFound, "the given checkpoint is another log's")
    }
    let ranges = ProofRanges.consistency(old.size, checkpoint.size)
    let path = try roots(of: ranges, until: checkpoint.size, keeping: nil).roots
    guard
      ProofCheck.extends(old: old.size, old.root, new: checkpoint.size, checkpoint.root, path, hasher)
    else { throw changed() }
    return ConsistencyProof(old: old, new: checkpoint, path: path)
  }

  /// Every checkpoint in the log's own file, in order.
  public func checkpoints() throws(EvidenceError) -> [Checkpoint] {
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

  private func changed() -> EvidenceError {
    EvidenceError(.damaged, "the log is not what its checkpoint signed; run `sluice evidence verify`")
  }

  /// The roots of ranges that do not overlap, in their order, and one record on the way.
  private func roots(
    of ranges: [Range<UInt64>], until size: UInt64, keeping wanted: UInt64?
  ) throws(EvidenceError) -> (roots: [HashValue], kept: (leaf: HashValue, record: [UInt8])?) {
    let order = ranges.indices.sorted { ranges[$0].lowerBound < ranges[$1].lowerBound }
    var frontiers = ranges.map { _ in MerkleFrontier() }
    var next = 0
    var kept: (leaf: HashValue, record: [UInt8])?
    var number: UInt64 = 0
    segments: for name in try directory.segments() {
      guard name.firstSequence == number else { throw changed() }
      try eachFrame(of: name) { leaf, found, bytes in
        if number == wanted { kept = (leaf, Array(bytes[found.body])) }
        while next < order.count, ranges[order[next]].upperBound <= number { next += 1 }
        if next < order.count, ranges[order[next]].contains(number) {
          frontiers[order[next]].append(leaf, hasher)
        }
        number += 1
        return number < size
      }
      if number >= size { break segments }
    }
    guard number >= size else { throw changed() }
    return (frontiers.map { $0.root(hasher) }, kept)
  }

  private func eachFrame(
    of name: SegmentName, _ body: (HashValue, SegmentCursor.Found, [UInt8]) -> Bool
  ) throws(EvidenceError) {
    do throws(SystemFailure) {
      var cursor = SegmentCursor(
        try directory.fileSystem.open(name.text, in: directory.handle, .read), directory.fileSystem)
      while case .frame(let found) = try cursor.next() {
        guard body(found.leaf(cursor.bytes.span, hasher), found, cursor.bytes) else { return }
      }
    } catch {
      throw EvidenceError(error)
    }
  }
}
