import Foundation
internal import Synchronization
import Testing

@testable import Evidence

@Suite struct SinkTests {
  private static let patience = Duration.seconds(60)

  private func check(_ sink: MemorySink, _ count: Int) throws {
    let (records, gaps) = sink.state.withLock { ($0.records, $0.gaps) }
    #expect(records.count == count && gaps == 0)
    for (index, record) in records.enumerated() {
      #expect(StoredRecord(record)?.sequence == UInt64(index))
      #expect(StoredRecord(record)?.data == draft(index, size: record.count > 1000 ? 1500 : 40).data)
    }
  }

  @Test func recordsArriveInOrderAcrossSegmentsAndRestarts() throws {
    let scratch = try Scratch()
    let sink = MemorySink()
    try makeLog(scratch, 20)
    for run in 0..<3 {
      let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
      let feed = try log.attach(sink, name: "memory")
      for number in 0..<60 { try log.appendAndWait([draft(20 + run * 60 + number, size: 1500)]) }
      if run == 1 { #expect(feed.wait(forSize: 140, timeout: Self.patience)) }
      log.close(drain: Self.patience)
      let status = try #require(log.status.sinks.first)
      #expect(status.acknowledgedSize == UInt64(80 + run * 60) && status.lag == 0 && !status.isDown)
      try check(sink, 80 + run * 60)
      #expect(
        String(decoding: try scratch.bytes("sinks/memory.position"), as: UTF8.self) == "\(80 + run * 60)\n")
    }
    #expect(sink.state.withLock { $0.opens == 3 && $0.closes == 3 })
  }

  @Test func failuresAreRetriedAndNothingIsDoubled() throws {
    let scratch = try Scratch()
    let sink = MemorySink()
    sink.state.withLock { state in
      state.failures = Array(repeating: SinkFailure(isRetryable: true, message: "unavailable"), count: 3)
      state.appetite = 3
    }
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    let feed = try log.attach(sink, name: "flaky")
    for number in 0..<50 { try log.appendAndWait([draft(number)]) }
    #expect(feed.wait(forSize: 50, timeout: Self.patience))
    log.close(drain: Self.patience)
    try check(sink, 50)
    #expect(sink.state.withLock { $0.recoveries } >= 4)
  }

  /// The sink crashed and lost what it had not made durable: it says so and is given it again.
  @Test func aSinkThatForgetsIsGivenItAgain() throws {
    let scratch = try Scratch()
    let sink = MemorySink()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    let feed = try log.attach(sink, name: "forgetful")
    for number in 0..<20 { try log.appendAndWait([draft(number)]) }
    #expect(feed.wait(forSize: 20, timeout: Self.patience))
    sink.state.withLock {
      $0.mustForget = 7
      $0.failures = [SinkFailure(isRetryable: true, message: "restarted")]
    }
    for number in 20..<25 { try log.appendAndWait([draft(number)]) }
    #expect(feed.wait(forSize: 25, timeout: Self.patience))
    log.close(drain: Self.patience)
    try check(sink, 25)
  }

  @Test func aSinkThatRefusesIsDownAndTheLogGoesOn() throws {
    let scratch = try Scratch()
    let sink = MemorySink()
    sink.state.withLock { $0.failures = [SinkFailure(isRetryable: false, message: "wrong credentials")] }
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    let feed = try log.attach(sink, name: "refusing")
    try log.appendAndWait([draft(0)])
    #expect(!feed.wait(forSize: 1, timeout: Self.patience))
    let status = try #require(log.status.sinks.first)
    #expect(status.isDown && status.lag == 1 && status.failure?.message == "wrong credentials")
    try log.appendAndWait([draft(1)])
    log.close()
  }

  /// A sink that holds more than the log: the log was cut or replaced.
  @Test func aSinkAheadOfTheLogIsDown() throws {
    let scratch = try Scratch()
    let sink = MemorySink()
    sink.state.withLock { $0.records = [[1], [2], [3]] }
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    let feed = try log.attach(sink, name: "ahead")
    try log.appendAndWait([draft(0)])
    #expect(!feed.wait(forSize: 1, timeout: Self.patience))
    #expect(feed.status.isDown)
    log.close()
  }

  @Test func alteredRecordsAreNotDelivered() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 100, size: 1500)
    let name = scratch.segments[0]
    var bytes = try scratch.bytes(name)
    bytes[frames(bytes)[5].offset + 100] ^= 1
    try scratch.write(name, bytes)
    let sink = MemorySink()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    let feed = try log.attach(sink, name: "memory")
    #expect(!feed.wait(forSize: 100, timeout: Self.patience))
    #expect(feed.status.failure?.message.contains("record 5") == true)
    log.close()
    #expect(sink.state.withLock { $0.records.count } <= 5)
  }

  @Test func namesArePlain() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    defer { log.close() }
    for name in ["", "..", "a/b", "A", "a.b", String(repeating: "a", count: 65)] {
      #expect(throws: EvidenceError.self) { try log.attach(MemorySink(), name: name) }
    }
  }
}
