import FilterABI
import FilterHarness
import FilterKit
import Testing

@testable import PhiFilter

@Suite struct ScoreTests {
  @Test func nothingFoundIsNoRisk() throws {
    let result = try makeScore().score([("hello", [])])
    #expect(result.score == 0 && result.reasons.isEmpty)
  }

  @Test func theSameValueCountsOnceWhereverItStands() throws {
    let score = try makeScore(#"{"weights":{"SSN":30}}"#)
    let once = try score.score([request([("078-05-1120", "SSN")])])
    let twice = try score.score([
      request([("078-05-1120", "SSN"), ("078-05-1120", "SSN")]), request([("078-05-1120", "SSN")]),
    ])
    #expect(once.score == 30 && twice.score == 30)
    #expect(twice.reasons == [TestReason("kind/ssn", 30, 1)])
  }

  @Test func moreValuesAddLessAndLess() {
    let points = [1, 2, 4, 8, 1_000_000].map { PhiScoreSession.points(10, $0) }
    #expect(points == [10, 15, 20, 25, 100])
    #expect(points == points.sorted())
  }

  @Test func manyPeopleLookLikeAnExport() throws {
    let score = try makeScore(#"{"weights":{"NAME":0},"bulk":{"people":3,"adds":40}}"#)
    let two = try score.score([request([("Jane Doe", "NAME"), ("John Roe", "NAME")])])
    #expect(two.score == 0)
    let three = try score.score([request([("Jane Doe", "NAME"), ("John Roe", "NAME"), ("Ann Poe", "NAME")])])
    #expect(three.reasons == [TestReason("bulk/people", 40, 3)])
  }

  @Test func partsOfNamesAreHalfAPerson() throws {
    let score = try makeScore(#"{"weights":{"NAME":0},"bulk":{"people":3,"adds":40}}"#)
    // One patient whose name is taken apart is not three.
    let one = try score.score([
      request([("Jane Doe", "NAME"), ("Jane", "NAME"), ("Doe", "NAME"), ("Mary", "NAME")])
    ])
    #expect(one.score == 0)
    let columns = try score.score([request(["Ann", "Bob", "Cid", "Poe", "Roe", "Moe"].map { ($0, "NAME") })])
    #expect(columns.reasons == [TestReason("bulk/people", 40, 3)])
  }

  @Test func identifiersCountPeopleToo() throws {
    let score = try makeScore(#"{"weights":{"MRN":0},"bulk":{"people":3,"adds":40}}"#)
    #expect(try score.score([request([("100", "MRN"), ("101", "MRN"), ("102", "MRN")])]).score == 40)
  }

  @Test func aCombinationTellsWhoItIs() throws {
    let score = try makeScore(#"{"weights":{"NAME":0,"DATE":0,"ZIP":0}}"#)
    let values = [("Jane Doe", "NAME"), ("1/2/1980", "DATE"), ("02139", "ZIP")]
    #expect(try score.score([request(values)]).reasons == [TestReason("combination/name-date-place", 10, 0)])
    #expect(try score.score([request(Array(values.dropLast()))]).score == 0)
  }

  @Test func theScoreStopsAtAHundred() throws {
    let values = ["SSN", "MRN", "ACCOUNT", "CREDENTIAL", "BIOMETRIC"].map { ("value \($0)", $0) }
    let score = try makeScore(#"{"weights":{"SSN":60,"MRN":60,"ACCOUNT":60}}"#)
    #expect(try score.score([request(values)]).score == 100)
  }

  @Test func kindsWithoutAWeightCount() throws {
    #expect(
      try makeScore().score([request([("EMP-123456", "EMPLOYEE_ID")])]).reasons == [
        TestReason("kind/employee-id", 3, 1)
      ])
  }

  @Test func findingsWithoutFingerprintsAllCount() throws {
    let score = try makeScore(#"{"weights":{"SSN":10}}"#)
    let values = request([("078-05-1120", "SSN"), ("078-05-1120", "SSN")])
    #expect(try score.score([values], withFingerprints: false).reasons == [TestReason("kind/ssn", 15, 2)])
  }

  @Test func answersAreNobodysRequest() throws {
    let values = request([("078-05-1120", "SSN")])
    #expect(try makeScore().score([values], direction: SLUICE_DIRECTION_RESPONSE).score == 0)
  }

  @Test func theOrderOfValuesMakesNoDifference() throws {
    let score = try makeScore()
    var generator = SeededGenerator(seed: 3)
    var values = (0..<60).map {
      ("value \($0 % 23) of \($0 % 5)", ["NAME", "SSN", "DATE", "ZIP", "MRN"][$0 % 5])
    }
    let expected = try score.score([request(values)])
    for _ in 0..<20 {
      values.shuffle(using: &generator)
      let result = try score.score([request(values)])
      #expect(result.score == expected.score && result.reasons == expected.reasons)
    }
  }

  @Test(arguments: [#"{"weights":{"ssn":1}}"#, #"{"weights":{"SSN":101}}"#, #"{"weights":{"SSN":1.5}}"#])
  func badWeightsAreNamed(configuration: String) {
    let failure = #expect(throws: FilterFailure.self) { try makeScore(configuration) }
    #expect(failure?.pointer.hasPrefix("/weights/") == true)
  }
}
