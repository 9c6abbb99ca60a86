/// Any bytes are a stream or refused; however they are split, the client gets the same events, each of them valid,
/// and nothing in a channel that the filter hasn't passed.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  let first = input.byte()
  let hold = first & 31
  // The top bits say whose stream it is.
  let rules = fuzzStreams[(first >> 5) % fuzzStreams.count]
  let cut = input.cut(max(0, count - 3))
  let stream = input.rest
  let whole = recut(stream, at: [], hold, rules)
  let split = recut(stream, at: [cut], hold, rules)
  let each = recut(stream, at: stream.count < 4096 ? Array(stream.indices) : [], hold, rules)
  require(lines(whole.output) == lines(split.output), "a cut changes what the client gets")
  require(lines(whole.output) == lines(each.output), "many cuts change what the client gets")
  require(
    whole.isWhole == split.isWhole && whole.isWhole == each.isWhole, "a cut changes what is accepted")
  check(whole.output, rules)
  return 0
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
        require(error.code == .duplicateKey, "an event that can't be read was passed on")
        continue
      }
      for index in walked.segments.indices where walked.segments[index].use.isChannel {
        walked.withText(index, of: data.span) { text in
          for place in text.indices { require(!isProtected(text[place]), "unfiltered text") }
        }
      }
    }
  } catch { fatalError("events that can't be parsed were passed on") }
}
