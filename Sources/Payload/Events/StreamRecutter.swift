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
    /// The stream has said that nothing more comes of it.
    var isSealed = false
    var surrogates = SplitSurrogates()
    /// The JSON text that the channel is; nil: it is a plain text.
    var json: JSONPieces?
    /// In which shape what is left at the end leaves.
    var template: ChannelTemplate?
  }

  /// How many texts a stream may have, all told: memory does not grow with a stream's length.
  public static let maximumChannels = 4096
  /// How many may be open at once: what one event can cost is bounded.
  static let maximumOpen = 64
  /// How long what surrounds a text in an event of its own may be, in bytes.
  private static let maximumTemplate = 16 << 10

  private let rules: StreamRules
  private let passesMedia: Bool
  private var parser = EventParser()
  private var walker: JSONWalker
  private var walked = WalkedBody()
  private var splicer = Splicer()
  private var channels: [Channel] = []
  /// The kind of the event that is read.
  private var kindName: [UInt8] = []
  /// The number of the next event that leaves, where events are counted.
  private var nextNumber: Int?
  /// Whether objects at one place have said that they are of different kinds.
  private var hasVariants = false
  /// What an object at a place last said it belongs to (``Treatment/identity``).
  private var identities: [(scope: [UInt8], word: [UInt8])] = []
  private var scratch: [UInt8] = []
  /// Whether the stream has said that it is complete (`[DONE]`, or an event that is the last one).
  public private(set) var isDone = false
  public private(set) var inputTokens: Int?
  public private(set) var outputTokens: Int?
  /// How many events have passed.
  public private(set) var events = 0

  /// - Parameter passesMedia: whether images, sounds and files go through unread; else they end the stream.
  public init(rules: StreamRules, passesMedia: Bool = false, limits: WalkedBody.Limits = .init()) {
    self.rules = rules
    self.passesMedia = passesMedia
    walker = JSONWalker(limits: limits)
  }

  /// Takes the next bytes from upstream and appends what the client may have. What comes after `[DONE]` is
  /// dropped.
  public mutating func receive<F: StreamFilter>(
    _ bytes: Span<UInt8>, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    guard !isDone else { return }
    do { try parser.append(bytes) } catch { throw .payload(error) }
    while !isDone {
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
    guard !isDone else { return }
    // An event that no empty line ends is not dispatched (9.2.6), unless blank lines alone are left. That some
    // servers leave out the one behind `[DONE]` costs nothing.
    var rest = Array(parser.buffer.suffix(parser.held))
    while let last = rest.last, last == 0x0A || last == 0x0D || last == 0x20 { rest.removeLast() }
    let isComplete = rest.span.isEqual(to: "data: [DONE]") || rest.span.isEqual(to: "data:[DONE]")
    guard rest.isEmpty || isComplete else {
      throw .payload(
        PayloadError(.invalidJSON, "The stream ended in the middle of an event.", at: 0, in: rest.span))
    }
    try endChannels(below: [], filter: &filter, into: &output)
    if isComplete {
      isDone = true
      EventLines.append(data: rest.span.extracting(last: 6), to: &output)
    }
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
      data.append(copying: parser.buffer.span.extracting(line))
    }
    if data.isEmpty {
      // A comment or a ping: the only text that a server sends outside data, and not a model's.
      var lines: [UInt8] = []
      if EventLines.append(event.otherLines, of: parser.buffer.span, to: &lines) {
        output.append(copying: parser.buffer.span.extracting(event.raw))
      } else if !lines.isEmpty {
        output += lines + [0x0A]
      }
      return
    }
    events += 1
    if Self.saysDone(data.span) {
      try endChannels(below: [], filter: &filter, into: &output)
      isDone = true
      return pass(event, data.span, hasChanged: false, into: &output)
    }
    try handle(json: data.span, of: event, filter: &filter, into: &output)
  }

  /// An event's data with the number that it has among those that leave; nil where it has that, or has none.
  private mutating func counted(_ data: Span<UInt8>) -> [UInt8]? {
    guard !rules.sequence.isEmpty, let place = JSONSkipper.topValue(rules.sequence, of: data),
      let number = Self.number(data.extracting(place))
    else { return nil }
    let due = nextNumber ?? number
    nextNumber = due + 1
    guard due != number else { return nil }
    var counted: [UInt8] = []
    counted.append(copying: data.extracting(..<place.lowerBound))
    counted += Array(String(due).utf8)
    counted.append(copying: data.extracting(place.upperBound...))
    return counted
  }

  private static func number(_ digits: Span<UInt8>) -> Int? {
    guard digits.count > 0, digits.count < 16 else { return nil }
    var number = 0
    for index in digits.indices {
      guard 0x30...0x39 ~= digits[index] else { return nil }
      number = number * 10 + Int(digits[index] - 0x30)
    }
    return number
  }

  private static func saysDone(_ data: Span<UInt8>) -> Bool {
    var end = data.count
    while end > 0, data[end - 1] == 0x20 { end -= 1 }
    return data.extracting(0..<end).isEqual(to: "[DONE]")
  }

  /// Appends an event: as it came, where nothing in it has changed.
  private mutating func pass(
    _ event: EventParser.Event, _ data: Span<UInt8>, hasChanged: Bool, into output: inout [UInt8]
  ) {
    let start = output.count
    let isAll = EventLines.append(event.otherLines, of: parser.buffer.span, to: &output)
    if let counted = counted(data) {
      EventLines.append(data: counted.span, to: &output)
    } else if isAll && !hasChanged {
      output.removeSubrange(start...)
      output.append(copying: parser.buffer.span.extracting(event.raw))
    } else {
      EventLines.append(data: data, to: &output)
    }
  }

  private mutating func handle<F: StreamFilter>(
    json: Span<UInt8>, of event: EventParser.Event, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    guard !rules.isAmbiguous(json) else {
      throw .payload(PayloadError(.forbidden, "An event names its kind with escapes.", at: 0, in: json))
    }
    let kind = rules.kind(of: json)
    kindName = Array(kind.name.utf8)
    do { try walker.walk(json, rules: kind.rules, into: &walked) } catch { throw .payload(error) }
    inputTokens = walked.inputTokens ?? inputTokens
    outputTokens = walked.outputTokens ?? outputTokens
    if walked.hasMedia, !passesMedia {
      throw .payload(
        PayloadError(.forbidden, "The stream carries media, which is not let through.", at: 0, in: json))
    }
    try endWhatAnotherReplaces(json, filter: &filter, into: &output)
    if kind.endsChannels || kind.isLast {
      var scope: [UInt8] = []
      walked.appendRoot(of: json, to: &scope)
      try endChannels(below: scope + [UInt8(ascii: "/")], sealed: true, filter: &filter, into: &output)
    }
    if kind.isLast { isDone = true }
    try endOtherVariants(json, filter: &filter, into: &output)
    let finished = walked.finishes.map { scope(of: $0, json) }
    splicer.reset()
    var begun: [(channel: Int, segment: Int)] = []
    for index in walked.segments.indices where !walked.segments[index].isOuter {
      if walked.segments[index].use.isChannel {
        let known = channels.count
        try feed(index, of: json, finished: finished, filter: &filter)
        if channels.count > known { begun.append((known, index)) }
      } else {
        try maskWhole(index, of: json, filter: &filter)
      }
    }
    for (channel, segment) in begun where channels[channel].isOpen {
      let template = template(of: segment, in: event, kind.rules, json)
      guard template.size <= Self.maximumTemplate else { throw .payload(tooManyTexts(json)) }
      channels[channel].template = template
    }
    // What is held back of a channel that ends here, and that this event doesn't carry, goes before it.
    for scope in finished { try endChannels(below: scope, sealed: true, filter: &filter, into: &output) }
    guard !splicer.isEmpty else { return pass(event, json, hasChanged: false, into: &output) }
    var masked: [UInt8] = []
    splicer.splice(json, walked: walked, into: &masked)
    pass(event, masked.span, hasChanged: true, into: &output)
  }

  private func template(
    of segment: Int, in event: EventParser.Event, _ rules: RuleTable, _ json: Span<UInt8>
  ) -> ChannelTemplate {
    let lines = event.otherLines.filter {
      let line = parser.buffer.span.extracting($0)
      return line.count > 6 && line.extracting(first: 6).isEqual(to: "event:")
    }
    var eventLine: [UInt8] = []
    _ = EventLines.append(Array(lines.suffix(1)), of: parser.buffer.span, to: &eventLine)
    let source = ChannelTemplate.Source(walked: walked, splicer: splicer, rules: rules, segment: segment)
    return ChannelTemplate(source, of: json, eventLine: eventLine)
  }

  /// The beginning of the pointers of all that stands in the object that holds a place.
  private func scope(of place: Int, _ json: Span<UInt8>) -> [UInt8] {
    var scope: [UInt8] = []
    walked.appendPath(walked.paths[place].parent, of: json, statedIndices: true, to: &scope)
    scope.append(UInt8(ascii: "/"))
    return scope
  }

  /// Where an object says that it belongs to another text than the last one at its place did, that one ends.
  private mutating func endWhatAnotherReplaces<F: StreamFilter>(
    _ json: Span<UInt8>, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    for (path, raw) in walked.identities {
      let scope = scope(of: path, json)
      var word: [UInt8] = []
      word.append(copying: json.extracting(raw))
      guard let known = identities.firstIndex(where: { $0.scope == scope }) else {
        guard identities.count < Self.maximumChannels else { throw .payload(tooManyTexts(json)) }
        identities.append((scope, word))
        continue
      }
      guard identities[known].word != word else { continue }
      identities[known].word = word
      try endChannels(below: scope, filter: &filter, into: &output)
    }
  }

  /// Where a text of one kind begins at a place, the one of another kind there has ended.
  private mutating func endOtherVariants<F: StreamFilter>(
    _ json: Span<UInt8>, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    if walked.hasVariant { hasVariants = true }
    guard hasVariants else { return }
    for segment in walked.segments where segment.use.isChannel {
      var pointer: [UInt8] = []
      walked.appendPath(segment.path, of: json, statedIndices: true, to: &pointer)
      if !kindName.isEmpty { pointer += [UInt8(ascii: "#")] + kindName }
      let place = Self.withoutVariant(pointer)
      for other in channels.indices
      where channels[other].isOpen && channels[other].pointer != pointer
        && Self.withoutVariant(channels[other].pointer) == place
      {
        try endChannels(below: channels[other].pointer, filter: &filter, into: &output)
      }
    }
  }

  /// A pointer less what tells kinds apart: `~` and a name behind an element's number, where an escape has a digit.
  private static func withoutVariant(_ pointer: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isSkipped = false
    for (index, byte) in pointer.enumerated() {
      if byte == UInt8(ascii: "/") { isSkipped = false }
      if byte == UInt8(ascii: "~"), index + 1 < pointer.count, pointer[index + 1] > UInt8(ascii: "1") {
        isSkipped = true
      }
      if !isSkipped { result.append(byte) }
    }
    return result
  }

  private func tooManyTexts(_ json: Span<UInt8>) -> PayloadError {
    PayloadError(.tooManyValues, "The stream has more texts than are accepted.", at: 0, in: json)
  }

  /// The open channel to which a segment's text belongs, which begins here where there is none; nil for no text
  /// of none.
  private mutating func channel(of index: Int, _ json: Span<UInt8>) throws(PayloadError) -> Int? {
    var pointer: [UInt8] = []
    pointer.reserveCapacity(64)
    walked.appendPath(walked.segments[index].path, of: json, statedIndices: true, to: &pointer)
    // Texts of two kinds of events are two texts, wherever they stand.
    if !kindName.isEmpty { pointer += [UInt8(ascii: "#")] + kindName }
    if let open = channels.lastIndex(where: { $0.isOpen && $0.pointer == pointer }) { return open }
    if walked.segments[index].raw.isEmpty { return nil }
    guard !channels.contains(where: { $0.isSealed && $0.pointer == pointer }) else {
      throw PayloadError(
        .forbidden, "A text of the stream goes on behind its end.",
        at: walked.segments[index].raw.lowerBound, in: json)
    }
    guard channels.count < Self.maximumChannels, channels.count(where: \.isOpen) < Self.maximumOpen else {
      throw tooManyTexts(json)
    }
    guard walked.isPublic(walked.segments[index].path) else {
      throw PayloadError(
        .forbidden, "Text of a stream stands under a name that may itself be protected.",
        at: walked.segments[index].raw.lowerBound, in: json)
    }
    let isJSON = walked.segments[index].use == .jsonChannel
    channels.append(
      Channel(pointer: pointer, role: walked.segments[index].role, json: isJSON ? JSONPieces() : nil))
    return channels.count - 1
  }

  /// Feeds a channel's piece.
  private mutating func feed<F: StreamFilter>(
    _ index: Int, of json: Span<UInt8>, finished: [[UInt8]], filter: inout F
  ) throws(StreamError<F.Failure>) {
    let found: Int?
    do { found = try channel(of: index, json) } catch { throw .payload(error) }
    guard let found else { return }
    let place = walked.segments[index].raw
    let ends = finished.contains { channels[found].pointer.starts(with: $0) }
    var surrogates = channels[found].surrogates
    var released: [UInt8] = []
    if surrogates.isPlain(json.extracting(place)) {
      try walked.withText(index, of: json) { (text) throws(StreamError<F.Failure>) in
        try feed(found, text, end: ends, filter: &filter, into: &released)
      }
    } else {
      var joined: [UInt8] = []
      surrogates.join(json.extracting(place), into: &joined)
      if ends { surrogates.end(into: &joined) }
      try feed(found, joined.span, end: ends, filter: &filter, into: &released)
    }
    channels[found].surrogates = surrogates
    if ends { (channels[found].isOpen, channels[found].isSealed) = (false, true) }
    let (count, isSame) = walked.withText(index, of: json) { ($0.count, $0.isEqual(to: released)) }
    if !isSame { splicer.replace(segment: index, range: 0..<count, with: released.span) }
  }

  private mutating func feed<F: StreamFilter>(
    _ channel: Int, _ text: Span<UInt8>, end: Bool, filter: inout F, into released: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    let fed = channels[channel]
    if var pieces = fed.json {
      channels[channel].json = nil  // so that the local one is the only owner, and is not copied
      defer { channels[channel].json = pieces }
      let place = JSONPieces.Place(channel: channel, pointer: fed.pointer, role: fed.role)
      return try pieces.feed(text, end: end, at: place, filter: &filter, into: &released)
    }
    do throws(F.Failure) {
      _ = try filter.feed(
        channel: channel, pointer: fed.pointer.span, role: fed.role, text: text, end: end, into: &released)
    } catch { throw .filter(error) }
  }

  private mutating func maskWhole<F: StreamFilter>(
    _ index: Int, of json: Span<UInt8>, filter: inout F
  ) throws(StreamError<F.Failure>) {
    // The pointer goes into the record with what is found.
    var pointer: [UInt8] = []
    pointer.reserveCapacity(64)
    walked.appendPath(
      walked.segments[index].path, of: json, statedIndices: true, isPublic: true, to: &pointer)
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
    below scope: [UInt8], sealed: Bool = false, filter: inout F, into output: inout [UInt8]
  ) throws(StreamError<F.Failure>) {
    for index in channels.indices where channels[index].isOpen && channels[index].pointer.starts(with: scope)
    {
      channels[index].isOpen = false
      channels[index].isSealed = sealed
      var rest: [UInt8] = []
      channels[index].surrogates.end(into: &rest)
      var released: [UInt8] = []
      try feed(index, rest.span, end: true, filter: &filter, into: &released)
      if !released.isEmpty, let template = channels[index].template {
        output += template.eventLine
        let made = template.json(released.span)
        let data = counted(made.span) ?? made
        EventLines.append(data: data.span, to: &output)
      }
      channels[index].template = nil
    }
  }
}
