import Testing

@testable import FilterChain

@Suite struct ConcurrencyTests {
  @Test func servesManyThreadsAtOnce() async throws {
    let host = TestHost(cacheBytes: 1 << 16)
    let stages = ["guard", "detect", "detect: { mode: alnum }", "mask", "score", "gate"]
    let chain = try Chain(TestHost.pipeline(stages), library: host.library)
    let expected = try (0..<16).map { seed in try Self.work(chain, UInt64(seed)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { () async throws -> Void in
          for round in 0..<40 {
            let seed = (task + round) % 16
            let got = try Self.work(chain, UInt64(seed))
            #expect(got == expected[seed])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// A request and a streamed response.
  private static func work(_ chain: Chain, _ seed: UInt64) throws -> [String] {
    var random = SeededGenerator(seed: seed)
    let text = random.text(400)
    let result = try chain.run(Texts(bytes: text))
    let stream = try chain.openStream(.test())
    let channel = stream.openChannel(pointer: Array("/text".utf8), role: 3)
    var released: [UInt8] = []
    for start in stride(from: 0, to: text.count, by: 7) {
      let piece = Array(text[start..<min(start + 7, text.count)])
      try stream.feed(channel, piece.span, end: start + 7 >= text.count, into: &released)
    }
    return result.found + [result.edited(text), String(decoding: released, as: UTF8.self)]
  }
}
