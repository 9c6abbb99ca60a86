import Foundation
import Testing

@testable import Control

private func request(_ digest: [UInt8] = [1, 2, 3], lifetime: Int64 = 600) -> ApprovalRequest {
  ApprovalRequest(
    digest: digest, pipeline: "p", subject: "ana", context: "{}", score: 80, approvers: ["officers"],
    quorum: 1,
    localOperator: false, lifetime: lifetime)
}

private let officer = Approver(
  subject: "bo", groups: ["officers"], established: "keys", isLocalOperator: false)

@Suite struct StoreTests {
  @Test func aKeyIsShownOnceAndKeptHashed() throws {
    let sandbox = Sandbox()
    let store = try sandbox.store()
    let made = try store.createKey(subject: "ana", email: "", groups: ["g"], expires: 0, now: 10)
    #expect(made.secret.hasPrefix("sk-sluice-"))
    #expect(made.secret.utf8.count == 42)
    for name in try FileManager.default.contentsOfDirectory(atPath: sandbox.path) {
      let data = FileManager.default.contents(atPath: "\(sandbox.path)/\(name)") ?? Data()
      #expect(data.range(of: Data(made.secret.utf8)) == nil)
    }
    #expect(try store.key(secret: made.secret, now: 11).subject == "ana")
  }

  @Test(arguments: TestBackend.all) func aKeyMadeByAnotherProcessWorksAtOnceAndEndsWhenRevoked(
    _ backend: TestBackend
  ) throws {
    let sandbox = Sandbox(backend)
    let gateway = try sandbox.store()
    let directory = try KeyDirectory(gateway)
    let other = try sandbox.store()
    let made = try other.createKey(subject: "ana", email: "", groups: [], expires: 0, now: 10)
    let digest = Data32.bytes(Store.digest(made.secret))
    // A shared store tells of it; one of this machine is looked into.
    if gateway.isShared { directory.refresh() }
    guard case .valid(let record) = directory.find(digest) else {
      Issue.record("the key is not known")
      return
    }
    #expect(record.id == made.record.id)
    _ = try other.revokeKey(made.record.id, now: 20)
    directory.refresh()
    guard case .revoked = directory.find(digest) else {
      Issue.record("the key still works")
      return
    }
    guard case .unknown = directory.find([UInt8](repeating: 0, count: 32)) else {
      Issue.record("a made-up key is known")
      return
    }
  }

  /// A data directory that others may read is let through; what is in the store is not theirs to read.
  @Test func theFileIsItsOwnersAlone() throws {
    let sandbox = Sandbox()
    try FileManager.default.createDirectory(
      atPath: sandbox.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    for _ in 0..<2 {
      let store = try sandbox.store()
      _ = try store.createKey(subject: "ana", email: "", groups: [], expires: 0, now: 10)
      for name in ["sluice.db", "sluice.db-wal", "sluice.db-shm"] {
        let path = "\(sandbox.path)/\(name)"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600, "\(name)")
        // As one that was made before.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      }
    }
  }

  @Test(arguments: TestBackend.all) func expiryIsKept(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let now = KeyDirectory.now()
    let made = try store.createKey(subject: "ana", email: "", groups: [], expires: now + 1, now: now - 5)
    #expect(throws: ControlError.self) { try store.key(secret: made.secret, now: now + 1) }
    #expect(throws: ControlError.self) {
      try store.createKey(subject: "ana", email: "", groups: [], expires: 5, now: 6)
    }
    #expect(throws: ControlError.self) {
      try store.createKey(subject: "a\nb", email: "", groups: [], expires: 0, now: 6)
    }
  }

  @Test(arguments: TestBackend.all) func theSameRequestIsTheSameApproval(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let first = try store.ask(request(), now: 0)
    let second = try store.ask(request(), now: 1)
    #expect(first.isNew && !second.isNew)
    #expect(first.approval.id == second.approval.id)
    #expect(try store.ask(request([9]), now: 1).approval.id != first.approval.id)
    #expect(try store.ask(request(), now: 700).isNew, "after its time it is asked anew")
  }

  @Test(arguments: TestBackend.all) func anApprovalIsUsedOnceWhoeverTries(_ backend: TestBackend) async throws
  {
    let sandbox = Sandbox(backend)
    let store = try sandbox.store()
    let other = try sandbox.store()
    let id = try store.ask(request(), now: 0).approval.id
    #expect(try !store.consume(id, now: 1), "it was not approved")
    _ = try other.decide(id, by: officer, .approve, comment: "ok", now: 2)
    let used = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<16 {
        group.addTask { (try? (index % 2 == 0 ? store : other).consume(id, now: 3)) ?? false }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(used == 1)
    #expect(try store.approval(id, now: 4).state == .consumed)
  }

  @Test(arguments: TestBackend.all) func aDecisionIsAnEventForTheLog(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let id = try store.ask(request(), now: 0).approval.id
    _ = try store.decide(id, by: officer, .deny, comment: "no", now: 2)
    let events = try store.takeEvents(limit: 10, now: 3)
    let text = String(decoding: try #require(events.last).data, as: UTF8.self)
    #expect(text.contains("\"verdict\":\"deny\"") && text.contains("\"subject\":\"bo\""))
    try store.markRecorded(events, now: 3)
    #expect(try store.takeEvents(limit: 10, now: 3).isEmpty)
  }

  @Test func aDirectoryThatOthersMayWriteToIsRefused() throws {
    let sandbox = Sandbox()
    _ = try sandbox.store()
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: sandbox.path)
    #expect(throws: ControlError.self) { try sandbox.store() }
    let link = sandbox.path + "-link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: sandbox.path)
    #expect(throws: ControlError.self) { try DataDirectory(link) }
  }

  @Test func aSecretIsMadeOnce() throws {
    let sandbox = Sandbox()
    let one = try DataDirectory(sandbox.path).secret(named: "fingerprint")
    #expect(one.count == 32)
    #expect(try DataDirectory(sandbox.path).secret(named: "fingerprint") == one)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: sandbox.path + "/secrets/fingerprint.key")
    #expect(throws: ControlError.self) { try DataDirectory(sandbox.path).secret(named: "fingerprint") }
  }

  @Test func sessionsLastAsLongAsThereIsWork() {
    let table = SessionTable()
    let first = table.session(subject: "ana", pipeline: "p", now: 0)
    #expect(first.isNew)
    #expect(table.session(subject: "ana", pipeline: "p", now: 1799).id == first.id)
    #expect(table.session(subject: "ana", pipeline: "q", now: 1).isNew)
    #expect(table.session(subject: "ana", pipeline: "p", now: 1799 + 1800).isNew)
    #expect(table.takeEnded(now: 0, all: true).count == 2)
  }

  @Test(arguments: TestBackend.all) func aPolicyThatChangesIsANewVersion(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    func push(_ digest: String) throws -> (UInt64, Bool) {
      let (policy, isNew) = try store.pushPolicy(
        digest: digest, sources: "{}", author: "ana", comment: "why", now: 7)
      return (policy.version, isNew)
    }
    #expect(try store.currentPolicy() == nil)
    #expect(try push("a") == (1, true))
    #expect(try push("a") == (1, false))
    #expect(try push("b") == (2, true))
    #expect(try push("a") == (3, true))
    #expect(try store.policies().map(\.version) == [3, 2, 1])
    #expect(try store.policy(2).digest == "b")
    #expect(try store.currentPolicy()?.version == 3)
    #expect(throws: ControlError.self) { try store.policy(4) }
    #expect(throws: ControlError.self) {
      try store.pushPolicy(digest: "c", sources: "{}", author: "a\u{1B}na", comment: "", now: 7)
    }
  }
}
