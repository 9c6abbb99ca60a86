import Synchronization
import Testing

@testable import FilterChain

@Suite struct CacheTests {
  @Test func hashesAsSipHashDoes() {
    // The reference implementation's vectors: key 00 01 ... 0f, input 00 01 ... of each length.
    let key = SipHash128.Key(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)
    let empty = SipHash128(key: key).finish()
    #expect(empty == SipHash128.Key(low: 0xe6a8_25ba_047f_81a3, high: 0x9302_55c7_1472_f66d))
    let one = SipHash128(key: key).finish(rest: 0, count: 1)
    #expect(one == SipHash128.Key(low: 0x44af_996b_d8c1_87da, high: 0x45fc_229b_1159_7634))
    #expect(Self.hash(8, key) == SipHash128.Key(low: 0x61f55862baa9623b, high: 0xb49714f364e2830f))
    #expect(Self.hash(15, key) == SipHash128.Key(low: 0x11a8b03399e99354, high: 0xd9c3cf970fec087e))
    #expect(Self.hash(63, key) == SipHash128.Key(low: 0x4a83502f77d15051, high: 0x7cbd3f979a063e50))
  }

  /// The hash of the bytes 0, 1, 2 and so on.
  private static func hash(_ count: Int, _ key: SipHash128.Key) -> SipHash128.Key {
    var hash = SipHash128(key: key)
    func word(_ range: Range<Int>) -> UInt64 {
      range.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64($1.offset * 8) }
    }
    for start in stride(from: 0, to: count & ~7, by: 8) { hash.take(word(start..<start + 8)) }
    return hash.finish(rest: word(count & ~7..<count), count: count & 7)
  }

  private func texts(_ random: inout SeededGenerator, _ count: Int) -> Texts {
    var texts = Texts()
    texts.texts = (0..<count).map { index in
      Texts.Text(
        role: UInt32(index % 4), pointer: "/messages/\(index)", name: index % 2 == 0 ? "ssn" : "content",
        text: random.text(Int.random(in: 0..<200, using: &random)))
    }
    return texts
  }

  @Test func answersAsTheDetectorDoes() throws {
    let stages = [
      "detect", "detect: { mode: alnum }", "detect: { mode: named }", "detect: { mode: halves }", "mask",
    ]
    let plain = try Chain(TestHost.pipeline(stages), library: TestHost().library)
    let host = TestHost(cacheBytes: 1 << 20)
    let remembering = try Chain(TestHost.pipeline(stages), library: host.library)
    var random = SeededGenerator(seed: 7)
    for _ in 0..<40 {
      let texts = texts(&random, 8)
      let expected = try plain.run(texts)
      for _ in 0..<3 {
        let got = try remembering.run(texts)
        #expect(got.found == expected.found)
        #expect(got.edits == expected.edits)
        #expect(got.arena == expected.arena)
        #expect(got.findings.map(\.confidence) == expected.findings.map(\.confidence))
      }
    }
    let statistics = try #require(host.library.findingCacheStatistics)
    #expect(statistics.hits > 0)
    #expect(statistics.hits == statistics.misses * 2)
    #expect(remembering.accounts[1].totals.remembered > 0)
  }

  @Test func tellsContextsApart() throws {
    let host = TestHost(cacheBytes: 1 << 20)
    let chain = try host.chain("detect: { mode: named }")
    var texts = Texts("a text that is long enough to be remembered, with 123456 in it")
    #expect(try chain.run(texts).found == [])
    texts.texts[0].name = "ssn"
    #expect(try chain.run(texts).found.count == 1)
    texts.texts[0].name = "text"
    #expect(try chain.run(texts).found == [])
    #expect(host.library.findingCacheStatistics?.hits == 1)
    for change in 0..<3 {
      var other = texts
      if change == 0 { other.texts[0].role = 4 }
      if change == 1 { other.texts[0].pointer = "/other" }
      if change == 2 { other.texts[0].text[0] ^= 0x20 }
      _ = try chain.run(other)
    }
    _ = try chain.run(texts, .response)
    #expect(host.library.findingCacheStatistics?.hits == 1)
  }

  @Test func asksEachInstanceAnew() throws {
    let host = TestHost(cacheBytes: 1 << 20)
    let texts = Texts("a text that is long enough to be remembered, with 123456 in it")
    _ = try host.chain("detect").run(texts)
    _ = try host.chain("detect").run(texts)
    #expect(host.library.findingCacheStatistics?.hits == 0)
  }

  @Test func staysWithinItsBounds() throws {
    let cache = FindingCache(bytes: 64 << 10)
    var random = SeededGenerator(seed: 9)
    for _ in 0..<5000 {
      cache.remember([], as: SipHash128.Key(low: random.next(), high: random.next()))
    }
    #expect(cache.statistics.bytes <= 64 << 10)
    #expect(cache.statistics.entries > 100)
    #expect(cache.statistics.evictions + cache.statistics.entries == 5000)
  }

  @Test func keepsWhatIsAskedFor() throws {
    let cache = FindingCache(bytes: 64 << 10)
    var random = SeededGenerator(seed: 10)
    let wanted = SipHash128.Key(low: 1, high: 1)
    cache.remember([], as: wanted)
    for _ in 0..<5000 {
      #expect(cache.findings(wanted) != nil)
      cache.remember([], as: SipHash128.Key(low: random.next(), high: random.next()))
    }
  }

  @Test func keepsWhatDecidesBetweenFindings() throws {
    let result = try TestHost().chain("detect").run(Texts("12345"))
    var finding = try #require(result.findings.first)
    finding.end += 3  // as moving it to a border does
    let again = FindingReport(CachedFinding(finding), segment: 7)
    #expect(again.weight == 5)
    #expect([again.segment, again.start, again.end] == [7, 0, 8])
    #expect(again.kind == finding.kind && again.detector == finding.detector)
    #expect(again.confidence == finding.confidence)
  }
}
