import Foundation
import Testing

@testable import Evidence

/// The verifier in Python, written from `docs/verify.md` alone, must say the same as ours.
@Suite struct IndependentVerifierTests {
  private struct Verdict: Decodable, Equatable {
    var verdict: String
    var records: UInt64
    var covered: UInt64
    var first: UInt64?
  }

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .appendingPathComponent("IndependentVerifier/verify_log.py").path

  static let hasPython = ["/usr/bin/python3", "/usr/local/bin/python3"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private func python(_ scratch: Scratch, _ key: String, kept: String? = nil) throws -> Verdict {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", Self.script, scratch.log, key] + (kept.map { [$0] } ?? [])
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(Verdict.self, from: output)
  }

  private func swift(_ scratch: Scratch, _ key: String, kept: [UInt8]? = nil) -> Verdict {
    let report = Verifier(publicKey: key, checkpoint: kept).verify(directory: scratch.log)
    return Verdict(
      verdict: report.verdict.rawValue, records: report.size, covered: report.coveredSize,
      first: report.problems.first?.first)
  }

  /// An old copy is whole in itself; a checkpoint that was kept elsewhere tells, and one of another history as well.
  @Test(.enabled(if: hasPython)) func bothKnowAnOldCopy() throws {
    let current = try Scratch()
    let key = try makeLog(current, 20)
    let old = try current.copy()
    let fork = try current.copy()
    try makeLog(current, 15)
    try makeLog(fork, 30, size: 60)
    let newest = try #require(LogProver(directory: current.log).checkpoints().last)
    let kept = current.path + "/kept"
    try Data(newest.note).write(to: URL(fileURLWithPath: kept))
    for (copy, first) in [(old, UInt64(20)), (fork, 20), (current, nil)] {
      #expect(swift(copy, key).verdict == "whole")
      let (ours, theirs) = (swift(copy, key, kept: newest.note), try python(copy, key, kept: kept))
      #expect(ours == theirs && ours.first == first, "\(ours) \(theirs)")
      #expect(ours.verdict == (first == nil ? "whole" : "not-whole"))
    }
  }

  /// A log that has seen three keys, a hold and retention, attacked in each of these.
  @Test(.enabled(if: hasPython)) func bothAgreeAboutKeysAndRemovals() throws {
    let original = try Scratch()
    let first = try makeLog(original, 60, size: 1500)
    _ = try KeyRotation.prepare(directory: original.log)
    let second = try makeLog(original, 60, size: 1500)
    let (log, _) = try EvidenceLog.open(directory: original.log, options: smallOptions())
    try log.appendAndWait([
      RecordDraft(
        type: .administration,
        data: CanonicalWriter.object { writer in
          writer.string("event", "session.held")
          writer.string("records", "1,4,7")
          writer.string("session", "ses_1")
        })
    ])
    #expect(try log.removeRecords(before: Timestamp.now(), reason: "plan", subject: "os:tester").records > 20)
    log.close()
    for key in [first, second] {
      #expect(try python(original, key) == swift(original, key))
      #expect(swift(original, key).verdict == "whole")
    }
    var generator = Seeded(77)
    var found = 0
    for attack in 0..<24 {
      let scratch = try original.copy()
      let name = scratch.segments.dropLast().randomElement(using: &generator) ?? scratch.segments[0]
      var bytes = try scratch.bytes(name)
      let all = frames(bytes)
      let gone = all.filter { $0.count == Frame.headerSize }
      let one = (attack % 2 == 0 ? gone : all).randomElement(using: &generator) ?? all[0]
      switch attack / 2 % 6 {
      case 0:
        bytes[one.offset + Int.random(in: 0..<one.count, using: &generator)] ^=
          1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes.removeSubrange(one.offset..<one.offset + one.count)
      case 2:
        bytes.insert(contentsOf: bytes[one.offset..<one.offset + one.count], at: all[all.count / 2].offset)
      case 3:
        let header = Frame.header(bytes.span, at: one.offset)
        bytes.replaceSubrange(one.offset..<one.offset + one.count, with: Frame.removed(header))
      case 4:
        // A removed record gets a body again, made up.
        bytes.replaceSubrange(
          one.offset..<one.offset + one.count, with: try frame(Array("{\"data\":{}}".utf8)))
      default:
        var notes = try scratch.bytes("checkpoints")
        notes[Int.random(in: 0..<notes.count, using: &generator)] ^= 1
        try scratch.write("checkpoints", notes)
      }
      try scratch.write(name, bytes)
      for key in [attack % 3 == 0 ? second : first] {
        let (ours, theirs) = (swift(scratch, key), try python(scratch, key))
        #expect(
          ours.verdict == theirs.verdict && ours.first == theirs.first, "attack \(attack): \(ours) \(theirs)")
        if ours.verdict == "not-whole" { found += 1 }
      }
    }
    #expect(found > 18)
  }

  @Test(.enabled(if: hasPython)) func bothAgree() throws {
    let original = try Scratch()
    var key = try makeLog(original, 40, size: 1500)
    // Another run, so that there are checkpoints inside a segment, and a few records that none covers.
    key = try makeLog(original, 12)
    let checkpoints = try original.bytes("checkpoints")
    key = try makeLog(original, 3)
    let names = original.segments
    #expect(names.count >= 2)
    #expect(try python(original, key) == swift(original, key))
    #expect(swift(original, key).verdict == "whole")

    var generator = Seeded(2026)
    var verdicts: Set<String> = []
    for _ in 0..<40 {
      let scratch = try original.copy()
      if Bool.random(using: &generator) { try scratch.write("checkpoints", checkpoints) }
      // Checkpoints are small, so half of the changes are in them or in the last segment's end.
      let name =
        ([names[0], names[names.count - 1], "checkpoints"]).randomElement(using: &generator) ?? names[0]
      var bytes = try scratch.bytes(name)
      let all = name == "checkpoints" ? [] : frames(bytes)
      let end = all.last.map { $0.offset + $0.count } ?? bytes.count
      switch Int.random(in: 0..<6, using: &generator) {
      case 0:
        bytes[Int.random(in: 0..<end, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes.removeSubrange(Int.random(in: 0..<end, using: &generator)...)
      case 2:
        let from = Int.random(in: 0..<end, using: &generator)
        bytes.removeSubrange(from..<min(end, from + Int.random(in: 1..<600, using: &generator)))
      case 3 where !all.isEmpty:
        // A torn write of the last record.
        let last = all[all.count - 1]
        for index in (last.offset + Int.random(in: 0..<last.count, using: &generator))..<end {
          bytes[index] = 0
        }
      case 4 where !all.isEmpty:
        let frame = all[Int.random(in: 0..<all.count, using: &generator)]
        bytes.removeSubrange(frame.offset..<frame.offset + frame.count)
      case 5 where !all.isEmpty:
        let one = all[Int.random(in: 0..<all.count, using: &generator)]
        bytes.insert(
          contentsOf: bytes[one.offset..<one.offset + one.count],
          at: all[Int.random(in: 0..<all.count, using: &generator)].offset)
      default: break
      }
      try scratch.write(name, bytes)
      let (ours, theirs) = (swift(scratch, key), try python(scratch, key))
      #expect(ours.verdict == theirs.verdict && ours.first == theirs.first, "\(ours) \(theirs)")
      if ours.verdict == "whole" { #expect(ours == theirs) }
      verdicts.insert(ours.verdict)
    }
    #expect(verdicts.contains("whole") && verdicts.contains("not-whole"))
  }
}
