import FilterHarness
import FilterKit
import JSONTree
import Testing

@testable import PostgresFilter

@Suite struct PostgresOptionsTests {
  private func options(_ more: String = "") throws -> PostgresOptions {
    try PostgresOptions(try JSONReader.read(Array(#"{"host":"db","database":"d","user":"u"\#(more)}"#.utf8)))
  }

  private func make(_ more: String) throws -> Instance<SinkStage> {
    try Instance(
      Plugin(id: "org.sluice.postgres", version: "0.1.0").readableSink(PostgresSink.self),
      #"{"host":"db.example.org","database":"d","user":"u"\#(more)}"#)
  }

  @Test func whatIsLeftOutHasTheSafeValue() throws {
    let options = try options()
    #expect(
      options.tls == .verifyFull && options.schema == "sluice" && options.migrates && !options.isReplicated)
    #expect(options.timeout == 30 && options.port == 5432 && options.retention == nil)
  }

  @Test(arguments: ["/run/postgresql", "localhost", "127.0.0.1", "127.8.9.1", "::1", "127.0.0.1,localhost"])
  func onlyTheMachineItselfGoesWithoutTLS(host: String) throws {
    let json = #"{"host":"\#(host)","database":"d","user":"u"}"#
    #expect(try PostgresOptions(try JSONReader.read(Array(json.utf8))).tls == .disable)
  }

  @Test(arguments: ["db", "127.0.0.1.example.org", "127.0.0.1,db", "localhost.example.org", "10.0.0.1"])
  func everythingElseIsVerified(host: String) throws {
    let json = #"{"host":"\#(host)","database":"d","user":"u"}"#
    #expect(try PostgresOptions(try JSONReader.read(Array(json.utf8))).tls == .verifyFull)
  }

  @Test(arguments: [
    (#","schema":"public""#, "/schema"), (#","schema":"pg_mine""#, "/schema"),
    (#","certificate":"c.pem""#, "/key"), (#","key":"k.pem""#, "/certificate"),
    (#","tls":"require","ca":"ca.pem""#, "/ca"), (#","statement-timeout":"9999s""#, "/statement-timeout"),
    (#","retention":{"keep":"36501d"}"#, "/retention/keep"), (#","password":"hunter2""#, "/password"),
  ])
  func mistakesAreNamedByTheirPlace(more: String, pointer: String) {
    let failure = #expect(throws: FilterFailure.self) { try make(more) }
    #expect(failure?.pointer == pointer)
    #expect(failure?.message.contains("hunter2") == false)
  }

  @Test func whatIsPromisedFollowsTheDurability() throws {
    #expect(try make("").promises == 2)
    #expect(try make(#","durability":"replicated""#).promises == 3)
  }

  @Test func aPlaceIsReadFromItsURL() throws {
    let place = try Location(
      "postgres://sluice%5Fauditor@[::1]:5433/evi%64ence?schema=s&password=env:P&tls=require")
    let options = try PostgresOptions(place.configuration)
    #expect(options.host == "::1" && options.port == 5433 && options.user == "sluice_auditor")
    #expect(options.database == "evidence" && options.schema == "s" && options.tls == .require)
    #expect(options.password == .environment("P") && !options.migrates)
  }

  @Test(arguments: [
    "postgres://db/evidence", "postgres://u@db", "postgres://u@db:port/d",
    "postgres://u@db/d?sslmode=disable",
    "postgres://u@db/d?tls", "postgres://u%zz@db/d", "mysql://u@db/d", "postgres://u@/d",
    "postgres://u@db/%ff",
  ])
  func otherPlacesAreRefused(text: String) {
    #expect(throws: FilterError.self) { try Location(text) }
  }

  @Test func aPasswordInAURLIsRefusedAndNotRepeated() {
    let failure = #expect(throws: FilterError.self) { try Location("postgres://u:hunter2@db/d") }
    #expect(failure?.message.contains("hunter2") == false)
  }
}
