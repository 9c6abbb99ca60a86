import JSONTree
import PipelineModel
import Testing

/// Damaged files: never a crash, always a place inside the file, and nothing passes that is not whole.
@Suite struct MutationTests {
  @Test(arguments: shippedNames) func damagedFilesAreReadOrRefused(_ name: String) throws {
    let original = try shipped(name)
    var generator = SeededGenerator(seed: 2_026)
    for round in 0..<1_500 {
      let bytes = mutated(original, &generator)
      let (pipelines, diagnostics) = PipelineLoader.load([(name: "p", bytes: bytes)])
      let lines = bytes.count { $0 == 0x0A } + bytes.count { $0 == 0x0D } + bytes.count + 1
      #expect(
        diagnostics.allSatisfy { (1...lines).contains($0.position.line) && $0.position.column >= 1 },
        "\(round)")
      for diagnostic in diagnostics {
        let text = diagnostic.rendered(source: bytes)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
      }
      // Either something is said, or there is a pipeline that keeps the rules.
      guard diagnostics.isEmpty else { continue }
      let pipeline = try #require(pipelines.first)
      let kinds = pipeline.stages.map(\.kind)
      #expect(kinds.first == .authenticate)
      #expect(kinds.last == .sink)
      #expect(pipeline.listen.hasPrefix("/"))
      for stage in pipeline.stages { _ = stage.position(of: "/deny/0/text") }
    }
  }

  private func mutated(_ original: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    let pieces: [String] = [
      "&a ", "*a", "<<: ", "!!binary ", "---\n", "...\n", "\t", "\"", "'", "{", "}", "[", "]", "- ", ": ",
      "? ", "|\n",
      ">\n", "%YAML 1.2\n", "#", "\u{FEFF}", "\u{2028}", "\r", "\\x00", "~", "no", "1e999", "é",
    ]
    for _ in 0...Int.random(in: 0...3, using: &generator) {
      let place = Int.random(in: 0..<max(1, bytes.count), using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1:
        bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &generator)))
      case 2: bytes.insert(contentsOf: (pieces.randomElement(using: &generator) ?? "").utf8, at: place)
      case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 60)], at: place)
      case 4: bytes.removeLast(bytes.count - place)
      default:
        let other = Int.random(in: 0..<bytes.count, using: &generator)
        bytes.swapAt(place, other)
      }
      if bytes.isEmpty { bytes = [0x61] }
    }
    return bytes
  }
}
