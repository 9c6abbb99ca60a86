import Testing

@testable import FilterChain

@Suite struct MaskTests {
  private func masked(_ text: String, _ stages: String...) throws -> String {
    let pipeline = try TestHost.pipeline(stages)
    let bytes = Array(text.utf8)
    return try Chain(pipeline, library: TestHost().library).run(Texts(bytes: bytes)).edited(bytes)
  }

  @Test func putsReplacementsInPlace() throws {
    #expect(try masked("call 5551234 or 1111", "detect", "mask") == "call [NUM] or [NUM]")
    #expect(try masked("nothing", "detect", "mask") == "nothing")
    #expect(try masked("call 5551234", "detect", "mask: { mode: rest }") == "call 55512[NUM]")
  }

  @Test func makesOneEditOfThoseThatOverlap() throws {
    #expect(try masked("a 12345 b", "detect", "mask: { mode: overlap }") == "a [NUM] b")
  }

  @Test func keepsEditsOnBordersOfCodePoints() throws {
    // The edit of the second byte takes the whole code point; what is inserted inside it goes before it, and is one
    // edit with it then.
    #expect(try masked("aéb", "detect", "mask: { mode: insides }") == "a_b")
  }

  @Test func offersTheRestToTheNextMask() throws {
    let stages = ["detect", "detect: { mode: alnum }", "mask: { mode: numbers }", "mask: { mode: prints }"]
    let chain = try Chain(TestHost.pipeline(stages), library: TestHost().library)
    let text = Array("1234 a1b".utf8)
    let result = try chain.run(Texts(bytes: text))
    #expect(result.edited(text) == "[NUM] [CODE]")
    #expect(result.findings.map { $0.operation?.text } == ["placeholder", "placeholder"])
    #expect((0..<16).map { result.findings[1].fingerprint[$0] } == Array("0123456789abcdef".utf8))
  }

  @Test func notesWhatIsKept() throws {
    let chain = try TestHost().chain("detect: { mode: alnum }", "mask: { mode: numbers }")
    let result = try chain.run(Texts("a1b"))
    #expect(result.edits.isEmpty)
    #expect(result.findings.map { $0.operation?.text } == [nil])
    #expect(result.findings[0].hasFingerprint)
  }

  @Test(arguments: [
    "outside", "backwards", "bad-text", "bad-operation", "no-operation", "bad-finding", "bad-print", "huge",
  ]) func deniesEditsThatBreakARule(fault: String) throws {
    #expect(
      try TestHost().chain("detect", "mask: { fault: \(fault) }").failure(Texts("1234")) == "broken-rule")
  }

  @Test func mergesEditsInAnyOrder() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      var arena = 0
      let edits = (0..<Int.random(in: 0..<8, using: &random)).map { _ -> EditPlan in
        let start = Int.random(in: 0..<20, using: &random)
        let length = Int.random(in: 0..<3, using: &random)
        defer { arena += length }
        return EditPlan(
          segment: Int.random(in: 0..<2, using: &random),
          range: start..<start + Int.random(in: 0..<5, using: &random), replacement: arena..<arena + length)
      }
      var merged = edits.shuffled(using: &random)
      merged.merge()
      var again = edits.shuffled(using: &random)
      again.merge()
      #expect(merged == again)
      for (one, next) in zip(merged, merged.dropFirst()) where one.segment == next.segment {
        #expect(one.range.upperBound <= next.range.lowerBound)
      }
      for segment in 0..<2 {
        let covered = Set(merged.filter { $0.segment == segment }.flatMap(\.range))
        #expect(covered == Set(edits.filter { $0.segment == segment }.flatMap(\.range)))
      }
    }
  }
}
