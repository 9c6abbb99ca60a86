import Foundation
import Testing

@testable import Evidence

/// Both ways with Debian's `age`: what it seals we open, and what we seal it opens.
@Suite(.serialized) struct AgeToolTests {
  private struct Run {
    var status: Int32
    var output: [UInt8]
  }

  /// Runs a tool with files for input and output, as pipes would fill.
  private func run(_ scratch: Scratch, _ tool: String, _ words: [String]) throws -> Run {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + words
    let path = scratch.path + "/output"
    try Data().write(to: URL(fileURLWithPath: path))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Run(
      status: process.terminationStatus, output: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
  }

  private func file(_ scratch: Scratch, _ name: String, _ bytes: [UInt8]) throws -> String {
    let path = scratch.path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(arguments: AgeTests.sizes) func bothWays(size: Int) throws {
    let scratch = try Scratch()
    // One pair of ours and one of the tool's own.
    let ours = try AgeIdentity.generate()
    let oursFile = try file(scratch, "ours.key", Array(ours.fileText(created: 1_800_000_000).utf8))
    let made = try run(scratch, "age-keygen", [])
    #expect(made.status == 0)
    let theirs = try #require(AgeIdentity.list(made.output).first)
    let theirsFile = try file(scratch, "theirs.key", made.output)
    #expect(try run(scratch, "age-keygen", ["-y", oursFile]).output == Array("\(ours.recipient)\n".utf8))

    let original = AgeTests.payload(size)
    let sealed = try AgeSealer.seal(original, to: [ours.recipient, theirs.recipient])
    let path = try file(scratch, "sealed.age", sealed)
    for key in [oursFile, theirsFile] {
      let opened = try run(scratch, "age", ["-d", "-i", key, path])
      #expect(opened.status == 0 && opened.output == original)
    }
    let plain = try file(scratch, "plain", original)
    let result = try run(scratch, "age", ["-r", "\(theirs.recipient)", "-r", "\(ours.recipient)", plain])
    #expect(result.status == 0)
    for identity in [ours, theirs] {
      #expect(try AgeOpener.open(result.output, with: [identity]) == original)
    }
    #expect(throws: EvidenceError.self) { try AgeOpener.open(result.output, with: [AgeIdentity.generate()]) }
  }

  /// A file that one of the two refuses, the other refuses as well.
  @Test func refusalsAgree() throws {
    let scratch = try Scratch()
    let identity = try AgeIdentity.generate()
    let key = try file(scratch, "key", Array(identity.fileText(created: 0).utf8))
    let sealed = try AgeSealer.seal(AgeTests.payload(70_000), to: [identity.recipient])
    var generator = Seeded(11)
    var refused = 0
    for number in 0..<60 {
      var altered = sealed
      switch number % 4 {
      case 0:
        altered[Int.random(in: 0..<200, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: altered[Int.random(in: 0..<altered.count, using: &generator)] ^= 0x10
      case 2: altered.removeLast(Int.random(in: 1..<altered.count, using: &generator))
      default: altered.insert(0x20, at: Int.random(in: 0...210, using: &generator))
      }
      let theirs = try run(scratch, "age", ["-d", "-i", key, try file(scratch, "altered", altered)])
      let ours = try? AgeOpener.open(altered, with: [identity])
      #expect((theirs.status == 0) == (ours != nil), "change \(number)")
      if ours == nil { refused += 1 }
    }
    #expect(refused == 60)
  }

  @Test func passphrasesAndArmourAreOthers() throws {
    let scratch = try Scratch()
    let identity = try AgeIdentity.generate()
    let plain = try file(scratch, "plain", [1, 2, 3])
    let armoured = try run(scratch, "age", ["-a", "-r", "\(identity.recipient)", plain])
    #expect(armoured.status == 0)
    #expect(throws: EvidenceError.self) { try AgeOpener.open(armoured.output, with: [identity]) }
  }
}
