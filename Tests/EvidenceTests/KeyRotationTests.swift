import Foundation
import Testing

@testable import Evidence

/// One signing key in another's place: who trusts the old one comes to trust the new one, and nothing else.
@Suite struct KeyRotationTests {
  /// A log of three keys, some records under each.
  private func make() throws -> (Scratch, keys: [String]) {
    let scratch = try Scratch()
    let first = try makeLog(scratch, 5)
    var keys = [first]
    for _ in 0..<2 {
      let next = try KeyRotation.prepare(directory: scratch.log)
      #expect(try KeyRotation.prepare(directory: scratch.log) == next, "asked twice, it's the same")
      #expect(try !KeyRotation.isDone(next, directory: scratch.log))
      keys.append(try makeLog(scratch, 5))
      #expect(keys.last == "\(next)")
      #expect(try KeyRotation.isDone(next, directory: scratch.log))
    }
    return (scratch, keys)
  }

  private func verify(_ scratch: Scratch, _ key: String?) -> VerificationReport {
    Verifier(publicKey: key).verify(directory: scratch.log)
  }

  @Test func anyOfTheKeysIsEnough() throws {
    let (scratch, keys) = try make()
    #expect(try scratch.bytes("checkpoint.pub") == Array((keys.joined(separator: "\n") + "\n").utf8))
    for key in keys + [keys.joined(separator: "\n")] {
      let report = verify(scratch, key)
      #expect(report.verdict == .whole && report.coveredSize == 17 && report.size == 17, "\(report)")
    }
    #expect(verify(scratch, nil).verdict == .whole)
    let records = try EvidenceReader(directory: scratch.log)
    var events: [String] = []
    try records.forEach { record in
      if let event = record.string("event") { events.append(event) }
      return true
    }
    #expect(events == ["checkpoint-key.rotated", "checkpoint-key.rotated"])
  }

  @Test func whileItIsWritten() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    let first = "\(log.verifierKey)"
    try log.appendAndWait([draft(0)])
    log.adoptKeyIfReady()
    let next = try KeyRotation.prepare(directory: scratch.log)
    log.adoptKeyIfReady()
    while log.verifierKey != next { try log.appendAndWait([draft(1)]) }
    try log.appendAndWait([draft(2)])
    log.close()
    #expect(verify(scratch, first).verdict == .whole)
    #expect(verify(scratch, "\(next)").verdict == .whole)
  }

  @Test func theOldKeySignsNothingMore() throws {
    let scratch = try Scratch()
    let first = try makeLog(scratch, 5)
    let old = try SigningKey(pem: scratch.bytes("checkpoint.key"))
    _ = try KeyRotation.prepare(directory: scratch.log)
    try makeLog(scratch, 5)
    #expect(verify(scratch, first).verdict == .whole)
    // Whoever stole the old key signs a tree that is even true.
    let last = try #require(LogProver(directory: scratch.log).checkpoints().last)
    let log = try #require(LogIdentifier(text: String(last.origin.dropFirst(7))))
    let forged = try Checkpoint(log: log, size: last.size, root: last.root, key: old)
    try scratch.write("checkpoints", scratch.bytes("checkpoints") + forged.note + [0x0A])
    let report = verify(scratch, first)
    #expect(report.problems.map(\.kind) == [.checkpoint], "\(report)")
    #expect("\(report)".contains("another had taken the place of"))
  }

  @Test func aKeyThatNobodyVouchesForIsNone() throws {
    let scratch = try Scratch()
    let first = try makeLog(scratch, 5)
    // Somebody replaces the key on disk, and adds their own to the public ones.
    let stranger = try SigningKey.generate()
    try scratch.write("checkpoint.key", stranger.encodePEM())
    let name = try #require(LogProver(directory: scratch.log).checkpoints().last).origin
    let own = try VerifierKey(name: name, publicKey: stranger.publicKey)
    let last = try #require(LogProver(directory: scratch.log).checkpoints().last)
    let log = try #require(LogIdentifier(text: String(name.dropFirst(7))))
    try scratch.write("checkpoint.pub", scratch.bytes("checkpoint.pub") + Array("\(own)\n".utf8))
    let forged = try Checkpoint(log: log, size: last.size, root: last.root, key: stranger)
    let checkpoints = try scratch.bytes("checkpoints")
    try scratch.write("checkpoints", checkpoints + forged.note + [0x0A])
    #expect(verify(scratch, first).problems.map(\.kind) == [.checkpoint])
    // Nor is one that a record names which the old key never signed.
    try scratch.write("checkpoints", checkpoints)
    let segment = scratch.segments[0]
    let bytes = try scratch.bytes(segment)
    let previous = try VerifierKey(first)
    var envelope: [UInt8] = []
    Envelope.append(
      KeyRotation(key: own, previous: previous).draft, log: Array(name.utf8.dropFirst(7)), sequence: 5,
      to: &envelope)
    let end = frames(bytes).map { $0.offset + $0.count }.max() ?? 0
    try scratch.write(segment, Array(bytes[..<end]) + frame(envelope))
    #expect(verify(scratch, first).verdict == .whole, "not yet covered")
    var frontier = MerkleFrontier()
    let hasher = try Hasher256()
    let written = try scratch.bytes(segment)
    for one in frames(written) { frontier.append(Frame.header(written.span, at: one.offset).leaf, hasher) }
    let covering = try Checkpoint(log: log, size: 6, root: frontier.root(hasher), key: stranger)
    try scratch.write("checkpoints", checkpoints + covering.note + [0x0A])
    let report = verify(scratch, first)
    #expect(report.problems.map(\.kind) == [.checkpoint] && report.coveredSize == 5, "\(report)")
  }

  /// Killed anywhere in between, it is done again, and the log stays whole.
  @Test(arguments: 0..<8) func interrupted(step: Int) throws {
    let scratch = try Scratch()
    let first = try makeLog(scratch, 3)
    let next = try KeyRotation.prepare(directory: scratch.log)
    let faulty = FaultyFileSystem()
    let calls: [FaultyFileSystem.Fault] = [
      .init(call: .write, prefix: "segment-"), .init(call: .synchronizeData, prefix: "segment-"),
      .init(call: .write, prefix: "checkpoints"), .init(call: .synchronizeData, prefix: "checkpoints"),
      .init(call: .write, prefix: "checkpoint.pub"), .init(call: .rename, prefix: "checkpoint.pub"),
      .init(call: .rename, prefix: "checkpoint.next"),
      .init(call: .write, prefix: "checkpoints", partialBytes: 90),
    ]
    faulty.inject(calls[step])
    let options = smallOptions { $0.fileSystem = faulty }
    #expect(throws: EvidenceError.self) { try EvidenceLog.open(directory: scratch.log, options: options) }
    #expect(try makeLog(scratch, 3) == "\(next)")
    for key in [first, "\(next)"] {
      let report = verify(scratch, key)
      #expect(report.verdict == .whole && report.uncoveredSize == 0, "step \(step): \(report)")
    }
  }
}
