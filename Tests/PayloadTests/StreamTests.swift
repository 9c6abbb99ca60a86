import Testing

@testable import Payload

private let stream =
  event(#"{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}"#)
  + ": ping\n\n"
  + event(#"{"index":0,"delta":{"content":"Hello X"},"finish_reason":null}"#)
  + event(#"{"index":1,"delta":{"content":"Other"},"finish_reason":null}"#)
  + event(#"{"index":0,"delta":{"content":"X wörld 😀"},"finish_reason":null}"#)
  + event(
    #"{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]}}"#
  )
  + event(#"{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"X\"}"}}]}}"#)
  + event(#"{"index":0,"delta":{},"finish_reason":"tool_calls"}"#)
  + event(#"{"index":1,"delta":{"content":" text"},"finish_reason":"stop"}"#)
  + event("", #","usage":{"prompt_tokens":3,"completion_tokens":9}"#) + "data: [DONE]\n\n"

@Suite struct StreamTests {
  private let expected = [
    "/choices/0/delta/content": "Hello ## wörld 😀", "/choices/1/delta/content": "Other text",
    "/choices/0/delta/tool_calls/0/function/arguments": "{\"a\":\"#\"}",
  ]

  @Test(arguments: [0, 1, 5, 7, 1000])
  func whatIsHeldBackComesBeforeTheEnd(_ hold: Int) throws {
    let (texts, ends, isDone) = try readStream(try recut(bytes(stream), at: [], hold: hold))
    #expect(texts == expected)
    #expect(ends == ["/choices/0", "/choices/1"])
    #expect(isDone)
  }

  @Test func everySplitInTwoIsTheSame() throws {
    let input = bytes(stream)
    let whole = try recut(input, at: [], hold: 5)
    for cut in 0...input.count { #expect(try recut(input, at: [cut], hold: 5) == whole) }
  }

  @Test func randomSplitsAndLineEnds() throws {
    var random = SeededGenerator(seed: 11)
    for ending in ["\n", "\r\n", "\r"] {
      let input = bytes(stream.replacing("\n", with: ending))
      for _ in 0..<60 {
        let cuts = (0..<Int.random(in: 1...30, using: &random)).map { _ in
          Int.random(in: 0...input.count, using: &random)
        }
        let (texts, _, isDone) = try readStream(try recut(input, at: cuts.sorted(), hold: 6))
        #expect(texts == expected)
        #expect(isDone)
      }
    }
  }

  @Test func anEventWithoutAChangeLeavesAsItCame() throws {
    let input = bytes("event: x\nid: 7\n" + event(#"{"index":0,"delta":{"content":"plain"}}"#))
    var recutter = StreamRecutter(rules: chatEvents)
    var filter = HoldingFilter(hold: 0)
    var output: [UInt8] = []
    try recutter.receive(input.span, filter: &filter, into: &output)
    #expect(output == input)
  }

  @Test func usageIsCounted() throws {
    var recutter = StreamRecutter(rules: chatEvents)
    var filter = HoldingFilter(hold: 0)
    var output: [UInt8] = []
    let input = bytes(stream)
    try recutter.receive(input.span, filter: &filter, into: &output)
    #expect(recutter.inputTokens == 3)
    #expect(recutter.outputTokens == 9)
    #expect(recutter.isDone)
  }

  @Test(arguments: [
    "data: {\"choices\":[\n\n", "data: nope\n\n", "data: {\"a\":1,\"a\":2}\n\n",
    "data: {\"choices\":[{\"index\":0,\"logprobs\":{\"content\":[]}}]}\n\n",
  ])
  func whatCanNotBeReadEndsTheStream(_ input: String) {
    #expect(throws: (any Error).self) { try recut(bytes(input), at: [], hold: 0) }
  }

  @Test func anEventThatNothingEndsIsNotPassedOn() {
    #expect(throws: (any Error).self) { try recut(bytes("data: {\"choices\":[]}"), at: [], hold: 0) }
  }

  @Test func aCommentThatIsNoPingKeepsItsColonAlone() throws {
    let output = try recut(bytes(": call Jane Doe at 617-555-0182, she waits\n\n: ping\n\n"), at: [], hold: 0)
    #expect(text(output) == ":\n\n: ping\n\n")
  }

  @Test func anEventHasALimit() {
    let huge = bytes("data: \"" + String(repeating: "a", count: 3 << 20))
    #expect(throws: (any Error).self) { try recut(huge, at: [], hold: 0) }
  }
}
