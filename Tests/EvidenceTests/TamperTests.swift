import Foundation
import Testing

@testable import Evidence

/// What somebody with full access to the directory may do, except sign.
@Suite struct TamperTests {
  /// Twenty records with checkpoints after 1, 8, 14 and 20.
  private func make() throws -> (Scratch, key: String) {
    let scratch = try Scratch()
    var key = ""
    for run in 0..<3 {
      let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
      for number in 0..<[8, 6, 6][run] { try log.appendAndWait([draft(number + run * 10)]) }
      log.close()
      key = "\(log.verifierKey)"
    }
    return (scratch, key)
  }

  /// Applies a change to the frames of the only segment, and verifies.
  private func verify(_ change: (inout [[UInt8]]) throws -> Void) throws -> VerificationReport {
    let (scratch, key) = try make()
    let name = scratch.segments[0]
    let bytes = try scratch.bytes(name)
    var list = frames(bytes).map { Array(bytes[$0.offset..<$0.offset + $0.count]) }
    #expect(list.count == 20)
    try change(&list)
    let data = Array(bytes[..<SegmentHeader.size]) + list.joined()
    try scratch.write(name, data + [UInt8](repeating: 0, count: max(0, bytes.count - data.count)))
    return Verifier(publicKey: key).verify(directory: scratch.log)
  }

  private func record(_ frame: [UInt8]) -> [UInt8] { Array(frame[Frame.headerSize...]) }

  private func replace(_ old: String, _ new: String, in bytes: [UInt8]) -> [UInt8] {
    Array(String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: old, with: new).utf8)
  }

  @Test func unchangedIsWhole() throws {
    let report = try verify { _ in }
    #expect(report.exitCode == 0, "\(report)")
    #expect(
      report.size == 20 && report.coveredSize == 20 && report.checkpoints == 4 && report.uncoveredSize == 0)
    #expect(report.firstTime ?? 0 <= report.lastTime ?? 0)
  }

  @Test func anyByteOfAnyRecord() throws {
    let (original, key) = try make()
    let name = original.segments[0]
    let bytes = try original.bytes(name)
    for (number, frame) in frames(bytes).enumerated() {
      for index in stride(from: frame.offset + number % 5, to: frame.offset + frame.count, by: 11) {
        var altered = bytes
        altered[index] ^= 0x20
        try original.write(name, altered)
        let report = Verifier(publicKey: key).verify(directory: original.log)
        #expect(report.exitCode == 1)
        #expect(report.problems.first?.first == UInt64(number), "record \(number), byte \(index): \(report)")
        #expect(report.problems.first?.offset == frame.offset)
        #expect("\(report)".contains("record \(number) altered"))
      }
    }
  }

  @Test func anEditWithItsChecksumsMadeToFit() throws {
    let report = try verify {
      $0[10] = try frame(self.replace("\"number\":12", "\"number\":13", in: self.record($0[10])))
    }
    #expect(report.exitCode == 1)
    let problem = try #require(report.problems.first)
    // Everything fits but the signature: only the range between two checkpoints can be named.
    #expect(problem.kind == .rewritten && problem.first == 8 && problem.last == 13, "\(report)")
  }

  @Test func aDeletion() throws {
    let report = try verify { $0.remove(at: 10) }
    #expect(report.problems.first?.kind == .missing && report.problems.first?.first == 10, "\(report)")
  }

  @Test func aDeletionWithSequencesMadeToFit() throws {
    let report = try verify { list in
      list.remove(at: 10)
      for index in 10..<list.count {
        list[index] = try frame(
          self.replace("\"sequence\":\(index + 1),", "\"sequence\":\(index),", in: self.record(list[index])))
      }
    }
    #expect(report.exitCode == 1)
    #expect(report.problems.contains { $0.kind == .rewritten && $0.first == 8 }, "\(report)")
    #expect(report.problems.contains { $0.kind == .cut && $0.first == 19 && $0.last == 19 }, "\(report)")
  }

  @Test func anInsertion() throws {
    let report = try verify { $0.insert($0[3], at: 10) }
    #expect(report.problems.contains { $0.kind == .inserted && $0.first == 10 }, "\(report)")
    #expect(report.problems.first?.first == 4 || report.problems.first?.first == 10)
    #expect(report.exitCode == 1)
  }

  @Test func aSwap() throws {
    let report = try verify { $0.swapAt(10, 11) }
    #expect(report.exitCode == 1 && report.problems.first?.first == 10, "\(report)")
  }

  @Test func aCutTail() throws {
    for count in [0, 1, 7, 13, 19] {
      let report = try verify { $0.removeLast(20 - count) }
      #expect(report.exitCode == 1)
      #expect(
        report.problems.contains { $0.kind == .cut && $0.first == UInt64(count) && $0.last == 19 },
        "\(report)")
    }
  }

  @Test func aRecordOfAnotherLog() throws {
    let report = try verify { list in
      let text = String(decoding: self.record(list[5]), as: UTF8.self)
      let range = try #require(text.range(of: "\"log\":\""))
      let id = String(text[range.upperBound...].prefix(32))
      list[5] = try frame(self.replace(id, String(repeating: "0", count: 32), in: self.record(list[5])))
    }
    #expect(report.problems.first?.first == 5 && report.problems.first?.kind == .inserted, "\(report)")
  }

  @Test func notARecord() throws {
    let report = try verify { $0[5] = try frame(Array("{\"data\":{}}".utf8)) }
    #expect(report.problems.first?.first == 5 && report.problems.first?.kind == .altered, "\(report)")
  }

  @Test func checkpointsRemovedWithTheRecords() throws {
    let (scratch, key) = try make()
    let entries = CheckpointReader.split(try scratch.bytes("checkpoints"), at: 0).entries
    let newest = try #require(entries[3].checkpoint)
    let name = scratch.segments[0]
    let bytes = try scratch.bytes(name)
    try scratch.write(name, Array(bytes[..<frames(bytes)[14].offset]))
    try scratch.write("checkpoints", Array(try scratch.bytes("checkpoints")[..<entries[3].offset]))
    // An old copy of everything is whole in itself; a checkpoint that was kept elsewhere tells.
    #expect(Verifier(publicKey: key).verify(directory: scratch.log).exitCode == 0)
    let report = Verifier(publicKey: key, checkpoint: newest.note).verify(directory: scratch.log)
    #expect(report.problems.first?.kind == .cut && report.problems.first?.first == 14, "\(report)")
  }

  @Test func forgedCheckpoints() throws {
    let (scratch, key) = try make()
    let original = try scratch.bytes("checkpoints")
    let entries = CheckpointReader.split(original, at: 0).entries
    func verify(_ bytes: [UInt8]) throws -> VerificationReport {
      try scratch.write("checkpoints", bytes)
      return Verifier(publicKey: key).verify(directory: scratch.log)
    }
    // Any byte of one.
    for index in entries[1].offset..<entries[2].offset {
      var altered = original
      altered[index] ^= 0x01
      let report = try verify(altered)
      #expect(report.exitCode == 1, "byte \(index - entries[1].offset): \(report)")
      #expect(report.problems.first?.kind == .checkpoint)
    }
    // Signed by somebody else, for the same log.
    let checkpoint = try #require(entries[3].checkpoint)
    let log = try #require(LogIdentifier(text: String(checkpoint.origin.dropFirst(7))))
    let forged = try Checkpoint(log: log, size: 20, root: checkpoint.root, key: SigningKey.generate())
    #expect(try verify(Array(original[..<entries[3].offset]) + forged.note + [0x0A]).exitCode == 1)
    // Out of order.
    let swapped = Array(original[entries[3].offset...]) + Array(original[..<entries[3].offset])
    #expect(try verify(swapped).exitCode == 1)
    // None at all: nothing is signed, so nothing can be told.
    #expect(try verify([]).exitCode == 2)
    #expect(try verify(Array("nonsense\n\n\n\n".utf8)).exitCode == 1)
    #expect(try verify(original).exitCode == 0)
  }

  @Test func keys() throws {
    let (scratch, key) = try make()
    let (other, otherKey) = try make()
    #expect(Verifier(publicKey: otherKey).verify(directory: scratch.log).exitCode == 1)
    #expect(Verifier(publicKey: key + "\n" + otherKey + "\n").verify(directory: scratch.log).exitCode == 0)
    #expect(Verifier(publicKey: "nonsense").verify(directory: scratch.log).exitCode == 2)
    #expect(Verifier(publicKey: "").verify(directory: scratch.log).exitCode == 2)
    try FileManager.default.removeItem(atPath: scratch.file("checkpoint.pub"))
    #expect(Verifier().verify(directory: scratch.log).exitCode == 2)
    #expect(Verifier().verify(directory: other.log).exitCode == 0)
  }

  // MARK: Segments

  private func makeSegments() throws -> (Scratch, key: String) {
    let scratch = try Scratch()
    return (scratch, try makeLog(scratch, 200, size: 1500))
  }

  @Test func aMissingSegment() throws {
    for index in 0..<4 {
      let (scratch, key) = try makeSegments()
      let names = scratch.segments
      #expect(names.count >= 5)
      try FileManager.default.removeItem(atPath: scratch.file(names[index]))
      let report = Verifier(publicKey: key).verify(directory: scratch.log)
      let first = SegmentName(names[index])?.firstSequence
      #expect(report.problems.first?.kind == .missing && report.problems.first?.first == first, "\(report)")
      // What comes after is still compared with what was signed.
      #expect(report.coveredSize == 200)
    }
  }

  @Test func theLastSegmentMissing() throws {
    let (scratch, key) = try makeSegments()
    let name = scratch.segments[scratch.segments.count - 1]
    try FileManager.default.removeItem(atPath: scratch.file(name))
    let report = Verifier(publicKey: key).verify(directory: scratch.log)
    #expect(
      report.problems.first?.kind == .cut && report.problems.first?.first == SegmentName(name)?.firstSequence)
    #expect { try EvidenceLog.open(directory: scratch.log, options: smallOptions()) } throws: {
      ($0 as? EvidenceError)?.code == .damaged
    }
  }

  @Test func everySegmentMissing() throws {
    let (scratch, key) = try makeSegments()
    for name in scratch.segments { try FileManager.default.removeItem(atPath: scratch.file(name)) }
    #expect(Verifier(publicKey: key).verify(directory: scratch.log).exitCode == 1)
    #expect { try EvidenceLog.open(directory: scratch.log, options: smallOptions()) } throws: {
      ($0 as? EvidenceError)?.code == .damaged
    }
  }

  @Test func swappedSegmentsAndAlteredHeaders() throws {
    let (scratch, key) = try makeSegments()
    let names = scratch.segments
    let (one, two) = (try scratch.bytes(names[1]), try scratch.bytes(names[2]))
    try scratch.write(names[1], two)
    try scratch.write(names[2], one)
    #expect(
      Verifier(publicKey: key).verify(directory: scratch.log).problems.first?.first
        == SegmentName(names[1])?.firstSequence)
    try scratch.write(names[2], two)
    var altered = one
    altered[70] ^= 1
    try scratch.write(names[1], altered)
    let report = Verifier(publicKey: key).verify(directory: scratch.log)
    #expect(report.problems.first?.kind == .segment, "\(report)")
    try scratch.write(names[1], one + [1])
    #expect(Verifier(publicKey: key).verify(directory: scratch.log).exitCode == 1)
    try scratch.write(names[1], one)
    #expect(Verifier(publicKey: key).verify(directory: scratch.log).exitCode == 0)
  }

  /// Nothing that lies in the directory may crash or hang a verifier.
  @Test func garbage() throws {
    let (scratch, key) = try make()
    let name = scratch.segments[0]
    let bytes = try scratch.bytes(name)
    var generator = Seeded(42)
    for _ in 0..<400 {
      var altered = bytes
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        let at = Int.random(in: 0..<min(altered.count, 9000), using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: altered[at] = UInt8.random(in: 0...255, using: &generator)
        case 1:
          altered.removeSubrange(at..<min(altered.count, at + Int.random(in: 1...200, using: &generator)))
        default:
          altered.insert(
            contentsOf: (0..<Int.random(in: 1...50, using: &generator)).map { _ in
              UInt8.random(in: 0...255, using: &generator)
            }, at: at)
        }
      }
      try scratch.write(name, altered)
      if altered != bytes { #expect(Verifier(publicKey: key).verify(directory: scratch.log).exitCode == 1) }
    }
  }
}
