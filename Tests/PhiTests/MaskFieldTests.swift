import FilterHarness
import FilterKit
import Testing

/// Rules for whole fields.
@Suite struct MaskFieldTests {
  @Test func aProtectedFieldGoesWhateverItContains() throws {
    let mask = try makeMask(#"{"rules":[{"path":"/patient/ssn","use":"redact"}]}"#)
    #expect(try mask.masked("n/a, ask Jane", [], pointer: "/patient/ssn") == "[FIELD]")
    #expect(try mask.masked("n/a, ask Jane", [], pointer: "/patient/ssn/0/deep") == "[FIELD]")
    #expect(try mask.masked("n/a, ask Jane", [], pointer: "/patient/ssn2") == "n/a, ask Jane")
    #expect(try mask.masked("n/a, ask Jane", [], pointer: "/patient") == "n/a, ask Jane")
  }

  @Test func starsStandForOneStep() throws {
    let mask = try makeMask(#"{"rules":[{"path":"/rows/*/note","use":"redact"}]}"#)
    #expect(try mask.masked("x", [], pointer: "/rows/17/note") == "[FIELD]")
    #expect(try mask.masked("x", [], pointer: "/rows/17/18/note") == "x")
  }

  @Test func whatWasFoundInAProtectedFieldIsAnsweredToo() throws {
    let mask = try makeMask(#"{"rules":[{"kind":"NAME","use":"keep"},{"path":"/ssn","use":"redact"}]}"#)
    let findings = [TestFinding(0..<4, "NAME"), TestFinding(9..<20, "SSN")]
    let edits = try mask.edits("Jane has 078-05-1120", findings, pointer: "/ssn")
    #expect(edits.map(\.finding) == [nil, 0, 1])
    #expect(Set(edits.map(\.replacement)) == ["[FIELD]"])
    #expect(try mask.masked("Jane has 078-05-1120", findings, pointer: "/ssn") == "[FIELD]")
  }

  @Test func aFieldThatIsKeptStillHasItsFindingsKept() throws {
    let mask = try makeMask(#"{"rules":[{"path":"/model","use":"keep"}]}"#)
    #expect(try mask.masked("Jane", [TestFinding(0..<4, "NAME")], pointer: "/model") == "Jane")
    #expect(try mask.masked("Jane", [TestFinding(0..<4, "NAME")], pointer: "/other").hasPrefix("[NAME_"))
  }

  @Test func maskingAMaskedFieldChangesNothing() throws {
    let mask = try makeMask(#"{"rules":[{"path":"/ssn","use":"placeholder"}]}"#)
    let once = try mask.masked("078-05-1120", [], pointer: "/ssn")
    #expect(once.hasPrefix("[FIELD_"))
    #expect(try mask.masked(once, [], pointer: "/ssn") == once)
  }
}
