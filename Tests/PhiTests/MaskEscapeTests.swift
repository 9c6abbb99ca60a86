import FilterHarness
import Testing

/// A value in a notation of escapes is the value.
@Suite struct MaskEscapeTests {
  private func masked(_ value: String, _ kind: String, _ configuration: String = "{}") throws -> String {
    try makeMask(configuration).masked(value, [TestFinding(0..<value.utf8.count, kind)])
  }

  @Test(arguments: [
    (#"Jos\u00e9 Garc\u00eda"#, "José García", "NAME"), ("Jane%20Doe", "Jane Doe", "NAME"),
    ("O&#39;Brien", "O'Brien", "NAME"), ("03%2F14%2F1961", "03/14/1961", "DATE"),
    ("536&#45;22&#45;8719", "536-22-8719", "SSN"),
    ("m.holloway%40example.com", "m.holloway@example.com", "EMAIL"),
    (#"42 Oak Street\nApt 4"#, "42 Oak Street Apt 4", "ADDRESS"),
  ])
  func itsPlaceholderIsThatOfTheValue(_ escaped: String, _ plain: String, _ kind: String) throws {
    #expect(try masked(escaped, kind) == masked(plain, kind))
    #expect(try masked(escaped, kind, #"{"default":"hash"}"#) == masked(plain, kind, #"{"default":"hash"}"#))
  }

  @Test func otherOperatorsReadItToo() throws {
    let ages = #"{"default":"generalise"}"#
    #expect(try masked("03%2F14%2F1961", "DATE", ages) == masked("03/14/1961", "DATE", ages))
    let last = #"{"default":"partial","partial":{"keep-last":4}}"#
    // Not four signs of an escape, nor more digits than asked for.
    #expect(try masked("%35%33%36-22-8719", "SSN", last) == masked("536-22-8719", "SSN", last))
  }

  @Test func escapesOfPasswordsAndPagesAreTheirOwn() throws {
    #expect(try masked("p%41ss-w0rd", "CREDENTIAL") != masked("pAss-w0rd", "CREDENTIAL"))
    #expect(try masked("100%", "ID") != masked("100", "MRN"))
  }
}
