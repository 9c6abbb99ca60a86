import FilterABI
import Testing

@testable import FilterChain

@Suite struct FindingTests {
  private static let kinds = ["NAME", "SSN", "DATE"].map { kind($0) }
  private static let rule = named("test/rule")

  private static func kind(_ text: String) -> Name {
    unsafe text.withABI { unsafe Names.kind($0) } ?? named("x")
  }

  private static func named(_ text: String) -> Name {
    guard let name = unsafe text.withABI({ unsafe Names.rule($0) }) else {
      preconditionFailure("a valid name")
    }
    return name
  }

  private static func random(_ count: Int, _ random: inout SeededGenerator) -> [FindingReport] {
    (0..<count).map { _ in
      let start = Int.random(in: 0..<40, using: &random)
      return FindingReport(
        segment: 0, start: start, end: start + Int.random(in: 1..<8, using: &random),
        kind: kinds.randomElement(using: &random) ?? kinds[0],
        confidence: UInt32.random(in: 1...4, using: &random) * 2500, detector: rule)
    }
  }

  @Test func leavesNoReportedByteOut() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let all = Self.random(Int.random(in: 0..<12, using: &random), &random)
      var merged = all
      merged.merge(from: 0)
      let covered = Set(merged.flatMap { $0.start..<$0.end })
      #expect(covered == Set(all.flatMap { $0.start..<$0.end }))
      for (one, next) in zip(merged, merged.dropFirst()) { #expect(one.end <= next.start) }
      // The kind is that of a surest one of those that it covers.
      for finding in merged {
        let inside = all.filter { $0.start >= finding.start && $0.end <= finding.end }
        let surest = inside.map(\.confidence).max()
        #expect(finding.confidence == surest)
        #expect(inside.contains { $0.kind == finding.kind && $0.confidence == surest })
      }
    }
  }

  @Test func doesNotDependOnTheOrder() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<300 {
      let all = Self.random(8, &random)
      var whole = all
      whole.merge(from: 0)
      // In another order, and a few at a time, as a stream has them.
      var pieces: [FindingReport] = []
      for finding in all.shuffled(using: &random) {
        pieces.append(finding)
        pieces.merge(from: 0)
      }
      #expect(
        pieces.map { [$0.start, $0.end, Int($0.confidence)] }
          == whole.map { [$0.start, $0.end, Int($0.confidence)] })
      #expect(pieces.map(\.kind) == whole.map(\.kind))
    }
  }

  @Test func offersAgainWhatAMaskHasDealtWithInPart() {
    var findings = [
      FindingReport(segment: 0, start: 0, end: 5, kind: Self.kinds[0], confidence: 9000, detector: Self.rule),
      FindingReport(segment: 0, start: 3, end: 9, kind: Self.kinds[1], confidence: 10, detector: Self.rule),
    ]
    findings[0].operation = Self.named("redact")
    findings.merge(from: 0)
    #expect(findings.count == 1)
    #expect(findings[0].operation == nil)
    #expect(findings[0].end == 9)
  }

  @Test func keepsWhatAMaskHasDealtWithWhole() {
    var findings = [
      FindingReport(segment: 0, start: 0, end: 9, kind: Self.kinds[0], confidence: 10, detector: Self.rule),
      FindingReport(segment: 0, start: 3, end: 9, kind: Self.kinds[1], confidence: 9000, detector: Self.rule),
    ]
    findings[0].operation = Self.named("redact")
    findings.merge(from: 0)
    #expect(findings.map(\.kind) == [Self.kinds[0]])
    #expect(findings[0].operation != nil)
  }

  @Test func internsNamesAndRefusesOthers() {
    #expect(Self.kind("NAME") == Self.kinds[0])
    #expect(Self.kinds[0].text == "NAME")
    for bad in ["", "name", "Jane Doe", "123456789", "_X", "ÄRZTE", String(repeating: "A", count: 33)] {
      #expect(unsafe bad.withABI { unsafe Names.kind($0) } == nil)
    }
    for bad in ["", "Test", "a b", "4/x", String(repeating: "a", count: 65)] {
      #expect(unsafe bad.withABI { unsafe Names.rule($0) } == nil)
    }
    #expect(unsafe Names.kind(sluice_bytes(data: nil, length: .max)) == nil)
  }
}
