import Foundation
import Testing

@testable import Evidence

/// Sealed originals on disk: stable before they are spoken of, bounded, and never in plain.
@Suite struct SealedStoreTests {
  private static let secret = Array("Margaret Holloway, 536-22-8719".utf8)

  private func keep(
    _ store: SealedStore, _ original: [UInt8], _ identity: AgeIdentity
  ) -> Result<SealedReference, EvidenceError> {
    let outcome = Monitor<Result<SealedReference, EvidenceError>?>(nil)
    store.keep(original, for: [identity.recipient]) { result in outcome.update { $0 = result } }
    return outcome.wait(until: nil) { $0 } ?? .failure(EvidenceError(.closed, ""))
  }

  private func record(_ reference: SealedReference) throws -> StoredRecord {
    let data = CanonicalWriter.object { writer in
      writer.integer("part", 0)
      reference.append(to: &writer)
    }
    var envelope: [UInt8] = []
    Envelope.append(
      RecordDraft(type: .response, data: data), log: Array(repeating: 0x30, count: 32), sequence: 1,
      to: &envelope)
    return try #require(StoredRecord(envelope))
  }

  @Test func itIsKeptAndOpened() throws {
    let scratch = try Scratch()
    let identity = try AgeIdentity.generate()
    let store = try SealedStore(directory: scratch.path)
    let reference = try keep(store, Self.secret, identity).get()
    store.close()
    #expect(store.usedBytes == reference.size && reference.originalSize == Self.secret.count)
    #expect(try SealedReference(of: record(reference)) == reference)
    let reader = try SealedReader(directory: scratch.path, identities: [identity])
    #expect(try reader.original(reference) == Self.secret)
    let file = scratch.path + "/" + reference.path
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    // Another file in its place is not opened, whoever sealed it.
    let other = try AgeSealer.seal(Array("another".utf8), to: [identity.recipient])
    try Data(other).write(to: URL(fileURLWithPath: file))
    #expect(throws: EvidenceError.self) { try reader.original(reference) }
    try FileManager.default.removeItem(atPath: file)
    #expect { try reader.original(reference) } throws: { ($0 as? EvidenceError)?.code == .notFound }
    #expect(try SealedStore(directory: scratch.path).usedBytes == 0)
  }

  @Test func namesLeadNowhereElse() throws {
    let digest = String(repeating: "a", count: 64)
    #expect(SealedName(path: "sealed/2026-11-26/\(digest).age") != nil)
    for path in [
      "sealed/../\(digest).age", "/sealed/2026-11-26/\(digest).age", "sealed/2026-13-26/\(digest).age",
      "sealed/2026-11-26/../\(digest).age", "sealed/2026-11-26/\(digest)",
      "sealed/2026-11-26/\(digest.uppercased()).age",
      "sealed/2026-11-26/.age", "log/2026-11-26/\(digest).age", "sealed/2026-11-26/\(digest).age/",
    ] { #expect(SealedName(path: path) == nil, "\(path)") }
  }

  @Test func theLimitHoldsAndRoomMakesItGoOn() throws {
    let scratch = try Scratch()
    let identity = try AgeIdentity.generate()
    var options = SealedStore.Options()
    options.maximumBytes = 2_000
    let yesterday = try SealedStore(directory: scratch.path, options: options)
    let first = try keep(yesterday, [UInt8](repeating: 1, count: 600), identity).get()
    yesterday.close()
    let day = String(first.path.dropFirst(7).prefix(10))
    try FileManager.default.moveItem(
      atPath: scratch.path + "/sealed/" + day, toPath: scratch.path + "/sealed/2020-01-01")
    let store = try SealedStore(directory: scratch.path, options: options)
    #expect(store.usedBytes == first.size)
    guard case .failure(let error) = keep(store, [UInt8](repeating: 2, count: 1_000), identity) else {
      Issue.record("it went over its limit")
      return
    }
    #expect(error.code == .storageFull && error.message.contains("2000 bytes"))
    #expect(try store.remove(before: "2020-01-01", except: []) == (0, 0))
    #expect(try store.remove(before: "9999-01-01", except: ["\(first.digest)"]) == (0, 0), "held")
    #expect(try store.remove(before: "9999-01-01", except: []) == (1, first.size))
    #expect(store.usedBytes == 0)
    let next = try keep(store, [UInt8](repeating: 2, count: 1_000), identity).get()
    #expect(try store.remove(before: "9999-01-01", except: []) == (0, 0), "today's")
    #expect(store.usedBytes == next.size)
  }

  @Test(arguments: [FaultyFileSystem.Call.write, .synchronizeData]) func aBadDiskClosesIt(
    call: FaultyFileSystem.Call
  )
    throws
  {
    let scratch = try Scratch()
    let identity = try AgeIdentity.generate()
    let faulty = FaultyFileSystem()
    var options = SealedStore.Options()
    options.fileSystem = faulty
    let store = try SealedStore(directory: scratch.path, options: options)
    _ = try keep(store, Self.secret, identity).get()
    faulty.inject(.init(call: call, code: call == .write ? ENOSPC : EIO, partialBytes: 10))
    for _ in 0..<2 { #expect(throws: EvidenceError.self) { try keep(store, Self.secret, identity).get() } }
    faulty.heal()
    #expect(throws: EvidenceError.self, "a failed write may stand for more") {
      try keep(store, Self.secret, identity).get()
    }
    store.close()
    let again = try SealedStore(directory: scratch.path)
    _ = try keep(again, Self.secret, identity).get()
  }

  @Test func manyAtOnceEachOnce() throws {
    let scratch = try Scratch()
    let identity = try AgeIdentity.generate()
    let store = try SealedStore(directory: scratch.path)
    let results = Monitor<[Int: SealedReference]>([:])
    for number in 0..<200 {
      store.keep(Array("original \(number)".utf8), for: [identity.recipient]) { result in
        results.update { $0[number] = try? result.get() }
      }
    }
    store.close()
    let all = results.withLock { $0 }
    #expect(all.count == 200 && Set(all.values.map(\.path)).count == 200)
    let reader = try SealedReader(directory: scratch.path, identities: [identity])
    for (number, reference) in all {
      #expect(try reader.original(reference) == Array("original \(number)".utf8))
    }
    #expect(try SealedStore(directory: scratch.path).usedBytes == all.values.reduce(0) { $0 + $1.size })
  }
}
