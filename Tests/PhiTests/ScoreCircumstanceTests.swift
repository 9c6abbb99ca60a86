import FilterABI
import FilterHarness
import FilterKit
import Synchronization
import Testing

@testable import PhiFilter

/// As the tests' harness makes fingerprints.
private func print(_ value: String) -> [UInt8] {
  Array((Array(value.utf8) + Array(repeating: 0, count: 16)).prefix(16))
}

private let ssn = [("078-05-1120", "SSN")]
/// Thursday 26 November 2026, 16:24:08 UTC.
private let thursday: Int64 = 1_795_710_248

@Suite struct ScoreCircumstanceTests {
  private func codes(
    _ configuration: String, _ values: [(String, String)] = ssn, host: TestHost = TestHost(),
    attributes: [(String, String)] = [], roles: [UInt32] = []
  ) throws -> [TestReason] {
    try makeScore(configuration, host: host).score([request(values)], attributes: attributes, roles: roles)
      .reasons.filter { !$0.code.hasPrefix("kind/") }
  }

  @Test func combinationsAreConfigured() throws {
    let configuration =
      #"{"combinations":[{"name":"mrn-date","kinds":["MRN","DATE"],"adds":25},{"name":"name-city-age","kinds":["NAME","CITY","AGE"]}]}"#
    let values = [("100", "MRN"), ("1/2/1980", "DATE"), ("Jane Doe", "NAME"), ("02139", "ZIP")]
    // In place of name-date-place.
    #expect(try codes(configuration, values) == [TestReason("combination/mrn-date", 25, 0)])
    #expect(
      try codes(configuration, values + [("Ulm", "CITY"), ("93", "AGE")]).last
        == TestReason("combination/name-city-age", 10, 0))
  }

  @Test func destinationsAreTheUpstreamAndTheModel() throws {
    let configuration =
      #"{"destinations":[{"name":"abroad","upstream":"*.example.com","adds":20},{"name":"small","upstream":"api.example.com","model":"*-Mini*","adds":5}]}"#
    func matched(_ upstream: String, _ model: String) throws -> [String] {
      try codes(configuration, attributes: [("upstream", upstream), ("model", model)]).map(\.code)
    }
    #expect(try matched("API.example.com", "gpt-5-mini-1") == ["destination/abroad", "destination/small"])
    #expect(try matched("eu.example.com", "gpt-5-mini") == ["destination/abroad"])
    #expect(try matched("example.com", "gpt-5-mini") == [])
    #expect(try matched("api.example.com.evil.org", "x-mini") == [])
    // Nothing was found: it goes there, and there is no risk in it.
    #expect(try codes(configuration, [], attributes: [("upstream", "api.example.com")]).isEmpty)
  }

  @Test func theWayAValueTravels() throws {
    let configuration = #"{"roles":{"tool":15,"tool-arguments":30}}"#
    #expect(try codes(configuration, roles: [SLUICE_ROLE_USER]).isEmpty)
    #expect(try codes(configuration, roles: [SLUICE_ROLE_TOOL]) == [TestReason("direction/tool", 15, 0)])
    #expect(
      try codes(configuration, roles: [SLUICE_ROLE_TOOL_ARGUMENTS]).map(\.code) == [
        "direction/tool-arguments"
      ])
    #expect(try codes(configuration, [], roles: [SLUICE_ROLE_TOOL]).isEmpty)
  }

  private func isOutside(_ hours: String, at time: Int64?) throws -> Bool {
    try codes(#"{"hours":\#(hours)}"#, attributes: time.map { [("time", String($0))] } ?? []).map(\.code)
      == ["hour/outside"]
  }

  @Test func hoursInATimeZone() throws {
    let hour: Int64 = 3600
    let utc = #"{"zone":"UTC","from":"07:00","to":"17:00"}"#
    #expect(try !isOutside(utc, at: thursday))
    #expect(try isOutside(utc, at: thursday + hour))
    #expect(try isOutside(utc, at: thursday + 2 * 24 * hour))  // Saturday
    #expect(try isOutside(utc, at: nil))  // what is not known is outside
    // 17:24 in Berlin in winter, and an hour earlier by a fixed offset.
    #expect(try isOutside(#"{"zone":"Europe/Berlin","to":"17:00"}"#, at: thursday))
    #expect(try !isOutside(#"{"zone":"+00:30","to":"17:00"}"#, at: thursday))
    // In July Berlin is two hours ahead: 15:24 UTC is 17:24 there; New York is four behind.
    let july = thursday - 140 * 24 * hour - hour
    #expect(try isOutside(#"{"zone":"Europe/Berlin","to":"17:00"}"#, at: july))
    #expect(try !isOutside(#"{"zone":"America/New_York","from":"11:00","to":"12:00"}"#, at: july))
    // Over midnight: the hours of Thursday go on until Friday morning, those of Sunday don't begin.
    let night = #"{"zone":"UTC","from":"22:00","to":"06:00","days":["thu"]}"#
    #expect(try isOutside(night, at: thursday))
    #expect(try !isOutside(night, at: thursday + 7 * hour))
    #expect(try !isOutside(night, at: thursday + 12 * hour))
    #expect(try isOutside(night, at: thursday + 31 * hour))
    #expect(try isOutside(utc, at: -1))  // Wednesday, 31 December 1969, 23:59:59
  }

  @Test func whatThePersonSentBefore() throws {
    let host = TestHost()
    let configuration =
      #"{"weights":{"SSN":1,"NAME":0},"history":{"window":"60m","people":4,"values":9,"adds":35}}"#
    let time = [("time", String(thursday))]
    host.sent.withLock { sent in
      for number in 0..<3 { sent.append(("SSN", print("before \(number)"), thursday - 60)) }
      sent.append(("SSN", print("long ago"), thursday - 3601))
    }
    #expect(
      try codes(configuration, host: host, attributes: time) == [TestReason("history/people", 35, 4)])
    // The same value again is nobody new.
    host.sent.withLock { $0[0].print = print("078-05-1120") }
    #expect(try codes(configuration, host: host, attributes: time).isEmpty)
    host.sent.withLock { sent in
      for number in 0..<6 { sent.append(("PHONE", print("phone \(number)"), thursday - 5)) }
    }
    #expect(
      try codes(configuration, host: host, attributes: time) == [TestReason("history/values", 35, 9)])
    // Without a time nothing can be said, and nothing is let pass.
    #expect(throws: FilterFailure.self) { try codes(configuration, host: host) }
    #expect(throws: FilterFailure.self) { try makeScore(configuration, host: TestHost(services: [])) }
  }

  @Test(arguments: [
    (#"{"combinations":[{"name":"A","kinds":["X","Y"]}]}"#, "/combinations/0/name"),
    (#"{"combinations":[{"name":"a","kinds":["X","X"]}]}"#, "/combinations/0/kinds"),
    (#"{"combinations":[{"name":"a","kinds":["X","y"]}]}"#, "/combinations/0/kinds"),
    (#"{"combinations":[{"name":"a","kinds":["X","Y"]},{"name":"a","kinds":["X","Z"]}]}"#, "/combinations"),
    (#"{"destinations":[{"name":"a"}]}"#, "/destinations/0"),
    (#"{"hours":{}}"#, "/hours"), (#"{"hours":{"zone":"Mars/Base"}}"#, "/hours/zone"),
    (#"{"hours":{"zone":"../../etc/passwd"}}"#, "/hours/zone"),
    (#"{"hours":{"zone":"+15:00"}}"#, "/hours/zone"),
    (#"{"hours":{"zone":"UTC","from":"7:00"}}"#, "/hours/from"),
    (#"{"hours":{"zone":"UTC","from":"07:00","to":"07:00"}}"#, "/hours/to"),
    (#"{"hours":{"zone":"UTC","to":"24:00"}}"#, "/hours/to"), (#"{"history":{}}"#, "/history"),
    (#"{"history":{"people":3,"window":"25h"}}"#, "/history/window"),
    (#"{"history":{"people":3,"window":"59s"}}"#, "/history/window"),
  ])
  func mistakesAreNamedByTheirPlace(configuration: String, pointer: String) {
    let failure = #expect(throws: FilterFailure.self) { try makeScore(configuration) }
    #expect(failure?.pointer == pointer)
  }

  /// Whatever is configured: more findings never make the score smaller, their order makes no difference, and it
  /// never passes 100.
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func moreIsNeverLess(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let kinds = ["NAME", "SSN", "MRN", "DATE", "ZIP", "PHONE", "CREDENTIAL", "VENDOR_ID"]
    let host = TestHost()
    for place in 0..<number(0...20) {
      host.sent.withLock {
        $0.append((kinds[place % 8], print("old \(place)"), thursday - Int64(place * 400)))
      }
    }
    let weights = kinds.map { "\"\($0)\":\(number(0...40))" }.joined(separator: ",")
    let score = try makeScore(
      """
      {"weights":{\(weights)},"bulk":{"people":\(number(1...6)),"adds":\(number(0...60))},
       "combinations":[{"name":"one","kinds":["NAME","ZIP"],"adds":\(number(0...30))},
         {"name":"two","kinds":["SSN","DATE","PHONE"],"adds":\(number(0...30))}],
       "roles":{"user":\(number(0...20)),"tool":\(number(0...20))},
       "destinations":[{"name":"x","model":"m*","adds":\(number(0...20))}],
       "hours":{"zone":"Europe/Berlin","to":"\(number(10...19)):00","adds":\(number(0...20))},
       "history":{"people":\(number(1...12)),"values":\(number(1...30)),"adds":\(number(0...50))}}
      """, host: host)
    func run(_ values: [(String, String)]) throws -> (score: UInt32, reasons: [TestReason]) {
      try score.score([request(values)], attributes: [("model", "m1"), ("time", String(thursday))])
    }
    for _ in 0..<12 {
      var values: [(String, String)] = []
      var last: UInt32 = 0
      for _ in 0..<14 {
        values.append(("\(["Jane Roe", "x", "Moe"][number(0...2)]) \(number(0...9))", kinds[number(0...7)]))
        let result = try run(values)
        #expect(result.score >= last && result.score <= 100)
        #expect(Int(result.score) == min(100, result.reasons.reduce(0) { $0 + $1.points }))
        last = result.score
        let shuffled = try run(values.shuffled(using: &random))
        #expect(shuffled.score == result.score && shuffled.reasons == result.reasons)
      }
    }
  }
}
