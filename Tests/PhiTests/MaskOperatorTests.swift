import FilterHarness
import FilterKit
import Testing

@Suite struct MaskOperatorTests {
  @Test func placeholdersStandForValuesAndNothingElseChanges() throws {
    let mask = try makeMask()
    let text = "Jane Doe came. Call Jane Doe."
    let masked = try mask.masked(text, [TestFinding(0..<8, "NAME"), TestFinding(20..<28, "NAME")])
    let match = try #require(
      masked.wholeMatch(of: /(\[NAME_[0-9A-Z]{6}\]) came\. Call (\[NAME_[0-9A-Z]{6}\])\./))
    #expect(match.1 == match.2)
  }

  @Test func everyReplicaMakesTheSamePlaceholder() throws {
    let findings = [TestFinding(0..<8, "NAME")]
    let one = try makeMask(host: TestHost()).masked("Jane Doe", findings)
    let other = try makeMask(host: TestHost()).masked("Jane Doe", findings)
    #expect(one == other)
  }

  @Test func theSameValueOfTwoKindsHasTwoPlaceholders() throws {
    let mask = try makeMask()
    let phone = try mask.masked("617-555-0123", [TestFinding(0..<12, "PHONE")])
    let fax = try mask.masked("617-555-0123", [TestFinding(0..<12, "FAX")])
    #expect(phone.dropFirst("[PHONE".count) != fax.dropFirst("[FAX".count))
  }

  @Test(arguments: [5, 6, 10]) func theCodeIsAsLongAsConfigured(length: Int) throws {
    let mask = try makeMask(#"{"placeholder":{"length":\#(length)}}"#)
    let masked = try mask.masked("078-05-1120", [TestFinding(0..<11, "SSN")])
    #expect(masked.count == "[SSN_]".count + length)
  }

  @Test func redactionNamesTheKindAndNothingOfTheValue() throws {
    let mask = try makeMask(#"{"default":"redact"}"#)
    #expect(try mask.masked("ssn 078-05-1120!", [TestFinding(4..<15, "SSN")]) == "ssn [SSN]!")
  }

  @Test(arguments: [
    ("078-05-1120", 4, "***-**-*120"),  // nine characters: a third is three
    ("4111 1111 1111 1234", 4, "**** **** **** 1234"),
    ("12345", 4, "***"), ("1", 1, "***"), ("", 4, "***"),
    ("ana.lopez@example.org", 2, "***.*****@*******.*rg"),
    ("Zoë Müller", 4, "*** ***ler"),
  ])
  func partialKeepsAtMostAThird(value: String, keepLast: Int, expected: String) throws {
    if value.isEmpty { return }
    let mask = try makeMask(#"{"default":"partial","partial":{"keep-last":\#(keepLast)}}"#)
    #expect(try mask.masked(value, [TestFinding(0..<value.utf8.count, "ID")]) == expected)
  }

  @Test func eachEditNamesItsFindingOperatorAndFingerprint() throws {
    let mask = try makeMask(#"{"rules":[{"kind":"SSN","use":"redact"},{"kind":"DATE","use":"keep"}]}"#)
    let text = "Jane Doe, 078-05-1120, 3/4/2021"
    let edits = try mask.edits(
      text, [TestFinding(0..<8, "NAME"), TestFinding(10..<21, "SSN"), TestFinding(23..<31, "DATE")], base: 100
    )
    #expect(edits.map(\.operation) == ["placeholder", "redact"])
    #expect(edits.map(\.finding) == [0, 1])
    #expect(edits.map(\.range) == [100..<108, 110..<121])
    #expect(edits.allSatisfy { $0.fingerprint.count == 16 })
  }

  @Test func aRuleCanAskForConfidence() throws {
    let mask = try makeMask(#"{"rules":[{"kind":"DATE","min-confidence":0.8,"use":"redact"}]}"#)
    #expect(try mask.masked("1/2/2020", [TestFinding(0..<8, "DATE", confidence: 8000)]) == "[DATE]")
    #expect(try mask.masked("1/2/2020", [TestFinding(0..<8, "DATE", confidence: 7999)]).hasPrefix("[DATE_"))
  }

  @Test func theFirstRuleThatFitsDecides() throws {
    let mask = try makeMask(
      #"{"rules":[{"kind":"NAME","path":"/metadata","use":"keep"},{"kind":"NAME","use":"redact"}]}"#)
    let findings = [TestFinding(0..<4, "NAME")]
    #expect(try mask.masked("Jane", findings, pointer: "/metadata/user") == "Jane")
    #expect(try mask.masked("Jane", findings, pointer: "/messages/0/content") == "[NAME]")
  }

  @Test func findingsThatLieElsewhereAreDenied() throws {
    let mask = try makeMask()
    for finding in [TestFinding(0..<9, "NAME"), TestFinding(3..<3, "NAME"), TestFinding(8..<20, "NAME")] {
      #expect(throws: FilterFailure.self) { try mask.edits("Jane Doe", [finding]) }
    }
  }

  @Test func aHostWithoutFingerprintsIsRefused() throws {
    let mask = try makeMask(host: TestHost(services: []))
    #expect(throws: FilterFailure.self) { try mask.edits("Jane", [TestFinding(0..<4, "NAME")]) }
  }

  @Test(arguments: [
    (#"{"rules":[{"use":"redact"}]}"#, "/rules/0"),
    (#"{"rules":[{"kind":"NAME","use":"redact"},{"kind":"name","use":"redact"}]}"#, "/rules/1/kind"),
    (#"{"rules":[{"path":"/x","min-confidence":0.5,"use":"redact"}]}"#, "/rules/0/min-confidence"),
    (#"{"rules":[{"kind":"NAME","use":"rot13"}]}"#, "/rules/0/use"),
    (#"{"placeholder":{"length":4}}"#, "/placeholder/length"),
  ])
  func mistakesAreNamedByTheirPlace(configuration: String, pointer: String) throws {
    let failure = #expect(throws: FilterFailure.self) { try makeMask(configuration) }
    #expect(failure?.pointer == pointer)
  }
}
