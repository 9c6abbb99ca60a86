/// Any bytes are a stream or refused; however they are split, the client gets the same events, each of them valid,
/// and nothing in a channel that the filter hasn't passed.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  guard input.count > 3 else { return 0 }
  let rules = fuzzStream
  let hold = Int(input[0] & 31)
  let stream = Array(input[3...])
  let cut = stream.isEmpty ? 0 : (Int(input[1]) << 8 | Int(input[2])) % stream.count
  let whole = recut(stream, at: [], hold, rules)
  let split = recut(stream, at: [cut], hold, rules)
  let each = recut(stream, at: stream.count < 4096 ? Array(stream.indices) : [], hold, rules)
  precondition(lines(whole.output) == lines(split.output), "a cut changes what the client gets")
  precondition(lines(whole.output) == lines(each.output), "many cuts change what the client gets")
  precondition(
    whole.isWhole == split.isWhole && whole.isWhole == each.isWhole, "a cut changes what is accepted")
  check(whole.output, rules)
  return 0
}

/// Holds a tail back and puts `#` for each `X`.
private struct HoldingFilter: StreamFilter {
  let hold: Int
  var held: [Int: [UInt8]] = [:]

  mutating func feed(
    channel: Int, pointer: Span<UInt8>, role: Role, text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(Never) -> StreamRelease {
    var all = held[channel, default: []]
    all.append(copying: text)
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
    let mark: [UInt8] = [UInt8(ascii: "#")]
    for index in text.indices where text[index] == UInt8(ascii: "X") { edit(index..<index + 1, mark.span) }
  }
}

private func recut(
  _ stream: [UInt8], at cuts: [Int], _ hold: Int, _ rules: StreamRules
) -> (output: [UInt8], isWhole: Bool) {
  var recutter = StreamRecutter(rules: rules)
  var filter = HoldingFilter(hold: hold)
  var output: [UInt8] = []
  var start = 0
  do {
    for cut in cuts + [stream.count] {
      try recutter.receive(stream.span.extracting(start..<cut), filter: &filter, into: &output)
      start = cut
    }
    try recutter.finish(filter: &filter, into: &output)
  } catch { return (output, false) }
  return (output, true)
}

/// The lines that are not empty: a CRLF that is cut loses its LF.
private func lines(_ output: [UInt8]) -> [ArraySlice<UInt8>] {
  output.split { $0 == 0x0A || $0 == 0x0D }
}

private func check(_ output: [UInt8], _ rules: StreamRules) {
  var parser = EventParser()
  do {
    try parser.append(output.span)
    while let event = try parser.next() {
      var data: [UInt8] = []
      for (index, line) in event.data.enumerated() {
        if index > 0 { data.append(0x0A) }
        data.append(contentsOf: parser.buffer[line])
      }
      if data.isEmpty || data.starts(with: Array("[DONE]".utf8)) { continue }
      var walker = JSONWalker()
      var walked = WalkedBody()
      do { try walker.walk(data.span, rules: rules.kind(of: data.span).rules, into: &walked) } catch {
        // A masked name may now be another's.
        precondition(error.code == .duplicateKey, "an event that can't be read was passed on")
        continue
      }
      for index in walked.segments.indices where walked.segments[index].use.isChannel {
        walked.withText(index, of: data.span) { text in
          for place in text.indices { precondition(text[place] != UInt8(ascii: "X"), "unfiltered text") }
        }
      }
    }
  } catch { preconditionFailure("events that can't be parsed were passed on") }
}
