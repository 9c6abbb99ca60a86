import Testing

@testable import Control

private func request(_ digest: UInt8, pipeline: String = "p", lifetime: Int64 = 600) -> ApprovalRequest {
  ApprovalRequest(
    digest: [digest], pipeline: pipeline, subject: "ana", context: "{}", score: 80, approvers: ["officers"],
    quorum: 1, localOperator: false, lifetime: lifetime)
}

private let officer = Approver(
  subject: "bo", groups: ["officers"], established: "slack:T1/U1", isLocalOperator: false)

@Suite struct NotificationTests {
  private func claim(_ store: Store, _ notifier: String = "p/slack", now: Int64) throws -> [DueNotification] {
    try store.claimNotifications(of: notifier, pipeline: "p", limit: 10, now: now)
  }

  @Test func oneGatewayTellsWhatWasAskedAndEachNotifierTellsItsOwn() throws {
    let sandbox = Sandbox()
    let one = try sandbox.store()
    let other = try sandbox.store()
    let asked = try one.ask(request(1), now: 100).approval
    _ = try one.ask(request(2, pipeline: "another"), now: 100)
    let due = try claim(one, now: 101)
    #expect(due.map(\.approval.id) == [asked.id])
    #expect(due.first?.event == .asked)
    #expect(due.first?.attempt == 1)
    #expect(try claim(other, now: 101).isEmpty)
    #expect(try claim(other, "p/smtp", now: 101).map(\.approval.id) == [asked.id])
  }

  @Test func whatAGatewayDiedOverIsTakenUpByAnother() throws {
    let sandbox = Sandbox()
    let store = try sandbox.store()
    _ = try store.ask(request(1), now: 100)
    let first = try claim(store, now: 100)
    #expect(try claim(store, now: 219).isEmpty)
    let again = try claim(store, now: 220)
    #expect(again.map(\.id) == first.map(\.id))
    #expect(again.first?.attempt == 2)
  }

  @Test func itsOutcomeIsToldOnceWithWhatItIsKnownBy() throws {
    let sandbox = Sandbox()
    let store = try sandbox.store()
    let asked = try store.ask(request(1), now: 100).approval
    let due = try #require(try claim(store, now: 100).first)
    try store.notificationSent(due, of: "p/slack", reference: "C1 12.3")
    #expect(
      try store.openNotifications(of: "p/slack", limit: 10, now: 101).map(\.reference) == ["C1 12.3"])
    #expect(try claim(store, now: 101).isEmpty)
    _ = try store.decide(asked.id, by: officer, .approve, comment: "", now: 102)
    #expect(try store.openNotifications(of: "p/slack", limit: 10, now: 102).isEmpty)
    let settled = try #require(try claim(store, now: 103).first)
    #expect(settled.event == .settled)
    #expect(settled.reference == "C1 12.3")
    #expect(settled.approval.state == .approved)
    #expect(settled.id != due.id)
    try store.notificationSent(settled, of: "p/slack", reference: settled.reference)
    #expect(try claim(store, now: 10_000).isEmpty)
  }

  @Test func anExpiryIsToldToo() throws {
    let sandbox = Sandbox()
    let store = try sandbox.store()
    _ = try store.ask(request(1, lifetime: 60), now: 100)
    let due = try #require(try claim(store, now: 100).first)
    try store.notificationSent(due, of: "p/slack", reference: "r")
    let settled = try #require(try claim(store, now: 161).first)
    #expect(settled.event == .settled)
    #expect(settled.approval.state == .expired)
  }

  @Test func whatExpiredUntoldIsNotToldAnyMore() throws {
    let sandbox = Sandbox()
    let store = try sandbox.store()
    _ = try store.ask(request(1, lifetime: 60), now: 100)
    #expect(try claim(store, now: 161).isEmpty)
  }

  /// Whoever breaks the glass faster than a notifier looks is told of all the same.
  @Test(arguments: TestBackend.all) func aGlassThatWasBrokenAtOnceIsTold(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let asked = try store.ask(
      ApprovalRequest(
        digest: [1], pipeline: "p", subject: "ana", context: "{}", score: 80,
        terms: GateTerms(
          approvers: ["officers"], quorum: 1, localOperator: false,
          breakGlass: BreakGlassTerms(groups: [], anyone: true, lifetime: 900)), lifetime: 600), now: 100
    ).approval
    let ana = Approver(subject: "ana", groups: [], established: "keys", isLocalOperator: false)
    _ = try store.breakGlass(asked.id, by: ana, reason: "emergency", lifetime: nil, now: 100)
    #expect(try store.consume(asked.id, now: 100))
    let due = try #require(try claim(store, now: 101).first)
    #expect(due.event == .asked && due.approval.glass != nil)
    try store.notificationSent(due, of: "p/slack", reference: "C1 12.3")
    let settled = try #require(try claim(store, now: 102).first)
    #expect(settled.event == .settled && settled.reference == "C1 12.3" && settled.approval.glass != nil)
    try store.notificationSent(settled, of: "p/slack", reference: settled.reference)
    #expect(try claim(store, now: 103).isEmpty)
    // A notifier that is new does not tell of what is long over.
    #expect(try claim(store, "p/new", now: 100 + 3601).isEmpty)
  }

  @Test func aDelayIsKeptToAndAFailureIsNotedForTheLog() throws {
    let sandbox = Sandbox()
    let store = try sandbox.store()
    let asked = try store.ask(request(1), now: 100).approval
    let due = try #require(try claim(store, now: 100).first)
    try store.notificationDelayed(due, of: "p/slack", until: 130)
    #expect(try claim(store, now: 129).isEmpty)
    let again = try #require(try claim(store, now: 130).first)
    try store.notificationFailed(again, of: "p/slack", reason: "Slack refuses with 'invalid_blocks'.")
    #expect(try claim(store, now: 100_000).isEmpty)
    let event = try #require(try store.pendingEvents(limit: 10).last)
    #expect(event.type == "notification.failed")
    #expect(String(decoding: event.data, as: UTF8.self).contains(asked.id))
  }

  @Test func aMessageIsTakenOnceAndARefusedOneIsNotRemembered() throws {
    let sandbox = Sandbox()
    let store = try sandbox.store()
    let one = try store.ask(request(1), now: 100).approval
    let two = try store.ask(request(2), now: 100).approval
    let message = TakenMessage(once: "slack v0=abc", until: 400)
    let stranger = Approver(subject: "eve", groups: [], established: "slack:T1/U9", isLocalOperator: false)
    #expect(throws: ControlError.self) {
      try store.decide(one.id, by: stranger, .approve, comment: "", message: message, now: 101)
    }
    _ = try store.decide(one.id, by: officer, .approve, comment: "", message: message, now: 102)
    do {
      _ = try store.decide(two.id, by: officer, .approve, comment: "", message: message, now: 103)
      Issue.record("a replay was taken")
    } catch {
      #expect(error.code == .replayed)
    }
    #expect(try store.approval(two.id, now: 104).state == .pending)
  }
}
