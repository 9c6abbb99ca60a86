import Dispatch
import PipelineModel
import Testing

@testable import FilterChain

/// What filters' work costs, and what follows where one takes too long.
@Suite(.serialized) struct AccountingTests {
  /// A chain with the detector that sleeps for 3 s where a text says so, and a budget of 2 s: enough for all else on a busy machine.
  private static func slow(_ isolation: String) throws -> (TestHost, Chain) {
    let yaml = """
      pipeline: slow
      listen: /test
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - { authenticate: test-filters, plugin: libtest-filters.so }
        - { detect: test-faults, plugin: libtest-faults.so, isolation: \(isolation), budget: 2s }
        - { mask: test-filters, plugin: libtest-filters.so }
        - { sink: test-filters, plugin: libtest-filters.so }
      """
    let host = TestHost()
    return (host, try Chain(TestHost.load(yaml).keeping([.detect]), library: host.library))
  }

  @Test func aCallOverItsBudgetIsDeniedAndTheFilterUnhealthy() throws {
    let (_, chain) = try Self.slow("none")
    #expect(chain.failure(Texts("a 7")) == nil)
    #expect(!chain.accounts[0].isUnhealthy)
    #expect(chain.failure(Texts("slower 7")) == "over-budget")
    #expect(chain.accounts[0].isUnhealthy)
    #expect(chain.accounts[0].totals.overruns == 1)
    #expect(chain.accounts[0].totals.failures == 1)
    // One may happen to anybody.
    #expect(chain.failure(Texts("a 7")) == nil)
    #expect(!chain.accounts[0].isUnhealthy)
  }

  @Test func aFilterThatIsLateAgainIsLeftAlone() throws {
    let (_, chain) = try Self.slow("none")
    #expect(chain.failure(Texts("slower 7")) == "over-budget")
    #expect(chain.failure(Texts("slower 7")) == "over-budget")
    let calls = chain.accounts[0].totals.calls
    #expect(chain.failure(Texts("a 7")) == "suspended")
    #expect(chain.accounts[0].totals.calls == calls)
    // It is tried again, and is well.
    while chain.failure(Texts("a 7")) == "suspended" {}
    #expect(!chain.accounts[0].isUnhealthy)
  }

  @Test func anIsolatedFilterThatIsLateIsEndedAndStartedAgain() throws {
    let (_, chain) = try Self.slow("process")
    #expect(IsolationTests.runsAgain(chain))
    #expect(chain.failure(Texts("slower 7")) == "over-budget")
    #expect(IsolationTests.runsAgain(chain))
    #expect(!chain.accounts[0].isUnhealthy)
    let process = try #require(chain.processes.first)
    #expect(process.restarts >= 1 && process.process > 0 && process.residentBytes > 0)
  }

  @Test func pausesGrowAndOneIsAdmittedAfterEach() {
    let health = FilterHealth()
    let second = 1_000_000_000
    health.overran(at: second, mayPause: true)
    #expect(health.isUnhealthy && health.admits(at: second))
    health.overran(at: second, mayPause: true)
    #expect(!health.admits(at: 2 * second - 1))
    #expect(health.admits(at: 2 * second))
    // The others wait for what comes of it.
    #expect(!health.admits(at: 2 * second))
    health.overran(at: 3 * second, mayPause: true)
    #expect(!health.admits(at: 5 * second - 1))
    for _ in 0..<100 { health.overran(at: 0, mayPause: true) }
    #expect(!health.admits(at: 60 * second - 1) && health.admits(at: 60 * second))
    health.wasInTime()
    #expect(!health.isUnhealthy && health.admits(at: 0))
  }

  @Test func allThreadsWorkIsCounted() throws {
    let host = TestHost()
    let chain = try host.chain("detect", "detect", "mask")
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<500 { _ = try? chain.run(Texts("ab 1234 and 56789")) }
    }
    #expect(
      chain.accounts.map(\.stage) == ["detect/test-filters", "detect/test-filters#2", "mask/test-filters"])
    for account in chain.accounts {
      #expect(account.totals.calls == 4000)
      #expect(account.totals.bytes == 4000 * 17)
      #expect(account.totals.failures == 0 && account.totals.nanoseconds > 0)
    }
    #expect(chain.accounts[0].totals.findings == 8000)
  }

  @Test func heldTextIsCountedInStreams() throws {
    let chain = try TestHost().chain("detect", "mask")
    let stream = try chain.openStream(.test())
    let channel = stream.openChannel(pointer: Array("/text".utf8), role: 4)
    var out: [UInt8] = []
    try stream.feed(channel, Array("abc ".utf8).span, end: false, into: &out)
    let before = chain.accounts[0].totals.holds
    try stream.feed(channel, Array("12".utf8).span, end: false, into: &out)
    #expect(chain.accounts[0].totals.holds == before + 1)
  }

  @Test func countersOutliveTheInstances() throws {
    let host = TestHost()
    for round in 1...3 {
      let chain = try host.chain("detect")
      _ = try chain.run(Texts("1234"))
      #expect(chain.accounts[0].totals.calls == round)
    }
  }
}
