import Foundation
import PipelineModel

/// The folder of the shipped pipelines.
let pipelinesFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "pipelines")

let shippedNames = ["cursor", "demo", "strict"]

func shipped(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: pipelinesFolder.appending(path: "\(name).yaml")))
}

/// What is wrong with one file, as `sluice check` would print it, without the file's name.
func complaints(_ text: String) -> [String] {
  PipelineLoader.load([(name: "p", bytes: Array(text.utf8))]).diagnostics.map { String("\($0)".dropFirst(2)) }
}

/// A whole, valid file with some lines replaced: by their key, an empty text takes the line away.
func pipeline(
  name: String = "pipeline: a", listen: String = "listen: /a", protocol: String = "protocol: openai",
  upstream: String = "upstream: { url: https://example.com }", more: String = "",
  stages: [String] = [
    "authenticate: keys", "detect: phi", "mask: phi", "score: phi", "gate: threshold", "sink: file",
  ]
) -> String {
  let list = stages.map { "  - \($0)\n" }.joined()
  return [name, listen, `protocol`, upstream, more].filter { !$0.isEmpty }.map { "\($0)\n" }.joined()
    + "stages:\n\(list)"
}

/// A generator with a seed, so that a failure can be had again (SplitMix64).
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
