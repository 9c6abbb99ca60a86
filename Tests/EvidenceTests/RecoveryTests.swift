import Testing

@testable import Evidence

/// What a crash may leave: the beginning of what was being written, and nothing that was acknowledged lost.
@Suite struct RecoveryTests {
  /// Opens, appends one more, and verifies.
  private func reopen(_ scratch: Scratch, options: EvidenceLog.Options = smallOptions()) throws
    -> RecoveryReport
  {
    let (log, report) = try EvidenceLog.open(directory: scratch.log, options: options)
    #expect(try log.appendAndWait([draft(99)]) == report.size)
    log.close()
    let verified = Verifier().verify(directory: scratch.log)
    #expect(verified.verdict == .whole, "\(verified)")
    #expect(verified.size == report.size + 1)
    return report
  }

  /// A log whose last `uncovered` records no checkpoint covers, as `kill -9` leaves it.
  private func killed(_ covered: Int, _ uncovered: Int) throws -> Scratch {
    let scratch = try Scratch()
    try makeLog(scratch, covered)
    let checkpoints = try scratch.bytes("checkpoints")
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    for number in 0..<uncovered { try log.appendAndWait([draft(number)]) }
    log.close()
    try scratch.write("checkpoints", checkpoints)
    return scratch
  }

  @Test func aTornTailIsCutWhereverItEnds() throws {
    let original = try killed(3, 2)
    let name = original.segments[0]
    let bytes = try original.bytes(name)
    let all = frames(bytes)
    let (last, end) = (all[4].offset, all[4].offset + all[4].count)
    for cut in last..<end {
      let scratch = try original.copy()
      // The rest was never written: zeros, as a segment is before.
      try scratch.write(name, Array(bytes[..<cut]) + [UInt8](repeating: 0, count: bytes.count - cut))
      let report = Verifier().verify(directory: scratch.log)
      #expect(report.verdict == .whole && report.size == 4, "cut at \(cut - last): \(report)")
      let recovered = try reopen(scratch)
      #expect(recovered.size == 4, "cut at \(cut - last)")
      // Zeros at the cut's end are not seen as written.
      #expect(recovered.cutBytes <= cut - last && recovered.cutBytes >= cut - last - 3)
    }
  }

  @Test func aFileThatEndsAnywhereIsCut() throws {
    let original = try killed(2, 2)
    let name = original.segments[0]
    let bytes = try original.bytes(name)
    let all = frames(bytes)
    for cut in stride(from: all[2].offset, through: all[3].offset + all[3].count, by: 7) {
      let scratch = try original.copy()
      try scratch.write(name, Array(bytes[..<cut]))
      let size = UInt64(2 + all[2...].filter { $0.offset + $0.count <= cut }.count)
      #expect(try reopen(scratch).size == size, "cut at \(cut)")
    }
  }

  /// Power was lost: a later sector of the last write is there, an earlier one isn't.
  @Test func aHoleIsCut() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 2)
    let checkpoints = try scratch.bytes("checkpoints")
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    try log.appendAndWait([draft(7, size: 3000), draft(8, size: 3000)])
    log.close()
    try scratch.write("checkpoints", checkpoints)
    let name = scratch.segments[0]
    var bytes = try scratch.bytes(name)
    let hole = (frames(bytes)[2].offset + 1024) / 512 * 512
    for index in hole..<hole + 512 { bytes[index] = 0 }
    try scratch.write(name, bytes)
    let report = Verifier().verify(directory: scratch.log)
    #expect(report.verdict == .whole && report.unfinishedBytes > 4000, "\(report)")
    #expect(try reopen(scratch).size == 2)
  }

  /// A complete record in which a byte is wrong was not left by a crash, and what follows must not be cut.
  @Test func alterationsAreNotTakenForATornTail() throws {
    let original = try killed(3, 2)
    let name = original.segments[0]
    let bytes = try original.bytes(name)
    let all = frames(bytes)
    for target in [3, 4] {
      for index in stride(from: all[target].offset, to: all[target].offset + all[target].count, by: 3) {
        let scratch = try original.copy()
        var altered = bytes
        altered[index] ^= 0x01
        if altered[index] == 0 { altered[index] = 0x55 }
        try scratch.write(name, altered)
        let report = Verifier().verify(directory: scratch.log)
        #expect(
          report.verdict == .notWhole, "record \(target), byte \(index - all[target].offset): \(report)")
        #expect(report.problems.first?.first == UInt64(target))
        #expect(throws: EvidenceError.self) {
          try EvidenceLog.open(directory: scratch.log, options: smallOptions())
        }
        #expect(try scratch.bytes(name) == altered)
      }
    }
  }

  @Test func recordsThatACheckpointCoversAreNeverCut() throws {
    let original = try Scratch()
    try makeLog(original, 5)
    let name = original.segments[0]
    let bytes = try original.bytes(name)
    let last = frames(bytes)[4]
    for cut in [last.offset, last.offset + 1, last.offset + 60, last.offset + last.count - 1] {
      let scratch = try original.copy()
      try scratch.write(name, Array(bytes[..<cut]))
      #expect { try EvidenceLog.open(directory: scratch.log, options: smallOptions()) } throws: {
        ($0 as? EvidenceError)?.code == .damaged
      }
      let report = Verifier().verify(directory: scratch.log)
      #expect(report.verdict == .notWhole, "\(report)")
      #expect(report.problems.contains { $0.first == 4 })
    }
  }

  @Test func aTornCheckpointIsCut() throws {
    let original = try Scratch()
    try makeLog(original, 2)
    let (log, _) = try EvidenceLog.open(directory: original.log, options: smallOptions())
    try log.appendAndWait([draft(2)])
    log.close()
    let bytes = try original.bytes("checkpoints")
    let parsed = CheckpointReader.split(bytes, at: 0).entries
    #expect(parsed.count == 3)
    for cut in parsed[2].offset..<bytes.count {
      let scratch = try original.copy()
      try scratch.write("checkpoints", Array(bytes[..<cut]))
      #expect(Verifier().verify(directory: scratch.log).verdict == .whole, "cut at \(cut)")
      let report = try reopen(scratch)
      #expect(
        report.checkpointSize == 2 && report.cutCheckpointBytes == cut - parsed[2].offset && report.size == 3)
    }
  }

  /// A crash between preparing a segment and naming it.
  @Test func leftoversOfPreparingAreHarmless() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 2)
    for name in ["segment.spare", "segment.new", "checkpoint.key.new"] {
      try PosixFileSystem().write(
        PosixFileSystem().open(
          name, in: PosixFileSystem().openDirectory(scratch.log, followingLinks: false), .create),
        at: 0, [1, 2, 3])
    }
    #expect(try reopen(scratch).size == 2)
  }

  /// Right after a rotation the new segment is empty.
  @Test func anEmptyLastSegmentIsGoneOnWith() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 70, size: 1500)
    #expect(scratch.segments.count > 1)
    let name = scratch.segments[scratch.segments.count - 1]
    let first = SegmentName(name)?.firstSequence ?? 0
    let bytes = try scratch.bytes(name)
    try scratch.write(name, Array(bytes[..<SegmentHeader.size]) + [UInt8](repeating: 0, count: 60_000))
    let entries = CheckpointReader.split(try scratch.bytes("checkpoints"), at: 0).entries
    let kept = try #require(entries.last { ($0.checkpoint?.size ?? 0) > first })
    try scratch.write("checkpoints", Array(try scratch.bytes("checkpoints")[..<kept.offset]))
    #expect(try reopen(scratch).size == first)
  }

  @Test func theNewestOfManyCheckpointsIsFound() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 1)
    let one = try scratch.bytes("checkpoints")
    // More than one window: the reader must find an entry's beginning in the middle.
    let many = Array(repeatElement(one, count: 2000).joined())
    try scratch.write("checkpoints", many)
    let directory = try LogDirectory.forReading(scratch.log, PosixFileSystem())
    let last = try CheckpointReader.last(
      PosixFileSystem().open("checkpoints", in: directory.handle, .read), PosixFileSystem())
    #expect(last.entry?.offset == many.count - one.count)
    #expect(last.wholeBytes == many.count && last.unfinishedBytes == 0)
    #expect(Verifier().verify(directory: scratch.log).checkpoints == 2000)
    #expect(try reopen(scratch).size == 1)
  }
}
