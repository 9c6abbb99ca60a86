import Foundation
import PipelineModel
import Synchronization
import Testing

@testable import FilterChain

/// A bulk in pieces, with the filters that are shipped: a person in each request, and too many in all.
@Suite struct SplitBulkTests {
  private static let limit = 10

  private func chain(
    _ host: TestHost, name: String = "test", shadow: Bool = false, guarded: String = "", last: String = "",
    rehearsal: Rehearsed? = nil
  ) throws -> Chain {
    let score = """
        - score: phi
          \(shadow ? "shadow: true" : "shadow: false")
          with: { weights: { MRN: 0 }, history: { window: 60m, people: \(Self.limit), adds: 60 } }

      """
    let pipeline = try TestHost.load(
      """
      pipeline: \(name)
      listen: /\(name)
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - authenticate: keys
      \(guarded)  - detect: phi
        - mask: phi
      \(score)\(last)  - sink: file
          with: { directory: ./evidence }

      """)
    return try Chain(
      pipeline.keeping([.guard, .detect, .mask, .score]), library: host.library, rehearsal: rehearsal)
  }

  private func exchange(_ subject: String = "ana", time: Int64 = 1000) -> ExchangeContext {
    ExchangeContext(
      id: "x1", session: "s1", pipeline: "test", principal: Principal(subject: subject, established: "test"),
      attributes: [("model", Array("gpt-5".utf8))], time: time)
  }

  private func patient(_ number: Int) -> Texts { Texts("Patient with MRN \(4_482_000 + number).") }

  private func isTooMuch(_ result: RunResult) -> Bool {
    result.reasons.contains { $0.name.text == "history/people" }
  }

  /// Of requests that come at once each may be the first to be looked at, and none is overlooked.
  @Test(arguments: 1...5) func requestsThatComeAtOnceAreSeenTogether(round: Int) throws {
    let host = TestHost()
    let chain = try chain(host)
    let count = 4 * Self.limit
    let results = Mutex([Bool]())
    DispatchQueue.concurrentPerform(iterations: count) { number in
      let result = try? chain.run(patient(number), exchange: exchange(), direction: .request)
      results.withLock { $0.append(result.map(isTooMuch) ?? true) }
    }
    let passed = results.withLock { all in all.count { !$0 } }
    #expect(passed < Self.limit, "\(passed) of \(count) people")
    #expect(passed > 0)
  }

  /// While one request is between its score and its end, another comes: it is told of the first.
  @Test func whatIsUnderWayCounts() throws {
    let host = TestHost()
    let plain = try chain(host)
    for number in 0..<Self.limit - 2 {
      _ = try plain.run(patient(number), exchange: exchange(), direction: .request)
    }
    let judged = Mutex([Bool]())
    // A guard behind the score reads the texts once more.
    let guarded = try chain(
      host, name: "guarded", last: "  - guard: rules\n    with: { deny: [{ name: none, text: \"zzz\" }] }\n")
    let interrupted = Interrupted(texts: patient(Self.limit - 2)) {
      let other = try? plain.run(patient(Self.limit - 1), exchange: exchange(), direction: .request)
      judged.withLock { $0.append(other.map(isTooMuch) ?? true) }
    }
    _ = try guarded.run(interrupted, exchange: exchange(), direction: .request)
    let all = judged.withLock { $0 }
    #expect(all.first == false && all.last == true, "\(all)")
  }

  /// Texts; each time that a stage reads them, something else happens.
  private struct Interrupted: SegmentSource {
    let texts: Texts
    let happens: () -> Void

    var segmentCount: Int { texts.segmentCount }

    func withSegment(_ index: Int, _ body: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
      happens()
      texts.withSegment(index, body)
    }
  }

  @Test func oneAfterAnotherAndAcrossPipelines() throws {
    let host = TestHost()
    let chains = [try chain(host), try chain(host, name: "other")]
    let judged = try (0..<Self.limit + 2).map { number in
      isTooMuch(try chains[number % 2].run(patient(number), exchange: exchange(), direction: .request))
    }
    #expect(judged == (0..<Self.limit + 2).map { $0 >= Self.limit - 1 })
    // Another person's are another's; after the window it begins anew; a subject's case hides nobody.
    func judge(_ exchange: ExchangeContext) throws -> Bool {
      isTooMuch(try chains[0].run(patient(77), exchange: exchange, direction: .request))
    }
    #expect(try !judge(exchange("bo")))
    #expect(try judge(exchange("ANA")))
    #expect(try judge(exchange(time: 1000 + 3600)))
    #expect(try !judge(exchange("ana", time: 1000 + 2 * 3600)))
  }

  /// Each replica has its own: a limit is reached as many times as late. Documented, so that it is set accordingly.
  @Test func twoReplicasDoNotShareIt() throws {
    let chains = [try chain(TestHost()), try chain(TestHost())]
    let judged = try (0..<2 * Self.limit).map { number in
      isTooMuch(try chains[number % 2].run(patient(number), exchange: exchange(), direction: .request))
    }
    #expect(judged.firstIndex(of: true) == 2 * (Self.limit - 1))
  }

  /// Shadows and rehearsals look at requests as well, and nobody has sent anything by them.
  @Test func whatNobodySendsIsNotHeldAgainstThem() throws {
    let host = TestHost()
    let (real, shadow) = (try chain(host), try chain(host, name: "shadow", shadow: true))
    let rehearsal = try chain(host, rehearsal: Rehearsed())
    for number in 0..<2 * Self.limit {
      _ = try shadow.run(patient(number), exchange: exchange(), direction: .request)
      let rehearsed = try rehearsal.run(patient(number), exchange: exchange(), direction: .request)
      // It builds up as it would have.
      #expect(isTooMuch(rehearsed) == (number >= Self.limit - 1))
    }
    #expect(try !isTooMuch(real.run(patient(99), exchange: exchange(), direction: .request)))
    // Nor does a rehearsal tell what they have sent.
    for number in 0..<Self.limit {
      _ = try real.run(patient(number), exchange: exchange(), direction: .request)
    }
    let other = try chain(host, rehearsal: Rehearsed())
    #expect(try !isTooMuch(other.run(patient(1), exchange: exchange(), direction: .request)))
  }

  /// What a guard denies was not sent, and is not looked at by a score.
  @Test func whatAGuardDeniesIsNotNoted() throws {
    let host = TestHost()
    let denying = try chain(
      host, name: "denying",
      guarded: "  - guard: rules\n    with: { deny: [{ name: patients, text: \"Patient\" }] }\n")
    for number in 0..<2 * Self.limit {
      let result = try denying.run(patient(number), exchange: exchange(), direction: .request)
      if case .pass = result.outcome { Issue.record("the guard let it pass") }
    }
    #expect(try !isTooMuch(chain(host).run(patient(99), exchange: exchange(), direction: .request)))
  }
}
