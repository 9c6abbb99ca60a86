import FilterABI
import FilterHarness
import Glibc
import Synchronization
import Testing

@testable import FileFilter

@Suite struct FileFaultTests {
  /// Whatever fails, and at whichever call: nothing acknowledged is lost, nothing is there twice, and the sink goes
  /// on once the fault is gone.
  @Test(arguments: [
    (SystemCalls.Name.write, ENOSPC), (.write, EIO), (.sync, EIO), (.sync, ENOSPC), (.open, EMFILE),
    (.truncate, EIO), (.syncDirectory, EIO),
    (.read, EIO), (.status, EIO), (.list, EIO), (.rename, EIO), (.remove, EACCES), (.times, EPERM),
  ])
  func faultsLoseAndDoubleNothing(call: SystemCalls.Name, code: Int32) throws {
    let scratch = Scratch()
    let world = World()
    let (sink, _) = try Sinks.open(scratch, world: world) { $0.maximumSize = 1000 }
    var random = SeededNumbers(seed: UInt64(code) &* 31 &+ UInt64(call.rawValue.utf8.count))
    var next: UInt64 = 0
    var isBroken = false
    for round in 0..<120 {
      let fails = round % 3 == 1
      world.failing.withLock { $0 = fails ? [call: code] : [:] }
      do throws(FilterFailure) {
        if isBroken { next = try sink.recover() }
        if let stable = sink.stable { #expect(next > stable, "an acknowledged record was given up") }
        isBroken = false
        let count = UInt64.random(in: 1...6, using: &random)
        try sink.append(records(next..<next + count, padding: 150))
        next += count
        if round % 2 == 0 { try sink.flush() }
      } catch {
        #expect(error.status == SLUICE_ERROR_UNAVAILABLE, "\(error)")
        isBroken = true
      }
    }
    world.failing.withLock { $0 = [:] }
    if isBroken { next = try sink.recover() }
    try sink.append(records(next..<next + 1, padding: 150))
    for _ in 0..<120 {
      world.time.withLock { $0 += 30 }
      try sink.flush()
    }
    #expect(scratch.names().dropLast().allSatisfy { $0.hasSuffix(".jsonl.gz") })
    #expect(scratch.lines() == records(0..<next + 1, padding: 150).map(\.json))
    #expect(sink.stable == next && next > 40)
  }

  @Test func aFullDiskSaysSo() throws {
    let scratch = Scratch()
    let world = World()
    let (sink, _) = try Sinks.open(scratch, world: world)
    world.failing.withLock { $0 = [.write: ENOSPC] }
    let failure = try #require(throws: FilterFailure.self) { try sink.append(records(0..<1)) }
    #expect(failure.status == SLUICE_ERROR_UNAVAILABLE && failure.message.contains("full"))
    #expect(sink.acknowledged.isEmpty)
  }

  @Test func aFailedSyncIsNeverTrustedAgain() throws {
    let scratch = Scratch()
    let world = World()
    let (sink, _) = try Sinks.open(scratch, world: world)
    try sink.append(records(0..<2))
    try sink.flush()
    try sink.append(records(2..<4))
    world.failing.withLock { $0 = [.sync: EIO] }
    #expect(throws: FilterFailure.self) { try sink.flush() }
    world.failing.withLock { $0 = [:] }
    #expect(try sink.recover() == 2)
    #expect(scratch.lines() == records(0..<2).map(\.json))
  }

  @Test func symbolicLinksAreNotFollowed() throws {
    let scratch = Scratch()
    let elsewhere = Scratch()
    unsafe mkdir(elsewhere.evidence, 0o700)
    unsafe symlink(elsewhere.evidence, scratch.evidence)
    #expect(throws: FilterFailure.self) { try Sinks.open(scratch) }
    #expect(elsewhere.names().isEmpty)
    unsafe unlink(scratch.evidence)

    let sink = try Sinks.open(scratch).sink
    unsafe symlink("\(elsewhere.evidence)/stolen", "\(scratch.evidence)/log.00000000000000000000.jsonl")
    #expect(throws: FilterFailure.self) { try sink.append(records(0..<1)) }
    #expect(throws: FilterFailure.self) { try sink.recover() }
    #expect(elsewhere.names().isEmpty)
  }

  @Test func otherFilesAreRefused() throws {
    let scratch = Scratch()
    let sink = try Sinks.open(scratch).sink
    let path = "\(scratch.evidence)/log.00000000000000000000.jsonl"
    unsafe mkfifo(path, 0o600)
    #expect(throws: FilterFailure.self) { try sink.recover() }
    unsafe unlink(path)
    try sink.append(try sink.recover() == 0 ? records(0..<1) : [])
    try sink.flush()
    unsafe link(path, "\(scratch.path)/second")
    #expect(throws: FilterFailure.self) { try sink.recover() }
    unsafe unlink("\(scratch.path)/second")
    #expect(try sink.recover() == 1)
  }

  @Test func filesAreForTheirOwnerAlone() throws {
    let scratch = Scratch()
    let old = umask(0)
    defer { umask(old) }
    let sink = try Sinks.open(scratch).sink
    try sink.append(records(0..<1))
    for name in scratch.names() + ["log.lock"] {
      var status = stat()
      unsafe stat("\(scratch.evidence)/\(name)", &status)
      #expect(status.st_mode & 0o7777 == 0o600)
    }
    var status = stat()
    unsafe stat(scratch.evidence, &status)
    #expect(status.st_mode & 0o7777 == 0o700)
  }

  @Test func aDirectoryThatOthersMayWriteToIsRefused() throws {
    let scratch = Scratch()
    unsafe mkdir(scratch.evidence, 0o700)
    unsafe chmod(scratch.evidence, 0o777)
    let failure = #expect(throws: FilterFailure.self) { try Sinks.open(scratch) }
    #expect(failure?.status == SLUICE_ERROR_INTERNAL)
  }
}

/// The same numbers on every run.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
