import Testing

@testable import FilterChain

@Suite struct StreamTests {
  private static let stages = [
    ["detect", "mask"], ["detect", "detect: { mode: alnum }", "mask"],
    ["detect: { mode: halves }", "detect: { mode: alnum }", "detect", "mask: { mode: rest }"],
    ["detect", "detect: { mode: alnum }", "mask: { mode: numbers }", "mask: { mode: overlap }"],
    ["detect: { mode: halves }"],
    ["detect: { mode: eager }", "detect: { mode: hesitant }", "detect: { mode: alnum }", "mask"],
  ]

  private func streamed(_ chain: Chain, _ pieces: [ArraySlice<UInt8>]) throws -> (
    text: [UInt8], found: [String]
  ) {
    let stream = try chain.openStream(.test())
    let channel = stream.openChannel(pointer: Array("/text".utf8), role: 3)
    var released: [UInt8] = []
    for piece in pieces { try stream.feed(channel, Array(piece).span, end: false, into: &released) }
    try stream.feed(channel, [UInt8]().span, end: true, into: &released)
    return (released, stream.takeFindings().map { describe($0.finding) })
  }

  private func describe(_ finding: FindingReport) -> String {
    let print = (0..<16).map { finding.fingerprint[$0] }
    return "\(finding.start)-\(finding.end) \(finding.kind.text) \(finding.confidence) "
      + "\(finding.operation?.text ?? "keep") \(print)"
  }

  private func whole(_ chain: Chain, _ text: [UInt8]) throws -> (text: [UInt8], found: [String]) {
    let result = try chain.run(Texts(bytes: text), .response)
    var masked: [UInt8] = []
    var copied = 0
    for edit in result.edits {
      masked += text[copied..<edit.range.lowerBound] + result.arena[edit.replacement]
      copied = edit.range.upperBound
    }
    return (masked + text[copied...], result.findings.map(describe))
  }

  @Test(arguments: 0..<6) func givesWhatTheWholeTextGives(number: Int) throws {
    let chain = try Chain(TestHost.pipeline(Self.stages[number]), library: TestHost().library)
    var random = SeededGenerator(seed: UInt64(number))
    for round in 0..<60 {
      let text = random.text(Int.random(in: 1..<300, using: &random), isValid: round % 2 == 0)
      let expected = try whole(chain, text)
      var pieces: [ArraySlice<UInt8>] = []
      var cut = 0
      while cut < text.count {
        let end = min(text.count, cut + Int.random(in: 1...(round % 3 == 0 ? 2 : 40), using: &random))
        pieces.append(text[cut..<end])
        cut = end
      }
      let got = try streamed(chain, pieces)
      #expect(got.text == expected.text)
      #expect(got.found == expected.found)
    }
  }

  @Test func givesTheSameForEveryCutInTwo() throws {
    let chain = try TestHost().chain("detect", "detect: { mode: alnum }", "detect: { mode: halves }", "mask")
    let text = Array("é1234é ab567cd 😀12é345678 00000".utf8)
    let expected = try whole(chain, text)
    for cut in 0...text.count {
      let got = try streamed(chain, [text[..<cut], text[cut...]])
      #expect(got.text == expected.text)
      #expect(got.found == expected.found)
    }
  }

  @Test func holdsBackWhatMayBeAFindingAndNothingElse() throws {
    let chain = try TestHost().chain("detect", "mask")
    let stream = try chain.openStream(.test())
    let channel = stream.openChannel(pointer: Array("/text".utf8), role: 3)
    var released: [UInt8] = []
    func feed(_ text: String, end: Bool = false) throws -> String {
      released = []
      try stream.feed(channel, Array(text.utf8).span, end: end, into: &released)
      return String(decoding: released, as: UTF8.self)
    }
    #expect(try feed("Hello, ") == "Hello, ")
    #expect(try feed("call 55") == "call ")
    #expect(try feed("5123") == "")
    #expect(try feed("4 no") == "[NUM] no")
    #expect(try feed("w 12") == "w ")
    #expect(try feed("3.") == "123.")
    #expect(try feed("7777", end: true) == "[NUM]")
    #expect(throws: StageFailure.self) { try feed("more") }
  }

  @Test func keepsTextsApart() throws {
    let chain = try TestHost().chain("detect", "mask")
    let stream = try chain.openStream(.test())
    let first = stream.openChannel(pointer: Array("/a".utf8), role: 3)
    let second = stream.openChannel(pointer: Array("/b".utf8), role: 3)
    var (one, two): ([UInt8], [UInt8]) = ([], [])
    try stream.feed(first, Array("12".utf8).span, end: false, into: &one)
    try stream.feed(second, Array("34".utf8).span, end: false, into: &two)
    try stream.feed(first, Array("56".utf8).span, end: true, into: &one)
    try stream.feed(second, Array("x".utf8).span, end: true, into: &two)
    #expect(String(decoding: one, as: UTF8.self) == "[NUM]")
    #expect(String(decoding: two, as: UTF8.self) == "34x")
    let found = stream.takeFindings()
    #expect(found.map { String(decoding: $0.pointer, as: UTF8.self) } == ["/a"])
    #expect(stream.takeFindings().isEmpty)
  }

  @Test func passesWholeTextsBesideChannels() throws {
    let chain = try TestHost().chain("detect", "mask")
    let stream = try chain.openStream(.test())
    var edits: [String] = []
    let (pointer, name, text) = (Array("/id".utf8), Array("id".utf8), Array("no 1234 and 55555".utf8))
    try stream.whole(pointer: pointer.span, name: name.span, role: 9, text: text.span) { range, replacement in
      edits.append("\(range) \(replacement.count)")
    }
    #expect(edits == ["3..<7 5", "12..<17 5"])
    #expect(stream.takeFindings().map { String(decoding: $0.pointer, as: UTF8.self) } == ["/id", "/id"])
  }

  @Test(arguments: [
    ("hold", "held-too-much"), ("safe-back", "broken-rule"), ("safe-ahead", "broken-rule"),
    ("below-safe", "broken-rule"), ("out-of-range", "broken-rule"), ("internal", "filter-failed"),
  ]) func deniesAndReleasesNothingMore(fault: String, code: String) throws {
    let stream = try TestHost().chain("detect: { fault: \(fault) }", "mask").openStream(.test())
    let channel = stream.openChannel(pointer: Array("/text".utf8), role: 3)
    var released: [UInt8] = []
    var failure: StageFailure?
    for piece in ["abcdef ", "abcdef ", "abcdef "] where failure == nil {
      do throws(StageFailure) {
        try stream.feed(channel, Array(piece.utf8).span, end: false, into: &released)
      } catch { failure = error }
    }
    #expect(failure?.code == code)
    let before = released
    // Nothing is flushed.
    #expect(throws: StageFailure.self) {
      try stream.feed(channel, [UInt8]().span, end: true, into: &released)
    }
    #expect(released == before)
  }

  @Test func failsBeforeTheFirstByteWhereADetectorCannotBeHad() throws {
    let chain = try TestHost().chain("detect: { fault: open }")
    #expect(throws: StageFailure.self) { try chain.openStream(.test()) }
  }

  @Test func keepsNoMoreThanItHoldsBack() throws {
    let chain = try TestHost().chain("detect", "mask")
    let stream = try chain.openStream(.test())
    let channel = stream.openChannel(pointer: Array("/text".utf8), role: 3)
    var released: [UInt8] = []
    let piece = Array("some words and 12345 then 12".utf8)
    for _ in 0..<20_000 {
      released.removeAll(keepingCapacity: true)
      try stream.feed(channel, piece.span, end: false, into: &released)
      _ = stream.takeFindings()
      #expect(stream.waiting(channel) <= 64)
    }
  }

  @Test func boundsTheNumberOfTexts() throws {
    let stream = try TestHost().chain("detect").openStream(.test())
    var last = 0
    for _ in 0..<4097 { last = stream.openChannel(pointer: [], role: 0) }
    var released: [UInt8] = []
    #expect(throws: StageFailure.self) {
      try stream.feed(last, Array("x".utf8).span, end: false, into: &released)
    }
  }

  @Test func movesItsWindowWithoutCopyingItEachTime() {
    var window = ByteWindow()
    var random = SeededGenerator(seed: 5)
    var expected: [UInt8] = []
    for _ in 0..<2000 {
      let more = random.text(Int.random(in: 0..<60, using: &random))
      window.append(more.span)
      expected += more
      let gone = Int.random(in: 0...expected.count, using: &random)
      window.removeFirst(gone)
      expected.removeFirst(gone)
      #expect(Array(window.bytes[window.head...]) == expected)
      #expect(window.head <= max(1024, window.bytes.count / 2))
    }
  }
}
