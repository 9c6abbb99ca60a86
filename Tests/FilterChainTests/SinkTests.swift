import Synchronization
import Testing

@testable import FilterChain

@Suite struct SinkTests {
  private func sink(_ configuration: String = "{}") throws -> SinkInstance {
    let yaml = """
      pipeline: test
      listen: /test
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - { authenticate: test-filters, plugin: libtest-filters.so }
        - { sink: test-filters, plugin: libtest-filters.so, with: \(configuration) }
      """
    let chain = try Chain(TestHost.load(yaml), library: TestHost().library)
    return try #require(chain.sinks.first)
  }

  private final class Acknowledged: Sendable {
    let all = Mutex<[String]>([])
    func take(_ sequence: UInt64, _ level: UInt32) { all.withLock { $0.append("\(sequence)@\(level)") } }
    var seen: [String] { all.withLock { $0 } }
  }

  private let record = Array("{}".utf8)

  @Test func feedsAndHearsBack() throws {
    let sink = try sink()
    let heard = Acknowledged()
    #expect(sink.promise == 2)
    try sink.open(log: "main", onAcknowledge: heard.take)
    #expect(try sink.recover() == 0)
    #expect(try sink.append(first: 0, records: [record, record]) == (2, 0))
    #expect(heard.seen.isEmpty)
    try sink.flush()
    #expect(heard.seen == ["1@2"])
    #expect(try sink.recover() == 2)
    sink.close()
    sink.close()
    #expect(throws: SinkInstance.Failure.self) { try sink.flush() }
    // It may be opened again.
    try sink.open(log: "main", onAcknowledge: heard.take)
    #expect(throws: SinkInstance.Failure.self) { try sink.open(log: "main", onAcknowledge: heard.take) }
  }

  @Test func takesRecordsInParts() throws {
    let sink = try sink("{ mode: slow }")
    try sink.open(log: "main", onAcknowledge: { _, _ in })
    #expect(try sink.append(first: 0, records: [record, record]) == (1, 250))
    #expect(try sink.append(first: 1, records: [record]) == (1, 250))
  }

  @Test func passesOnNoAcknowledgementThatCannotBeTrue() throws {
    let sink = try sink("{ fault: overstate }")
    let heard = Acknowledged()
    try sink.open(log: "main", onAcknowledge: heard.take)
    #expect(try sink.append(first: 0, records: [record]).accepted == 1)
    #expect(heard.seen.isEmpty)
  }

  @Test func refusesMoreThanItOffered() throws {
    let sink = try sink("{ fault: overtake }")
    try sink.open(log: "main", onAcknowledge: { _, _ in })
    #expect(throws: SinkInstance.Failure.self) { try sink.append(first: 0, records: [record]) }
  }

  @Test(arguments: [
    ("unavailable", true), ("internal", false), ("unknown-status", false), ("protected", false),
  ])
  func saysWhetherTryingAgainHelps(fault: String, isTemporary: Bool) throws {
    let sink = try sink("{ fault: \(fault) }")
    try sink.open(log: "main", onAcknowledge: { _, _ in })
    let failure = try #require(throws: SinkInstance.Failure.self) {
      try sink.append(first: 0, records: [record])
    }
    #expect(failure.isTemporary == isTemporary)
    #expect(!failure.message.contains("CANARY"))
  }
}
