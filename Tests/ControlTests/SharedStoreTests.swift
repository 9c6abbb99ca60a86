import Foundation
import Synchronization
import Testing

@testable import Control

private func request(_ number: Int = 1, quorum: Int = 1, lifetime: Int64 = 600) -> ApprovalRequest {
  ApprovalRequest(
    digest: [1, UInt8(number)], pipeline: "p", subject: "ana", context: "{}",
    score: 80,
    approvers: ["officers"], quorum: quorum, localOperator: false, lifetime: lifetime)
}

private func officer(_ name: String) -> Approver {
  Approver(subject: name, groups: ["officers"], established: "keys", isLocalOperator: false)
}

/// Runs `body` on so many threads at once, and gives what each came to.
private func race<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> T) -> [T] {
  let results = Mutex<[T]>([])
  let gate = DispatchSemaphore(value: 0)
  let end = DispatchGroup()
  for index in 0..<count {
    end.enter()
    Thread.detachNewThread {
      gate.wait()
      let result = body(index)
      results.withLock { $0.append(result) }
      end.leave()
    }
  }
  for _ in 0..<count { gate.signal() }
  end.wait()
  return results.withLock { $0 }
}

/// What two replicas on one store do at the same time.
@Suite struct SharedStoreTests {
  @Test(arguments: TestBackend.all) func twoWhoDecideAtOnceComeToOneOutcome(_ backend: TestBackend) throws {
    let sandbox = Sandbox(backend)
    let stores = [try sandbox.store(), try sandbox.store()]
    for round in 0..<25 {
      let id = try stores[0].ask(request(round), now: 0).approval.id
      let outcomes = race(4) { index in
        Result { () throws(ControlError) in
          try stores[index % 2].decide(
            id, by: officer("o\(index)"), index < 2 ? .approve : .deny, comment: "", now: 1)
        }
      }
      let won = outcomes.compactMap { try? $0.get() }
      #expect(won.count == 1, "one decides, the others are told so")
      for case .failure(let error) in outcomes { #expect(error.code == .alreadyDecided) }
      let kept = try stores[1].approval(id, now: 2)
      #expect(kept.decisions.count == 1)
      #expect(kept.state == won.first?.state)
    }
  }

  @Test(arguments: TestBackend.all) func aQuorumIsOfDifferentPeopleHoweverTheyRace(_ backend: TestBackend)
    throws
  {
    let sandbox = Sandbox(backend)
    let stores = [try sandbox.store(), try sandbox.store()]
    for round in 0..<10 {
      let id = try stores[0].ask(request(round, quorum: 2), now: 0).approval.id
      let same = race(4) { index in
        try? stores[index % 2].decide(id, by: officer("bo"), .approve, comment: "", now: 1).state
      }
      #expect(same.compactMap { $0 } == [.pending], "one person counts once")
      _ = try stores[1].decide(id, by: officer("cy"), .approve, comment: "", now: 2)
      #expect(try stores[0].approval(id, now: 3).state == .approved)
    }
  }

  @Test(arguments: TestBackend.all) func anApprovalIsUsedOnceAcrossReplicas(_ backend: TestBackend) throws {
    let sandbox = Sandbox(backend)
    let stores = [try sandbox.store(), try sandbox.store()]
    for round in 0..<25 {
      let id = try stores[0].ask(request(round), now: 0).approval.id
      _ = try stores[1].decide(id, by: officer("bo"), .approve, comment: "", now: 1)
      let used = race(6) { index in (try? stores[index % 2].consume(id, now: 2)) ?? false }
      #expect(used.count(where: { $0 }) == 1)
    }
  }

  @Test(arguments: TestBackend.all) func theSameRequestAskedAtOnceIsOneApproval(_ backend: TestBackend) throws
  {
    let sandbox = Sandbox(backend)
    let stores = [try sandbox.store(), try sandbox.store()]
    for round in 0..<25 {
      let asked = race(4) { index in try? stores[index % 2].ask(request(round), now: 0) }.compactMap { $0 }
      #expect(Set(asked.map(\.approval.id)).count == 1)
      #expect(asked.count == 4 && asked.count(where: \.isNew) == 1)
    }
  }

  @Test(arguments: TestBackend.all) func anEventIsTakenByOneGateway(_ backend: TestBackend) throws {
    let sandbox = Sandbox(backend)
    let stores = [try sandbox.store(), try sandbox.store()]
    for number in 0..<40 { _ = try stores[0].note("test.event", [("number", String(number))]) }
    let taken = race(6) { index in (try? stores[index % 2].takeEvents(limit: 10, now: 100)) ?? [] }
    // One opening of a store gets its own again, until it has said that they are in the log.
    let byStore = try stores.map { Set(try $0.takeEvents(limit: 100, now: 100).map(\.id)) }
    #expect(byStore[0].isDisjoint(with: byStore[1]))
    #expect(byStore[0].count + byStore[1].count == 40)
    #expect(Set(taken.flatMap { $0 }.map(\.id)).isSubset(of: byStore[0].union(byStore[1])))
  }

  @Test(arguments: TestBackend.all) func whatADeadGatewayTookIsTakenAgain(_ backend: TestBackend) throws {
    let sandbox = Sandbox(backend)
    let dead = try sandbox.store()
    let id = try dead.note("test.event", [])
    #expect(try dead.takeEvents(limit: 10, now: 100).map(\.id) == [id])
    let other = try sandbox.store()
    #expect(try other.takeEvents(limit: 10, now: 100 + Store.lease).isEmpty)
    let again = try other.takeEvents(limit: 10, now: 101 + Store.lease)
    #expect(again.map(\.id) == [id])
    try other.markRecorded(again, now: 200)
    #expect(try other.isRecorded(id) && dead.takeEvents(limit: 10, now: 999).isEmpty)
  }

  @Test(arguments: TestBackend.all) func aThrownErrorLeavesNothingBehind(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    #expect(throws: ControlError(.invalid, "no")) {
      try store.write { database in
        try database.execute(
          sql: "INSERT INTO events (type, data) VALUES (?, ?)", arguments: ["t", Data([1])])
        throw ControlError(.invalid, "no")
      }
    }
    #expect(try store.takeEvents(limit: 10, now: 1).isEmpty)
  }

  @Test(arguments: TestBackend.all) func valuesComeBackAsTheyWere(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let texts = ["", "a'b?c$1", "Ünïcödé 🫀\n\t", String(repeating: "x", count: 100_000)]
    for text in texts {
      let data = Data(text.utf8) + Data([0, 255])
      try store.write { database in
        try database.execute(
          sql: "INSERT INTO events (type, data, recorded) VALUES (?, ?, ?)",
          arguments: [text, data, Int64?.none])
        #expect(database.changesCount == 1)
      }
      let row = try store.read { try Row.fetchAll($0, sql: "SELECT * FROM events ORDER BY id DESC").first }
      let found = try #require(row)
      #expect(found["type"] == text && found["data"] == data && found["recorded"] as Int64? == nil)
    }
    let sums = try store.read { database in
      try Row.fetchOne(
        database,
        sql: "SELECT COUNT(*) AS many, SUM(id) AS total, SUM(id * ?) AS large, '?' AS mark FROM events",
        arguments: [-123_456_789_000])
    }
    let found = try #require(sums)
    let total: Int64 = found["total"]
    #expect(found["many"] == 4 && total == 10 && found["large"] == total * -123_456_789_000)
    #expect(found["mark"] == "?")
  }

  @Test(arguments: TestBackend.all) func aReadSeesOneMoment(_ backend: TestBackend) throws {
    let sandbox = Sandbox(backend)
    let (reader, writer) = (try sandbox.store(), try sandbox.store())
    try reader.read { database in
      #expect(try Int64.fetchOne(database, sql: "SELECT COUNT(*) FROM events") == 0)
      _ = try writer.note("test.event", [])
      #expect(try Int64.fetchOne(database, sql: "SELECT COUNT(*) FROM events") == 0)
    }
    #expect(try reader.read { try Int64.fetchOne($0, sql: "SELECT COUNT(*) FROM events") } == 1)
  }

  @Test(arguments: TestBackend.all) func manyOpenItAtOnce(_ backend: TestBackend) throws {
    let sandbox = Sandbox(backend)
    _ = try DataDirectory(sandbox.path)
    let opened = race(4) { _ in Result { try sandbox.store() } }
    for one in opened { #expect(throws: Never.self) { try one.get() } }
  }

  @Test func aSharedStoreTellsOfChanges() throws {
    guard TestBackend.all.contains(.postgres) else { return }
    let sandbox = Sandbox(.postgres)
    let (one, other) = (try sandbox.store(), try sandbox.store())
    one.listen()
    while !one.tellsOfChanges { usleep(5_000) }
    let moment = one.moment(.keys)
    _ = try other.createKey(subject: "ana", email: "", groups: [], expires: 0, now: 1)
    one.waitForChange(of: .keys, after: moment, milliseconds: 60_000)
    #expect(one.moment(.keys) != moment)
    #expect(one.moment(.policies) == 1, "it is told of when it begins to listen, and of nothing else")
  }

  @Test func aFileTellsOfWhatThisProcessChanges() throws {
    let store = try Sandbox().store()
    let moments = StoreTopic.allCases.map { store.moment($0) }
    _ = try store.ask(request(), now: 0)
    #expect(store.moment(.approvals) == moments[StoreTopic.allCases.firstIndex(of: .approvals) ?? 0] + 1)
    #expect(store.moment(.keys) == moments[StoreTopic.allCases.firstIndex(of: .keys) ?? 0])
    // What is undone is no change.
    let before = store.moment(.approvals)
    #expect(throws: ControlError.self) {
      try store.write { database in
        try database.execute(sql: "UPDATE approvals SET score = 1")
        throw ControlError(.invalid, "no")
      }
    }
    _ = try store.note("test.event", [])
    #expect(store.moment(.approvals) == before)
  }

  @Test func aPlaceIsReadStrictly() throws {
    for (text, word) in [
      ("mysql://a@h/d", "place"), ("postgres://h/d", "incomplete"), ("postgres://a:secret@h/d", "password"),
      ("postgres://a@h:0/d", "port"), ("postgres://a@h/d?schema=public", "schema"),
      ("postgres://a@h/d?schema=a%3Bb", "schema"), ("postgres://a@h/d?tls=prefer", "tls"),
      ("postgres://a@h/d?password=secret", "password"), ("postgres://a@h/d?sslmode=disable", "tls"),
      ("postgres://a@h/d?certificate=c", "go together"), ("postgres://a@h/d?tls=require&ca=c", "ca"),
      ("postgres://a@%zz/d", "%"), ("file:/nowhere/at/all", "/nowhere/at/all"),
    ] {
      let error = #expect(throws: ControlError.self) { try StoreLocation(text) }
      #expect(error?.message.contains(word) == true, "\(text): \(error?.message ?? "")")
      #expect(error?.message.contains("secret") == false)
    }
    #expect(try PostgresLocation("postgres://a@db.example.org/d").tls == .verifyFull)
    #expect(try PostgresLocation("postgres://a@127.evil.example/d").tls == .verifyFull)
    #expect(try PostgresLocation("postgres://a@127.0.0.1/d").tls == .disable)
    #expect(try PostgresLocation("postgres://a@[::1]:5433/d").port == 5433)
  }

  @Test func aDataDirectoryRemembersItsStore() throws {
    let directory = try DataDirectory(Sandbox().path)
    try directory.remember(try StoreLocation("postgres://a@127.0.0.1:1/d"))
    let error = #expect(throws: ControlError.self) { try Store(directory) }
    #expect(error?.message.contains("127.0.0.1:1/d") == true)
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/sluice.db"))
    try directory.remember(.local)
    _ = try Store(directory)
  }
}
