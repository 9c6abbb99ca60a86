import Synchronization
import Testing

@testable import FilterChain

@Suite struct DetectTests {
  @Test func findsInEachSegment() throws {
    let result = try TestHost().chain("detect").run(Texts("call 5551234 now", "nothing", "", "1234"))
    #expect(result.found == ["0:5-12 NUM", "3:0-4 NUM"])
    #expect(result.findings.allSatisfy { $0.detector.text == "test/digits" && $0.confidence == 9000 })
  }

  @Test func letsTheSurestCoverAll() throws {
    // alnum finds "ab12345cd", digits "12345" within it and surer.
    let result = try TestHost().chain("detect", "detect: { mode: alnum }").run(Texts("x ab12345cd, 99a"))
    #expect(result.found == ["0:2-11 NUM", "0:13-16 CODE"])
    #expect(result.findings[0].confidence == 9000)
  }

  @Test func movesBordersOutwards() throws {
    let text = "a\u{E9}b"  // a C3 A9 b
    let result = try TestHost().chain("detect: { mode: halves }").run(Texts(text))
    #expect(result.found == ["0:1-3 HALF"])
  }

  @Test(arguments: [
    "out-of-range", "far-out-of-range", "empty", "backwards", "bad-kind", "long-kind", "bad-detector",
    "too-sure",
    "no-size", "no-finding", "flood",
  ]) func deniesFindingsThatBreakARule(fault: String) throws {
    #expect(try TestHost().chain("detect: { fault: \(fault) }").failure(Texts("1234")) == "broken-rule")
  }

  @Test(arguments: [
    ("internal", "filter-failed"), ("protected", "input"), ("unavailable", "unavailable"),
    ("unknown-status", "filter-failed"), ("strange-flow", "filter-failed"), ("pending", "pending"),
    ("long-message", "limit"), ("open", "unavailable"),
  ]) func deniesWhereAFilterFails(fault: String, code: String) throws {
    for stage in ["detect", "mask", "guard", "score", "gate"] where fault != "open" || stage != "gate" {
      let before =
        ["mask", "score"].contains(stage) ? ["detect"] : stage == "gate" ? ["detect", "score"] : []
      let pipeline = try TestHost.pipeline(before + ["\(stage): { fault: \(fault) }"])
      let chain = try Chain(pipeline, library: TestHost().library)
      let failure = try #require(throws: StageFailure.self) { try chain.run(Texts("1234")) }
      #expect(failure.code == code)
      #expect(failure.stage == "\(stage)/test-filters")
      #expect(!failure.message.contains("CANARY"))
      #expect(failure.message.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
      #expect(failure.message.utf8.count <= 512)
      #expect(
        chain.accounts.first { $0.stage == failure.stage }?.totals.failures == 1)
    }
  }

  @Test func takesFindingsOfAnABIToCome() throws {
    let result = try TestHost().chain("detect: { mode: grown }").run(Texts("12345"))
    #expect(result.found == ["0:0-5 NUM"])
  }

  @Test func refusesAnEmitterAfterItsCallAndFromOtherThreads() throws {
    let chain = try TestHost().chain("detect: { fault: late }", "detect: { mode: alnum }")
    for _ in 0..<3 {
      let result = try chain.run(Texts("1234", "x", "5678"))
      #expect(result.found == ["0:0-4 NUM", "2:0-4 NUM"])
    }
  }

  @Test func givesEachFindingAFingerprint() throws {
    let result = try TestHost().chain("detect").run(Texts("12345 12345 99999"))
    let prints = result.findings.map { finding in (0..<16).map { finding.fingerprint[$0] } }
    #expect(prints[0] == prints[1])
    #expect(prints[0] != prints[2])
    // HMAC-SHA-256 under 00 01 ... 1f of "NUM", a zero byte and "12345", as `openssl mac` has it, cut to 16 bytes.
    #expect(prints[0] == Self.fingerprintOf12345)
  }

  private static let fingerprintOf12345: [UInt8] = [
    0xa2, 0xca, 0x71, 0xa0, 0x85, 0x0f, 0xd0, 0x2e, 0x4e, 0x02, 0xf9, 0x43, 0xba, 0x34, 0xe6, 0xee,
  ]

  @Test func countsWhatItDid() throws {
    let chain = try TestHost().chain("detect", "mask")
    _ = try chain.run(Texts("1234 5678", "abc"))
    let detect = chain.accounts[0].totals
    #expect(detect.calls == 2)
    #expect(detect.bytes == 12)
    #expect(detect.findings == 2)
    #expect(detect.failures == 0)
    #expect(detect.nanoseconds > 0)
  }
}
