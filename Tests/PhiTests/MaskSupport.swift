import FilterHarness
import FilterKit
import PhiFilter

/// A mask made through the plugin's tables.
func makeMask(_ configuration: String = "{}", host: TestHost = TestHost()) throws -> Instance<MaskStage> {
  try Instance(Plugin(id: "org.sluice.phi", version: "0.1.0").mask(PhiMask.self), configuration, host: host)
}

/// A score made through the plugin's tables.
func makeScore(_ configuration: String = "{}", host: TestHost = TestHost()) throws -> Instance<ScoreStage> {
  try Instance(Plugin(id: "org.sluice.phi", version: "0.1.0").score(PhiScore.self), configuration, host: host)
}

/// The same numbers on every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
