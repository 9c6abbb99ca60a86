import Foundation
import Synchronization
import Testing

@testable import Evidence

/// Old records' bodies go, their hashes stay, and only what signed records allow is ever found to be gone.
@Suite struct RetentionTests {
  /// Records of three sessions in many segments: 0 to 199, an hour apart, and the log still open.
  private func make(_ scratch: Scratch) throws -> EvidenceLog {
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    for number in 0..<200 {
      let made = draft(number, size: 1500)
      // Types that retention may touch.
      let type: RecordType = number % 5 == 0 ? .policyChanged : .request
      try log.appendAndWait([
        RecordDraft(
          type: type, session: made.session, exchange: made.exchange, data: made.data,
          time: 1_800_000_000_000_000_000 + UInt64(number) * 3_600_000_000_000)
      ])
    }
    return log
  }

  private func time(_ number: UInt64) -> UInt64 { 1_800_000_000_000_000_000 + number * 3_600_000_000_000 }

  private func remove(_ log: EvidenceLog, before number: UInt64) throws -> RemovalReport {
    try log.removeRecords(before: time(number), reason: "a plan", subject: "os:tester")
  }

  private func event(_ log: EvidenceLog, _ name: String, _ session: String, records: String = "") throws {
    try log.appendAndWait([
      RecordDraft(
        type: .administration,
        data: CanonicalWriter.object { writer in
          writer.string("event", name)
          writer.string("reason", "a case")
          writer.string("records", records)
          writer.string("session", session)
          writer.string("subject", "os:tester")
        })
    ])
  }

  private func records(_ scratch: Scratch) throws -> [StoredRecord] {
    var all: [StoredRecord] = []
    try EvidenceReader(directory: scratch.log).forEach {
      all.append($0)
      return true
    }
    return all
  }

  @Test func bodiesGoAndTheLogIsProved() throws {
    let scratch = try Scratch()
    let log = try make(scratch)
    let before = try records(scratch)
    let size = try scratch.segments.reduce(0) { $0 + (try scratch.bytes($1).count) }
    let report = try remove(log, before: 90)
    let after = try records(scratch)
    log.close()
    // Everything older in closed segments but for what is about the log itself.
    let gone = after.filter(\.isRemoved).map(\.sequence)
    #expect(
      gone.count == Int(report.records) && gone.count > 50 && gone.allSatisfy { $0 < 90 && $0 % 5 != 0 })
    #expect(try scratch.segments.reduce(0) { $0 + (try scratch.bytes($1).count) } < size - 50 * 1500)
    for (old, new) in zip(before, after) where !new.isRemoved { #expect(old.json == new.json) }
    for record in after.filter(\.isRemoved) {
      #expect(record.string("leaf") == "\(leaf(before[Int(record.sequence)].json, try Hasher256()))")
    }
    let verified = Verifier(publicKey: "\(log.verifierKey)").verify(directory: scratch.log)
    #expect(verified.verdict == .whole && verified.removed == report.records, "\(verified)")
    #expect("\(verified)".contains("removed by retention"))
    // What is left can be proved, and of what is gone the hash.
    let prover = try LogProver(directory: scratch.log)
    for sequence in [gone[0], gone[0] + 120] {
      try InclusionProof(text: try prover.inclusion(of: sequence).text).check(keys: "\(log.verifierKey)")
    }
    #expect(try prover.inclusion(of: gone[0]).record.isEmpty)
    // Again there is nothing to do, and the log goes on.
    let (again, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    #expect(try remove(again, before: 90) == RemovalReport())
    try again.appendAndWait([draft(1)])
    again.close()
    #expect(Verifier().verify(directory: scratch.log).verdict == .whole)
  }

  @Test func aHeldSessionStays() throws {
    let scratch = try Scratch()
    let log = try make(scratch)
    let reader = try EvidenceReader(directory: scratch.log)
    try event(log, "session.held", "ses_1", records: reader.sequences(ofSession: "ses_1"))
    #expect(try reader.holds().map(\.session) == ["ses_1"])
    _ = try remove(log, before: 90)
    let kept = try records(scratch)
    #expect(kept.filter { $0.session == "ses_1" }.count == 67 && kept.contains(where: \.isRemoved))
    #expect(Verifier().verify(directory: scratch.log).verdict == .whole)
    try event(log, "session.released", "ses_1")
    #expect(try reader.holds().isEmpty)
    let second = try remove(log, before: 90)
    #expect(second.records > 10)
    log.close()
    #expect(Verifier().verify(directory: scratch.log).verdict == .whole)
  }

  @Test func aSinkThatIsBehindGetsEverything() throws {
    let scratch = try Scratch()
    let log = try make(scratch)
    let sink = MemorySink()
    sink.state.withLock { $0.appetite = 0 }
    let feed = try log.attach(sink, name: "slow")
    #expect(try remove(log, before: 90) == RemovalReport(), "nothing was acknowledged")
    sink.state.withLock { $0.appetite = .max }
    #expect(feed.wait(forSize: 200, timeout: .seconds(60)))
    #expect(try remove(log, before: 90).records > 50)
    // One that comes later gets the numbers in their order, with what is left.
    let late = MemorySink()
    let size = log.status.size
    #expect(try log.attach(late, name: "late").wait(forSize: size, timeout: .seconds(60)))
    log.close()
    let given = late.state.withLock { $0.records }.compactMap { StoredRecord($0) }
    #expect(given.map(\.sequence) == Array(0..<size) && given.contains(where: \.isRemoved))
    #expect(late.state.withLock { $0.gaps } == 0)
  }

  // MARK: What somebody with full access may try

  /// The segment's bytes with the bodies of some records gone, everything else as it was.
  private func removing(_ wanted: Set<UInt64>, from scratch: Scratch, _ name: String) throws {
    let bytes = try scratch.bytes(name)
    var sequence = try #require(SegmentName(name)).firstSequence
    var result = Array(bytes[..<SegmentHeader.size])
    for one in frames(bytes) {
      let header = Frame.header(bytes.span, at: one.offset)
      result +=
        wanted.contains(sequence) ? Frame.removed(header) : Array(bytes[one.offset..<one.offset + one.count])
      sequence += 1
    }
    try scratch.write(name, result)
  }

  @Test func aForgedRemovalIsFound() throws {
    let scratch = try Scratch()
    let log = try make(scratch)
    log.close()
    try removing([3, 4, 9], from: scratch, scratch.segments[0])
    let report = Verifier(publicKey: "\(log.verifierKey)").verify(directory: scratch.log)
    #expect(report.problems.map(\.kind) == [.removed, .removed], "\(report)")
    #expect(report.problems.map(\.first) == [3, 9] && report.problems[0].last == 4)
    #expect("\(report)".contains("records 3 to 4 removed, and no signed record allows it"))
  }

  @Test func aPermissionThatNobodySignedIsNone() throws {
    let scratch = try Scratch()
    let log = try make(scratch)
    log.close()
    let checkpoints = try scratch.bytes("checkpoints")
    // Somebody appends the permission themselves; no checkpoint covers it.
    let name = scratch.segments[scratch.segments.count - 1]
    let bytes = try scratch.bytes(name)
    let end = frames(bytes).map { $0.offset + $0.count }.max() ?? 0
    var envelope: [UInt8] = []
    Envelope.append(
      RecordDraft(
        type: .administration,
        data: CanonicalWriter.object { writer in
          writer.string("event", "records.removed")
          writer.string("records", "3-4")
        }), log: Array(log.logID.utf8), sequence: 200, to: &envelope)
    try scratch.write(name, Array(bytes[..<end]) + frame(envelope))
    try scratch.write("checkpoints", checkpoints)
    #expect(Verifier().verify(directory: scratch.log).verdict == .whole)
    try removing([3, 4], from: scratch, scratch.segments[0])
    let report = Verifier().verify(directory: scratch.log)
    #expect(
      "\(report)".contains(
        "records 3 to 4 removed, and the record that allows it is covered by no checkpoint"))
    #expect(report.problems.map(\.kind) == [.removed])
  }

  @Test func aRemovalAgainstAHoldIsFound() throws {
    let scratch = try Scratch()
    let log = try make(scratch)
    try event(log, "session.held", "ses_1", records: "1,4,7")
    // The gateway itself was made to say that more may go than the hold allows.
    try event(log, "records.removed", "", records: "2-4")
    log.close()
    try removing([2, 3, 4], from: scratch, scratch.segments[0])
    let report = Verifier().verify(directory: scratch.log)
    #expect(report.problems.map(\.first) == [4], "\(report)")
    #expect("\(report)".contains("record 4 removed though session ses_1 was under legal hold"))
  }

  @Test func aChangedHashOfARemovedRecordIsFound() throws {
    let scratch = try Scratch()
    let log = try make(scratch)
    _ = try remove(log, before: 90)
    log.close()
    let name = scratch.segments[0]
    let whole = try scratch.bytes(name)
    for index in [0, 3, 4, 8, 30, 39] {
      var bytes = whole
      // Record 1 is gone: its frame is forty bytes.
      bytes[SegmentHeader.size + frameSize(bytes) + index] ^= 1
      try scratch.write(name, bytes)
      let report = Verifier().verify(directory: scratch.log)
      #expect(report.exitCode == 1 && report.problems.first?.first ?? 99 <= 1, "byte \(index): \(report)")
    }
  }

  private func frameSize(_ bytes: [UInt8]) -> Int {
    Frame.headerSize + Frame.header(bytes.span, at: SegmentHeader.size).bodyLength
  }

  @Test func nothingIsRemovedFromAChangedLog() throws {
    let scratch = try Scratch()
    let log = try make(scratch)
    let name = scratch.segments[0]
    var bytes = try scratch.bytes(name)
    bytes[frames(bytes)[3].offset + 60] ^= 1
    try scratch.write(name, bytes)
    #expect { try remove(log, before: 90) } throws: { ($0 as? EvidenceError)?.code == .damaged }
    #expect(try scratch.bytes(name) == bytes)
    log.close()
  }

  /// A log whose disk has failed removes nothing, says so at once, and doesn't spin.
  @Test func aFailedLogRemovesNothing() throws {
    let scratch = try Scratch()
    let faulty = FaultyFileSystem()
    let (log, _) = try EvidenceLog.open(
      directory: scratch.log, options: smallOptions { $0.fileSystem = faulty })
    for number in 0..<100 { try log.appendAndWait([draft(number, size: 1500)]) }
    faulty.inject(.init(call: .write, prefix: "checkpoints"))
    let before = try records(scratch)
    #expect(throws: EvidenceError.self) {
      try log.removeRecords(before: Timestamp.now(), reason: "a plan", subject: "os:tester")
    }
    #expect(log.status.failure != nil)
    _ = try KeyRotation.prepare(directory: scratch.log)
    log.adoptKeyIfReady()
    log.close()
    #expect(try records(scratch).prefix(before.count).map(\.json) == before.map(\.json))
  }

  @Test func sets() {
    let set = SequenceRanges("0-16,20,22-35")
    #expect(set?.text == "0-16,20,22-35" && set?.count == 32)
    for wrong in ["a", "3-1", "1,1", "5,3", "1-", "-1", "1,,2", " 1", "18446744073709551616"] {
      #expect(SequenceRanges(wrong) == nil, "\(wrong)")
    }
    #expect(SequenceRanges("")?.isEmpty == true)
    var generator = Seeded(8)
    for _ in 0..<200 {
      let (one, two) = (
        Set((0..<20).filter { _ in Bool.random(using: &generator) }),
        Set((0..<20).filter { _ in Bool.random(using: &generator) })
      )
      func make(_ numbers: Set<Int>) -> SequenceRanges {
        var ranges = SequenceRanges()
        for number in numbers.sorted() { ranges.append(UInt64(number)) }
        return ranges
      }
      #expect(make(one).union(make(two)) == make(one.union(two)))
      #expect(make(one).subtracting(make(two)) == make(one.subtracting(two)))
      #expect(make(one).intersection(make(two)) == make(one.intersection(two)))
      #expect((0..<20).allSatisfy { make(one).contains(UInt64($0)) == one.contains($0) })
      #expect(SequenceRanges(make(one).text) == make(one))
    }
  }
}
