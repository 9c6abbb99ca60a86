import Synchronization
import Testing

@testable import Control

private func person(_ name: String, _ groups: [String] = ["officers"]) -> Approver {
  Approver(subject: name, groups: groups, established: "keys", isLocalOperator: false)
}

private let local = Approver(
  subject: "os:root", groups: [], established: "data-directory", isLocalOperator: true)

@Suite struct GrantTests {
  private func terms(quorum: Int = 1, localOperator: Bool = false) -> GateTerms {
    GateTerms(approvers: ["officers"], quorum: quorum, localOperator: localOperator)
  }

  private func grant(by supporters: [Approver] = [person("bo")]) throws -> Grant {
    var grant = Grant(
      id: "grt_1", subject: "ana", pipeline: "p", kinds: ["MRN", "SSN"], maximumScore: 90, created: 0,
      expires: 100, revoked: nil, supporters: [])
    for supporter in supporters { try grant.support(supporter, comment: "", now: 1) }
    return grant
  }

  @Test func whatItIsForPasses() throws {
    #expect(
      try grant().covers(
        subject: "Ana", pipeline: "p", kinds: ["SSN"], score: 90, under: terms(), now: 99))
  }

  @Test(arguments: [
    ("bo", "p", ["SSN"], 1, 1), ("ana", "q", ["SSN"], 1, 1), ("ana", "p", ["SSN", "NAME"], 1, 1),
    ("ana", "p", ["SSN"], 91, 1), ("ana", "p", ["SSN"], 1, 100),
  ])
  func whatItIsNotForDoesNot(
    _ subject: String, _ pipeline: String, _ kinds: [String], _ score: Int, _ now: Int64
  ) throws {
    #expect(
      try !grant().covers(
        subject: subject, pipeline: pipeline, kinds: Set(kinds), score: score, under: terms(), now: now))
  }

  @Test func itTakesAsManyPeopleAsTheGateAsksFor() throws {
    func passes(_ supporters: [Approver], _ terms: GateTerms) throws -> Bool {
      try grant(by: supporters).covers(
        subject: "ana", pipeline: "p", kinds: [], score: 0, under: terms, now: 2)
    }
    #expect(try !passes([person("bo")], terms(quorum: 2)))
    #expect(try passes([person("bo"), person("cy")], terms(quorum: 2)))
    #expect(try !passes([person("bo"), person("cy", ["nurses"])], terms(quorum: 2)))
    #expect(try !passes([local], terms()))
    #expect(try passes([local], terms(localOperator: true)))
  }

  @Test func nobodyGrantsThemselvesAnythingNorSpeaksTwice() throws {
    #expect(throws: ControlError.self) { try grant(by: [person("ANA")]) }
    #expect(throws: ControlError.self) { try grant(by: [person("bo"), person("Bo")]) }
  }

  @Test(arguments: TestBackend.all) func aRevokedOneCoversNothing(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let request = ApprovalRequest(
      digest: [1], pipeline: "p", subject: "ana", context: "{}", score: 80, approvers: ["officers"],
      quorum: 1,
      localOperator: false, lifetime: 60)
    let made = try store.makeGrant(
      to: "ana", pipeline: "p", kinds: ["SSN"], maximumScore: 100, lifetime: 3600, by: person("bo"),
      comment: "ward 3", now: 10)
    #expect(try store.grants() == [made])
    guard case .granted(let found) = try store.answer(request, kinds: ["SSN"], now: 11) else {
      Issue.record("the grant was not found")
      return
    }
    #expect(found == made)
    _ = try store.revokeGrant(made.id, by: local, now: 12)
    guard case .approval(_, isNew: true) = try store.answer(request, kinds: ["SSN"], now: 13) else {
      Issue.record("a revoked grant passed")
      return
    }
    #expect(try store.takeEvents(limit: 10, now: 3).map(\.type).contains("grant.revoked"))
  }

  @Test(arguments: TestBackend.all) func badOnesAreRefused(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    func make(kinds: [String] = ["SSN"], lifetime: Int64 = 3600, comment: String = "why") throws {
      _ = try store.makeGrant(
        to: "ana", pipeline: "p", kinds: kinds, maximumScore: 100, lifetime: lifetime, by: person("bo"),
        comment: comment, now: 10)
    }
    #expect(throws: ControlError.self) { try make(kinds: []) }
    #expect(throws: ControlError.self) { try make(kinds: ["SSN", "SSN"]) }
    #expect(throws: ControlError.self) { try make(lifetime: Grant.longest + 1) }
    #expect(throws: ControlError.self) { try make(lifetime: 1) }
    #expect(throws: ControlError.self) { try make(comment: "") }
    #expect(throws: ControlError.self) { try make(comment: "\u{1B}[31m") }
  }
}

@Suite struct ApprovalRaceTests {
  /// Two gateways decide at once, each with a store of its own on one database: one word wins, and one request passes.
  @Test(arguments: TestBackend.all) func decisionsThatRaceAreOne(_ backend: TestBackend) async throws {
    let sandbox = Sandbox(backend)
    let stores = [try sandbox.store(), try sandbox.store()]
    for round in 0..<40 {
      let request = ApprovalRequest(
        digest: [UInt8(round)], pipeline: "p", subject: "ana", context: "{}", score: 80,
        approvers: ["officers"], quorum: 1, localOperator: false, lifetime: 600)
      let asked = try stores[0].ask(request, now: 1).approval
      let words = await withTaskGroup(of: Bool.self) { group in
        for (index, store) in stores.enumerated() {
          group.addTask {
            (try? store.decide(
              asked.id, by: person("officer-\(index)"), index == 0 ? .approve : .deny, comment: "", now: 2))
              != nil
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(words == 1)
      let state = try stores[1].approval(asked.id, now: 2).state
      let used = await withTaskGroup(of: Bool.self) { group in
        for store in stores { group.addTask { (try? store.consume(asked.id, now: 2)) == true } }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(used == (state == .approved ? 1 : 0))
    }
  }

  /// However many wait for however many approvals, each is called once, with its own.
  @Test(arguments: TestBackend.all) func everyoneWhoWaitsIsToldOnce(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let watch = ApprovalWatch(store)
    let now = KeyDirectory.now()
    let told = Told()
    var ids: [String] = []
    for number in 0..<50 {
      let approval = try store.ask(
        ApprovalRequest(
          digest: [UInt8(number)], pipeline: "p", subject: "ana", context: "{}", score: 80,
          approvers: ["officers"], quorum: 1, localOperator: false, lifetime: number < 10 ? -1 : 600),
        now: now
      ).approval
      ids.append(approval.id)
      for _ in 0..<3 { _ = watch.wait(for: approval) { told.add($0) } }
    }
    let left = watch.wait(for: try store.approval(ids[49], now: now)) { told.add($0) }
    watch.giveUp(left)
    for id in ids[10..<30] { _ = try store.decide(id, by: person("bo"), .approve, comment: "", now: now) }
    watch.look()
    watch.look()
    #expect(told.count(.expired) == 30)
    #expect(told.count(.approved) == 60)
    for id in ids[30...] { _ = try store.decide(id, by: person("bo"), .deny, comment: "", now: now) }
    watch.look()
    #expect(told.count(.denied) == 60)
  }
}

private final class Told: Sendable {
  private let states = Mutex<[Approval.State]>([])

  func add(_ approval: Approval) { states.withLock { $0.append(approval.state) } }
  func count(_ state: Approval.State) -> Int { states.withLock { $0.count { $0 == state } } }
}
