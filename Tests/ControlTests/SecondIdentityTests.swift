import Testing

@testable import Control

private func person(_ subject: String, _ email: String = "", _ established: String = "keys") -> Approver {
  Approver(
    subject: subject, email: email, groups: ["officers"], established: established, isLocalOperator: false)
}

private func request(_ number: UInt8, quorum: Int = 1) -> ApprovalRequest {
  ApprovalRequest(
    digest: [number], pipeline: "p", subject: "00u7ana", email: "Ana@clinic.example", context: "{}",
    score: 80,
    terms: GateTerms(
      approvers: ["officers"], quorum: quorum, localOperator: false,
      breakGlass: BreakGlassTerms(groups: [], anyone: true, lifetime: 900)), lifetime: 600)
}

/// One human being with a subject at the identity provider, another in a chat and a third on a key counts once.
@Suite struct SecondIdentityTests {
  private func code(_ body: () throws -> Void) -> ControlError.Code? {
    do { try body() } catch { return (error as? ControlError)?.code }
    return nil
  }

  /// As a chat's `people` may have it, or a key of one's own.
  private static let othersOfAna = [
    person("ana@clinic.example", "", "slack:T1/U1"), person("ANA@Clinic.Example"),
    person("os-ana", "ana@clinic.example"),
    person("ana+key@clinic.example"), person("ana@clinic.example."), person(" ana@clinic.example"),
    person("\u{FF41}na@clinic.example"), person("00U7ANA"), person("x", "00u7ana"),
  ]

  @Test(arguments: TestBackend.all) func nobodyApprovesTheirOwnUnderAnotherName(_ backend: TestBackend) throws
  {
    let store = try Sandbox(backend).store()
    let id = try store.ask(request(1), now: 0).approval.id
    for ana in Self.othersOfAna {
      #expect(
        code { _ = try store.decide(id, by: ana, .approve, comment: "", now: 1) } == .ownRequest, "\(ana)")
    }
    #expect(try store.approval(id, now: 2).state == .pending)
    _ = try store.decide(id, by: person("bo", "bo@clinic.example"), .approve, comment: "", now: 3)
    #expect(try store.approval(id, now: 4).state == .approved)
  }

  @Test(arguments: TestBackend.all) func aQuorumIsNotMetByOnePersonTwice(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let id = try store.ask(request(1, quorum: 2), now: 0).approval.id
    _ = try store.decide(id, by: person("00u8bo", "bo@clinic.example", "oidc"), .approve, comment: "", now: 1)
    for bo in [
      person("bo@clinic.example", "", "slack:T1/U2"), person("bo", "BO@clinic.example"), person("00U8BO"),
    ] {
      #expect(code { _ = try store.decide(id, by: bo, .approve, comment: "", now: 2) } == .alreadyDecided)
    }
    #expect(try store.approval(id, now: 3).state == .pending)
    _ = try store.decide(id, by: person("cy@clinic.example"), .approve, comment: "", now: 4)
    #expect(try store.approval(id, now: 5).state == .approved)
  }

  /// Two providers' people of one subject: with prefixes they are two, in all that a subject decides; a name without a
  /// prefix may be either, and is both.
  @Test(arguments: TestBackend.all) func twoProvidersPeopleAreTwo(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    func asked(_ number: UInt8, _ subject: String, quorum: Int = 2) -> ApprovalRequest {
      ApprovalRequest(
        digest: [number], pipeline: "p", subject: subject, context: "{}", score: 80,
        terms: GateTerms(
          approvers: ["officers"], quorum: quorum, localOperator: false,
          breakGlass: BreakGlassTerms(groups: [], anyone: true, lifetime: 900)), lifetime: 600)
    }
    let id = try store.ask(asked(1, "care:1001"), now: 0).approval.id
    for own in ["care:1001", "CARE:1001", "1001"] {
      #expect(
        code { _ = try store.decide(id, by: person(own), .approve, comment: "", now: 1) } == .ownRequest,
        "\(own)")
    }
    _ = try store.decide(id, by: person("lab:1001"), .approve, comment: "", now: 1)
    #expect(
      code { _ = try store.decide(id, by: person("lab:1001"), .approve, comment: "", now: 2) }
        == .alreadyDecided)
    _ = try store.decide(id, by: person("care:2002"), .approve, comment: "", now: 2)
    #expect(try store.approval(id, now: 3).state == .approved)
    // A grant and a broken glass are one's own.
    _ = try store.makeGrant(
      to: "care:1001", pipeline: "p", kinds: ["SSN"], maximumScore: 100, lifetime: 3600, by: person("bo"),
      comment: "study 12", now: 0)
    for (subject, passes) in [("care:1001", true), ("lab:1001", false), ("1001", false)] {
      let answer = try store.answer(asked(2, subject, quorum: 1), kinds: ["SSN"], now: 1)
      if case .granted = answer { #expect(passes, "\(subject)") } else { #expect(!passes, "\(subject)") }
    }
    let other = try store.ask(asked(3, "care:1001"), now: 4).approval.id
    for stranger in ["lab:1001", "1001"] {
      #expect(
        code {
          _ = try store.breakGlass(other, by: person(stranger), reason: "emergency", lifetime: nil, now: 5)
        } == .notAllowed)
    }
  }

  /// Without prefixes one subject of two providers is one person for quorum and self-approval: the closed side.
  @Test(arguments: TestBackend.all) func withoutPrefixesTheyAreOne(_ backend: TestBackend) throws {
    let store = try Sandbox(backend).store()
    let id = try store.ask(request(1, quorum: 2), now: 0).approval.id
    _ = try store.decide(id, by: person("1001", "", "oidc"), .approve, comment: "", now: 1)
    #expect(
      code { _ = try store.decide(id, by: person("1001", "", "login"), .approve, comment: "", now: 2) }
        == .alreadyDecided)
    #expect(
      code { _ = try store.decide(id, by: person("00u7ana", "", "login"), .approve, comment: "", now: 2) }
        == .ownRequest)
  }

  @Test(arguments: TestBackend.all) func aGrantTakesNobodysWordForThemselvesNorTwice(_ backend: TestBackend)
    throws
  {
    let store = try Sandbox(backend).store()
    func grant(by approver: Approver) throws -> Grant {
      try store.makeGrant(
        to: "00u7ana", pipeline: "p", kinds: ["SSN"], maximumScore: 100, lifetime: 3600, by: approver,
        comment: "study 12", now: 0)
    }
    func passes(_ number: UInt8, quorum: Int) throws -> Bool {
      guard case .granted = try store.answer(request(number, quorum: quorum), kinds: ["SSN"], now: 1) else {
        return false
      }
      return true
    }
    // Whoever made it did not know that both names are hers; the request that it is used for does.
    let own = try grant(by: person("ana@clinic.example", "", "slack:T1/U1"))
    #expect(try !passes(1, quorum: 1))
    let one = try grant(by: person("bo", "bo@clinic.example"))
    #expect(try passes(2, quorum: 1) && !passes(3, quorum: 2))
    #expect(
      code { _ = try store.supportGrant(one.id, by: person("bo@clinic.example"), comment: "", now: 1) }
        == .alreadyDecided)
    // Her own word beside one other's makes no two.
    _ = try store.supportGrant(own.id, by: person("cy"), comment: "", now: 1)
    #expect(try !passes(4, quorum: 2))
    _ = try store.supportGrant(one.id, by: person("cy"), comment: "", now: 1)
    #expect(try passes(5, quorum: 2))
  }

  @Test(arguments: TestBackend.all) func nobodyReviewsWhatTheyBrokeUnderAnotherName(_ backend: TestBackend)
    throws
  {
    let store = try Sandbox(backend).store()
    let id = try store.ask(request(1), now: 0).approval.id
    _ = try store.breakGlass(id, by: person("00u7ana"), reason: "emergency", lifetime: nil, now: 1)
    #expect(
      code {
        _ = try store.reviewGlass(
          id, by: person("ana@clinic.example"), isJustified: true, comment: "", now: 2)
      } == .ownRequest)
    _ = try store.reviewGlass(id, by: person("bo"), isJustified: true, comment: "", now: 3)
  }
}
