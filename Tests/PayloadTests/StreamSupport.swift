import Protocols
import Testing

@testable import Payload

/// The one form of an endpoint of a protocol that comes with the gateway.
func form(_ name: String, _ method: String, _ path: String, body: String = "{}") throws -> Endpoint.Form {
  let description = try #require(ProtocolCatalog.builtIn(name))
  let endpoint = try #require(description.endpoint(method: method, path: Substring(path)))
  let body = bytes(body)
  let form = endpoint.form(of: body.span)
  return try #require(form)
}

/// The rules of a request's body.
func requestRules(_ name: String, _ path: String, body: String = "{}") throws -> RuleTable {
  guard case .json(let rules)? = try form(name, "POST", path, body: body).request else { return anything }
  return rules
}

/// Holds back the last few bytes of a text, and puts `#` for each `X`: enough of a filter to see what is re-cut.
struct HoldingFilter: StreamFilter {
  let hold: Int
  var held: [Int: [UInt8]] = [:]
  var fed: [Int: [UInt8]] = [:]

  mutating func feed(
    channel: Int, pointer: Span<UInt8>, role: Role, text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(Never) -> StreamRelease {
    var all = held[channel, default: []]
    for index in text.indices {
      all.append(text[index])
      fed[channel, default: []].append(text[index])
    }
    var count = end ? all.count : max(0, all.count - hold)
    while count > 0, count < all.count, all[count] & 0xC0 == 0x80 { count -= 1 }
    released.append(contentsOf: all[..<count].map { $0 == UInt8(ascii: "X") ? UInt8(ascii: "#") : $0 })
    held[channel] = Array(all[count...])
    let edits = all[..<count].indices.filter { all[$0] == UInt8(ascii: "X") }.map { ($0..<$0 + 1, 1) }
    return StreamRelease(count: count, edits: edits)
  }

  mutating func whole(
    pointer: Span<UInt8>, name: Span<UInt8>, role: Role, text: Span<UInt8>,
    edit: (Range<Int>, Span<UInt8>) -> Void
  ) throws(Never) {
    let mark = bytes("#")
    for index in text.indices where text[index] == UInt8(ascii: "X") { edit(index..<index + 1, mark.span) }
  }
}

let chatEvents: StreamRules = {
  let stream = try? form("openai", "POST", "/v1/chat/completions").stream
  return stream ?? StreamRules(otherwise: anything)
}()

func event(_ choices: String, _ rest: String = "") -> String {
  "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,\"choices\":[\(choices)]\(rest)}\n\n"
}

/// What a client makes of a stream: the text of each channel, and the order of what ends it.
func readStream(_ output: [UInt8]) throws -> (texts: [String: String], ends: [String], isDone: Bool) {
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
    try walker.walk(data.span, rules: chatEvents.kind(of: data.span).rules, into: &walked)
    for index in walked.segments.indices where walked.segments[index].use.isChannel {
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

func recut(_ input: [UInt8], at cuts: [Int], hold: Int) throws -> [UInt8] {
  var recutter = StreamRecutter(rules: chatEvents)
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
