import FilterHarness
import FilterKit
import PhiFilter
import Testing

/// A detector made through the plugin's tables.
func makeDetector(_ configuration: String = "{}") throws -> Instance<DetectStage> {
  try Instance(
    Plugin(id: "org.sluice.phi", version: "0.1.0").detect(PhiDetector.self), configuration, host: TestHost())
}

/// The detector of an empty configuration: made once, as making one compiles all patterns.
nonisolated(unsafe) let standardDetector = Result { try makeDetector() }

/// What a detector finds in a whole text: the values with their kinds, in order.
func found(_ text: String, _ configuration: String = "{}") throws -> [String] {
  let bytes = Array(text.utf8)
  let detector = unsafe configuration == "{}" ? try standardDetector.get() : try makeDetector(configuration)
  return try detector.detect([bytes]).findings
    .sorted { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    .map { "\($0.kind):\(String(decoding: bytes[$0.range], as: UTF8.self))" }
}

/// Expects the findings of a whole text, at least so many, however it is cut in two, and byte by byte.
func expectTheSameAtEveryCut(
  _ text: String, atLeast least: Int = 1, _ detector: Instance<DetectStage>? = nil
) throws {
  let bytes = Array(text.utf8)
  let detector = unsafe try detector ?? standardDetector.get()
  let whole = Set(try detector.detect([bytes]).findings)
  #expect(whole.count >= least)
  for cut in 1..<bytes.count {
    #expect(
      Set(try detector.detect([Array(bytes[..<cut]), Array(bytes[cut...])]).findings) == whole,
      "cut at \(cut)")
  }
  #expect(Set(try detector.detect(bytes.map { [$0] }).findings) == whole)
}
