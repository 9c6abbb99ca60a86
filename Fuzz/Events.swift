/// Any bytes are events, the same ones however they are cut, and those that the standard's own words (WHATWG HTML,
/// 9.2.6) make of them; an event that is written again is read as the same.
@c(LLVMFuzzerTestOneInput) public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput(data, count)
  let length = max(0, count - 4)
  let cuts = [input.cut(length), input.cut(length)].sorted()
  let stream = input.rest
  let whole = parse(stream, at: [])
  require(whole == reference(stream), "the standard reads other events")
  require(whole == parse(stream, at: cuts), "a cut changes the events")
  require(whole == parse(stream, at: Array(stream.indices)), "many cuts change the events")
  for event in whole { check(event) }
  return 0
}

private struct Parsed: Equatable {
  var data: [[UInt8]] = []
  var others: [[UInt8]] = []
}

private func parse(_ stream: [UInt8], at cuts: [Int]) -> [Parsed] {
  var parser = EventParser()
  var events: [Parsed] = []
  var claimed = 0
  var start = 0
  do {
    for cut in cuts + [stream.count] {
      try parser.append(stream.span.extracting(start..<cut))
      start = cut
      while let event = try parser.next() {
        claimed += event.raw.count
        events.append(
          Parsed(
            data: event.data.map { Array(parser.buffer[$0]) },
            others: event.otherLines.map { Array(parser.buffer[$0]) }))
      }
    }
  } catch { fatalError("a short stream was refused") }
  // Every byte is an event's, or held; but for a byte order mark, and the LF of a CRLF that was cut.
  let mark = stream.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  if cuts.isEmpty { require(claimed + parser.held + mark == stream.count, "bytes were lost") }
  return events
}

/// Lines first, and then events: slower, and with nothing in common with the parser.
private func reference(_ stream: [UInt8]) -> [Parsed] {
  var lines: [[UInt8]] = []
  var line: [UInt8] = []
  var bytes = stream[...]
  if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
  while let byte = bytes.popFirst() {
    if byte == 0x0D, bytes.first == 0x0A { bytes = bytes.dropFirst() }
    guard byte == 0x0A || byte == 0x0D else {
      line.append(byte)
      continue
    }
    lines.append(line)
    line = []
  }
  var events: [Parsed] = []
  var event = Parsed()
  for line in lines {
    if line.isEmpty {
      events.append(event)
      event = Parsed()
      continue
    }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.count
    guard line[..<colon].elementsEqual("data".utf8) else {
      event.others.append(line)
      continue
    }
    var value = line.dropFirst(colon + 1)
    if value.first == 0x20 { value = value.dropFirst() }
    event.data.append(Array(value))
  }
  return events
}

private func check(_ event: Parsed) {
  var written: [UInt8] = []
  let lines = event.others.reduce(into: (buffer: [UInt8](), ranges: [Range<Int>]())) { lines, line in
    lines.ranges.append(lines.buffer.count..<lines.buffer.count + line.count)
    lines.buffer += line
  }
  let isAll = EventLines.append(lines.ranges, of: lines.buffer.span, to: &written)
  let kept = written
  EventLines.append(data: Array(event.data.joined(separator: [0x0A])).span, to: &written)
  let again = parse(written, at: [])
  require(again.count == 1, "an event that is written again is not one event")
  require(
    again[0].data == event.data || event.data.isEmpty, "data that is written again is other data")
  if isAll { require(again[0].others == event.others, "lines that all pass have changed") }
  for line in again[0].others {
    require(EventLines.harmless(line.span) == .all, "a line that passed would not pass again")
    var digits = 0
    for byte in line {
      if 0x30...0x39 ~= byte { digits += 1 } else if byte | 0x20 > 0x60 { digits = 0 }
      require(digits < 7 && 0x20..<0x7F ~= byte, "a line that passed could hold a value")
    }
  }
  require(kept.isEmpty || kept.last == 0x0A, "a line has no end")
}
