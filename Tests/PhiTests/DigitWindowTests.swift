import Testing

/// Patterns of numbers look at a text around its digits alone: what they find must not depend on how far digits are from each other.
@Suite struct DigitWindowTests {
  private static let words = "the ward was quiet and nobody came by for a while so that she slept "

  private func filler(_ length: Int) -> String {
    String(String(repeating: Self.words, count: length / Self.words.count + 1).prefix(length))
  }

  @Test(arguments: [0, 1, 7, 30, 47, 48, 49, 63, 64, 65, 100, 111, 112, 113, 200, 1000])
  func findsBothWhateverStandsBetween(_ length: Int) throws {
    let text = "SSN 536-22-8719, " + filler(length) + " phone (217) 555-0143, " + filler(length)
    let all = try found(text)
    #expect(all.contains("SSN:536-22-8719"), "found \(all)")
    #expect(all.contains("PHONE:(217) 555-0143"), "found \(all)")
  }

  @Test(arguments: ["MRN:\n4482913", "MRN 4482913\n", "\n\nMRN: 4482913", "MRN\t4482913"])
  func findsALabelsValueAcrossItsLine(_ text: String) throws {
    let all = try found(filler(300) + "\n" + text + "\n" + filler(300))
    #expect(all.contains("MRN:4482913"), "found \(all)")
  }

  @Test func aLabelFarFromAnyNumberAnnouncesNone() throws {
    let all = try found("The MRN is on the chart. " + filler(150) + " 4482913 " + filler(80))
    #expect(!all.contains { $0.hasPrefix("MRN") }, "found \(all)")
  }

  @Test func findsAtBothEnds() throws {
    let all = try found("536-22-8719 " + filler(500) + " MRN 4482913")
    #expect(all.first == "SSN:536-22-8719" && all.last == "MRN:4482913", "found \(all)")
  }

  @Test func positionsAreTheTexts() throws {
    let values = (0..<40).map { "MRN 44829\(10 + $0)" }
    let text = values.enumerated().map { filler($0.offset * 9) + " " + $0.element }.joined(separator: ". ")
    let all = try found(text).filter { $0.hasPrefix("MRN") }
    #expect(all == values.map { "MRN:" + $0.dropFirst(4) })
  }

  @Test(arguments: [
    ("Back in Reykjavik 10123.", "ZIP:10123"), ("Lives in Amritsar, Punjab - 143 001.", "ZIP:143 001"),
    ("Wodonga VIC 3690", "ZIP:3690"), ("CPF 111.444.777-35", "ID:111.444.777-35"),
    ("NRIC S1234567D", "ID:S1234567D"), ("seen 14/03/2024.", "DATE:14/03/2024"),
    ("seen on 3/14, then", "DATE:3/14"),
  ])
  func findsWhatARunOfDigitsSays(_ text: String, _ expected: String) throws {
    for before in [0, 1, 30, 63, 64, 65, 200] {
      let all = try found(filler(before) + "\n" + text + "\n" + filler(80))
      #expect(all.contains(expected), "found \(all)")
    }
    try expectTheSameAtEveryCut(filler(30) + "\n" + text + "\n")
  }
}
