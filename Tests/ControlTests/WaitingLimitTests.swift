import Foundation
import Synchronization
import Testing

@testable import Control

private func request(_ number: Int, of subject: String = "ana", email: String = "", most: Int = 3)
  -> ApprovalRequest
{
  ApprovalRequest(
    digest: Array(String(number).utf8), pipeline: "p\(number % 2)", subject: subject, email: email,
    context: "{}", score: 80,
    terms: GateTerms(approvers: ["officers"], quorum: 1, localOperator: false), lifetime: 600,
    maximumWaiting: most)
}

/// Nobody has more requests that wait than they may.
@Suite struct WaitingLimitTests {
  private func isTooMany(_ store: Store, _ request: ApprovalRequest, now: Int64 = 0) throws -> Bool {
    do {
      _ = try store.ask(request, now: now)
      return false
    } catch {
      guard error.code == .tooMany else { throw error }
      return true
    }
  }

  @Test(arguments: TestBackend.all) func onePersonHasSoMany(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let ids = try (0..<3).map { try store.ask(request($0), now: 0).approval.id }
    #expect(try isTooMany(store, request(3)))
    // What waits already is found, and others have room.
    #expect(try store.ask(request(1), now: 0).isNew == false)
    #expect(try !isTooMany(store, request(4, of: "bo")))
    // A pipeline that allows more, and one that allows less.
    #expect(try !isTooMany(store, request(5, most: 4)) && isTooMany(store, request(6, most: 4)))
    // What is decided, and what has expired, waits no more.
    let officer = Approver(subject: "di", groups: ["officers"], established: "keys", isLocalOperator: false)
    for id in ids.prefix(2) { _ = try store.decide(id, by: officer, .approve, comment: "", now: 1) }
    #expect(try !isTooMany(store, request(3), now: 1) && isTooMany(store, request(7), now: 1))
    #expect(try !isTooMany(store, request(7), now: 600))
  }

  @Test(arguments: TestBackend.all) func whateverTheyAreCalled(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    for (number, name) in ["00u7ana", "ana", "os-ana"].enumerated() {
      _ = try store.ask(request(number, of: name, email: "ana@clinic.example"), now: 0)
    }
    #expect(try isTooMany(store, request(3, of: "another", email: "ana@clinic.example")))
    // Whoever has no address is not everybody who has none.
    for number in 4..<7 { _ = try store.ask(request(number, of: "nobody-\(number)"), now: 0) }
    #expect(try !isTooMany(store, request(8, of: "nobody-8")))
  }

  /// Two gateways that are asked at once don't each take the last place.
  @Test(arguments: TestBackend.all) func theLastPlaceIsTakenOnce(_ backend: TestBackend) throws {
    let sandbox = Sandbox(backend)
    let stores = [try sandbox.store(), try sandbox.store()]
    let made = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 24) { number in
      // A transaction that gave up on the others is no place taken.
      guard (try? stores[number % 2].ask(request(number, most: 5), now: 0)) != nil else { return }
      made.withLock { $0 += 1 }
    }
    let waiting = try stores[0].approvals(.pending, limit: 100, now: 0).count
    #expect(waiting <= 5 && waiting == made.withLock { $0 } && waiting > 0)
  }
}
