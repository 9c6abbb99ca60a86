internal import Synchronization
import Testing

@testable import Evidence

/// A sink in memory that keeps checkpoints beside its records.
private final class KeepingSink: RecordSink, HeldEvidence {
  struct State {
    var records: [[UInt8]] = []
    var notes: [[UInt8]] = []
    var acknowledger: SinkAcknowledger?
    /// Checkpoints that came before their records, or out of order.
    var early = 0
    var failures = 0
  }

  let state = Mutex(State())
  private let keeps: Bool

  init(keeps: Bool = true) { self.keeps = keeps }

  func open(log: String, acknowledger: SinkAcknowledger) throws(SinkFailure) {
    state.withLock { $0.acknowledger = acknowledger }
  }
  func recover() throws(SinkFailure) -> UInt64 { state.withLock { UInt64($0.records.count) } }
  func append(firstSequence: UInt64, records: [[UInt8]]) throws(SinkFailure) -> SinkProgress {
    state.withLock { $0.records += records }
    return SinkProgress(accepted: records.count)
  }
  func flush() throws(SinkFailure) {
    state.withLock { $0.acknowledger?.acknowledge(upTo: UInt64($0.records.count) - 1) }
  }
  func close() {}

  func recoverCheckpoint() throws(SinkFailure) -> UInt64? {
    guard keeps else { return nil }
    return state.withLock { state in state.notes.last.flatMap { Checkpoint(note: $0)?.size } ?? 0 }
  }
  func checkpoint(_ note: [UInt8]) throws(SinkFailure) {
    let failure = state.withLock { state -> SinkFailure? in
      if state.failures > 0 {
        state.failures -= 1
        return SinkFailure(isRetryable: true, message: "unavailable")
      }
      let size = Checkpoint(note: note)?.size ?? .max
      let last = state.notes.last.flatMap { Checkpoint(note: $0)?.size } ?? 0
      if size > state.records.count || size < last { state.early += 1 }
      if !state.notes.contains(note) { state.notes.append(note) }
      return nil
    }
    if let failure { throw failure }
  }

  // MARK: Reading back

  func forEachHeld(from sequence: UInt64, _ body: (HeldItem) throws(EvidenceError) -> Bool)
    throws(EvidenceError)
  {
    let records = state.withLock { $0.records }
    let hasher = try Hasher256()
    for (index, json) in records.enumerated().dropFirst(Int(sequence)) {
      let leaf = unsafe hasher.leaf(json.span.bytes)
      guard try body(HeldItem(sequence: UInt64(index), json: json, leaf: leaf, isRemoved: false)) else {
        return
      }
    }
  }
  func checkpoints(from place: UInt64) throws(EvidenceError) -> (notes: [[UInt8]], next: UInt64?) {
    let notes = state.withLock { $0.notes }
    // Pages of one.
    guard place < notes.count else { return ([], nil) }
    return ([notes[Int(place)]], place + 1)
  }
}

@Suite struct SinkCheckpointTests {
  private static let patience = Duration.seconds(60)

  private func run(_ scratch: Scratch, _ sink: KeepingSink, _ numbers: Range<Int>) throws -> (
    id: String, key: String
  ) {
    let options = smallOptions { $0.checkpointInterval = .milliseconds(1) }
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: options)
    try log.attach(sink, name: "keeping")
    for number in numbers { try log.appendAndWait([draft(number)]) }
    log.close(drain: Self.patience)
    return (log.logID, "\(log.verifierKey)")
  }

  @Test func everyCheckpointFollowsItsRecordsOnceAcrossRestarts() throws {
    let scratch = try Scratch()
    let sink = KeepingSink()
    for part in 0..<3 { _ = try run(scratch, sink, part * 30..<part * 30 + 30) }
    let (early, notes) = sink.state.withLock { ($0.early, $0.notes) }
    #expect(early == 0)
    let written = CheckpointReader.split(try scratch.bytes("checkpoints"), at: 0).entries.compactMap(
      \.checkpoint)
    #expect(notes == written.map(\.note) && notes.count >= 3)
    #expect(Checkpoint(note: notes[notes.count - 1])?.size == 90)
  }

  @Test func aCheckpointThatFailedIsGivenAgain() throws {
    let scratch = try Scratch()
    let sink = KeepingSink()
    sink.state.withLock { $0.failures = 3 }
    _ = try run(scratch, sink, 0..<30)
    #expect(sink.state.withLock { $0.early } == 0)
    #expect(sink.state.withLock { $0.notes.last }.flatMap { Checkpoint(note: $0)?.size } == 30)
  }

  @Test func aSinkThatKeepsNoneIsGivenNone() throws {
    let scratch = try Scratch()
    let sink = KeepingSink(keeps: false)
    _ = try run(scratch, sink, 0..<10)
    #expect(sink.state.withLock { $0.notes.isEmpty && $0.records.count == 10 })
  }

  @Test func aSinkIsVerifiedAsALogIs() throws {
    let scratch = try Scratch()
    let sink = KeepingSink()
    let (id, key) = try run(scratch, sink, 0..<40)
    func verdict(_ change: (inout KeepingSink.State) -> Void) -> VerificationReport {
      let copy = KeepingSink()
      let state = sink.state.withLock { ($0.records, $0.notes) }
      copy.state.withLock {
        ($0.records, $0.notes) = state
        change(&$0)
      }
      return Verifier(publicKey: key).verify(copy, log: id)
    }
    let whole = verdict { _ in }
    #expect(whole.verdict == .whole && whole.size == 40 && whole.coveredSize == 40)
    #expect(verdict { $0.records.swapAt(3, 4) }.problems.map(\.first) == [3, 4])
    let cut = verdict { $0.records.removeLast(5) }
    #expect(cut.problems.map(\.kind) == [.cut] && cut.problems.first?.first == 35)
    let edited = verdict { state in
      let text = String(decoding: state.records[7], as: UTF8.self).replacing("record 7", with: "record 8")
      state.records[7] = Array(text.utf8)
    }
    // Its hash was made to fit: the checkpoint tells, and says between which records.
    #expect(edited.problems.map(\.kind) == [.rewritten])
    #expect(verdict { $0.notes = [] }.verdict == .undetermined)
    #expect(Verifier().verify(sink, log: id).verdict == .undetermined)
    #expect(Verifier(publicKey: key).verify(sink, log: String(id.reversed())).verdict == .notWhole)
  }
}
