import FilterABI
import FilterHarness
import Glibc
import Synchronization
import Testing

@testable import FileFilter

@Suite struct FileRotationTests {
  @Test func filesAreClosedBySizeAndPacked() throws {
    let scratch = Scratch()
    let (sink, _) = try Sinks.open(scratch) { $0.maximumSize = 1000 }
    for start in stride(from: UInt64(0), to: 30, by: 3) {
      try sink.append(records(start..<start + 3, padding: 200))
      try sink.flush()
    }
    for _ in 0..<10 { try sink.flush() }
    let names = scratch.names()
    #expect(names.count > 5 && names.dropLast().allSatisfy { $0.hasSuffix(".jsonl.gz") })
    #expect(names.last?.hasSuffix(".jsonl") == true)
    #expect(scratch.lines() == records(0..<30, padding: 200).map(\.json))
    #expect(sink.stable == 29)
  }

  @Test func oneBatchMayFillManyFiles() throws {
    let scratch = Scratch()
    let (sink, _) = try Sinks.open(scratch) {
      $0.maximumSize = 1000
      $0.compresses = false
    }
    try sink.append(records(0..<40, padding: 300))
    try sink.flush()
    #expect(scratch.lines() == records(0..<40, padding: 300).map(\.json))
    #expect(scratch.names().allSatisfy { scratch.read($0).count <= 1000 })
    // What stands in closed files was stable before the next one began.
    #expect(sink.acknowledged.map(\.sequence) == sink.acknowledged.map(\.sequence).sorted())
  }

  @Test func aRecordAboveTheSizeGetsAFileOfItsOwn() throws {
    let scratch = Scratch()
    let (sink, _) = try Sinks.open(scratch) {
      $0.maximumSize = 1000
      $0.compresses = false
    }
    try sink.append([record(0), record(1, padding: 5000), record(2)])
    try sink.flush()
    #expect(scratch.names().count == 3 && scratch.lines().count == 3)
  }

  @Test func filesAreClosedByTime() throws {
    let scratch = Scratch()
    let world = World()
    let (sink, _) = try Sinks.open(scratch, world: world) {
      $0.span = 3600
      $0.compresses = false
    }
    try sink.append(records(0..<2))
    world.time.withLock { $0 += 10 }
    try sink.append(records(2..<3))
    world.time.withLock { $0 += 3600 }
    try sink.append(records(3..<4))
    #expect(scratch.names() == ["log.00000000000000000000.jsonl", "log.00000000000000000003.jsonl"])
  }

  @Test func packingGoesOnAfterARestart() throws {
    let scratch = Scratch()
    var (sink, next) = try Sinks.open(scratch) { $0.maximumSize = 1000 }
    try sink.append(records(0..<12, padding: 200))
    sink.close()  // closed files wait to be packed
    try scratch.write("log.00000000000000000000.jsonl.gz.tmp", [1, 2, 3])
    (sink, next) = try Sinks.open(scratch) { $0.maximumSize = 1000 }
    #expect(next == 12)
    for _ in 0..<12 { try sink.flush() }
    #expect(scratch.names().dropLast().allSatisfy { $0.hasSuffix(".jsonl.gz") })
    #expect(scratch.lines() == records(0..<12, padding: 200).map(\.json))
  }

  @Test func aPackedFileAndItsOriginalAreOne() throws {
    let scratch = Scratch()
    var (sink, _) = try Sinks.open(scratch) { $0.maximumSize = 1000 }
    try sink.append(records(0..<8, padding: 200))
    let original = scratch.read("log.00000000000000000000.jsonl")
    for _ in 0..<8 { try sink.flush() }
    sink.close()
    // A crash between the rename and the removal.
    try scratch.write("log.00000000000000000000.jsonl", original)
    sink = try Sinks.open(scratch) { $0.maximumSize = 1000 }.sink
    #expect(scratch.lines() == records(0..<8, padding: 200).map(\.json))
  }

  @Test func theEndIsFoundWhereOnlyAPackedFileIsLeft() throws {
    let scratch = Scratch()
    let (sink, _) = try Sinks.open(scratch) { $0.maximumSize = 1000 }
    try sink.append(records(0..<8, padding: 200))
    for _ in 0..<8 { try sink.flush() }
    sink.close()
    let newest = try #require(scratch.names().last)
    unsafe unlink("\(scratch.evidence)/\(newest)")
    let first = try #require(UInt64(newest.split(separator: ".")[1]))
    #expect(try Sinks.open(scratch).next == first)
  }

  @Test func filesPastTheirTimeAreRemovedAndTheNewestIsNot() throws {
    let scratch = Scratch()
    let world = World()
    var now = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
    world.time.withLock { $0 = Int64(now.tv_sec) }
    let (sink, _) = try Sinks.open(scratch, world: world) {
      $0.maximumSize = 1000
      $0.retention = 86_400
    }
    try sink.append(records(0..<8, padding: 200))
    for _ in 0..<8 { try sink.flush() }
    #expect(scratch.names().count > 1)
    world.time.withLock { $0 += 86_400 + 7200 }
    try sink.flush()
    #expect(scratch.names().count == 1 && scratch.names()[0].hasSuffix(".jsonl"))
    sink.close()
    #expect(try Sinks.open(scratch).next == 8)
  }
}
