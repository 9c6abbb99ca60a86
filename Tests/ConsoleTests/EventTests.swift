import Synchronization
import Testing

@testable import Console
@testable import Control

/// Who hears what, and from where on.
struct EventTests {
  private func person(_ subject: String, _ roles: Set<Role>) -> Person {
    Person(
      subject: subject, email: "", groups: [], roles: roles, established: "keys", keyID: "key_1", expires: 0)
  }

  private func event(_ number: Int) -> Event {
    Event(name: "approval.pending", readers: .of(subject: "ana"), data: Array("{\"n\":\(number)}".utf8))
  }

  @Test func nobodyHearsWhatTheyMayNotRead() {
    let approval = event(1)
    let policy = Event(name: "policy.changed", readers: .inspectors, data: [])
    #expect(approval.isFor(person("ana", [.developer])) && approval.isFor(person("bo", [.approver])))
    #expect(approval.isFor(person("bo", [.auditor])))
    #expect(!approval.isFor(person("bo", [.developer])) && !approval.isFor(person("bo", [.admin])))
    // Whoever is no developer any more does not hear of their own, either: no route would show it.
    #expect(!approval.isFor(person("ana", [])) && !approval.isFor(person("ana", [.admin])))
    #expect(policy.isFor(person("bo", [.admin])) && policy.isFor(person("bo", [.auditor])))
    #expect(!policy.isFor(person("bo", [.approver])) && !policy.isFor(person("bo", [.developer])))
  }

  @Test func whatCameAfterIsToldOnceAndInOrder() throws {
    var history = EventHistory(maximum: 8)
    let start = history.last
    let ids = (0..<5).map { history.append(event($0)) }
    #expect(Set(ids).count == 5 && history.last == ids[4])
    #expect(try #require(history.after(start)).map(\.id) == ids)
    #expect(try #require(history.after(ids[2])).map(\.id) == [ids[3], ids[4]])
    #expect(try #require(history.after(ids[4])).isEmpty)
  }

  @Test func whatIsForgottenOrWasNeverThereIsNotMadeUp() {
    var history = EventHistory(maximum: 8)
    let start = history.last
    let ids = (0..<100).map { history.append(event($0)) }
    #expect(history.events.count <= 8)
    #expect(history.after(start) == nil && history.after(ids[50]) == nil)
    #expect(history.after(ids[98])?.map(\.id) == [ids[99]])
    let epoch = ids[0].split(separator: "-")[0]
    for id in [
      "", "-", "x", "\(epoch)", "\(epoch)-", "\(epoch)-101", "\(epoch)-1-2", "\(epoch)-+99", "other-99",
    ] {
      #expect(history.after(id) == nil, "\(id)")
    }
  }

  @Test func aTextIsOneEventWhateverItsData() {
    let text = String(decoding: event(1).text(id: "a-1"), as: UTF8.self)
    #expect(text == "id: a-1\nevent: approval.pending\ndata: {\"n\":1}\n\n")
  }
}

/// Who gets in when there are as many connections as there may be.
struct ConnectionLimitsTests {
  private final class Closed: Sendable {
    let numbers = Mutex<[Int]>([])
  }

  private func fill(_ limits: ConnectionLimits, _ count: Int, _ closed: Closed, from first: Int = 0) -> Int {
    (first..<first + count).count { number in
      limits.admit(number, from: "192.0.2.\(number % 8)") { closed.numbers.withLock { $0.append(number) } }
    }
  }

  @Test func theOneThatHasWaitedLongestMakesRoom() {
    let (limits, closed) = (ConnectionLimits(), Closed())
    #expect(fill(limits, ConnectionLimits.maximum, closed) == ConnectionLimits.maximum)
    limits.note(0, hasCall: true)
    // It has answered just now: others have waited longer.
    limits.note(1, hasCall: true)
    limits.note(1, hasCall: false)
    #expect(limits.admit(1_000, from: "198.51.100.1") {})
    #expect(closed.numbers.withLock { $0 } == [2])
  }

  @Test func callsUnderWayAreNotEnded() {
    let (limits, closed) = (ConnectionLimits(), Closed())
    _ = fill(limits, ConnectionLimits.maximum, closed)
    for number in 0..<ConnectionLimits.maximum { limits.note(number, hasCall: true) }
    #expect(!limits.admit(1_000, from: "198.51.100.1") {})
    limits.leave(7)
    #expect(limits.admit(1_000, from: "198.51.100.1") {})
    #expect(closed.numbers.withLock { $0 }.isEmpty)
  }

  @Test func oneAddressTakesFromItself() {
    let (limits, closed) = (ConnectionLimits(), Closed())
    #expect(limits.admit(5_000, from: "198.51.100.1") { closed.numbers.withLock { $0.append(5_000) } })
    for number in 0..<ConnectionLimits.maximumOfOne + 10 {
      #expect(limits.admit(number, from: "192.0.2.1") { closed.numbers.withLock { $0.append(number) } })
    }
    #expect(closed.numbers.withLock { $0 } == Array(0..<10))
  }
}

/// A slow search delays neither a policy nor a decision.
struct WorkQueuesTests {
  @Test func eachKindOfWorkHasItsOwnThreads() async throws {
    let queues = WorkQueues()
    let gate = Gate()
    let slow: [Task<Void, any Error>] = [Route.Work.evidence, .trial].map { work in
      Task { try await queues[work].run { gate.wait() } }
    }
    // The search goes on, and all of these end.
    for work in [Route.Work.policy, .brief] {
      #expect(try await queues[work].run { 4711 } == 4711)
    }
    gate.open()
    for task in slow { try await task.value }
    queues.stop()
  }

  @Test func noRouteOfPoliciesOrDecisionsSharesWithEvidence() {
    for route in Routes.all {
      let isEvidence = route.path.hasPrefix("/api/v1/evidence") && route.path != "/api/v1/evidence/log"
      #expect((route.work == .evidence) == isEvidence, "\(route.path)")
      #expect((route.work == .trial) == (route.path == "/api/v1/policy/try"))
    }
  }

  @Test func whatIsTooMuchIsSentAway() async throws {
    let queue = WorkQueue(threads: 1, maximum: 2)
    let gate = Gate()
    let first = Task { try await queue.run { gate.wait() } }
    let second = Task { try await queue.run { gate.wait() } }
    while queue.underWay < 2 { await Task.yield() }
    await #expect(throws: Problem.self) { try await queue.run {} }
    gate.open()
    try await first.value
    try await second.value
    queue.stop()
  }
}

/// Whoever waits goes on once it is open.
private final class Gate: Sendable {
  private let isOpen = Atomic(false)

  func open() { isOpen.store(true, ordering: .releasing) }
  func wait() { while !isOpen.load(ordering: .acquiring) {} }
}
