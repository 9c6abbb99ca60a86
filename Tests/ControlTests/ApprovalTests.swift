import Testing

@testable import Control

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

private func pending(quorum: Int, localOperator: Bool = false) -> Approval {
  Approval(
    id: "apr_1", digest: [1], pipeline: "p", subject: "ana", context: "{}", score: 80,
    terms: GateTerms(approvers: ["officers"], quorum: quorum, localOperator: localOperator), created: 0,
    expires: 100, state: .pending, decisions: [], glass: nil)
}

private func person(_ name: String, _ groups: [String] = ["officers"]) -> Approver {
  Approver(subject: name, groups: groups, established: "keys", isLocalOperator: false)
}

@Suite struct ApprovalTests {
  @Test func oneOfficerIsEnoughForAQuorumOfOne() throws {
    var approval = pending(quorum: 1)
    try approval.decide(person("bo"), .approve, comment: "", now: 1)
    #expect(approval.state == .approved)
  }

  @Test(arguments: ["ana", "ANA", "Ana"])
  func nobodyDecidesAboutTheirOwn(_ name: String) {
    var approval = pending(quorum: 1)
    #expect(throws: ControlError.self) { try approval.decide(person(name), .approve, comment: "", now: 1) }
    #expect(throws: ControlError.self) { try approval.decide(person(name), .deny, comment: "", now: 1) }
    #expect(approval.state == .pending)
  }

  @Test func strangersAndTheLocalOperatorMayNot() {
    var approval = pending(quorum: 1)
    let local = Approver(subject: "os:root", groups: [], established: "data-directory", isLocalOperator: true)
    #expect(throws: ControlError.self) {
      try approval.decide(person("bo", ["nurses"]), .approve, comment: "", now: 1)
    }
    #expect(throws: ControlError.self) { try approval.decide(local, .approve, comment: "", now: 1) }
    var open = pending(quorum: 1, localOperator: true)
    #expect(throws: Never.self) { try open.decide(local, .approve, comment: "", now: 1) }
  }

  @Test func nothingIsDecidedAfterItsTime() {
    var approval = pending(quorum: 1)
    #expect(throws: ControlError.self) { try approval.decide(person("bo"), .approve, comment: "", now: 100) }
    #expect(approval.state == .expired)
  }

  /// Whatever happens in whatever order: approved means enough different officers, none of them the asker, none
  /// against, in time.
  @Test func noWayToApprovedWithoutAQuorum() {
    var random = SeededGenerator(seed: 3)
    let people = ["ana", "bo", "BO", "cy", "di", "ed"]
    for _ in 0..<3000 {
      var approval = pending(quorum: Int.random(in: 1...3, using: &random))
      var now: Int64 = 0
      for _ in 0..<8 {
        now += Int64.random(in: 0...25, using: &random)
        let groups = Bool.random(using: &random) ? ["officers"] : ["nurses"]
        let approver = person(people.randomElement(using: &random) ?? "", groups)
        let verdict: Approval.Verdict = Int.random(in: 0...5, using: &random) == 0 ? .deny : .approve
        try? approval.decide(approver, verdict, comment: "", now: now)
        if approval.state == .approved {
          let approvers = Set(
            approval.decisions.filter { $0.verdict == .approve }.map { $0.subject.lowercased() })
          #expect(approvers.count >= approval.quorum)
          #expect(!approvers.contains("ana"))
          #expect(!approval.decisions.contains { $0.verdict == .deny })
          #expect(approval.decisions.allSatisfy { $0.time < 100 })
        }
      }
    }
  }
}
