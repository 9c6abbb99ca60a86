import FilterChain
import Foundation
import PipelineModel

/// What a chain adds to a detector's work, for each call of `feed`, in process: everything between the event loop and
/// the plugin's function, and back, with every check of what it answers.
///
/// A chain with nine detectors that do nothing, less a chain with one, over a thousand segments: what both have in common
/// is no part of it.
struct Segments: SegmentSource {
  let segmentCount: Int
  let text: [UInt8]
  private let pointer = Array("/messages/0/content".utf8)
  private let name = Array("content".utf8)

  init(segmentCount: Int, text: [UInt8]) {
    self.segmentCount = segmentCount
    self.text = text
  }

  func withSegment(_ index: Int, _ body: (UInt32, Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Void) {
    body(3, pointer.span, name.span, text.span)
  }
}

func chain(_ detectors: Int, in folder: String) throws -> Chain {
  let library = PluginLibrary(
    directories: [folder],
    services: HostServices(
      version: "bench", fingerprintKey: Array(0..<32), findKey: { _ in .unknown }, log: { _, _, _ in }),
    findingCacheBytes: 0, isolation: IsolationSettings(isOwn: { _ in true }))
  let stages = (0..<detectors).map { _ in "  - { detect: \"null\", plugin: null.so }\n" }.joined()
  let yaml = """
    pipeline: bench
    listen: /bench
    protocol: openai
    upstream: { url: "http://127.0.0.1:9" }
    stages:
      - { authenticate: "null" }
    \(stages)  - { mask: "null" }
      - { sink: "null" }
    """
  let (pipelines, diagnostics) = PipelineLoader.load([(name: "bench.yaml", bytes: Array(yaml.utf8))])
  // The text above is this program's own: only a mistake in it ends here.
  guard let pipeline = pipelines.first else { fatalError("\(diagnostics)") }
  return try Chain(pipeline.keeping([.detect]), library: library)
}

func nanoseconds(_ chain: Chain, _ source: Segments) throws -> Double {
  let exchange = ExchangeContext(
    id: "x", session: "s", pipeline: "bench", principal: Principal(subject: "ada", established: "bench"),
    attributes: [])
  let clock = ContinuousClock()
  var times: [Double] = []
  for _ in 0..<300 {
    let began = clock.now
    _ = try chain.run(source, exchange: exchange, direction: .request)
    times.append(Double((clock.now - began) / .nanoseconds(1)))
  }
  return times.sorted()[times.count / 2]
}

let folder = CommandLine.arguments[1]
let (one, nine) = (try chain(1, in: folder), try chain(9, in: folder))
for bytes in [1, 2 << 10, 32 << 10] {
  let source = Segments(segmentCount: 1000, text: [UInt8](repeating: 97, count: bytes))
  _ = try (nanoseconds(one, source), nanoseconds(nine, source))
  let added = try (nanoseconds(nine, source) - nanoseconds(one, source)) / 8 / Double(source.segmentCount)
  print("through the chain, \(bytes) bytes: \(added.rounded()) ns a call")
}
