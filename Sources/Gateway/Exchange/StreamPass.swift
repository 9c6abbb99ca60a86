internal import FilterChain
internal import Payload

/// A stream on its way through the chain: re-cut by Payload, masked by FilterChain. It also keeps the masked text
/// for the record until the record has it.
struct StreamPass {
  var recutter: StreamRecutter
  var filter: ChainFilter

  init(
    rules: StreamRules, stream: ResponseStream, keepsTranscript: Bool, passesMedia: Bool, restorer: Restorer
  ) {
    recutter = StreamRecutter(rules: rules, passesMedia: passesMedia)
    filter = ChainFilter(stream: stream, keepsTranscript: keepsTranscript, restorer: restorer)
  }

  /// Takes the next bytes from upstream and appends what the client may have.
  mutating func receive(_ bytes: Span<UInt8>, into output: inout [UInt8]) throws(StreamError<StageFailure>) {
    try recutter.receive(bytes, filter: &filter, into: &output)
  }

  /// The upstream's stream has ended: appends what was held back.
  mutating func finish(into output: inout [UInt8]) throws(StreamError<StageFailure>) {
    try recutter.finish(filter: &filter, into: &output)
  }
}

/// The chain of filters, as a stream is re-cut through it.
struct ChainFilter: StreamFilter {
  let stream: ResponseStream
  let keepsTranscript: Bool
  private let restorer: Restorer
  /// What of each channel may become a placeholder and waits for more.
  private var held: [[UInt8]] = []
  /// The chain's number of each of the stream's channels; nil: it has ended, and another text may begin.
  private var numbers: [Int?] = []
  /// The masked text of each place, in the order in which the places came.
  private(set) var transcript: [(pointer: [UInt8], text: [UInt8])] = []
  /// How many bytes were released since the last record, kept or not: findings come together with them.
  private(set) var transcriptBytes = 0

  init(stream: ResponseStream, keepsTranscript: Bool, restorer: Restorer) {
    self.stream = stream
    self.restorer = restorer
    self.keepsTranscript = keepsTranscript
  }

  mutating func feed(
    channel: Int, pointer: Span<UInt8>, role: Role, text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(StageFailure) -> StreamRelease {
    while numbers.count <= channel { numbers.append(nil) }
    let number: Int
    if let known = numbers[channel] {
      number = known
    } else {
      number = stream.openChannel(pointer: Array(copyOf: pointer), role: UInt32(role.rawValue))
      numbers[channel] = number
    }
    let before = released.count
    let release = try stream.feed(number, text, end: end, into: &released)
    if end { numbers[channel] = nil }
    transcriptBytes += released.count - before
    if keepsTranscript, released.count > before { keep(released[before...], of: Array(copyOf: pointer)) }
    if !restorer.isEmpty {
      while held.count <= channel { held.append([]) }
      let masked = Array(released[before...])
      released.removeSubrange(before...)
      restorer.restore(masked.span, end: end, held: &held[channel], into: &released)
      // What waits and what comes with it are not told apart: all of it counts as changed.
      return StreamRelease(count: release.count, edits: [(0..<release.count, released.count - before)])
    }
    return StreamRelease(count: release.count, edits: release.edits)
  }

  private mutating func keep(_ text: ArraySlice<UInt8>, of pointer: [UInt8]) {
    if let place = transcript.lastIndex(where: { $0.pointer == pointer }) {
      transcript[place].text += text
    } else {
      transcript.append((pointer, Array(text)))
    }
  }

  mutating func whole(
    pointer: Span<UInt8>, name: Span<UInt8>, role: Role, text: Span<UInt8>,
    edit: (Range<Int>, Span<UInt8>) -> Void
  ) throws(StageFailure) {
    guard !restorer.isEmpty else {
      return try stream.whole(
        pointer: pointer, name: name, role: UInt32(role.rawValue), text: text, edit: edit)
    }
    var masked: [(range: Range<Int>, text: [UInt8])] = []
    try stream.whole(pointer: pointer, name: name, role: UInt32(role.rawValue), text: text) { range, with in
      masked.append((range, Array(copyOf: with)))
    }
    // What the chain has masked is another's; what it left may be this client's own.
    let own = restorer.edits(of: text).filter { own in !masked.contains { $0.range.overlaps(own.range) } }
    for own in own { masked.append((own.range, own.value)) }
    masked.sort { $0.range.lowerBound < $1.range.lowerBound }
    for change in masked { edit(change.range, change.text.span) }
  }

  /// The masked text since the last call.
  mutating func takeTranscript() -> [(pointer: [UInt8], text: [UInt8])] {
    transcriptBytes = 0
    defer { transcript = [] }
    return transcript
  }
}
