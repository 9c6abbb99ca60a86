import FilterABI
import FilterHarness
import FilterKit
import Testing

@testable import PhiFilter

/// What somebody tries who wants a score below the gate's.
@Suite struct ScoreAttackTests {
  private func score(_ values: [(String, String)], by configuration: String = "{}") throws -> (
    score: UInt32, reasons: [TestReason]
  ) { try makeScore(configuration).score([request(values)]) }

  private func bulk(_ configuration: String, _ values: [(String, String)]) throws -> TestReason? {
    try score(values, by: configuration).reasons.first { $0.code == "bulk/people" }
  }

  /// An export needs no names: a list of addresses is one, whatever a single one weighs.
  @Test(arguments: ["EMAIL", "PHONE", "ADDRESS", "ACCOUNT", "LICENSE"])
  func aListWithoutNamesIsAnExport(kind: String) throws {
    func list(_ count: Int) -> [(String, String)] { (0..<count).map { ("value \($0)", kind) } }
    #expect(try score(list(1000)).score >= 70)
    // One person has several of them.
    #expect(try bulk("{}", list(12)) == nil)
    #expect(try bulk("{}", list(13)) == TestReason("bulk/people", 40, 5))
  }

  @Test(arguments: ["MRN", "SSN", "HEALTH_PLAN", "NAME"])
  func anExportIsHeldByWhateverTellsPeopleApart(kind: String) throws {
    #expect(try score((0..<100).map { ("Jane Doe\($0)", kind) }).score >= 70)
  }

  @Test func theLargerTheExportTheMorePoints() throws {
    let configuration = #"{"weights":{"MRN":0},"bulk":{"people":5,"adds":20}}"#
    let points = try [4, 5, 9, 10, 20, 40, 5000].map { count in
      try bulk(configuration, (0..<count).map { ("\($0)", "MRN") })?.points
    }
    #expect(points == [nil, 20, 20, 30, 40, 50, 100])
  }

  /// Whoever's identifiers are of a kind of their own.
  @Test func kindsOfAnInstallationCountPeople() throws {
    let staff = (0..<5).map { ("EMP-\($0)", "EMPLOYEE_ID") }
    #expect(try bulk("{}", staff) == nil)
    #expect(try bulk(#"{"bulk":{"kinds":["EMPLOYEE_ID"]}}"#, staff) == TestReason("bulk/people", 40, 5))
  }

  /// A full name is one however its parts are kept apart, and a name of one word however it is written.
  @Test(arguments: [
    (
      [
        "Jane\u{A0}Doe", "Jane\u{3000}Doe", "Jane\rDoe", "Jane|Doe", "Jane+Doe", "Jane_Doe", "DOE^JANE",
        "Doe,Jane",
      ],
      true
    ),
    (
      [#"Jane\u0020Doe"#, #"Jane\u00a0Doe"#, "Jane%20Doe", "Jane&#32;Doe", #"Jane\nDoe"#, "O&#39;Brien, Al"],
      true
    ),
    (
      ["O'Brien", "Jean-Luc", "Jos\u{E9}", #"Jos\u00e9"#, "O&#39;Brien", "O%27Brien", "Doe.", "D\u{F6}rte"],
      false
    ),
  ])
  func fullNames(names: [String], areFull: Bool) throws {
    for name in names {
      let values = [(name, "NAME"), ("Ann Poe", "NAME")]
      let people = try bulk(#"{"bulk":{"people":2}}"#, values)?.count
      #expect(people == (areFull ? 2 : nil), "\(name)")
    }
  }

  /// Leaving out the ZIP code, or the day of birth, hides nobody.
  @Test func aNameWithADateAndAPlaceIsSomebody() throws {
    for (date, place) in [("DATE", "ZIP"), ("AGE", "ZIP"), ("DATE", "CITY"), ("AGE", "ADDRESS")] {
      let codes = try score([("Jane Doe", "NAME"), ("x", date), ("y", place)]).reasons.map(\.code)
      #expect(codes.contains("combination/name-date-place"), "\(date) \(place)")
    }
    for values in [[("Jane Doe", "NAME"), ("x", "DATE")], [("x", "DATE"), ("y", "ZIP"), ("z", "CITY")]] {
      #expect(try !score(values).reasons.contains { $0.code.hasPrefix("combination/") })
    }
    // All of them at once count once.
    let all = [
      ("Jane Doe", "NAME"), ("a", "DATE"), ("b", "AGE"), ("c", "ZIP"), ("d", "CITY"), ("e", "ADDRESS"),
    ]
    #expect(try score(all).reasons.filter { $0.code.hasPrefix("combination/") }.map(\.points) == [10])
  }

  @Test func alternativesAreConfigured() throws {
    let configuration =
      #"{"combinations":[{"name":"a","kinds":["MRN",["DATE","AGE"]],"adds":20}]}"#
    #expect(
      try score([("1", "MRN"), ("93", "AGE")], by: configuration).reasons.last
        == TestReason("combination/a", 20, 0))
    #expect(try score([("1/2/1960", "DATE"), ("93", "AGE")], by: configuration).reasons.count == 2)
  }

  /// One patient's whole record stays below a gate at 70, beside a credential it does not.
  @Test func onePatientIsNoExport() throws {
    let record = [
      ("Jane Doe", "NAME"), ("Jane", "NAME"), ("1/2/1960", "DATE"), ("3/4/2026", "DATE"), ("100", "MRN"),
      ("078-05-1120", "SSN"), ("H1", "HEALTH_PLAN"), ("555-0100", "PHONE"), ("555-0101", "PHONE"),
      ("j@example.org", "EMAIL"), ("1 Oak St", "ADDRESS"), ("Boston", "CITY"), ("02139", "ZIP"),
      ("66", "AGE"),
    ]
    #expect(try score(record).score < 70)
    #expect(try score(record + [("sk-1", "CREDENTIAL")]).score >= 70)
  }

  /// Numbers that a host without a schema would let through never lower a score, and never trap.
  @Test(arguments: [
    (#"{"weights":{"SSN":-1}}"#, "/weights/SSN"), (#"{"weights":{"SSN":1e300}}"#, "/weights/SSN"),
    (#"{"weights":{"SSN":9223372036854775807}}"#, "/weights/SSN"),
    (#"{"weights":{"SSN":"NaN"}}"#, "/weights/SSN"),
    (#"{"weights":{"SSN":null}}"#, "/weights/SSN"), (#"{"bulk":{"people":0}}"#, "/bulk/people"),
    (#"{"bulk":{"adds":-40}}"#, "/bulk/adds"), (#"{"bulk":{"adds":4294967296}}"#, "/bulk/adds"),
    (#"{"bulk":{"kinds":["ssn"]}}"#, "/bulk/kinds"), (#"{"roles":{"user":-5}}"#, "/roles/user"),
    (#"{"combinations":[{"name":"a","kinds":["X","Y"],"adds":-1}]}"#, "/combinations/0/adds"),
    (#"{"combinations":[{"name":"a","kinds":["X",[]]}]}"#, "/combinations/0/kinds"),
    (#"{"combinations":[{"name":"a","kinds":["X",["Y","X"]]}]}"#, "/combinations/0/kinds"),
    (#"{"destinations":[{"name":"a","model":"m","adds":-1}]}"#, "/destinations/0/adds"),
    (#"{"hours":{"zone":"UTC","adds":101}}"#, "/hours/adds"),
    (#"{"history":{"people":0}}"#, "/history/people"),
    (#"{"history":{"people":1,"adds":-9}}"#, "/history/adds"),
    (#"{"hours":{"zone":"+-1:00"}}"#, "/hours/zone"), (#"{"hours":{"zone":"++1:00"}}"#, "/hours/zone"),
    (#"{"hours":{"zone":"+14:01"}}"#, "/hours/zone"),
    (#"{"hours":{"zone":"UTC","from":"+7:00"}}"#, "/hours/from"),
  ])
  func numbersOutOfBounds(configuration: String, pointer: String) {
    let failure = #expect(throws: FilterFailure.self) { try makeScore(configuration) }
    #expect(failure?.pointer == pointer)
  }

  /// A time that no clock shows is none, and outside of the hours: it neither traps nor passes for noon.
  @Test(arguments: ["9223372036854775807", "-9223372036854775808", "1e9", "", "noon", "253402300800"])
  func timesThatAreNone(time: String) throws {
    let result = try makeScore(#"{"hours":{"zone":"+14:00","adds":9}}"#).score(
      [request([("078-05-1120", "SSN")])], attributes: [("time", time)])
    #expect(result.reasons.last == TestReason("hour/outside", 9, 0))
  }

  struct Clock: Sendable {
    let zone, from, to: String
    /// When the clock is set.
    let time: Int64
    /// Of seconds around it, whether they lie outside.
    let outside: [Int64: Bool]
  }

  /// Around the hour that comes twice and the one that does not come, by the second.
  private static let clocks = [
    // Berlin: 25 October 2026, 01:00 UTC, three o'clock becomes two again.
    Clock(
      zone: "Europe/Berlin", from: "02:00", to: "03:00", time: 1_792_890_000,
      outside: [-3601: true, -3600: false, -1: false, 0: false, 3599: false, 3600: true]),
    // New York: 8 March 2026, 07:00 UTC, two o'clock becomes three: nobody is at work between.
    Clock(
      zone: "America/New_York", from: "02:00", to: "03:00", time: 1_772_953_200,
      outside: [-1: true, 0: true, 3599: true]),
    // Lord Howe: 4 April 2026, 15:00 UTC, two o'clock becomes half past one.
    Clock(
      zone: "Australia/Lord_Howe", from: "01:30", to: "02:00", time: 1_775_314_800,
      outside: [-1801: true, -1800: false, -1: false, 0: false, 1799: false, 1800: true]),
    // Kolkata is half an hour off and has no summer.
    Clock(
      zone: "Asia/Kolkata", from: "09:00", to: "10:00", time: 1_792_886_400 + 12_600,
      outside: [-1: true, 0: false, 3599: false, 3600: true]),
  ]

  @Test(arguments: clocks) func clocksThatAreSet(clock: Clock) throws {
    let days = #"["mon","tue","wed","thu","fri","sat","sun"]"#
    let score = try makeScore(
      #"{"hours":{"zone":"\#(clock.zone)","from":"\#(clock.from)","to":"\#(clock.to)","days":\#(days)}}"#)
    for (offset, isOutside) in clock.outside {
      let reasons = try score.score(
        [request([("078-05-1120", "SSN")])], attributes: [("time", String(clock.time + offset))]
      ).reasons
      #expect(reasons.contains { $0.code == "hour/outside" } == isOutside, "\(clock.zone) \(offset)")
    }
  }

  /// A placeholder says nothing of anybody, and what only looks like one hides nothing.
  @Test func placeholdersAreNoFindings() throws {
    #expect(try found("Patient [NAME_K7Q2MT], SSN [SSN_4RJ0WB], born [DATE_3RD9XB]").isEmpty)
    #expect(try found("[SSN_078-05-1120]").contains("SSN:078-05-1120"))
  }
}
