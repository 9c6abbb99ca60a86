import FilterHarness
import FilterKit
import Glibc
import Gzip
import JSONTree
import Synchronization

@testable import FileFilter

/// A directory that goes with the test.
final class Scratch {
  let path: String

  init() {
    var template = Array("/tmp/sluice-file-XXXXXX".utf8CString)
    path = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) } ?? ""
    }
  }

  deinit {
    for name in names() { unsafe unlink("\(evidence)/\(name)") }
    unsafe rmdir(evidence)
    unsafe unlink(evidence)
    unsafe rmdir(path)
  }

  /// What a sink is given as its directory.
  var evidence: String { "\(path)/evidence" }

  /// The names of the log's files, without the lock, in order.
  func names() -> [String] {
    let system = SystemCalls()
    guard let directory = try? system.openDirectory(evidence) else { return [] }
    defer { system.closeFile(directory) }
    return ((try? system.list(directory)) ?? []).filter { !$0.hasSuffix(".lock") }.sorted()
  }

  func read(_ name: String) -> [UInt8] {
    let system = SystemCalls()
    guard let directory = try? system.openDirectory(evidence) else { return [] }
    defer { system.closeFile(directory) }
    guard let file = try? system.openForReading(directory, name) else { return [] }
    defer { system.closeFile(file) }
    var content: [UInt8] = []
    var chunk: [UInt8] = []
    repeat {
      try? system.read(file, at: UInt64(content.count), count: 1 << 16, into: &chunk)
      content += chunk
    } while !chunk.isEmpty
    return content
  }

  func write(_ name: String, _ content: [UInt8]) throws {
    let system = SystemCalls()
    let directory = try system.openDirectory(evidence)
    defer { system.closeFile(directory) }
    try? system.remove(directory, name)
    let file = try system.create(directory, name)
    defer { system.closeFile(file) }
    try system.write(file, content)
  }

  /// Every line of every file, in the order of their names, unpacked.
  func lines() -> [String] {
    names().flatMap { name -> [Substring] in
      var content = read(name)
      if name.hasSuffix(".gz") { content = unpacked(content) }
      return String(decoding: content, as: UTF8.self).split(separator: "\n")
    }.map(String.init)
  }

  func unpacked(_ content: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    let decompressor = GzipDecompressor()
    _ = decompressor?.decompress(content.span) { output += Array(copying: $0) }
    return decompressor?.isComplete == true ? output : []
  }
}

/// Faults and a clock that a test sets.
final class World: Sendable {
  let failing = Mutex<[SystemCalls.Name: Int32]>([:])
  let time = Mutex<Int64>(1_700_000_000)

  var system: SystemCalls {
    var system = SystemCalls()
    system.fault = { [self] name in failing.withLock { $0[name] ?? 0 } }
    system.now = { [self] in time.withLock { $0 } }
    return system
  }
}

/// Makes instances of the file sink through the ABI's tables, with a world that a test has in hand.
enum Sinks {
  private static let turn = Mutex<Void>(())

  static func make(
    _ scratch: Scratch, world: World = World(), _ change: (inout FileSinkOptions) -> Void = { _ in }
  ) throws -> Instance<SinkStage> {
    var options = FileSinkOptions(directory: scratch.evidence)
    // One span for all of time, so that no test depends on the hour at which it runs.
    options.span = .max
    change(&options)
    let system = world.system
    return try turn.withLock { _ in
      FileSinkUnderTest.next.withLock { $0 = (options, system) }
      return try Instance(Plugin(id: "org.sluice.file", version: "0.1.0").sink(FileSinkUnderTest.self))
    }
  }

  /// A log that has been recovered.
  static func open(
    _ scratch: Scratch, world: World = World(), _ change: (inout FileSinkOptions) -> Void = { _ in }
  ) throws -> (sink: TestSink, next: UInt64) {
    let sink = try TestSink(make(scratch, world: world, change), log: "log")
    return (sink, try sink.recover())
  }
}

/// The real sink, of options and system calls that do not come from a configuration.
final class FileSinkUnderTest: SinkFilter {
  static let name: StaticString = "file"
  static let summary: StaticString = "the file sink, under test"
  static let schema: StaticString = "{}"
  static let next = Mutex<(options: FileSinkOptions, system: SystemCalls)?>(nil)

  private let sink: FileSink

  init(configuration: JSONValue, host: Host) throws(FilterError) {
    guard let next = Self.next.withLock({ $0 }) else { throw FilterError(.internal, "no options") }
    sink = FileSink(options: next.options, host: host, system: next.system)
  }

  var promises: DurabilityLevel { sink.promises }

  func open(log: String, acknowledger: Acknowledger) throws(FilterError) -> any SinkSession {
    try sink.open(log: log, acknowledger: acknowledger)
  }
}

/// A record as the host's log has it.
func record(_ sequence: UInt64, padding: Int = 0) -> (sequence: UInt64, json: String) {
  (
    sequence,
    #"{"data":{"pad":"\#(String(repeating: "x", count: padding))"},"log":"log","sequence":\#(sequence)}"#
  )
}

func records(_ range: Range<UInt64>, padding: Int = 0) -> [(sequence: UInt64, json: String)] {
  range.map { record($0, padding: padding) }
}
