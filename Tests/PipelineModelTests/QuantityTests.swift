import Testing

@testable import PipelineModel

@Suite struct QuantityTests {
  @Test(
    arguments: [
      ("0B", 0), ("1B", 1), ("64KiB", 65_536), ("16MiB", 16_777_216), ("1GiB", 1_073_741_824), ("1KB", 1_000),
      ("1GB", 1_000_000_000), ("16", nil), ("", nil), ("MiB", nil), ("-1MiB", nil), ("+1MiB", nil),
      ("1.5MiB", nil),
      ("1 MiB", nil), ("1mib", nil), ("1MiBs", nil), ("٣MiB", nil), ("9223372036854775807GiB", nil),
      ("99999999999999999999B", nil), ("0x10B", nil),
    ] as [(String, Int?)])
  func sizes(_ text: String, _ bytes: Int?) { #expect(Quantity.size.parse(text) == bytes) }

  @Test(
    arguments: [
      ("500ms", 500), ("90s", 90_000), ("15m", 900_000), ("1h", 3_600_000), ("2d", 172_800_000), ("0s", 0),
      ("1", nil),
      ("12:30", nil), ("1.5h", nil), ("1min", nil), ("1M", nil), ("1h30m", nil),
      ("9223372036854775807d", nil),
    ] as [(String, Int?)])
  func durations(_ text: String, _ milliseconds: Int?) {
    #expect(Quantity.duration.parse(text) == milliseconds)
  }

  @Test func whatIsWrittenIsReadAgain() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<1_000 {
      let value =
        Int.random(in: 0...(1 << 40), using: &generator) / (1 << Int.random(in: 0...30, using: &generator))
      #expect(Quantity.size.parse(Quantity.size.text(value)) == value)
      #expect(Quantity.duration.parse(Quantity.duration.text(value)) == value)
    }
    #expect(Quantity.size.text(16 << 20) == "16MiB")
    #expect(Quantity.duration.text(120_000) == "2m")
    #expect(Quantity.size.nearest(to: "16 mb") == "16MB")
    #expect(Quantity.duration.nearest(to: "5 S") == "5s")
    #expect(Quantity.duration.nearest(to: "soon") == nil)
  }
}
