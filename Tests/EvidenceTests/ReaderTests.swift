import Glibc
import Testing

@testable import Evidence

@Suite struct ReaderTests {
  @Test func sessions() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    func add(_ type: RecordType, _ session: String, _ exchange: String? = nil, _ data: String) throws {
      try log.appendAndWait([
        RecordDraft(
          type: type, session: Array(session.utf8), exchange: exchange.map { Array($0.utf8) },
          data: Array(data.utf8))
      ])
    }
    try add(.sessionOpened, "s1", nil, #"{"pipeline":"cursor","subject":"alice"}"#)
    try add(.request, "s1", "e1", #"{"principal":{"subject":"alice"}}"#)
    try add(.request, "s2", "e2", #"{"pipeline":"claude","principal":{"credential":"k","subject":"bob"}}"#)
    try add(.decision, "s1", "e1", #"{"verdict":"deny"}"#)
    try add(.decision, "s2", "e2", #"{"verdict":"allow"}"#)
    try add(.sessionClosed, "s1", nil, "{}")
    let reader = try EvidenceReader(directory: scratch.log)
    let sessions = try reader.sessions()
    #expect(sessions.map(\.id) == ["s1", "s2"])
    #expect(sessions[0].subject == "alice" && sessions[0].pipeline == "cursor" && sessions[0].isClosed)
    #expect(sessions[0].exchanges == 1 && sessions[0].denied == 1 && sessions[0].records == 4)
    #expect(sessions[1].subject == "bob" && sessions[1].pipeline == "claude" && !sessions[1].isClosed)
    #expect(sessions[1].denied == 0 && sessions[1].firstSequence == 2)
    #expect(try reader.records(exchange: "e1").map(\.type) == ["request", "decision"])
    var types: [String] = []
    try reader.forEach(session: "s1") { record in
      types.append(record.type)
      return types.count < 3
    }
    #expect(types == ["session.opened", "request", "decision"])
    log.close()
  }

  @Test func alteredRecordsAreNamed() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 10)
    let name = scratch.segments[0]
    var bytes = try scratch.bytes(name)
    bytes[frames(bytes)[4].offset + 90] ^= 1
    try scratch.write(name, bytes)
    var seen = 0
    do throws(EvidenceError) {
      try EvidenceReader(directory: scratch.log).forEach { _ in
        seen += 1
        return true
      }
      Issue.record("the altered record was read")
    } catch {
      #expect(error.code == .damaged && error.message.contains("record 4"))
    }
    #expect(seen == 4)
  }

  /// Verifying and reading while the log is written, rotated and checkpointed.
  @Test func liveLogsAreWhole() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(
      directory: scratch.log, options: smallOptions { $0.checkpointInterval = .milliseconds(5) })
    try log.appendAndWait([draft(0)])
    while log.status.checkpointSize == 0 {}
    let stop = Monitor(false)
    let writer = try WorkerThread(name: "writer") {
      var number = 1
      while !stop.withLock({ $0 }) {
        let count = number % 7 + 1
        _ = try? log.appendAndWait(
          (0..<count).map { draft(number + $0, size: (number + $0) % 13 * 400 + 1) },
          durability: number % 2 == 0 ? .stable : .written)
        number += count
        usleep(500)
      }
    }
    var last: UInt64 = 0
    for _ in 0..<25 {
      let report = Verifier().verify(directory: scratch.log)
      #expect(report.verdict == .whole && report.isLive, "\(report)")
      #expect(report.size >= last)
      last = report.size
      var next: UInt64 = 0
      try EvidenceReader(directory: scratch.log).forEach { record in
        #expect(record.sequence == next)
        next += 1
        return true
      }
      #expect(next >= last)
    }
    stop.update { $0 = true }
    writer.join()
    log.close()
    #expect(Verifier().verify(directory: scratch.log).verdict == .whole)
  }

  @Test func reportsAsJSON() throws {
    let scratch = try Scratch()
    let key = try makeLog(scratch, 3)
    let report = Verifier(publicKey: key).verify(directory: scratch.log)
    let text = String(decoding: report.json, as: UTF8.self)
    #expect(JSONScanner.isWhole(report.json))
    #expect(
      text.contains(
        #""records":3,"removed":0,"segments":1,"uncovered":0,"unfinishedBytes":0,"verdict":"whole""#))
    #expect(report.description.hasPrefix("whole: 3 records in 1 segments, 2 checkpoints"))
  }
}
