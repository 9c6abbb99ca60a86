import Testing

@testable import Payload

/// What the client's events look like where text was held back, and what may not pass.
@Suite struct StreamShapeTests {
  private func lines(_ input: String, hold: Int) throws -> [String] {
    try text(recut(bytes(input), at: [], hold: hold)).split(separator: "\n").map(String.init)
  }

  /// What is left leaves without anything that a client would put together a second time.
  @Test func theRestCarriesNothingTwice() throws {
    let first =
      #"data: {"id":"c1","Jane Doe":true,"odd":{"n":7},"model":"m-1", "created" : 1764000000,"choices":[{"finish_reason":null,"native":1,"index":3,"delta":{"role":"assistant","tool_calls":[{"index":7,"id":"call_1","type":"function","function":{"name":"read_X","arguments":"abcX"}}]}}],"usage":{"prompt_tokens":5}}"#
    let done = "data: [DONE]"
    let output = try lines(first + "\n\n" + done + "\n\n", hold: 100)
    #expect(output.count == 3)
    #expect(
      output[1]
        == #"data: {"id":"c1","model":"m-1","created":1764000000,"choices":[{"finish_reason":null,"index":3,"delta":{"tool_calls":[{"index":7,"function":{"arguments":"abc#"}}]}}]}"#
    )
    #expect(output[2] == done)
  }

  @Test func theRestDoesNotSayThatItIsTheEnd() throws {
    let output = try lines(event(#"{"index":0,"delta":{"content":"ab"},"finish_reason":7}"#), hold: 1)
    #expect(output.last?.hasSuffix(#"{"index":0,"delta":{"content":"b"},"finish_reason":null}]}"#) == true)
  }

  @Test func theRestHasTheTextInTheRightElement() throws {
    let input = event(
      #"{"index":1,"delta":{}},{"delta":{"content":[{"type":"text","text":"a"},[ 1, "b" ],{"text":"cX"}],"n":{}},"index":0}"#
    )
    let output = try lines(input, hold: 1)
    #expect(output.last?.hasSuffix(##""choices":[{"delta":{"content":[{"text":"#"}]},"index":0}]}"##) == true)
  }

  @Test func anEventsNameComesWithTheRest() throws {
    let output = try lines("event: delta\nid: 4\n" + event(#"{"index":0,"delta":{"content":"ab"}}"#), hold: 9)
    #expect(output.filter { $0 == "event: delta" }.count == 2)
    #expect(output.filter { $0 == "id: 4" }.count == 1)
  }

  /// Some servers send each tool call whole, all of them under one number.
  @Test func anotherIdIsAnotherText() throws {
    func call(_ id: String, _ arguments: String) -> String {
      event(
        #"{"index":0,"delta":{"tool_calls":[{"index":0,"id":"\#(id)","function":{"arguments":"\#(arguments)"}}]}}"#
      )
    }
    let output = try text(
      recut(
        bytes(call("a1", "first") + call("a1", " one") + call("", "!") + call("b2", "second")), at: [],
        hold: 3))
    let (before, after) = try #require(
      output.firstRange(of: #""id":"b2""#).map { (output[..<$0.lowerBound], output[$0.lowerBound...]) })
    func arguments(_ part: Substring) -> String {
      part.matches(of: /"arguments":"([^"]*)"/).map { String($0.1) }.joined()
    }
    #expect(arguments(before) == "first one!")
    #expect(arguments(after) == "second")
  }

  /// A value in a field of a vendor's own, cut in two: neither half may pass before the other is known.
  @Test(arguments: [
    #""thinking":"?""#, #""reasoning_details":[{"type":"reasoning.text","index":0,"text":"?"}]"#,
    #""content":[{"type":"text","text":"?"}]"#, #""audio_text":{"deep":[{"er":"?"}]}"#,
  ])
  func aFieldThatNobodyKnowsIsHeldBackToo(_ field: String) throws {
    let pieces = ["the number is 123-45", "-6789 or so"].map {
      event(#"{"index":0,"delta":{\#(field.replacing("?", with: $0))}}"#)
    }
    let output = try lines(pieces.joined(), hold: 8)
    #expect(output.first?.contains("123") == false)
    #expect(output.count == 3)
    let types = output.filter { $0.contains("\"type\"") }.count
    #expect(!field.contains("type") || types == 2)
  }

  @Test func aSurrogatePairMayBeCut() throws {
    let pieces = [#"a\ud83d"#, #"\ude00b\ud83d"#, "", #"\ud83d"#, #"x\\ud83d"#, #"\ude00"#, #"\ud83d"#]
    let input = pieces.map { event(#"{"index":0,"delta":{"content":"\#($0)"}}"#) }.joined()
    for hold in [0, 3, 100] {
      var recutter = StreamRecutter(rules: chatEvents)
      var filter = HoldingFilter(hold: hold)
      var output: [UInt8] = []
      try recutter.receive(bytes(input).span, filter: &filter, into: &output)
      try recutter.finish(filter: &filter, into: &output)
      let expected = "a😀b\u{FFFD}\u{FFFD}x\\ud83d\u{FFFD}\u{FFFD}"
      #expect(filter.fed[0].map(text) == expected)
    }
    let whole = try readStream(recut(bytes(input), at: [], hold: 4))
    #expect(whole.texts["/choices/0/delta/content"]?.hasPrefix("a😀b") == true)
  }

  /// Comments and fields beside data are no place for text.
  @Test func linesBesideDataAreChecked() throws {
    let data = event(#"{"index":0,"delta":{"content":"ok"}}"#)
    let input =
      ": Jane Doe, 617-555-0182\nevent: x\nid: 617-555-0182\nnote: Jane\nretry: 3000\n" + data
      + "retry: 123456789\n\n"
    #expect(try text(recut(bytes(input), at: [], hold: 0)) == ":\nevent: x\nretry: 3000\n" + data)
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    let data = bytes(event(#"{"index":0,"delta":{"content":"ok"}}"#))
    let input = [0xEF, 0xBB, 0xBF] + data
    for cut in 0...5 { #expect(try recut(input, at: [cut], hold: 0) == data) }
  }

  @Test func nothingFollowsTheEnd() throws {
    let input = "data: [DONE] \n\n" + event(#"{"index":0,"delta":{"content":"Jane"}}"#) + ": Jane Doe\n\n"
    #expect(try text(recut(bytes(input), at: [], hold: 0)) == "data: [DONE] \n\n")
    #expect(try text(recut(bytes(input), at: [15, 20], hold: 0)) == "data: [DONE] \n\n")
    let endless = "data: [DONE]\n\n" + String(repeating: "a", count: 2 * EventParser.maximumEvent)
    let cuts = [20, EventParser.maximumEvent + 30]
    #expect(try text(recut(bytes(endless), at: cuts, hold: 0)) == "data: [DONE]\n\n")
  }

  @Test(arguments: ["data: [DONE]", "data: [DONE]\n", "data:[DONE]\r\n"])
  func theLastEmptyLineMayBeMissing(_ end: String) throws {
    let input = event(#"{"index":0,"delta":{"content":"ab"}}"#) + end
    let (texts, _, isDone) = try readStream(recut(bytes(input), at: [], hold: 1))
    #expect(texts["/choices/0/delta/content"] == "ab")
    #expect(isDone)
  }

  @Test func manyTextsAreRefused() throws {
    var input = ""
    for index in 0...StreamRecutter.maximumChannels {
      input += event(#"{"index":\#(index),"delta":{"content":"a"}}"#)
    }
    #expect {
      try recut(bytes(input), at: [], hold: 0)
    } throws: { error in
      guard case .payload(let error)? = error as? StreamError<Never> else { return false }
      return error.code == .tooManyValues
    }
  }

  @Test(arguments: [
    #"{"index":0,"message":{"role":"assistant","content":"123-45"}}"#,
    #"{"index":0,"delta":{"Jane Doe":"text"}}"#,
    #"{"index":0,"delta":{"audio":{"data":"AAAA"}}}"#,
  ])
  func whatNothingCanFilterEndsTheStream(_ choice: String) {
    #expect(throws: (any Error).self) { try recut(bytes(event(choice)), at: [], hold: 0) }
  }
}
