import Testing

@testable import FilterChain

@Suite struct SinkReadingTests {
  private func chain(_ fault: String, isolation: String = "none") throws -> Chain {
    let yaml = """
      pipeline: test
      listen: /test
      protocol: openai
      upstream: { url: "http://127.0.0.1:9" }
      stages:
        - { authenticate: test-filters, plugin: libtest-filters.so }
        - { sink: test-filters, plugin: libtest-filters.so, isolation: \(isolation), with: { fault: \(fault) } }
      """
    return try Chain(TestHost.load(yaml), library: TestHost().library)
  }

  private func source(_ fault: String, isolation: String = "none") throws -> SinkSource {
    let stage = try #require(try chain(fault, isolation: isolation).sinks.first).stage
    return try SinkSource(stage: stage, library: TestHost().library)
  }

  @Test(arguments: IsolationTests.placements) func pagesAreReadToTheirEnd(isolation: String) throws {
    let source = try source("none", isolation: isolation)
    #expect(try source.logs() == ["main"])
    let reading = try source.open(log: "main")
    var query = SinkQuery()
    query.maximumCount = 2
    var (sequences, pages): ([UInt64], Int) = ([], 0)
    while true {
      let page = try reading.records(query)
      sequences += page.records.map(\.sequence)
      pages += 1
      guard let next = page.next else { break }
      query.from = next
    }
    #expect(sequences == [0, 1, 2, 3, 4] && pages == 3)
    // What a sink does not keep is no failure.
    #expect(try reading.checkpoints(SinkQuery()).notes.isEmpty)
    #expect(try reading.sessions(SinkQuery()) == nil)
  }

  @Test(arguments: IsolationTests.placements) func boundsAreKept(isolation: String) throws {
    let reading = try source("none", isolation: isolation).open(log: "main")
    var query = SinkQuery()
    (query.from, query.end) = (2, 4)
    #expect(try reading.records(query).records.map(\.sequence) == [2, 3])
  }

  @Test(arguments: [
    ("endless", "do not come to an end"), ("short-hash", "not of 32 bytes"), ("unasked", "was not asked for"),
    ("disorder", "out of order"), ("deaf", "not of 32 bytes"), ("internal", "gave up"),
  ])
  func aSinkThatBreaksARuleIsRefused(fault: String, message: String) throws {
    for isolation in IsolationTests.placements {
      let reading = try source(fault, isolation: isolation).open(log: "main")
      var query = SinkQuery()
      (query.from, query.end) = (1, 4)
      let failure = #expect(throws: SinkInstance.Failure.self) { try reading.records(query) }
      #expect(failure?.message.contains(message) == true)
    }
  }

  @Test func placesAndLogsThatAreNotThereAreNamed() throws {
    #expect(throws: PluginError.self) { try SinkSource(location: "nowhere", library: TestHost().library) }
    #expect(throws: PluginError.self) {
      try SinkSource(location: "test-swift://x", library: TestHost().library)
    }
    #expect(throws: SinkInstance.Failure.self) { try source("none").open(log: "another") }
    #expect(throws: SinkInstance.Failure.self) { try source("nameless").logs() }
    let unavailable = #expect(throws: SinkInstance.Failure.self) { try source("unavailable").logs() }
    #expect(unavailable?.isTemporary == true)
  }

  /// A plugin of before has none of the functions at the table's end.
  @Test(arguments: IsolationTests.placements) func anOlderSinkIsProbedAndGivenNoCheckpoints(isolation: String)
    throws
  {
    let chain = try chain("none", isolation: isolation)
    let sink = try #require(chain.sinks.first)
    try sink.probe()
    try sink.open(log: "main", onAcknowledge: { _, _ in })
    #expect(try sink.recoverCheckpoint() == nil)
    #expect(throws: SinkInstance.Failure.self) { try sink.checkpoint([1]) }
  }
}
