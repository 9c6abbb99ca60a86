extension Verifier {
  /// Verifies what a sink holds of the log named `log`, as ``verify(directory:)`` does a log's directory. [blocking]
  /// The key has to be given, as no sink keeps one.
  public func verify(_ source: any HeldEvidence, log: String) -> VerificationReport {
    var report = VerificationReport()
    report.isKeyIndependent = publicKey != nil
    do throws(EvidenceError) {
      let keys = try publicKey.map { (text) throws(EvidenceError) in try VerifierKey.list(text) } ?? []
      let pages = CheckpointPages(source)
      var statements = try CheckpointCheck(KeyRing(keys), extra: checkpoint) { () throws(EvidenceError) in
        try pages.next()
      }
      var run = try HeldCheck(source, log: log, onProgress)
      try run.check(&statements, &report)
      report.checkpoints = statements.count
      report.coveredSize = statements.coveredSize
      if keys.isEmpty {
        report.obstacle = "no key was given: give checkpoint.pub, as it was kept elsewhere, with --key"
      } else if report.size == 0 {
        report.obstacle = "the sink holds no record of this log"
      } else if statements.count == 0 {
        report.obstacle = "the sink holds no checkpoint of this log, so nothing is signed yet"
      }
    } catch {
      report.obstacle = error.message
    }
    report.problems.sort { ($0.first ?? .max) < ($1.first ?? .max) }
    return report
  }
}

/// A sink's checkpoints, one after the other, read a page at a time.
private final class CheckpointPages {
  private let source: any HeldEvidence
  private var notes: ArraySlice<[UInt8]> = []
  private var place: UInt64? = 0
  /// How many have been handed out: what stands for an offset.
  private var count = 0

  init(_ source: any HeldEvidence) { self.source = source }

  func next() throws(EvidenceError) -> CheckpointReader.Entry? {
    while notes.isEmpty {
      guard let place else { return nil }
      let page = try source.checkpoints(from: place)
      (notes, self.place) = (page.notes[...], page.next)
    }
    guard let note = notes.popFirst() else { return nil }
    count += 1
    return CheckpointReader.Entry(offset: count - 1, checkpoint: Checkpoint(note: note))
  }
}
