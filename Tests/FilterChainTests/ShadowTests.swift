import PipelineModel
import Testing

@testable import FilterChain

@Suite struct ShadowTests {
  private static let real = ["guard", "detect", "mask", "score", "gate"]

  private func chain(_ shadows: [String]) throws -> Chain {
    let kinds: Set<StageKind> = [.guard, .detect, .mask, .score, .gate]
    return try Chain(
      TestHost.pipeline(Self.real + shadows.map { "\($0), shadow: true" }).keeping(kinds),
      library: TestHost().library)
  }

  /// All of a result that anything depends on.
  private func image(_ result: RunResult) -> String {
    let edits = result.edits.map { "\($0.segment):\($0.range)=\(result.arena[$0.replacement])" }
    let findings = result.findings.map { finding in
      "\(finding.segment):\(finding.start)-\(finding.end) \(finding.kind.text) \(finding.operation?.text ?? "") \((0..<16).map { finding.fingerprint[$0] })"
    }
    return
      "\(result.outcome) \(findings) \(edits) \(result.score ?? 999) \(result.reasons.map(\.code)) \(result.gate)"
  }

  private static let shadows = [
    "guard: {}", "guard: { fault: verdict }", "guard: { fault: silent }", "guard: { fault: open }",
    "detect: {}", "detect: { mode: alnum }", "detect: { mode: eager }", "detect: { fault: out-of-range }",
    "detect: { fault: internal }", "detect: { fault: flood }", "mask: {}", "mask: { fault: internal }",
    "score: {}", "score: { fault: silent }", "score: { fault: bad-code }", "gate: {}",
  ]

  /// Whatever shadows there are and whatever they do: the result is that of the pipeline without them.
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func nothingDependsOnAShadow(seed: UInt64) throws {
    var random = Seeded(state: seed)
    let chosen = (0..<4).map { _ in Self.shadows.randomElement(using: &random) ?? "" }
    let (plain, shadowed) = (try chain([]), try chain(chosen))
    for text in [
      "fine", "1234 and 5678 a1b2c3", "this is FORBIDDEN 1234", String(repeating: "98765 ", count: 12), "",
      "ünï 4711 1234 x9y8",
    ] {
      for direction in [ExchangeContext.Direction.request, .response] {
        let (one, other) = (
          try plain.run(Texts(text, "4321 b2b2"), direction),
          try shadowed.run(Texts(text, "4321 b2b2"), direction)
        )
        #expect(image(one) == image(other), "\(chosen)")
      }
    }
  }

  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) | (state << 31)
    }
  }

  private func reports(_ text: String, _ shadows: String...) throws -> [ShadowReport] {
    try chain(shadows).run(Texts(text)).shadows
  }

  @Test func oneThatAgreesSaysSo() throws {
    let all = try reports("1234 fine", "guard: {}", "detect: {}", "mask: {}", "score: {}", "gate: {}")
    #expect(all.map(\.differs) == [false, false, false, false, false])
    #expect(all.allSatisfy { $0.failure == nil })
    #expect(
      all.map(\.stage) == ["guard", "detect", "mask", "score", "gate"].map { "shadow/\($0)/test-filters" })
  }

  @Test func aDetectorSaysWhatItAloneFinds() throws {
    let found = try reports("1234 a1b2c3", "detect: { mode: alnum }")[0].found
    // The same place as another kind is a difference, too.
    #expect(
      found == [
        ShadowReport.Found(kind: "CODE", added: 2, missed: 0),
        ShadowReport.Found(kind: "NUM", added: 0, missed: 1),
      ])
  }

  @Test func aScoreIsShownWhatAShadowDetectorFound() throws {
    let all = try reports("a1b2c3 d4e5f6", "score: {}", "detect: { mode: alnum }", "score: {}")
    #expect(all[0].score == 0 && !all[0].differs)
    #expect(all[2].score == 20 && all[2].differs)
  }

  @Test func aGateIsGivenTheShadowsScore() throws {
    let all = try reports(
      "a1b2c3 d4e5f6 g7h8i9 j1k2l3 m4n5o6 p7q8r9", "gate: {}", "detect: { mode: alnum }", "score: {}",
      "gate: {}")
    #expect(all[0].verdict == "allow" && !all[0].differs)
    #expect(all[3].verdict == "hold" && all[3].differs)
  }

  @Test func aFaultIsSaidAndDeniesNothing() throws {
    let all = try reports(
      "1234", "guard: { fault: silent }", "detect: { fault: internal }", "score: { fault: bad-code }")
    #expect(all.map(\.failure) == ["no-verdict", "filter-failed", "broken-rule"])
  }

  @Test func answersHaveShadowsOfDetectorsAndMasksAlone() throws {
    let result = try chain(["guard: {}", "detect: { mode: alnum }", "score: {}", "gate: {}"])
      .run(Texts("a1b2c3"), .response)
    #expect(result.shadows.map(\.stage) == ["shadow/detect/test-filters"])
  }

  @Test func aBodyThatIsTooLargeHasNone() throws {
    let large = String(repeating: "x ", count: Chain.shadowText / 2 + 1)
    #expect(try reports(large, "detect: {}").map(\.failure) == ["budget"])
  }

  @Test func aKnownScoreIsTakenInPlaceOfTheStages() throws {
    let chain = try chain([])
    let result = try chain.run(Texts("1234"), exchange: .test(), direction: .request, knownScore: 80)
    #expect(result.score == 80 && result.reasons.isEmpty && result.gate.verdict == "hold")
  }
}
