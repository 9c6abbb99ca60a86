import Testing

@testable import FilterChain

@Suite struct ReviewTests {
  @Test func stopsAtAGuardsDenial() throws {
    let chain = try TestHost().chain("detect", "guard", "mask: { fault: internal }")
    let result = try chain.run(Texts("this is FORBIDDEN 1234"))
    guard case .denied(let stage, let rule, let message) = result.outcome else {
      Issue.record("it is denied")
      return
    }
    #expect(stage == "guard/test-filters")
    #expect(rule == "no-forbidden")
    #expect(message == "That wordis forbidden.")
    #expect(result.findings.allSatisfy { $0.hasFingerprint })
  }

  @Test func letsPassWhatNobodyForbids() throws {
    let result = try TestHost().chain("guard", "guard: { mode: blind }").run(Texts("this is fine"))
    guard case .pass = result.outcome else {
      Issue.record("it passes")
      return
    }
  }

  @Test(arguments: ["silent", "twice", "no-size"]) func deniesWithoutAVerdict(fault: String) throws {
    #expect(try TestHost().chain("guard: { fault: \(fault) }").failure(Texts("fine")) == "no-verdict")
  }

  @Test func deniesOnAnUnknownVerdict() throws {
    let result = try TestHost().chain("guard: { fault: verdict }").run(Texts("fine"))
    guard case .denied = result.outcome else {
      Issue.record("it is denied")
      return
    }
  }

  @Test func takesTheHighestScore() throws {
    let stages = ["detect", "score", "score: { mode: blind }"]
    let chain = try Chain(TestHost.pipeline(stages), library: TestHost().library)
    let result = try chain.run(Texts("1234 5678 1234"))
    #expect(result.score == 30)
    #expect(result.reasons.map(\.code) == ["kind/all", "kind/all"])
    #expect(result.reasons[0].points == 30)
    #expect(result.reasons[0].count == 3)
  }

  @Test func countsASilentScoreAsTheHighest() throws {
    #expect(try TestHost().chain("detect", "score: { fault: silent }").run(Texts("x")).score == 100)
    #expect(try TestHost().chain("detect").run(Texts("x")).score == nil)
    let many = String(repeating: "1234 ", count: 30)
    #expect(try TestHost().chain("detect", "score").run(Texts(many)).score == 100)
  }

  @Test(arguments: ["bad-code", "chatty"]) func deniesReasonsThatBreakARule(fault: String) throws {
    #expect(
      try TestHost().chain("detect", "score: { fault: \(fault) }").failure(Texts("1234")) == "broken-rule")
  }

  private func gate(_ text: String, _ gates: String...) throws -> RunResult.Gate {
    let pipeline = try TestHost.pipeline(["detect", "mask", "score"] + gates)
    return try Chain(pipeline, library: TestHost().library).run(Texts(text)).gate
  }

  private static let risky = String(repeating: "1234 ", count: 6)

  @Test func asksPeople() throws {
    guard case .allow = try gate("1234", "gate") else {
      Issue.record("it is allowed")
      return
    }
    guard case .hold(let hold) = try gate(Self.risky, "gate") else {
      Issue.record("it is held")
      return
    }
    #expect(hold.approvers == ["privacy-officers"])
    #expect(hold.quorum == 1)
    #expect(hold.expires == 900)
    #expect(hold.localOperator)
    #expect(hold.reason == "The score is high.")
    #expect(hold.stage == "gate/test-filters")
  }

  @Test func makesOneQuestionOfTwoToTheSamePeople() throws {
    guard case .hold(let hold) = try gate(Self.risky, "gate", "gate: { mode: strict }") else {
      Issue.record("it is held")
      return
    }
    #expect(hold.quorum == 2)
    #expect(hold.expires == 60)
    #expect(!hold.localOperator)
  }

  @Test(arguments: ["gate: { mode: others }", "gate: { mode: deny }", "gate: { fault: verdict }"])
  func deniesWhereGatesDisagree(second: String) throws {
    guard case .deny = try gate(Self.risky, "gate", second) else {
      Issue.record("it is denied")
      return
    }
  }

  @Test(arguments: [
    ("silent", "no-verdict"), ("twice", "no-verdict"), ("nobody", "broken-rule"), ("quorum", "broken-rule"),
    ("never", "broken-rule"),
  ]) func deniesAGateThatBreaksARule(fault: String, code: String) throws {
    let chain = try TestHost().chain("detect", "score", "gate: { fault: \(fault) }")
    #expect(chain.failure(Texts(Self.risky)) == code)
  }

  @Test func looksAtResponsesWithDetectorsAndMasksAlone() throws {
    let stages = [
      "guard: { fault: internal }", "detect", "mask", "score: { fault: internal }",
      "gate: { fault: internal }",
    ]
    let chain = try Chain(TestHost.pipeline(stages), library: TestHost().library)
    let text = Array("FORBIDDEN 1234".utf8)
    #expect(try chain.run(Texts(bytes: text), .response).edited(text) == "FORBIDDEN [NUM]")
  }
}
