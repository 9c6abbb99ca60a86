import Foundation
import Protocols
import Testing

@testable import Payload

/// Streams of each protocol, cut anywhere.
@Suite struct ProtocolStreamTests {
  struct Recorded: Sendable, CustomTestStringConvertible {
    let name: String
    let path: String
    let body: String
    /// Where text stands in the events, and what a client must have in all.
    let events: [String]
    let expected: [String: String]
    var testDescription: String { name + path }
  }

  private static func named(_ type: String, _ rest: String) -> String {
    "event: \(type)\ndata: {\"type\":\"\(type)\"\(rest)}\n\n"
  }

  static let recorded: [Recorded] = [
    Recorded(
      name: "anthropic", path: "/v1/messages", body: "{}",
      events: [
        named(
          "message_start",
          #","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"usage":{"input_tokens":25,"output_tokens":1}}"#
        ),
        named(
          "content_block_start",
          #","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}"#),
        named("content_block_delta", #","index":0,"delta":{"type":"thinking_delta","thinking":"let me X"}"#),
        named("content_block_delta", #","index":0,"delta":{"type":"thinking_delta","thinking":" see X"}"#),
        named("content_block_stop", #","index":0"#),
        named("ping", ""),
        named("content_block_start", #","index":1,"content_block":{"type":"text","text":""}"#),
        named("content_block_delta", #","index":1,"delta":{"type":"text_delta","text":"Hello aX\n"}"#),
        named("content_block_delta", #","index":1,"delta":{"type":"text_delta","text":"b é end"}"#),
        named("content_block_stop", #","index":1"#),
        named(
          "content_block_start",
          #","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"read","input":{}}"#),
        named("content_block_delta", #","index":2,"delta":{"type":"input_json_delta","partial_json":""}"#),
        named(
          "content_block_delta",
          #","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"path\": \"a\\tX"}"#),
        named(
          "content_block_delta",
          #","index":2,"delta":{"type":"input_json_delta","partial_json":"b\\u00e9\", \"n\""}"#),
        named(
          "content_block_delta", #","index":2,"delta":{"type":"input_json_delta","partial_json":": [1, 2]"}"#),
        named("content_block_delta", #","index":2,"delta":{"type":"input_json_delta","partial_json":"}"}"#),
        named("content_block_stop", #","index":2"#),
        named(
          "message_delta",
          #","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":15}"#),
        named("message_stop", ""),
      ],
      expected: [
        "/index/0/delta/thinking": "let me # see #", "/index/1/delta/text": "Hello a#\nb é end",
        "/index/2/delta/partial_json": "{\"path\": \"a\\t#b\\u00e9\", \"n\": [1, 2]}",
      ]),
    Recorded(
      name: "openai", path: "/v1/responses", body: #"{"input":"a"}"#,
      events: [
        named(
          "response.created",
          #","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1764000000,"status":"in_progress","model":"gpt-x","output":[]}"#
        ),
        named(
          "response.output_item.added",
          #","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}"#
        ),
        named(
          "response.content_part.added",
          #","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}"#
        ),
        named(
          "response.output_text.delta",
          #","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi X","logprobs":[],"obfuscation":"abc"#
            + "\""),
        named(
          "response.output_text.delta",
          #","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Y there","logprobs":[]"#
        ),
        named(
          "response.output_text.done",
          #","sequence_number":5,"item_id":"msg_1","output_index":0,"content_index":0,"text":"Hi XY there","logprobs":[]"#
        ),
        named(
          "response.content_part.done",
          #","sequence_number":6,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hi XY there","annotations":[]}"#
        ),
        named(
          "response.output_item.done",
          #","sequence_number":7,"output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi XY there","annotations":[]}]}"#
        ),
        named(
          "response.output_item.added",
          #","sequence_number":8,"output_index":1,"item":{"id":"fc_1","type":"function_call","status":"in_progress","arguments":"","call_id":"call_1","name":"read"}"#
        ),
        named(
          "response.function_call_arguments.delta",
          #","sequence_number":9,"item_id":"fc_1","output_index":1,"delta":"{\"q\":\"pX"# + "\""),
        named(
          "response.function_call_arguments.delta",
          #","sequence_number":10,"item_id":"fc_1","output_index":1,"delta":"q\"}"# + "\""),
        named(
          "response.function_call_arguments.done",
          #","sequence_number":11,"item_id":"fc_1","output_index":1,"arguments":"{\"q\":\"pXq\"}"# + "\""),
        named(
          "response.completed",
          #","sequence_number":12,"response":{"id":"resp_1","object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hi XY there"}]}],"usage":{"input_tokens":3,"output_tokens":5}}"#
        ),
      ],
      expected: [
        "/output_index/0/content_index/0/delta": "Hi #Y there", "/output_index/1/delta": "{\"q\":\"p#q\"}",
      ]),
    Recorded(
      name: "gemini", path: "/v1beta/models/gemini-x:streamGenerateContent", body: "{}",
      events: [
        #"data: {"candidates":[{"content":{"parts":[{"text":"I thinkX","thought":true}],"role":"model"},"index":0}],"modelVersion":"gemini-x"}"#
          + "\n\n",
        #"data: {"candidates":[{"content":{"parts":[{"thought":true,"text":" so X"}],"role":"model"},"index":0}]}"#
          + "\n\n",
        #"data: {"candidates":[{"content":{"parts":[{"text":"answer X"}],"role":"model"},"index":0}]}"#
          + "\n\n",
        #"data: {"candidates":[{"content":{"parts":[{"text":" done"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":9}}"#
          + "\n\n",
      ],
      expected: [
        "/candidates/0/content/parts/-~thought/text": "I think# so #",
        "/candidates/0/content/parts/-/text": "answer # done",
      ]),
  ]

  private func recut(_ input: [UInt8], _ rules: StreamRules, at cuts: [Int], hold: Int) throws -> [UInt8] {
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

  /// The text of each channel, and all other texts; every event must be whole JSON.
  private func read(_ output: [UInt8], _ rules: StreamRules) throws -> (
    texts: [String: String], kinds: [String]
  ) {
    var texts: [String: String] = [:]
    var kinds: [String] = []
    for event in text(output).components(separatedBy: "\n\n").dropLast() {
      #expect(event.contains("data: "), "an event without data")
    }
    for line in text(output).split(separator: "\n") where line.hasPrefix("data: ") {
      let data = bytes(String(line.dropFirst(6)))
      var walker = JSONWalker()
      var walked = WalkedBody()
      let kind = rules.kind(of: data.span)
      kinds.append(kind.name)
      try walker.walk(data.span, rules: kind.rules, into: &walked)
      for index in walked.segments.indices {
        let piece = walked.withText(index, of: data.span) { span in
          var copy: [UInt8] = []
          copy.append(copying: span)
          return text(copy)
        }
        #expect(!piece.contains("X"), "unmasked text")
        guard walked.segments[index].use.isChannel else { continue }
        var pointer: [UInt8] = []
        walked.appendPath(walked.segments[index].path, of: data.span, statedIndices: true, to: &pointer)
        texts[text(pointer), default: ""] += piece
      }
    }
    return (texts.filter { !$0.value.isEmpty }, kinds)
  }

  @Test(arguments: recorded, [0, 3, 1000])
  func everyCutGivesTheSameText(_ stream: Recorded, _ hold: Int) throws {
    let rules = try #require(try form(stream.name, "POST", stream.path, body: stream.body).stream)
    let input = bytes(stream.events.joined())
    let whole = try read(recut(input, rules, at: [], hold: hold), rules)
    #expect(whole.texts == stream.expected)
    for cut in stride(from: 1, to: input.count, by: 7) {
      #expect(try read(recut(input, rules, at: [cut], hold: hold), rules).texts == stream.expected)
    }
    var random = SeededGenerator(seed: 7)
    for _ in 0..<20 {
      let cuts = Set((0..<30).map { _ in Int.random(in: 1..<input.count, using: &random) }).sorted()
      #expect(try read(recut(input, rules, at: cuts, hold: hold), rules).texts == stream.expected)
    }
    let each = try read(recut(input, rules, at: Array(1..<input.count), hold: hold), rules)
    #expect(each.texts == stream.expected)
  }

  /// What is held back goes out before the event that ends its block.
  @Test func heldTextComesBeforeItsEnd() throws {
    let stream = Self.recorded[0]
    let rules = try #require(try form(stream.name, "POST", stream.path).stream)
    let (_, kinds) = try read(recut(bytes(stream.events.joined()), rules, at: [], hold: 1000), rules)
    let stops = kinds.indices.filter { kinds[$0] == "content_block_stop" }
    #expect(stops.count == 3)
    for stop in stops { #expect(kinds[stop - 1] == "content_block_delta") }
    #expect(kinds.last == "message_stop")
  }

  @Test(arguments: recorded) func aCleanStreamIsUntouched(_ stream: Recorded) throws {
    let rules = try #require(try form(stream.name, "POST", stream.path, body: stream.body).stream)
    let input = bytes(stream.events.joined().replacing("X", with: "x"))
    #expect(try recut(input, rules, at: [], hold: 0) == input)
  }

  /// A tool's arguments in pieces, cut anywhere, escapes included; what is no JSON is one text.
  @Test(arguments: [
    (
      ##"{"a\u0062":"p\ud83d\ude00X\\","n":[1,-2.5e3,true,null,1234567],"o":{"k":"X"},"e":""}"##,
      ##"{"a\u0062":"p\ud83d\ude00#\\","n":[1,-2.5e3,true,null,1234567],"o":{"k":"#"},"e":""}"##
    ),
    (##"{"John X":"v"}"##, ##"{"John #":"v"}"##), ("plain X text", "plain # text"),
    ("{broken X", ##"{"broken" #"##), (##"["a" "b"] and X"##, ##"["a" "b"] and #"##),
    (##"{"a":"lone \ud83d X"}"##, ##"{"a":"lone \ud83d #"}"##),
    (##"{"a":"ends in \"##, ##"{"a":"ends in \"##),
    ("", ""),
  ])
  func piecesOfArguments(_ whole: String, _ expected: String) throws {
    let input = bytes(whole)
    for hold in [0, 2, 50] {
      for cut in 0...input.count {
        var pieces = JSONPieces()
        var filter = HoldingFilter(hold: hold)
        var output: [UInt8] = []
        let place = JSONPieces.Place(channel: 0, pointer: bytes("/arguments"), role: .toolArguments)
        try pieces.feed(input.span.extracting(..<cut), end: false, at: place, filter: &filter, into: &output)
        try pieces.feed(input.span.extracting(cut...), end: true, at: place, filter: &filter, into: &output)
        if !whole.hasPrefix("{broken") {
          #expect(text(output) == expected, "cut at \(cut), \(hold) held back")
        }
        #expect(!text(output).contains("X"))
      }
    }
  }

  /// Which part of an answer a piece stands in tells nothing: a client puts them together.
  @Test func partsAreOneText() throws {
    let rules = try #require(
      try form("gemini", "POST", "/v1beta/models/m:streamGenerateContent").stream)
    let input =
      ##"data: {"candidates":[{"content":{"parts":[{"text":"It is "},{"text":"21X"}]},"index":0}]}"## + "\n\n"
      + ##"data: {"candidates":[{"content":{"parts":[{"text":"9 yes"}]},"index":0}]}"## + "\n\n"
    for hold in [0, 2, 100] {
      let texts = try read(recut(bytes(input), rules, at: [], hold: hold), rules).texts
      #expect(texts == ["/candidates/0/content/parts/-/text": "It is 21#9 yes"])
    }
  }
}
