import Testing

@testable import Control

/// What the admin API asks of the store, on each database.
@Suite struct AdminStoreTests {
  private let officer = Approver(
    subject: "bo", groups: ["officers"], established: "keys", isLocalOperator: false)
  private let boss = Person(
    subject: "boss", email: "", groups: ["platform"], roles: [.admin], established: "login", keyID: "key_1",
    expires: 0)

  private func ask(_ store: Store, _ digest: UInt8, by subject: String, now: Int64) throws -> String {
    try store.ask(
      ApprovalRequest(
        digest: [digest], pipeline: "p", subject: subject, context: "{}", score: 80, approvers: ["officers"],
        quorum: 1, localOperator: false, lifetime: 100), now: now
    ).approval.id
  }

  @Test(arguments: TestBackend.all) func pagesHaveEveryApprovalOnce(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    // Several within one second: then the names decide.
    var ids: Set<String> = []
    for number in 0..<9 {
      let subject = number % 3 == 0 ? "ana" : "cy"
      ids.insert(try ask(store, UInt8(number), by: subject, now: Int64(number / 4)))
    }
    var seen: [String] = []
    var cursor: ApprovalCursor?
    while true {
      let page = try store.approvals(.pending, of: nil, after: cursor, limit: 2, now: 50)
      seen += page.map(\.id)
      guard let last = page.last else { break }
      cursor = ApprovalCursor(created: last.created, id: last.id)
    }
    #expect(seen.count == 9 && Set(seen) == ids)
    #expect(try store.approvals(nil, of: "ana", after: nil, limit: 50, now: 50).count == 3)
  }

  @Test(arguments: TestBackend.all) func statesAreAsTheyAreNow(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let (first, second) = (try ask(store, 1, by: "ana", now: 0), try ask(store, 2, by: "ana", now: 50))
    _ = try store.decide(second, by: officer, .deny, comment: "", now: 60)
    func ids(_ state: Approval.State) throws -> [String] {
      try store.approvals(state, of: nil, after: nil, limit: 9, now: 120).map(\.id)
    }
    // Nobody has looked at the first one since its time was over.
    #expect(try ids(.expired) == [first])
    #expect(try ids(.denied) == [second])
    #expect(try ids(.pending).isEmpty && ids(.approved).isEmpty && ids(.consumed).isEmpty)
  }

  @Test(arguments: TestBackend.all) func aPushThatSawAnotherVersionChangesNothing(_ backend: TestBackend)
    throws
  {
    let store = try Sandbox(backend).store()
    func push(_ digest: String, replacing seen: UInt64) throws(ControlError) -> UInt64 {
      try store.pushPolicy(
        digest: digest, sources: "{}", author: "boss", comment: "", replacing: seen, by: boss, now: 1
      ).policy.version
    }
    let first = try push("a", replacing: 0)
    #expect(throws: ControlError.self) { _ = try push("b", replacing: 0) }
    let second = try push("b", replacing: first)
    do {
      _ = try push("c", replacing: first)
      Issue.record("it was taken")
    } catch { #expect(error.code == .changed) }
    #expect(try store.policies(limit: 9).map(\.version) == [second, first])
    let pushed = try store.pendingEvents(limit: 9).filter { $0.type == "policy.pushed" }
    #expect(pushed.count == 2)
    #expect(
      pushed.allSatisfy {
        String(decoding: $0.data, as: UTF8.self).contains(#""by":"boss""#)
          && String(decoding: $0.data, as: UTF8.self).contains(#""established":"login""#)
      })
  }

  @Test(arguments: TestBackend.all) func stampsTellOfWhatWaitsAndOfNews(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let (first, second) = (try ask(store, 1, by: "ana", now: 0), try ask(store, 2, by: "cy", now: 50))
    func stamps(since: Int64, now: Int64) throws -> [String] {
      try store.approvalStamps(since: since, limit: 9, now: now)
        .map { "\($0.id) \($0.subject) \($0.state.rawValue) \($0.decisions)" }.sorted()
    }
    #expect(
      try stamps(since: 60, now: 60) == ["\(first) ana pending 0", "\(second) cy pending 0"].sorted())
    _ = try store.decide(second, by: officer, .deny, comment: "", now: 70)
    #expect(try stamps(since: 60, now: 71) == ["\(first) ana pending 0", "\(second) cy denied 1"].sorted())
    // What was decided long ago is no news; what nobody has looked at since its time was over has expired.
    #expect(try stamps(since: 71, now: 120) == ["\(first) ana expired 0"])
    #expect(try store.approvalStamps(since: 0, limit: 1, now: 60).count == 1)
  }

  @Test(arguments: TestBackend.all) func aCallThatComesAgainMakesNothing(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    func make(_ name: String?, by person: Person, _ body: String = "{}", now: Int64 = 1) throws -> (
      secret: String?, record: KeyRecord
    ) {
      try store.createKey(
        subject: "ci", email: "", groups: [], expires: 0, by: person,
        once: name.map { RepeatedCall($0, by: person, request: Array(body.utf8)) }, now: now)
    }
    let other = Person(
      subject: "other", email: "", groups: ["platform"], roles: [.admin], established: "login",
      keyID: "key_2",
      expires: 0)
    let first = try make("a", by: boss)
    let again = try make("a", by: boss)
    #expect(first.secret != nil && again.secret == nil && again.record.id == first.record.id)
    let error = #expect(throws: ControlError.self) { try make("a", by: boss, "{ }") }
    #expect(error?.code == .reused)
    #expect(try make("a", by: other).secret != nil)
    #expect(try make("b", by: boss).secret != nil)
    #expect(try make(nil, by: boss).secret != nil)
    // Its day is over: it is a new call.
    #expect(try make("a", by: boss, now: 2 + RepeatedCall.memory).secret != nil)
    #expect(try store.keys().count == 5)
    let events = try store.pendingEvents(limit: 20).filter { $0.type == "key.created" }
    #expect(events.count == 5)
  }
}
