import Glibc
import Synchronization
import Testing

@testable import Evidence

@Suite struct LogTests {
  @Test func recordsComeBackInOrderAcrossRestarts() throws {
    let scratch = try Scratch()
    var expected = 0
    for run in 0..<4 {
      let (log, report) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
      #expect(report.isNew == (run == 0))
      #expect(report.size == UInt64(expected))
      #expect(report.cutBytes == 0 && report.cutCheckpointBytes == 0)
      for _ in 0..<25 {
        #expect(
          try log.appendAndWait([draft(expected)], durability: [.received, .written, .stable][expected % 3])
            == UInt64(expected))
        expected += 1
      }
      #expect(
        try log.appendAndWait([draft(expected), draft(expected + 1), draft(expected + 2)])
          == UInt64(expected + 2))
      expected += 3
      log.close()
      #expect(log.status.durableSize == UInt64(expected))
      #expect(log.status.checkpointSize == UInt64(expected))
    }
    var seen = 0
    try EvidenceReader(directory: scratch.log).forEach { record in
      #expect(record.sequence == UInt64(seen))
      #expect(record.data == draft(seen).data)
      seen += 1
      return true
    }
    #expect(seen == expected)
    let report = Verifier().verify(directory: scratch.log)
    #expect(report.verdict == .whole, "\(report)")
    #expect(report.size == UInt64(expected) && report.coveredSize == report.size)
  }

  @Test func segmentsRotateAndLargeRecordsHaveTheirOwn() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    var generator = Seeded(2)
    let sizes = (0..<120).map { $0 == 60 ? 300_000 : Int.random(in: 1...4000, using: &generator) }
    for (number, size) in sizes.enumerated() {
      try log.appendAndWait([draft(number, size: size)], durability: .written)
    }
    log.close()
    #expect(scratch.segments.count > 4)
    let report = Verifier(publicKey: "\(log.verifierKey)").verify(directory: scratch.log)
    #expect(report.verdict == .whole, "\(report)")
    #expect(report.size == 120)
    #expect(report.isKeyIndependent)
    #expect(report.segments == scratch.segments.count)
    var seen = 0
    try EvidenceReader(directory: scratch.log).forEach(from: 50) { record in
      #expect(record.sequence == UInt64(50 + seen))
      seen += 1
      return true
    }
    #expect(seen == 70)
  }

  /// Segments fill faster than spare ones are prepared: a second one asked for meanwhile must not take the name
  /// from the first, or the header that is written into it would be lost.
  @Test func theSpareSegmentIsTheOneUnderItsName() throws {
    let scratch = try Scratch()
    let faults = FaultyFileSystem()
    let directory = try LogDirectory.forWriting(scratch.log, faults)
    faults.allocationGate.update { $0 = false }
    let spare = try SpareSegment(directory, size: 256 << 10)
    while (try? scratch.bytes("segment.spare")) == nil {}
    spare.replace()
    faults.allocationGate.update { $0 = true }
    var taken: OpenFile?
    while taken == nil { taken = spare.take() }
    // Long enough for a second one to be begun by mistake.
    usleep(100_000)
    let file = try #require(taken)
    try faults.write(file, at: 0, Array("mine".utf8))
    #expect(try scratch.bytes("segment.spare").prefix(4).elementsEqual("mine".utf8))
    spare.stop()
  }

  @Test func rotationFasterThanPreparation() throws {
    let scratch = try Scratch()
    let large = [UInt8](repeating: 0x61, count: 700 << 10)
    let data = CanonicalWriter.object { $0.string("text", utf8: large) }
    for run in 0..<2 {
      let (log, report) = try EvidenceLog.open(
        directory: scratch.log, options: smallOptions { $0.segmentBytes = 2 << 20 })
      #expect(report.size == UInt64(run * 20))
      for _ in 0..<20 {
        try log.appendAndWait([RecordDraft(type: .request, data: data)], durability: .written)
      }
      log.close()
    }
    #expect(scratch.segments.count > 10)
    let report = Verifier().verify(directory: scratch.log)
    #expect(report.verdict == .whole && report.size == 40, "\(report)")
  }

  @Test func manyThreadsEachFindTheirRecords() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(
      directory: scratch.log, options: smallOptions { $0.segmentBytes = 256 << 10 })
    let acknowledged = Mutex<[UInt64: [Int]]>([:])
    let threads = try (0..<8).map { thread in
      try WorkerThread(name: "append-\(thread)") {
        let pending = Monitor(0)
        for number in 0..<200 {
          // Pairs, so that contiguity shows.
          let first = (thread * 200 + number) * 2
          pending.update { $0 += 1 }
          log.append([draft(first), draft(first + 1)], durability: number % 2 == 0 ? .stable : .written) {
            result in
            if case .success(let sequence) = result {
              acknowledged.withLock { $0[sequence] = [first, first + 1] }
            }
            pending.update { $0 -= 1 }
          }
          if number % 16 == 0 { _ = pending.wait(until: nil) { $0 == 0 ? true : nil } }
        }
        _ = pending.wait(until: nil) { $0 == 0 ? true : nil }
      }
    }
    for thread in threads { thread.join() }
    log.close()
    let expected = acknowledged.withLock { $0 }
    #expect(expected.count == 1600)
    var bodies: [[UInt8]] = []
    try EvidenceReader(directory: scratch.log).forEach { record in
      bodies.append(record.data)
      return true
    }
    #expect(bodies.count == 3200)
    for (last, numbers) in expected {
      #expect(bodies[Int(last) - 1] == draft(numbers[0]).data && bodies[Int(last)] == draft(numbers[1]).data)
    }
    #expect(Verifier().verify(directory: scratch.log).verdict == .whole)
    // Batching: far fewer synchronisations than appends that asked for one.
    #expect(log.status.synchronizations < 800)
  }

  @Test func aFullQueueIsSaidAtOnce() throws {
    let scratch = try Scratch()
    let gate = Monitor(false)
    let (log, _) = try EvidenceLog.open(
      directory: scratch.log, options: smallOptions { $0.maximumQueueBytes = 4000 })
    // The writer is held in a completion while the queue fills.
    log.append(draft(0), durability: .stable) { _ in _ = gate.wait(until: nil) { $0 ? true : nil } }
    let outcomes = Mutex<[EvidenceError.Code?]>([])
    for number in 0..<60 {
      log.append(draft(number), durability: .stable) { result in
        if case .failure(let error) = result {
          outcomes.withLock { $0.append(error.code) }
        } else {
          outcomes.withLock { $0.append(nil) }
        }
      }
    }
    let refused = outcomes.withLock { $0 }
    #expect(!refused.isEmpty && refused.allSatisfy { $0 == .backlogged })
    gate.update { $0 = true }
    log.close()
    let all = outcomes.withLock { $0 }
    #expect(all.count == 60)
    #expect(log.status.size == UInt64(1 + all.filter { $0 == nil }.count))
    #expect { try log.appendAndWait([draft(1)]) } throws: { ($0 as? EvidenceError)?.code == .closed }
  }

  @Test func tooLargeIsRefused() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(
      directory: scratch.log, options: smallOptions { $0.maximumRecordBytes = 2000 })
    defer { log.close() }
    #expect { try log.appendAndWait([draft(1, size: 3000)]) } throws: {
      ($0 as? EvidenceError)?.code == .tooLarge
    }
    #expect(try log.appendAndWait([draft(1)]) == 0)
  }

  @Test func checkpointsAreMadeInTime() throws {
    let scratch = try Scratch()
    let sizes = Monitor<[UInt64]>([])
    let (log, _) = try EvidenceLog.open(
      directory: scratch.log,
      options: smallOptions {
        $0.checkpointWhenIdle = .milliseconds(20)
        $0.onCheckpoint = { checkpoint in sizes.update { $0.append(checkpoint.size) } }
      })
    defer { log.close() }
    try log.appendAndWait([draft(0)])
    // The first one at once, so that a crash leaves a signed root.
    #expect(sizes.wait(until: nil) { $0.first } == 1)
    try log.appendAndWait([draft(1)], durability: .received)
    #expect(sizes.wait(until: nil) { $0.last == 2 ? true : nil } == true)
    // The status follows the call.
    while log.status.checkpointSize < 2 {}
    #expect(log.status.durableSize == 2)
  }

  @Test func writtenRecordsBecomeStableSoon() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(
      directory: scratch.log, options: smallOptions { $0.synchronizeWithin = .milliseconds(10) })
    defer { log.close() }
    try log.appendAndWait([draft(0)])
    try log.appendAndWait([draft(1)], durability: .written)
    while log.status.durableSize < 2 {}
  }

  @Test func theLastReferenceMayGoInACompletion() throws {
    let scratch = try Scratch()
    let done = Monitor(false)
    do {
      let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
      log.append(draft(0), durability: .stable) { _ in
        withExtendedLifetime(log) {}
        done.update { $0 = true }
      }
    }
    #expect(done.wait(until: nil) { $0 ? true : nil } == true)
  }
}
