import FilterABI
import FilterHarness
import FilterKit
import Glibc
import Testing

@testable import FileFilter

@Suite struct FileSinkTests {
  @Test func recordsAreLinesAndStableAfterAFlush() throws {
    let scratch = Scratch()
    let (sink, next) = try Sinks.open(scratch)
    #expect(next == 0)
    #expect(try sink.append(records(0..<3)) == 3)
    #expect(sink.acknowledged.isEmpty)
    try sink.flush()
    #expect(sink.stable == 2)
    #expect(scratch.names() == ["log.00000000000000000000.jsonl"])
    #expect(scratch.lines() == records(0..<3).map(\.json))
  }

  @Test func aRecordIsKeptOnce() throws {
    let scratch = Scratch()
    let (sink, _) = try Sinks.open(scratch)
    try sink.append(records(0..<3))
    #expect(try sink.append(records(1..<5)) == 4)
    try sink.append(records(0..<2))
    try sink.flush()
    #expect(sink.stable == 4 && scratch.lines() == records(0..<5).map(\.json))
  }

  @Test func aLogGoesOnWhereItEnded() throws {
    let scratch = Scratch()
    var (sink, next) = try Sinks.open(scratch)
    try sink.append(records(0..<10))
    try sink.flush()
    sink.close()
    (sink, next) = try Sinks.open(scratch)
    #expect(next == 10 && sink.stable == 9)
    try sink.append(records(8..<12))
    try sink.flush()
    #expect(scratch.lines() == records(0..<12).map(\.json))
  }

  @Test func aSinkThatJoinsLateBeginsWhereItIsFed() throws {
    let scratch = Scratch()
    let (sink, _) = try Sinks.open(scratch)
    try sink.append(records(500..<503))
    try sink.flush()
    #expect(scratch.names() == ["log.00000000000000000500.jsonl"] && sink.stable == 502)
    sink.close()
    #expect(try Sinks.open(scratch).next == 503)
  }

  @Test func gapsAndWhatIsNoRecordAreRefusedWhole() throws {
    let scratch = Scratch()
    let (sink, _) = try Sinks.open(scratch)
    try sink.append(records(0..<2))
    let bad: [[(sequence: UInt64, json: String)]] = [
      [record(2), record(4)], [record(3)], [record(2), (3, "{\n}")], [record(2), (3, "[]")], [(2, "")],
      [(2, "{\u{0}}")],
    ]
    for batch in bad { #expect(throws: FilterFailure.self) { try sink.append(batch) } }
    try sink.append([record(2)])
    try sink.flush()
    #expect(scratch.lines() == records(0..<3).map(\.json))
  }

  @Test func nothingIsTakenBeforeRecovery() throws {
    let scratch = Scratch()
    let sink = try TestSink(Sinks.make(scratch), log: "log")
    let failure = #expect(throws: FilterFailure.self) { try sink.append(records(0..<1)) }
    #expect(failure?.status == SLUICE_ERROR_UNAVAILABLE)
  }

  /// A crash may leave any prefix of what was written, and zeroes after it.
  @Test func aTornTailIsCutAtEveryByte() throws {
    let scratch = Scratch()
    let whole = records(0..<3).map { $0.json + "\n" }
    let bytes = Array(whole.joined().utf8)
    let ends = [whole[0].utf8.count, whole[0].utf8.count + whole[1].utf8.count, bytes.count]
    for cut in 0...bytes.count {
      for zeroes in [0, 5] {
        _ = try? Sinks.open(scratch)
        try scratch.write(
          "log.00000000000000000000.jsonl", Array(bytes[..<cut]) + Array(repeating: 0, count: zeroes))
        let (sink, next) = try Sinks.open(scratch)
        #expect(next == UInt64(ends.count { $0 <= cut }), "cut at \(cut)")
        try sink.append(records(0..<5))
        try sink.flush()
        #expect(scratch.lines() == records(0..<5).map(\.json), "cut at \(cut)")
        sink.close()
      }
    }
  }

  @Test(arguments: [
    "{\"sequence\":0}\nbroken\n{\"sequence\":2}\n", "{\"sequence\":0}\n{\"sequence\":2}\n",
    "{\"sequence\":0}\n{no json}\n",
    "{\"sequence\":0}\n\n{\"sequence\":1}\n",
  ])
  func aChangedFileIsNotWrittenTo(content: String) throws {
    let scratch = Scratch()
    _ = try Sinks.open(scratch)
    try scratch.write("log.00000000000000000000.jsonl", Array(content.utf8))
    let failure = #expect(throws: FilterFailure.self) { try Sinks.open(scratch) }
    #expect(failure?.status == SLUICE_ERROR_INTERNAL)
    #expect(scratch.read("log.00000000000000000000.jsonl") == Array(content.utf8))
  }

  @Test func twoLogsShareADirectoryAndTwoWritersOfOneDoNot() throws {
    let scratch = Scratch()
    let one = try TestSink(Sinks.make(scratch), log: "a/../b")
    let other = try TestSink(Sinks.make(scratch), log: "a")
    let failure = #expect(throws: FilterFailure.self) { try TestSink(Sinks.make(scratch), log: "a") }
    #expect(failure?.status == SLUICE_ERROR_UNAVAILABLE)
    _ = try (one.recover(), other.recover())
    try one.append(records(0..<1))
    try other.append(records(7..<8))
    #expect(scratch.names() == ["a%2F..%2Fb.00000000000000000000.jsonl", "a.00000000000000000007.jsonl"])
  }

  @Test func itPromisesStable() throws {
    #expect(try Sinks.make(Scratch()).promises == SLUICE_LEVEL_STABLE)
  }
}
