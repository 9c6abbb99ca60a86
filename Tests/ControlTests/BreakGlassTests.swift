import Testing

@testable import Control

private func person(_ name: String, _ groups: [String] = ["officers"]) -> Approver {
  Approver(subject: name, groups: groups, established: "keys", isLocalOperator: false)
}

private let ana = person("ana", ["physicians"])

private func request(
  _ digest: UInt8,
  glass: BreakGlassTerms? = BreakGlassTerms(groups: ["physicians"], anyone: false, lifetime: 900)
) -> ApprovalRequest {
  ApprovalRequest(
    digest: [digest], pipeline: "p", subject: "ana", context: "{}", score: 80,
    terms: GateTerms(approvers: ["officers"], quorum: 2, localOperator: true, breakGlass: glass),
    lifetime: 600)
}

@Suite struct BreakGlassTests {

  private func asked(_ store: Store, _ digest: UInt8, glass: BreakGlassTerms? = nil) throws -> String {
    let asked = glass.map { request(digest, glass: $0) } ?? request(digest)
    return try store.ask(asked, now: 10).approval.id
  }

  private func code(_ body: () throws -> Void) -> ControlError.Code? {
    do { try body() } catch { return (error as? ControlError)?.code }
    return nil
  }

  /// A review is told of, however long ago the glass was broken; and then no more.
  @Test(arguments: TestBackend.all) func reviewsAreNewsWhenTheyAreMade(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let terms = GateTerms(
      approvers: ["officers"], quorum: 1, localOperator: false,
      breakGlass: BreakGlassTerms(groups: [], anyone: true, lifetime: 900))
    let id = try store.ask(
      ApprovalRequest(
        digest: [1], pipeline: "p", subject: "ana", context: "{}", score: 80, terms: terms, lifetime: 600),
      now: 0
    ).approval.id
    func person(_ subject: String) -> Approver {
      Approver(subject: subject, groups: ["officers"], established: "keys", isLocalOperator: false)
    }
    func reviews(since: Int64) throws -> [Int] {
      try store.approvalStamps(since: since, limit: 9, now: since).map(\.reviews)
    }
    _ = try store.breakGlass(id, by: person("ana"), reason: "emergency", lifetime: nil, now: 10)
    #expect(try store.consume(id, now: 11))
    #expect(try reviews(since: 10) == [0] && reviews(since: 5000) == [])
    for (subject, time, count) in [("bo", 5001 as Int64, 1), ("cy", 5500, 2)] {
      _ = try store.reviewGlass(id, by: person(subject), isJustified: true, comment: "seen", now: time)
      #expect(try reviews(since: time - 60) == [count])
    }
    #expect(try reviews(since: 5501) == [])
  }

  @Test(arguments: TestBackend.all) func theRequesterGoesOnAtOnceAndOnce(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let id = try asked(store, 1)
    let broken = try store.breakGlass(id, by: ana, reason: "emergency", lifetime: nil, now: 20)
    #expect(broken.state == .approved && broken.decisions.isEmpty)
    #expect(broken.glass?.reason == "emergency" && broken.glass?.isOnce == true)
    #expect(try store.approvalsDecided(since: 20) == [id])
    #expect(try store.consume(id, now: 21))
    #expect(try !store.consume(id, now: 21))
    guard case .approval(_, isNew: true) = try store.answer(request(1), kinds: [], now: 22) else {
      Issue.record("once was more than once")
      return
    }
    let event = try #require(try store.pendingEvents(limit: 10).first { $0.type == "glass.broken" })
    #expect(String(decoding: event.data, as: UTF8.self).contains(#""severity":"high""#))
  }

  @Test(arguments: TestBackend.all) func nobodyElseAndNoOtherGroupAndNoGateWithoutIt(_ backend: TestBackend)
    throws
  {
    let store = try Sandbox(backend).store()
    let id = try asked(store, 1)
    #expect(
      code {
        _ = try store.breakGlass(id, by: person("ANA", ["physicians"]), reason: "x", lifetime: nil, now: 20)
      }
        == .notAllowed)
    #expect(
      code { _ = try store.breakGlass(id, by: person("bo"), reason: "x", lifetime: nil, now: 20) }
        == .notAllowed)
    #expect(
      code {
        _ = try store.breakGlass(id, by: person("ana", ["nurses"]), reason: "x", lifetime: nil, now: 20)
      } == .notAllowed)
    #expect(code { _ = try store.breakGlass(id, by: ana, reason: " \n", lifetime: nil, now: 20) } == .invalid)
    #expect(code { _ = try store.breakGlass(id, by: ana, reason: "x", lifetime: 901, now: 20) } == .invalid)
    #expect(code { _ = try store.breakGlass(id, by: ana, reason: "x", lifetime: nil, now: 610) } == .expired)
    let closed = try store.ask(request(2, glass: nil), now: 10).approval.id
    #expect(
      code { _ = try store.breakGlass(closed, by: ana, reason: "x", lifetime: nil, now: 20) } == .notAllowed)
    let open = try asked(store, 3, glass: BreakGlassTerms(groups: [], anyone: true, lifetime: 60))
    #expect(
      code { _ = try store.breakGlass(open, by: person("ana", []), reason: "x", lifetime: nil, now: 20) }
        == nil)
    #expect(try store.pendingEvents(limit: 10).filter { $0.type == "glass.broken" }.count == 1)
  }

  @Test(arguments: TestBackend.all) func whatWasDeniedStaysDenied(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let id = try asked(store, 1)
    _ = try store.decide(id, by: person("bo"), .deny, comment: "", now: 15)
    #expect(
      code { _ = try store.breakGlass(id, by: ana, reason: "x", lifetime: nil, now: 20) } == .alreadyDecided)
    // Nor does a glass that is broken for another request let it through.
    _ = try store.breakGlass(try asked(store, 2), by: ana, reason: "x", lifetime: 600, now: 20)
    guard case .approval = try store.answer(request(1), kinds: [], now: 21) else {
      Issue.record("a denied request passed")
      return
    }
    guard case .broken = try store.answer(request(3), kinds: [], now: 21) else {
      Issue.record("another request did not")
      return
    }
  }

  @Test(arguments: TestBackend.all) func aTimeBoxHoldsUntilItsEndUnderTheGatesPresentTerms(
    _ backend: TestBackend
  ) throws {
    let store = try Sandbox(backend).store()
    _ = try store.breakGlass(try asked(store, 1), by: ana, reason: "x", lifetime: 300, now: 20)
    func passes(_ request: ApprovalRequest, now: Int64) throws -> Bool {
      if case .broken = try store.answer(request, kinds: ["SSN"], now: now) { return true }
      return false
    }
    #expect(try passes(request(2), now: 319))
    #expect(try !passes(request(3), now: 320))
    #expect(try !passes(request(4, glass: nil), now: 100))
    #expect(
      try !passes(
        request(5, glass: BreakGlassTerms(groups: ["nurses"], anyone: false, lifetime: 900)), now: 100))
    #expect(
      try !passes(
        request(6, glass: BreakGlassTerms(groups: ["physicians"], anyone: false, lifetime: 60)), now: 100))
    let other = ApprovalRequest(
      digest: [7], pipeline: "q", subject: "ana", context: "{}", score: 1, terms: request(1).terms,
      lifetime: 60)
    #expect(try !passes(other, now: 100))
    let another = ApprovalRequest(
      digest: [8], pipeline: "p", subject: "cy", context: "{}", score: 1, terms: request(1).terms,
      lifetime: 60)
    #expect(try !passes(another, now: 100))
  }

  @Test(arguments: TestBackend.all) func othersReviewItAndNobodyTheirOwn(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let id = try asked(store, 1)
    let glass = try #require(try store.breakGlass(id, by: ana, reason: "x", lifetime: 300, now: 20).glass)
    #expect(try store.brokenGlass(unreviewed: true, limit: 9, now: 30).map(\.id) == [id])
    func review(_ reviewer: Approver, justified: Bool = true) throws {
      _ = try store.reviewGlass(glass.id, by: reviewer, isJustified: justified, comment: "seen", now: 30)
    }
    #expect(code { try review(person("ANA")) } == .ownRequest)
    #expect(code { try review(person("cy", ["nurses"])) } == .notAllowed)
    try review(person("bo"))
    #expect(code { try review(person("BO")) } == .alreadyDecided)
    #expect(try store.brokenGlass(unreviewed: true, limit: 9, now: 30).isEmpty)
    guard case .broken = try store.answer(request(2), kinds: [], now: 31) else {
      Issue.record("a justified one ended")
      return
    }
    try review(person("di"), justified: false)
    guard case .approval = try store.answer(request(3), kinds: [], now: 32) else {
      Issue.record("an unjustified one went on")
      return
    }
    #expect(try !store.consume(id, now: 33))
    #expect(try store.brokenGlass(unreviewed: false, limit: 9, now: 33).first?.glass?.reviews.count == 2)
  }
}

@Suite struct RequiredGroupTests {
  private func met(_ quorum: Int, _ required: [String], _ people: [[String]]) -> Bool {
    GateTerms(approvers: ["officers"], required: required, quorum: quorum, localOperator: false)
      .areMet(by: people)
  }

  @Test func eachRequiredGroupTakesSomebodyOfItsOwn() {
    #expect(met(2, ["privacy", "security"], [["privacy"], ["security"]]))
    #expect(!met(2, ["privacy", "security"], [["privacy"], ["privacy"]]))
    #expect(!met(2, ["privacy", "security"], [["privacy", "security"]]))
    #expect(!met(2, ["privacy", "security"], [["privacy", "security"], ["officers"]]))
    // The first could be taken for either; only one way fits.
    #expect(met(2, ["privacy", "security"], [["privacy", "security"], ["privacy"]]))
    #expect(met(2, ["privacy", "security"], [["privacy"], ["privacy", "security"]]))
    #expect(!met(3, ["privacy", "security"], [["privacy"], ["security"]]))
    #expect(met(3, ["privacy", "security"], [["privacy"], ["officers"], ["security"]]))
  }

  /// Against trying every way of giving each group somebody.
  @Test func theMatchingIsRight() {
    var random = SeededGenerator(seed: 11)
    let groups = ["a", "b", "c", "d"]
    func anyWay(_ required: ArraySlice<String>, _ people: [[String]]) -> Bool {
      guard let first = required.first else { return true }
      return people.indices.contains { index in
        var rest = people
        guard rest.remove(at: index).contains(first) else { return false }
        return anyWay(required.dropFirst(), rest)
      }
    }
    for _ in 0..<5000 {
      let required = Array(groups.shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random)))
      let people = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        groups.filter { _ in Int.random(in: 0...2, using: &random) == 0 }
      }
      #expect(met(0, required, people) == anyWay(required[...], people))
    }
  }
}
