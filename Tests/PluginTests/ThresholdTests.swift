import FilterABI
import FilterHarness
import FilterKit
import Testing
import ThresholdFilter

@Suite struct ThresholdTests {
  private func make(_ configuration: String) throws -> Instance<GateStage> {
    try Instance(Plugin(id: "org.sluice.threshold", version: "0.1.0").gate(ThresholdGate.self), configuration)
  }

  @Test func aScoreBelowPassesAndFromItOnWaits() throws {
    let gate = try make(
      #"{"at":70,"approvers":["privacy-officers"],"quorum":2,"expires":"15m","local-operator":false}"#)
    #expect(try gate.decide(score: 69).verdict == SLUICE_GATE_ALLOW)
    let held = try gate.decide(score: 70)
    #expect(held.verdict == SLUICE_GATE_HOLD && held.approvers == ["privacy-officers"] && held.quorum == 2)
    #expect(held.expires == 900 && !held.localOperator)
    #expect(held.reason.contains("70"))
  }

  @Test func defaultsAreOneOperatorAndAQuarterOfAnHour() throws {
    let held = try make(#"{"at":0}"#).decide(score: 0)
    #expect(held.verdict == SLUICE_GATE_HOLD && held.quorum == 1 && held.expires == 900 && held.localOperator)
  }

  @Test func aHigherScoreIsDeniedOutright() throws {
    let gate = try make(#"{"at":50,"deny-at":90}"#)
    #expect(try gate.decide(score: 89).verdict == SLUICE_GATE_HOLD)
    #expect(try gate.decide(score: 90).verdict == SLUICE_GATE_DENY)
    #expect(try gate.decide(score: 100).verdict == SLUICE_GATE_DENY)
  }

  @Test func requiredGroupsAndWhoMayBreakTheGlass() throws {
    let held = try make(
      #"{"at":0,"required":["privacy","security"],"on-expiry":"deny","break-glass":{"groups":["physicians"],"lifetime":"20m","reason":"required"}}"#
    ).decide(score: 1)
    #expect(held.required == ["privacy", "security"] && held.quorum == 2)
    #expect(held.glass == ["physicians"] && !held.glassAnyone && held.glassLifetime == 1200)
    let open = try make(#"{"at":0,"break-glass":{"anyone":true}}"#).decide(score: 1)
    #expect(open.glass == [] && open.glassAnyone && open.glassLifetime == 900)
    #expect(try make(#"{"at":0}"#).decide(score: 1).glass == nil)
  }

  @Test(arguments: [("30s", 30), ("2h", 7200), ("7d", 604_800), ("604800s", 604_800)])
  func timesAreRead(text: String, seconds: UInt64) throws {
    #expect(try make(#"{"at":1,"expires":"\#(text)"}"#).decide(score: 1).expires == seconds)
  }

  @Test(arguments: [
    (#"{"at":101}"#, "/at"), (#"{"at":-1}"#, "/at"), (#"{"at":70,"deny-at":70}"#, "/deny-at"),
    (#"{"at":1,"quorum":0}"#, "/quorum"), (#"{"at":1,"quorum":17,"approvers":["a"]}"#, "/quorum"),
    (#"{"at":1,"quorum":2}"#, "/approvers"), (#"{"at":1,"local-operator":false}"#, "/approvers"),
    (#"{"at":1,"approvers":["a","a"]}"#, "/approvers"), (#"{"at":1,"expires":"8d"}"#, "/expires"),
    (#"{"at":1,"expires":"0s"}"#, "/expires"), (#"{"at":1,"expires":"15"}"#, "/expires"),
    (#"{"at":1,"expires":"99999999999999999999d"}"#, "/expires"),
    (#"{"at":1,"expires":"1000000000000000d"}"#, "/expires"),
    (#"{"at":1,"required":["a","b"],"quorum":1}"#, "/quorum"),
    (#"{"at":1,"required":["a","a"]}"#, "/required"),
    (#"{"at":1,"break-glass":{}}"#, "/break-glass"),
    (#"{"at":1,"break-glass":{"groups":["a"],"anyone":true}}"#, "/break-glass"),
    (#"{"at":1,"break-glass":{"anyone":true,"lifetime":"8d"}}"#, "/break-glass/lifetime"),
    (#"{"at":1,"break-glass":{"anyone":true,"lifetime":"59s"}}"#, "/break-glass/lifetime"),
  ])
  func mistakesAreNamedByTheirPlace(configuration: String, pointer: String) {
    let failure = #expect(throws: FilterFailure.self) { try make(configuration) }
    #expect(failure?.pointer == pointer)
  }
}
