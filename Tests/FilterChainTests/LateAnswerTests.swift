import Dispatch
import Glibc
import PipelineModel
import Testing

@testable import FilterChain

/// Answers that an authenticate filter owes, in this process and from one of its own.
@Suite(.serialized) struct LateAnswerTests {
  private static func chain(_ isolation: String) throws -> (TestHost, Chain) {
    let yaml = """
      pipeline: test
      listen: /test
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - { authenticate: test-faults, plugin: libtest-faults.so, isolation: \(isolation) }
        - { sink: test-filters, plugin: libtest-filters.so }
      """
    let host = TestHost()
    return (host, try Chain(TestHost.load(yaml).keeping([.authenticate]), library: host.library))
  }

  private static func head(_ subject: String) -> HeadArena {
    var head = HeadArena()
    head.begin(method: "POST", path: "/v1/chat", peerAddress: "192.0.2.7")
    head.add(name: "x-subject", value: subject)
    return head
  }

  /// Asks, and waits where the filter answers later.
  private static func ask(_ chain: Chain, _ subject: String) -> AuthenticationOutcome {
    let isThere = DispatchSemaphore(value: 0)
    var step = chain.authenticate(head(subject)) { isThere.signal() }
    while case .waiting(let pending) = step {
      isThere.wait()
      step = chain.resume(pending)
    }
    guard case .done(let outcome) = step else { preconditionFailure("nothing else is left") }
    return outcome
  }

  @Test(arguments: IsolationTests.placements) func comeOnceAndToWhomTheyAreOwed(isolation: String) throws {
    let (_, chain) = try Self.chain(isolation)
    for subject in ["ada", "ada at-once", "eve", "eve at-once"] {
      guard case .principal(let principal) = Self.ask(chain, subject) else {
        Issue.record("\(subject) is known")
        return
      }
      #expect(principal.subject == subject)
    }
  }

  @Test func ofAProcessThatEndsTheyAreThatItIsUnavailable() throws {
    let (_, chain) = try Self.chain("process")
    guard case .principal = Self.ask(chain, "ada") else {
      Issue.record("she is known")
      return
    }
    guard case .failed(let failure) = Self.ask(chain, "crash") else {
      Issue.record("it fails")
      return
    }
    #expect(failure.code == "unavailable")
    for _ in 0..<600 {
      if case .principal = Self.ask(chain, "ada") { return }
      usleep(20_000)
    }
    Issue.record("the process is not started again")
  }

  @Test(arguments: IsolationTests.placements) func nobodyIsToldOnceTheyAreCancelled(isolation: String) throws
  {
    let (_, chain) = try Self.chain(isolation)
    for subject in ["never", "ada"] {
      guard
        case .waiting(let pending) = chain.authenticate(
          Self.head(subject), onAnswer: { Issue.record("told") })
      else {
        Issue.record("it answers later")
        return
      }
      pending.cancel()
    }
    // The late one finds its token stale, and the process lives.
    usleep(60_000)
    guard case .principal = Self.ask(chain, "eve") else {
      Issue.record("she is known")
      return
    }
  }
}
