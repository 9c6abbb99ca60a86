/// Makes proofs from a log, or from what a sink holds of it. [blocking] It reads all of it once; memory stays at a few
/// hashes.
///
/// What it returns was checked against the signed root first: a log that was changed yields no proof.
public struct LogProver {
  private let source: any LeafSource
  private let hasher: Hasher256

  /// Throws `not-found` where there is no log in `directory`.
  public init(directory path: String) throws(EvidenceError) {
    source = try DirectoryLeaves(directory: path)
    hasher = try Hasher256()
  }

  /// Of what a sink holds.
  public init(_ held: any HeldEvidence) throws(EvidenceError) {
    source = HeldLeaves(held)
    hasher = try Hasher256()
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
    else { throw .changedLog }
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
    else { throw .changedLog }
    return ConsistencyProof(old: old, new: checkpoint, path: path)
  }

  /// Every checkpoint, in order.
  public func checkpoints() throws(EvidenceError) -> [Checkpoint] { try source.checkpoints() }

  /// The roots of ranges that do not overlap, in their order, and one record on the way.
  private func roots(
    of ranges: [Range<UInt64>], until size: UInt64, keeping wanted: UInt64?
  ) throws(EvidenceError) -> (roots: [HashValue], kept: (leaf: HashValue, record: [UInt8])?) {
    let order = ranges.indices.sorted { ranges[$0].lowerBound < ranges[$1].lowerBound }
    var frontiers = ranges.map { _ in MerkleFrontier() }
    var next = 0
    var kept: (leaf: HashValue, record: [UInt8])?
    var count: UInt64 = 0
    try source.forEachLeaf { number, leaf, record in
      if number == wanted { kept = (leaf, record) }
      while next < order.count, ranges[order[next]].upperBound <= number { next += 1 }
      if next < order.count, ranges[order[next]].contains(number) {
        frontiers[order[next]].append(leaf, hasher)
      }
      count = number + 1
      return count < size
    }
    guard count >= size else { throw .changedLog }
    return (frontiers.map { $0.root(hasher) }, kept)
  }
}
