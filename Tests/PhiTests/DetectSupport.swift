import FilterHarness
import FilterKit
import PhiFilter

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
