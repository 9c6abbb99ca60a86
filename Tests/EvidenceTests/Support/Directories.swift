import Foundation

@testable import Evidence

/// A directory for one test, removed with it.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("evidence-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var log: String { path + "/log" }

  func file(_ name: String) -> String { log + "/" + name }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file(name)))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: bytes)
    try handle.close()
  }

  /// The names of the segments, in order.
  var segments: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: log).filter { $0.hasSuffix(".log") }.sorted()) ?? []
  }

  /// A second directory with the same files.
  func copy() throws -> Scratch {
    let other = try Scratch()
    try FileManager.default.copyItem(atPath: log, toPath: other.log)
    return other
  }
}

/// Options that make many segments and checkpoints of few records.
func smallOptions(_ change: (inout EvidenceLog.Options) -> Void = { _ in }) -> EvidenceLog.Options {
  var options = EvidenceLog.Options()
  options.segmentBytes = 64 << 10
  options.checkpointInterval = .seconds(3600)
  options.checkpointWhenIdle = .seconds(3600)
  change(&options)
  return options
}

/// A record with `size` bytes of text that depend on `number` alone.
func draft(_ number: Int, size: Int = 40) -> RecordDraft {
  let text = String(repeating: "record \(number) \u{e9} ", count: size / 10 + 1).utf8.prefix(size)
  let data = CanonicalWriter.object { writer in
    writer.integer("number", number)
    writer.string("text", utf8: Array(text))
  }
  return RecordDraft(
    type: RecordType.allCases[number % (RecordType.allCases.count - 1)],
    session: Array("ses_\(number % 3)".utf8),
    exchange: number % 2 == 0 ? Array("exc_\(number)".utf8) : nil, data: data)
}

/// Makes a log of `count` records, one append each, and closes it.
@discardableResult
func makeLog(_ scratch: Scratch, _ count: Int, size: Int = 40, options: EvidenceLog.Options = smallOptions())
  throws
  -> String
{
  let (log, _) = try EvidenceLog.open(directory: scratch.log, options: options)
  for number in 0..<count { try log.appendAndWait([draft(number, size: size)]) }
  log.close()
  return "\(log.verifierKey)"
}

/// Where each frame of a segment begins and how long it is, header included.
func frames(_ bytes: [UInt8]) -> [(offset: Int, count: Int)] {
  var result: [(Int, Int)] = []
  var offset = SegmentHeader.size
  while offset + Frame.headerSize <= bytes.count {
    let header = Frame.header(bytes.span, at: offset)
    if header.length == 0 { break }
    result.append((offset, Frame.headerSize + header.bodyLength))
    offset += Frame.headerSize + header.bodyLength
  }
  return result
}

/// A frame around `record` in which everything fits.
func frame(_ record: [UInt8]) throws -> [UInt8] {
  var buffer: [UInt8] = []
  let start = Frame.begin(&buffer)
  buffer += record
  _ = Frame.complete(&buffer, at: start, try Hasher256())
  return buffer
}

/// A generator that repeats itself: SplitMix64.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
