import Foundation
import Testing

@testable import Evidence

@Suite struct DirectoryTests {
  private func code(_ path: String) -> EvidenceError.Code? {
    do throws(EvidenceError) {
      let (log, _) = try EvidenceLog.open(directory: path, options: smallOptions())
      log.close()
      return nil
    } catch {
      return error.code
    }
  }

  @Test func everythingIsPrivate() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 3)
    let manager = FileManager.default
    func mode(_ path: String) throws -> Int? {
      try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(scratch.log) == 0o700)
    for name in try manager.contentsOfDirectory(atPath: scratch.log) {
      #expect(try mode(scratch.file(name)) == 0o600, "\(name)")
    }
  }

  @Test(arguments: [0o777, 0o770, 0o705, 0o720, 0o704]) func openDirectoriesAreRefused(mode: Int) throws {
    let scratch = try Scratch()
    try makeLog(scratch, 1)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: scratch.log)
    #expect(code(scratch.log) == .insecure)
  }

  @Test func linksAreRefused() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 1)
    let link = scratch.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: scratch.log)
    #expect(code(link) == .insecure)
    #expect(code(link + "/") == .insecure)
    for name in ["lock", "checkpoints", "checkpoint.key", scratch.segments[0]] {
      let elsewhere = scratch.path + "/elsewhere"
      try FileManager.default.moveItem(atPath: scratch.file(name), toPath: elsewhere)
      try FileManager.default.createSymbolicLink(atPath: scratch.file(name), withDestinationPath: elsewhere)
      #expect(code(scratch.log) == .insecure, "\(name)")
      try FileManager.default.removeItem(atPath: scratch.file(name))
      try FileManager.default.moveItem(atPath: elsewhere, toPath: scratch.file(name))
    }
    #expect(code(scratch.log) == nil)
  }

  @Test func filesThatOthersMayWriteAreRefused() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 1)
    for name in ["lock", "checkpoints", "checkpoint.key", "checkpoint.pub", scratch.segments[0]] {
      try FileManager.default.setAttributes([.posixPermissions: 0o622], ofItemAtPath: scratch.file(name))
      #expect(code(scratch.log) == .insecure, "\(name)")
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch.file(name))
    }
  }

  @Test func twoWritersNeverShareALog() throws {
    let scratch = try Scratch()
    let (log, _) = try EvidenceLog.open(directory: scratch.log, options: smallOptions())
    #expect(code(scratch.log) == .locked)
    log.close()
    #expect(code(scratch.log) == nil)
  }

  /// A process that is just being started has all descriptors until it runs its program, those of a log that was closed
  /// in the meantime, too.
  @Test func aLockEndsWithTheLogAndNotWithACopyOfItsDescriptor() throws {
    let scratch = try Scratch()
    let system = PosixFileSystem()
    let folder = try system.openDirectory(scratch.path, followingLinks: false)
    let file = try system.open("lock", in: folder, .createOrOpen)
    let copy = dup(file.descriptor)
    defer { close(copy) }
    let other = try system.open("lock", in: folder, .createOrOpen)
    var lock = try system.lock(file)
    #expect(lock != nil)
    #expect(try system.lock(other) == nil)
    lock = nil
    #expect(try system.lock(other) != nil)
  }

  @Test func aMissingOrForeignKeyIsNoticed() throws {
    let scratch = try Scratch()
    try makeLog(scratch, 1)
    let key = try scratch.bytes("checkpoint.key")
    try FileManager.default.removeItem(atPath: scratch.file("checkpoint.key"))
    #expect(code(scratch.log) == .key)
    let other = try Scratch()
    try makeLog(other, 1)
    try FileManager.default.copyItem(
      atPath: other.file("checkpoint.key"), toPath: scratch.file("checkpoint.key"))
    #expect(code(scratch.log) == .damaged)
    try scratch.write("checkpoint.key", Array("-----BEGIN".utf8))
    #expect(code(scratch.log) == .key)
    try scratch.write("checkpoint.key", key)
    #expect(code(scratch.log) == nil)
  }

  @Test func aFileWhereADirectoryShouldBe() throws {
    let scratch = try Scratch()
    _ = FileManager.default.createFile(atPath: scratch.log, contents: nil)
    #expect(code(scratch.log) == .insecure)
    #expect(code(scratch.path + "/no/such/parent") == .notFound)
    #expect(Verifier().verify(directory: scratch.path + "/nothing").exitCode == 2)
    #expect(Verifier().verify(directory: scratch.path).exitCode == 2)
  }
}
