import FilterHarness
import FilterKit
import Testing

@testable import PhiFilter

@Suite struct PlaceholderTests {
  private func code(_ fingerprint: Fingerprint, _ length: Int) -> String {
    var output: [UInt8] = []
    Placeholder.append("ID", fingerprint, length: length, to: &output)
    return String(String(decoding: output, as: UTF8.self).dropFirst("[ID_".count).dropLast())
  }

  @Test func codesHaveADigitALetterAndNoVowels() {
    var generator = SeededGenerator(seed: 7)
    for round in 0..<20_000 {
      let fingerprint = Fingerprint(high: generator.next(), low: generator.next())
      let code = code(fingerprint, 5 + round % 6)
      #expect(code.contains(where: \.isNumber) && code.contains(where: \.isLetter), "\(code)")
      #expect(!code.contains { "AEIOUL".contains($0) }, "\(code)")
      #expect(code.count == 5 + round % 6)
    }
  }

  @Test func aFingerprintOfZeroesStillGetsAMixture() {
    let code = code(Fingerprint(high: 0, low: 0), 6)
    #expect(code == "K70000")
  }

  /// What a detector makes of a placeholder must not be masked again.
  @Test(arguments: ["NAME", "SSN", "HEALTH_PLAN", "X"]) func everyPartOfAPlaceholderIsKnown(kind: String)
    throws
  {
    let mask = try makeMask()
    let value = "078-05-1120"
    let once = try mask.masked(value, [TestFinding(0..<value.utf8.count, kind)])
    let text = "Seen: \(once), again"
    for start in 6..<6 + once.utf8.count {
      for end in start + 1...6 + once.utf8.count {
        #expect(try mask.edits(text, [TestFinding(start..<end, "ID")]).isEmpty)
      }
    }
  }

  @Test(arguments: [
    "[NAME_SMITH]", "[NAME_12345]", "[NAME_K7Q2]", "[NAME_K7Q2MT12345]", "[name_K7Q2M]", "[_K7Q2M]",
    "[K7Q2M]", "NAME_K7Q2M]",
    "[NAME_K7Q2M", "[NAME-K7Q2M]", "[NAME_K7Q2A]",
  ])
  func whatOnlyLooksLikeOneIsMasked(text: String) throws {
    let mask = try makeMask()
    #expect(try mask.edits(text, [TestFinding(0..<text.utf8.count, "ID")]).count == 1)
  }

  @Test func aFindingThatReachesOutOfAPlaceholderIsMasked() throws {
    let mask = try makeMask()
    #expect(try mask.edits("[NAME_K7Q2M] Doe", [TestFinding(0..<16, "NAME")]).count == 1)
  }

  @Test func differentValuesRarelyShareACode() throws {
    let mask = try makeMask()
    let codes = try (0..<2_000).map { number in
      try mask.masked("MRN\(number)", [TestFinding(0..<"MRN\(number)".utf8.count, "MRN")])
    }
    // 2,000 values in 660 million codes: one pair in 330 runs of this test, had it a new key each time.
    #expect(Set(codes).count == 2_000)
  }
}
