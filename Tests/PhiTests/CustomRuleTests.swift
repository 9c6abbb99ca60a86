import FilterABI
import FilterHarness
import Foundation
import Testing

/// Rules that a pipeline adds, and those that are refused before any text meets them.
@Suite struct CustomRuleTests {
  @Test func aPatternOfOnesOwn() throws {
    let rules = #"{"kinds":["SSN"],"patterns":[{"kind":"EMPLOYEE_ID","pattern":"emp-\\d{6}"}]}"#
    #expect(try found("of EMP-123456, xemp-123456 and emp-1234567", rules) == ["EMPLOYEE_ID:EMP-123456"])
    let exact = #"{"patterns":[{"kind":"BADGE","pattern":"B\\d{4,6}","case-sensitive":true,"whole":false}]}"#
    #expect(try found("b12345 xB123456y", exact) == ["BADGE:B123456"])
  }

  @Test func wordsBesideItMakeItSurer() throws {
    let rules =
      #"{"patterns":[{"kind":"ROOM","pattern":"[a-c]-\\d{3}","confidence":0.4,"context":["room","ward"],"context-adds":0.3}]}"#
    #expect(try found("in ward B-123", rules) == ["ROOM:B-123"])
    #expect(try found("part B-123", rules) == [])
    let less = #"{"context":[{"kind":"IP","words":["bastion"],"adds":-0.6}]}"#
    #expect(try found("bastion 203.0.113.7", less) == [])
    #expect(try found("host 203.0.113.7", less) == ["IP:203.0.113.7"])
  }

  @Test func piecesGiveWhatTheWholeGives() throws {
    let rules =
      #"{"deny":["operation sunrise"],"patterns":[{"kind":"CODE","pattern":"case of [a-z]{3,12} [a-z]{3,12}"},{"kind":"BADGE","pattern":"b\\d{3,9}"}]}"#
    let detector = try makeDetector(rules)
    let text =
      "there was a case of something special and b1234567 went on; operation sunrise was \\u0062eside B999 and SSN 536-22-8719 as well as all of the rest"
    let whole = try detector.detect([Array(text.utf8)]).findings
    #expect(Set(whole.map(\.kind)) == ["CODE", "BADGE", "ID", "SSN"])
    try expectTheSameAtEveryCut(text, detector)
  }

  @Test func listsOfFiles() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "phi-list-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("# never\nSt. Mary's\n\nproject bluebird\n".utf8).write(to: file)
    let path = file.path
    #expect(try found("about Project Bluebird", #"{"deny-files":["\#(path)"]}"#) == ["ID:Project Bluebird"])
    try Data("536-22-8719\n".utf8).write(to: file)
    #expect(try found("SSN 536-22-8719, a@b.org", #"{"allow-files":["\#(path)"]}"#) == ["EMAIL:a@b.org"])
    let failure = #expect(throws: FilterFailure.self) {
      try makeDetector(#"{"allow-files":["/nowhere/at/all"]}"#)
    }
    #expect(failure?.pointer == "/allow-files/0")
  }

  @Test func thresholdsOfKindsPathsAndRoles() throws {
    let detector = try makeDetector(
      #"{"thresholds":[{"path":"/metadata","min-confidence":1},{"role":"schema","kind":"SSN","min-confidence":1},{"kind":"EMAIL","min-confidence":0.99}]}"#
    )
    let text = [Array("SSN 536-22-8719, a@b.org".utf8)]
    #expect(try detector.detect(text).findings.map(\.kind) == ["SSN"])
    #expect(try detector.detect(text, pointer: "/metadata/user").findings.isEmpty)
    #expect(try detector.detect(text, role: SLUICE_ROLE_SCHEMA).findings.isEmpty)
  }

  @Test(arguments: [
    (#"a+bcd"#, "more than 160"), (#".*"#, "0 bytes"), (#"\d\d"#, "2 bytes"), (#"^abc"#, "'^'"),
    (#"abc$"#, "'$'"),
    (#"abc\z"#, "\\z"), (#"(abc"#, "can't be used"), (#"(?<=a)bcd"#, "can't be used"),
    (#"(a)bc\1"#, "can't be used"),
    (#"\w{3}"#, "ordinary words"), (#"[a-z]{4,9}"#, "ordinary words"),
    (#"(?:[a-z]{0,12}x){0,12}yyy"#, "can't be used|KiB"),
  ])
  func aBadPatternIsRefusedWithItsPlace(_ pattern: String, _ reason: String) throws {
    let escaped = pattern.replacing("\\", with: "\\\\")
    let failure = #expect(throws: FilterFailure.self) {
      try makeDetector(
        #"{"patterns":[{"kind":"X","pattern":"xyz\\d{4}"},{"kind":"X","pattern":"\#(escaped)"}]}"#)
    }
    #expect(failure?.pointer == "/patterns/1/pattern")
    let isSaid = reason.split(separator: "|").contains { failure?.message.contains($0) == true }
    #expect(isSaid, "\(failure?.message ?? "")")
  }
}
