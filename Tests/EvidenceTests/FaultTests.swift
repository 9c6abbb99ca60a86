import Glibc
import Synchronization
import Testing

@testable import Evidence

/// The disk refuses: nothing that was acknowledged is lost, and nothing more is taken.
@Suite struct FaultTests {
  private func options(_ faults: FaultyFileSystem) -> EvidenceLog.Options {
    smallOptions { $0.fileSystem = faults }
  }

  /// Appends until the fault strikes; returns what was acknowledged, and checks that the log stays closed.
  private func appendUntilFailure(_ log: EvidenceLog, size: Int = 40) throws -> (
    acknowledged: Int, code: EvidenceError.Code
  ) {
    var acknowledged = 0
    while true {
      do throws(EvidenceError) {
        try log.appendAndWait([draft(acknowledged, size: size)])
        acknowledged += 1
      } catch {
        #expect { try log.appendAndWait([draft(0)], durability: .received) } throws: {
          ($0 as? EvidenceError)?.code == error.code
        }
        #expect(log.status.failure?.code == error.code)
        return (acknowledged, error.code)
      }
    }
  }

  /// After the fault has gone, everything acknowledged is there and the log goes on.
  private func recover(_ scratch: Scratch, _ faults: FaultyFileSystem, acknowledged: Int) throws {
    faults.heal()
    let (log, report) = try EvidenceLog.open(directory: scratch.log, options: options(faults))
    // What failed may be there all the same: it was written, only its durability was never promised.
    #expect(report.size >= UInt64(acknowledged))
    try log.appendAndWait([draft(77)])
    log.close()
    var seen = 0
    try EvidenceReader(directory: scratch.log).forEach { record in
      if seen < acknowledged {
        #expect(record.data == draft(seen, size: record.data.count > 400 ? 1500 : 40).data)
      }
      seen += 1
      return true
    }
    #expect(UInt64(seen) == report.size + 1)
    let verified = Verifier().verify(directory: scratch.log)
    #expect(verified.verdict == .whole, "\(verified)")
  }

  @Test(arguments: [0, 1, 39, 40, 41, 120, 10_000]) func aDiskThatIsFull(partialBytes: Int) throws {
    let scratch = try Scratch()
    let faults = FaultyFileSystem()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: options(faults))
    faults.inject(
      .init(call: .write, prefix: "segment.new", after: 6, code: ENOSPC, partialBytes: partialBytes))
    let (acknowledged, code) = try appendUntilFailure(log)
    #expect(acknowledged == 6 && code == .storageFull)
    log.close()
    try recover(scratch, faults, acknowledged: acknowledged)
  }

  @Test func synchronisingFails() throws {
    let scratch = try Scratch()
    let faults = FaultyFileSystem()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: options(faults))
    faults.inject(.init(call: .synchronizeData, prefix: "segment.new", after: 5, code: EIO))
    let (acknowledged, code) = try appendUntilFailure(log)
    #expect(acknowledged == 5 && code == .storage)
    log.close()
    try recover(scratch, faults, acknowledged: acknowledged)
  }

  @Test func noRoomForTheNextSegment() throws {
    let scratch = try Scratch()
    let faults = FaultyFileSystem()
    faults.inject(.init(call: .allocate, prefix: "segment.spare", code: ENOSPC))
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: options(faults))
    faults.inject(.init(call: .allocate, prefix: "segment.new", code: ENOSPC))
    let (acknowledged, code) = try appendUntilFailure(log, size: 1500)
    #expect(acknowledged > 20 && code == .storageFull)
    #expect(log.status.warning?.code == .storageFull)
    log.close()
    try recover(scratch, faults, acknowledged: acknowledged)
  }

  @Test func checkpointsThatCantBeWritten() throws {
    let scratch = try Scratch()
    let faults = FaultyFileSystem()
    let (log, _) = try EvidenceLog.open(
      directory: scratch.log,
      options: smallOptions {
        $0.fileSystem = faults
        $0.checkpointWhenIdle = .milliseconds(1)
      })
    try log.appendAndWait([draft(0)])
    faults.inject(.init(call: .write, prefix: "checkpoints", code: ENOSPC, partialBytes: 50))
    var acknowledged = 1
    do throws(EvidenceError) {
      while true {
        try log.appendAndWait([draft(acknowledged)])
        acknowledged += 1
        usleep(3000)
      }
    } catch {
      #expect(error.code == .storageFull)
    }
    log.close()
    try recover(scratch, faults, acknowledged: acknowledged)
  }

  @Test func everythingThatWaitsIsTold() throws {
    let scratch = try Scratch()
    let faults = FaultyFileSystem()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: options(faults))
    try log.appendAndWait([draft(0)])
    faults.inject(.init(call: .synchronizeData, prefix: "segment.new", code: EIO))
    let outcomes = Mutex<[Bool]>([])
    for number in 0..<100 {
      log.append(draft(number), durability: .stable) { result in
        outcomes.withLock { $0.append((try? result.get()) != nil) }
      }
    }
    log.close()
    #expect(outcomes.withLock { $0 } == Array(repeating: false, count: 100))
    try recover(scratch, faults, acknowledged: 1)
  }

  /// The write fails at each call in turn, while segments rotate.
  @Test func anyCallMayFail() throws {
    for call in [FaultyFileSystem.Call.write, .synchronizeData, .rename, .truncate] {
      for after in 0..<12 {
        let scratch = try Scratch()
        let faults = FaultyFileSystem()
        try makeLog(scratch, 3)
        faults.inject(.init(call: call, after: after, code: EIO, partialBytes: 7))
        var acknowledged = 3
        do throws(EvidenceError) {
          let (log, _) = try EvidenceLog.open(directory: scratch.log, options: options(faults))
          defer { log.close() }
          for _ in 0..<60 {
            try log.appendAndWait([draft(acknowledged, size: acknowledged < 3 ? 40 : 1500)])
            acknowledged += 1
          }
        } catch {}
        try recover(scratch, faults, acknowledged: acknowledged)
      }
    }
  }
}
