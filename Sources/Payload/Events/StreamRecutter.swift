/// Re-cuts a stream of events, so that the text in each channel is what the filter has released: the client
/// sees valid events in their order, and no part of a protected value.
///
/// A state machine without I/O: bytes in, bytes out. An event without a change leaves as it came.
public struct StreamRecutter {
  /// A text that arrives over several events.
  private struct Channel {
    let pointer: [UInt8]
    let role: Role
    var isOpen = true
    /// The last event that carried text of this channel, masked: what is left at the end leaves in its shape.
    var template: [UInt8] = []
  }

  private let rules: RuleTable
  private var parser = EventParser()
  private var walker: JSONWalker
  private var walked = WalkedBody()
  private var splicer = Splicer()
  private var channels: [Channel] = []
  private var scratch: [UInt8] = []
  /// Whether the stream has said that it is complete (`[DONE]`).
  public private(set) var isDone = false
  public private(set) var inputTokens: Int?
  public private(set) var outputTokens: Int?
  /// How many events have passed.
  public private(set) var events = 0

  public init(rules: RuleTable, limits: WalkedBody.Limits = .init()) {
    self.rules = rules
    walker = JSONWalker(limits: limits)
  }

  /// Takes the next bytes from upstream and appends what the client may have.
  public mutating func receive<F: StreamFilter>(
    _ bytes: Span<UInt8>, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    do { try parser.append(bytes) } catch { throw .payload(error) }
    while true {
      let event: EventParser.Event?
      do { event = try parser.next() } catch { throw .payload(error) }
      guard let event else { return }
      try handle(event, filter: &filter, into: &output)
    }
  }

  /// The upstream's stream has ended: appends what was held back.
  /// - Throws: where it ended in the middle of an event; what was held back is dropped then.
  public mutating func finish<F: StreamFilter>(
    filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    if parser.held > 0 {
      // An event that no empty line ends is not dispatched (9.2.6), unless blank lines alone are left.
      let rest = parser.buffer.span.extracting(last: parser.held)
      for index in rest.indices where rest[index] != 0x0A && rest[index] != 0x0D {
        throw .payload(
          PayloadError(.invalidJSON, "The stream ended in the middle of an event.", at: index, in: rest))
      }
    }
    try endChannels(below: [], filter: &filter, into: &output)
  }

  private mutating func handle<F: StreamFilter>(
    _ event: EventParser.Event, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    var data: [UInt8] = []
    swap(&data, &scratch)
    defer { swap(&data, &scratch) }
    data.removeAll(keepingCapacity: true)
    for (index, line) in event.data.enumerated() {
      if index > 0 { data.append(0x0A) }
      data.append(contentsOf: parser.buffer[line])
    }
    if data.isEmpty {
      // A comment or a ping: the only text that a server sends outside data, and not a model's.
      guard event.otherLines.allSatisfy({ Self.isHarmless(parser.buffer[$0]) }) else { return }
      output.append(contentsOf: parser.buffer[event.raw])
      return
    }
    events += 1
    if data.span.isEqual(to: "[DONE]") {
      try endChannels(below: [], filter: &filter, into: &output)
      isDone = true
      output.append(contentsOf: parser.buffer[event.raw])
      return
    }
    try handle(json: data.span, of: event, filter: &filter, into: &output)
  }

  private mutating func handle<F: StreamFilter>(
    json: Span<UInt8>, of event: EventParser.Event, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    do { try walker.walk(json, rules: rules, into: &walked) } catch { throw .payload(error) }
    inputTokens = walked.inputTokens ?? inputTokens
    outputTokens = walked.outputTokens ?? outputTokens
    if walked.hasMedia {
      throw .payload(
        PayloadError(.forbidden, "The stream carries media, which is not let through.", at: 0, in: json))
    }
    let finished = finishedScopes(json)
    splicer.reset()
    var carrying: [Int] = []
    for index in walked.segments.indices {
      if walked.segments[index].use == .channel {
        if let channel = try feed(index, of: json, finished: finished, filter: &filter) {
          carrying.append(channel)
        }
      } else {
        try maskWhole(index, of: json, filter: &filter)
      }
    }
    let hasChanged = !splicer.isEmpty
    var masked: [UInt8] = []
    if hasChanged || !carrying.isEmpty { splicer.splice(json, walked: walked, into: &masked) }
    for channel in carrying { channels[channel].template = masked }
    // What is held back of a channel that ends here, and that this event doesn't carry, goes before it.
    for scope in finished { try endChannels(below: scope, filter: &filter, into: &output) }
    if hasChanged {
      Self.append(masked, otherLines: event.otherLines, of: parser.buffer, to: &output)
    } else {
      output.append(contentsOf: parser.buffer[event.raw])
    }
  }

  /// Comment lines, `event:`, `id:` and `retry:` with short plain values.
  private static func isHarmless(_ line: ArraySlice<UInt8>) -> Bool {
    line.count <= 64
      && line.allSatisfy { byte in
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
          || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")) || " :_-.".utf8.contains(byte)
      }
  }

  /// The pointers of the objects whose channels this event ends.
  private func finishedScopes(_ json: Span<UInt8>) -> [[UInt8]] {
    walked.finishes.map { place in
      var scope: [UInt8] = []
      walked.appendPath(walked.paths[place].parent, of: json, statedIndices: true, to: &scope)
      scope.append(UInt8(ascii: "/"))
      return scope
    }
  }

  /// Where a segment of the event that is being handled stands, array elements by their stated numbers.
  private func pointer(_ index: Int, of json: Span<UInt8>) -> [UInt8] {
    var pointer: [UInt8] = []
    pointer.reserveCapacity(64)
    walked.appendPath(walked.segments[index].path, of: json, statedIndices: true, to: &pointer)
    return pointer
  }

  /// Feeds a channel's piece; returns the channel where the piece had text.
  private mutating func feed<F: StreamFilter>(
    _ index: Int, of json: Span<UInt8>, finished: [[UInt8]], filter: inout F
  ) throws(StreamError<F.Failure>) -> Int? {
    let pointer = pointer(index, of: json)
    let role = walked.segments[index].role
    let count = walked.withText(index, of: json) { $0.count }
    var channel = channels.firstIndex { $0.isOpen && $0.pointer == pointer }
    if channel == nil {
      if count == 0 { return nil }
      channels.append(Channel(pointer: pointer, role: role))
      channel = channels.count - 1
    }
    guard let channel else { return nil }
    let ends = finished.contains { pointer.starts(with: $0) }
    var released: [UInt8] = []
    do throws(F.Failure) {
      try walked.withText(index, of: json) { (text) throws(F.Failure) in
        try filter.feed(
          channel: channel, pointer: pointer.span, role: role, text: text, end: ends, into: &released)
      }
    } catch { throw .filter(error) }
    if ends { channels[channel].isOpen = false }
    if !walked.withText(index, of: json, { $0.isEqual(to: released) }) {
      splicer.replace(segment: index, range: 0..<count, with: released.span)
    }
    return count == 0 ? nil : channel
  }

  private mutating func maskWhole<F: StreamFilter>(
    _ index: Int, of json: Span<UInt8>, filter: inout F
  ) throws(StreamError<F.Failure>) {
    let pointer = pointer(index, of: json)
    let role = walked.segments[index].role
    var edits: [(Range<Int>, [UInt8])] = []
    do throws(F.Failure) {
      try walked.withText(index, of: json) { (text) throws(F.Failure) in
        try walked.withName(index, of: json) { (name) throws(F.Failure) in
          try filter.whole(pointer: pointer.span, name: name, role: role, text: text) { range, replacement in
            var copy: [UInt8] = []
            copy.append(copying: replacement)
            edits.append((range, copy))
          }
        }
      }
    } catch { throw .filter(error) }
    for (range, replacement) in edits {
      splicer.replace(segment: index, range: range, with: replacement.span)
    }
  }

  /// Ends the open channels whose pointers begin with `scope`, and appends what was held back of each.
  private mutating func endChannels<F: StreamFilter>(
    below scope: [UInt8], filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    let nothing: [UInt8] = []
    for index in channels.indices where channels[index].isOpen && channels[index].pointer.starts(with: scope)
    {
      channels[index].isOpen = false
      let channel = channels[index]
      var released: [UInt8] = []
      do throws(F.Failure) {
        try filter.feed(
          channel: index, pointer: channel.pointer.span, role: channel.role, text: nothing.span, end: true,
          into: &released)
      } catch { throw .filter(error) }
      guard !released.isEmpty else { continue }
      do { try appendRest(released, of: channel, to: &output) } catch { throw .payload(error) }
    }
  }

  /// Appends an event in the shape of the channel's last one, with what was left of its text.
  private mutating func appendRest(
    _ released: [UInt8], of channel: Channel, to output: inout [UInt8]
  ) throws(PayloadError) {
    let template = channel.template
    let nothing: [UInt8] = []
    var place = WalkedBody()
    try walker.walk(template.span, rules: rules, into: &place)
    var rest = Splicer()
    for index in place.segments.indices {
      var pointer: [UInt8] = []
      place.appendPath(place.segments[index].path, of: template.span, statedIndices: true, to: &pointer)
      let count = place.withText(index, of: template.span) { $0.count }
      if place.segments[index].use == .channel {
        let isOurs = pointer == channel.pointer
        rest.replace(segment: index, range: 0..<count, with: isOurs ? released.span : nothing.span)
      } else if place.segments[index].role == .toolName {
        // Clients put pieces together: a name that is said again would be doubled.
        rest.replace(segment: index, range: 0..<count, with: nothing.span)
      }
    }
    var json: [UInt8] = []
    rest.splice(template.span, walked: place, into: &json)
    Self.append(json, otherLines: [], of: [], to: &output)
  }

  private static func append(
    _ json: [UInt8], otherLines: [Range<Int>], of buffer: [UInt8], to output: inout [UInt8]
  ) {
    for line in otherLines {
      output.append(contentsOf: buffer[line])
      output.append(0x0A)
    }
    output.append(contentsOf: "data: ".utf8)
    for byte in json {
      output.append(byte)
      if byte == 0x0A { output.append(contentsOf: "data: ".utf8) }
    }
    output.append(contentsOf: [0x0A, 0x0A])
  }
}
