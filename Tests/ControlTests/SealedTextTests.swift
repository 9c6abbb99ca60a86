import Foundation
import Synchronization
import Testing

@testable import Control

private let secret = "excerpt of a request"

private func request(_ digest: UInt8 = 1) -> ApprovalRequest {
  ApprovalRequest(
    digest: [digest], pipeline: "p", subject: "ana", context: "{\"excerpt\":\"\(secret)\"}", score: 80,
    approvers: ["officers"], quorum: 1, localOperator: false, lifetime: 600)
}

private let officer = Approver(
  subject: "bo", groups: ["officers"], established: "keys", isLocalOperator: false)

/// What the store holds of people's texts, at rest.
@Suite struct SealedTextTests {
  private func raw(_ store: Store, _ sql: String) throws -> [String] {
    try store.read { try Row.fetchAll($0, sql: sql).map { $0["text"] } }
  }

  private func replaceKey(_ sandbox: Sandbox, _ key: [UInt8]) throws {
    let path = sandbox.path + "/secrets/texts.key"
    try Data(key).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }

  @Test(arguments: TestBackend.all) func excerptsAndCommentsAreSealed(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let id = try store.ask(request(), now: 0).approval.id
    _ = try store.decide(id, by: officer, .approve, comment: "Mrs Holloway called", now: 1)
    let texts =
      try raw(store, "SELECT context AS text FROM approvals")
      + raw(store, "SELECT comment AS text FROM decisions")
    #expect(texts.count == 2)
    for text in texts {
      #expect(text.hasPrefix("sealed:1:") && !text.contains("Holloway") && !text.contains("excerpt"))
    }
    let approval = try store.approval(id, now: 2)
    #expect(approval.context.contains(secret) && approval.decisions[0].comment == "Mrs Holloway called")
  }

  @Test(arguments: TestBackend.all) func aTextThatWasMovedIsNotOpened(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let one = try store.ask(request(1), now: 0).approval.id
    let other = try store.ask(request(2), now: 0).approval.id
    try store.write { database in
      try database.execute(
        sql: "UPDATE approvals SET context = (SELECT context FROM approvals WHERE id = ?) WHERE id = ?",
        arguments: [one, other])
    }
    #expect(throws: ControlError.self) { try store.approval(other, now: 1) }
    #expect(try store.approval(one, now: 1).context.contains(secret))
  }

  @Test(arguments: TestBackend.all) func aStoreUnderAnotherKeyIsNotUsed(_ backend: TestBackend) throws {
    let sandbox = Sandbox(backend)
    _ = try sandbox.store()
    try replaceKey(sandbox, [UInt8](repeating: 7, count: 32))
    let error = #expect(throws: ControlError.self) { try sandbox.store() }
    #expect(error?.message.contains("secrets/texts.key") == true)
  }

  @Test(arguments: TestBackend.all) func aRotatedKeyIsTakenUpWithoutARestart(_ backend: TestBackend) throws {
    let sandbox = Sandbox(backend)
    let (gateway, operating) = (try sandbox.store(), try sandbox.store())
    let id = try gateway.ask(request(), now: 0).approval.id
    let next = [UInt8](repeating: 9, count: 32)
    #expect(try operating.rotateKey(to: next, now: 1) == 1)
    // Until it has the new key a gateway neither shows nor asks: nothing is sealed under the one before.
    #expect(throws: ControlError.self) { try gateway.approval(id, now: 2) }
    #expect(throws: ControlError.self) { try gateway.ask(request(2), now: 2) }
    try replaceKey(sandbox, next)
    #expect(try gateway.approval(id, now: 3).context.contains(secret))
    #expect(try gateway.ask(request(2), now: 3).isNew)
    #expect(try sandbox.store().approval(id, now: 3).context.contains(secret))
    #expect(throws: ControlError.self) { try operating.rotateKey(to: next, now: 4) }
  }

  /// As one that loses its database, or its process, in the middle.
  @Test(arguments: TestBackend.all) func aRotationThatIsInterruptedChangesNothing(
    _ backend: TestBackend
  ) throws {
    struct Interruption: Error {}
    let sandbox = Sandbox(backend)
    let store = try sandbox.store()
    let ids = try (0..<5).map { try store.ask(request($0), now: 0).approval.id }
    #expect(throws: ControlError.self) {
      try store.write { database in
        #expect(try store.sealed.rotate(to: [UInt8](repeating: 9, count: 32), now: 1, database) == 5)
        throw Interruption()
      }
    }
    for store in [store, try sandbox.store()] {
      for id in ids { #expect(try store.approval(id, now: 2).context.contains(secret)) }
      #expect(try store.ask(request(9), now: 2).approval.context.contains(secret))
    }
  }

  /// Nothing stays under the key before, whoever asks for an approval, or rotates too, in that moment.
  @Test(arguments: TestBackend.all) func rotationsAndRequestsAtOnceLeaveOneKey(_ backend: TestBackend) throws
  {
    let sandbox = Sandbox(backend)
    let keys = (0..<2).map { [UInt8](repeating: UInt8(100 + $0), count: 32) }
    let stores = try (0..<6).map { _ in try sandbox.store() }
    _ = try stores[0].ask(request(0), now: 0)
    let won = Mutex<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: stores.count) { index in
      if index < keys.count {
        usleep(5_000)
        if (try? stores[index].rotateKey(to: keys[index], now: 1)) != nil {
          won.withLock { $0.append(index) }
        }
      } else {
        // Those that come after the rotation are refused: their gateway has the key before.
        for number in 0..<20 { _ = try? stores[index].ask(request(UInt8(20 * index + number)), now: 1) }
      }
    }
    let winner = try #require(won.withLock { $0 }.first)
    #expect(won.withLock { $0.count } == 1)
    try replaceKey(sandbox, keys[winner])
    let after = try sandbox.store()
    let all = try raw(after, "SELECT id AS text FROM approvals")
    #expect(!all.isEmpty)
    for id in all { #expect(try after.approval(id, now: 2).context.contains(secret)) }
    #expect(
      Set(try raw(after, "SELECT context AS text FROM approvals").map { $0.split(separator: ":")[2] }).count
        == 1)
  }

  @Test func aKeyIsReadInEachForm() throws {
    let key = (0..<32).map { UInt8($0) }
    let hexadecimal = key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let folder = try DataDirectory(Sandbox().path)
    for (name, data) in [
      ("raw", Data(key)), ("hex", Data((hexadecimal + "\n").utf8)),
      ("base64", Data(Data(key).base64EncodedString().utf8)),
    ] {
      let path = "\(folder.path)/\(name)"
      try data.write(to: URL(fileURLWithPath: path))
      #expect(try StoreKeySource.file(path).read() == key)
      // A command prints text.
      if name != "raw" { #expect(try StoreKeySource.command(["/bin/cat", path]).read() == key) }
    }
    for words in [["/bin/false"], ["/bin/echo", "short"], ["cat"], ["/no/such/program"]] {
      #expect(throws: ControlError.self) { try StoreKeySource.command(words).read() }
    }
    #expect(throws: ControlError.self) { try StoreKeySource.environment("SLUICE_NO_SUCH_VARIABLE").read() }
  }
}
