import Testing

@testable import Payload

/// Holds back the last few bytes of a text, and puts `#` for each `X`: enough of a filter to see what is re-cut.
private struct HoldingFilter: StreamFilter {
  let hold: Int
  var held: [Int: [UInt8]] = [:]
  var fed: [Int: [UInt8]] = [:]

  mutating func feed(
    channel: Int, pointer: Span<UInt8>, role: Role, text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(Never) {
    var all = held[channel, default: []]
    for index in text.indices {
      all.append(text[index])
      fed[channel, default: []].append(text[index])
    }
    var count = end ? all.count : max(0, all.count - hold)
    while count > 0, count < all.count, all[count] & 0xC0 == 0x80 { count -= 1 }
    released.append(contentsOf: all[..<count].map { $0 == UInt8(ascii: "X") ? UInt8(ascii: "#") : $0 })
    held[channel] = Array(all[count...])
  }

  mutating func whole(
    pointer: Span<UInt8>, name: Span<UInt8>, role: Role, text: Span<UInt8>,
    edit: (Range<Int>, Span<UInt8>) -> Void
  ) throws(Never) {
    let mark = bytes("#")
    for index in text.indices where text[index] == UInt8(ascii: "X") { edit(index..<index + 1, mark.span) }
  }
}

private let rules: RuleTable = {
  let endpoint = ProtocolDescription.openAI.endpoint(method: "POST", path: "/v1/chat/completions")
  return endpoint?.stream ?? RuleTable([])
}()

private func event(_ choices: String, _ rest: String = "") -> String {
  "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,\"choices\":[\(choices)]\(rest)}\n\n"
}

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

/// What a client makes of a stream: the text of each channel, and the order of what ends it.
private func read(_ output: [UInt8]) throws -> (texts: [String: String], ends: [String], isDone: Bool) {
  var texts: [String: String] = [:]
  var ends: [String] = []
  var isDone = false
  for line in text(output).replacing("\r\n", with: "\n").replacing("\r", with: "\n").split(separator: "\n")
  where line.hasPrefix("data: ") {
    let data = bytes(String(line.dropFirst(6)))
    if text(data) == "[DONE]" {
      isDone = true
      continue
    }
    var walker = JSONWalker()
    var walked = WalkedBody()
    try walker.walk(data.span, rules: rules, into: &walked)
    for index in walked.segments.indices where walked.segments[index].use == .channel {
      var pointer: [UInt8] = []
      walked.appendPath(walked.segments[index].path, of: data.span, statedIndices: true, to: &pointer)
      let piece = walked.withText(index, of: data.span) { span in
        var copy: [UInt8] = []
        copy.append(copying: span)
        return text(copy)
      }
      #expect(
        !ends.contains { text(pointer).hasPrefix($0) } || piece.isEmpty, "text after the end of its choice")
      texts[text(pointer), default: ""] += piece
    }
    for place in walked.finishes {
      var scope: [UInt8] = []
      walked.appendPath(walked.paths[place].parent, of: data.span, statedIndices: true, to: &scope)
      ends.append(text(scope))
    }
  }
  return (texts, ends, isDone)
}

private func recut(_ input: [UInt8], at cuts: [Int], hold: Int) throws -> [UInt8] {
  var recutter = StreamRecutter(rules: rules)
  var filter = HoldingFilter(hold: hold)
  var output: [UInt8] = []
  var start = 0
  for cut in cuts + [input.count] {
    try recutter.receive(input.span.extracting(start..<cut), filter: &filter, into: &output)
    start = cut
  }
  try recutter.finish(filter: &filter, into: &output)
  return output
}

@Suite struct StreamTests {
  private let expected = [
    "/choices/0/delta/content": "Hello ## wörld 😀", "/choices/1/delta/content": "Other text",
    "/choices/0/delta/tool_calls/0/function/arguments": "{\"a\":\"#\"}",
  ]

  @Test(arguments: [0, 1, 5, 7, 1000])
  func whatIsHeldBackComesBeforeTheEnd(_ hold: Int) throws {
    let (texts, ends, isDone) = try read(try recut(bytes(stream), at: [], hold: hold))
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
        let (texts, _, isDone) = try read(try recut(input, at: cuts.sorted(), hold: 6))
        #expect(texts == expected)
        #expect(isDone)
      }
    }
  }

  @Test func anEventWithoutAChangeLeavesAsItCame() throws {
    let input = bytes("event: x\nid: 7\n" + event(#"{"index":0,"delta":{"content":"plain"}}"#))
    var recutter = StreamRecutter(rules: rules)
    var filter = HoldingFilter(hold: 0)
    var output: [UInt8] = []
    try recutter.receive(input.span, filter: &filter, into: &output)
    #expect(output == input)
  }

  @Test func usageIsCounted() throws {
    var recutter = StreamRecutter(rules: rules)
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

  @Test func aCommentThatIsNoPingIsDropped() throws {
    let output = try recut(bytes(": call Jane Doe at 617-555-0182, she waits\n\n: ping\n\n"), at: [], hold: 0)
    #expect(text(output) == ": ping\n\n")
  }

  @Test func anEventHasALimit() {
    let huge = bytes("data: \"" + String(repeating: "a", count: 3 << 20))
    #expect(throws: (any Error).self) { try recut(huge, at: [], hold: 0) }
  }
}
