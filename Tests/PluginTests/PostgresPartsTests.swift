import FilterKit
import Testing

@testable import PostgresFilter

@Suite struct PostgresPartsTests {
  private func envelope(_ text: String) -> RecordEnvelope {
    let bytes = Array(text.utf8)
    return RecordEnvelope(bytes.span)
  }

  @Test func aRecordsTimeIsCutToMicroseconds() {
    let record = envelope(
      #"{"data":{},"log":"l","sequence":1,"time":"2026-11-30T23:59:59.999999999Z","type":"request","v":1}"#)
    // Rounding up would put it into a month that nobody has made.
    #expect(record.time == Array("2026-11-30T23:59:59.999999Z".utf8) && !record.isAdministration)
  }

  @Test func onlyTheEnvelopesOwnTimeCounts() {
    let inside = #"{"data":{"text":"\",\"time\":\"1999-01-01T00:00:00.000000000Z\""},"log":"l","sequence":1,"#
    let record = envelope(inside + #""time":"2026-11-25T20:31:46.123456789Z","type":"administration","v":1}"#)
    #expect(record.time == Array("2026-11-25T20:31:46.123456Z".utf8) && record.isAdministration)
  }

  @Test(arguments: [
    "{}", #"{"time":"2026-11-25"}"#, #"{"a":1,"time":"2026-11-25T20:31:46.12345678"}"#,
    #"{"a":1,"time":"2026-11-25T20:31:46.123456x"}"#, #"{"a":1,"time":""#, "",
  ])
  func aRecordWithoutSuchATimeHasNone(text: String) { #expect(envelope(text).time == nil) }

  @Test func holdsAreReadFromAdministrationRecords() {
    func hold(_ data: String) -> (String, Bool, String)? {
      let bytes = Array(#"{"data":\#(data),"type":"administration","v":1}"#.utf8)
      return RecordEnvelope.hold(bytes.span).map { ($0.session, $0.isHeld, $0.reason) }
    }
    #expect(
      hold(#"{"event":"session.held","reason":"case 1","session":"ses_1"}"#)! == ("ses_1", true, "case 1"))
    #expect(hold(#"{"event":"session.released","session":"ses_1"}"#)! == ("ses_1", false, ""))
    #expect(hold(#"{"event":"key.created","session":"ses_1"}"#) == nil)
    #expect(hold(#"{"event":"session.held"}"#) == nil)
  }

  @Test func aFailedConnectionIsExplainedByItsState() {
    let text =
      "connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  28P01: password authentication failed for user \"u\"\nLOCATION:  auth_failed, auth.c:335\n"
    let failure = ConnectionMessage.failure(text)
    #expect(failure.state == "28P01" && !failure.message.contains("LOCATION"))
    #expect(ConnectionMessage.failure("FATAL:  PW:  no state").state.isEmpty)
    #expect(ConnectionMessage.failure("could not translate host name \"x\" to address").pointer == "/host")
    #expect(ConnectionMessage.failure("root certificate file \"/x\" does not exist").pointer == "/ca")
    #expect(ConnectionMessage.failure("server does not support SSL, but SSL was required").pointer == "/tls")
  }

  @Test func whatPassesByItselfIsWaitedFor() throws {
    let configuration = try Location("postgres://u@db/d").configuration
    let options = try PostgresOptions(configuration)
    func code(_ state: String, _ kind: PostgresFailure.Kind = .refused, probe: Bool) -> FilterError.Code {
      PostgresFailure(kind, "no", state: state).explained(options, isProbe: probe).code
    }
    for state in ["57P01", "57P03", "53300", "25006", "40001", "55P03"] {
      #expect(code(state, probe: true) == .unavailable && code(state, probe: false) == .unavailable)
    }
    // Wrong credentials stop a start, and are waited for later.
    for state in ["28P01", "3D000", "42501", "3F000"] {
      #expect(code(state, probe: true) == .configuration && code(state, probe: false) == .unavailable)
    }
    // Data that is never taken stops the sink.
    #expect(code("22021", probe: false) == .input && code("54000", probe: false) == .input)
    #expect(code("", .connection, probe: true) == .unavailable)
    #expect(code("", .foreign, probe: false) == .internal)
  }
}
