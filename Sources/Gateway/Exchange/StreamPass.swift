internal import FilterChain
internal import Payload

/// A stream on its way through the chain: re-cut by Payload, masked by FilterChain. It also keeps the masked text
/// for the record until the record has it.
struct StreamPass {
  var recutter: StreamRecutter
  var filter: ChainFilter

  init(rules: RuleTable, stream: ResponseStream, keepsTranscript: Bool) {
    recutter = StreamRecutter(rules: rules)
    filter = ChainFilter(stream: stream, keepsTranscript: keepsTranscript)
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
  /// The chain's number of each of the stream's channels.
  private var numbers: [Int] = []
  private(set) var transcript: [(pointer: [UInt8], text: [UInt8])] = []
  /// How many bytes were released since the last record, kept or not: findings come together with them.
  private(set) var transcriptBytes = 0

  init(stream: ResponseStream, keepsTranscript: Bool) {
    self.stream = stream
    self.keepsTranscript = keepsTranscript
  }

  mutating func feed(
    channel: Int, pointer: Span<UInt8>, role: Role, text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(StageFailure) {
    while numbers.count <= channel {
      numbers.append(stream.openChannel(pointer: Array(copyOf: pointer), role: UInt32(role.rawValue)))
      transcript.append((Array(copyOf: pointer), []))
    }
    let before = released.count
    try stream.feed(numbers[channel], text, end: end, into: &released)
    transcriptBytes += released.count - before
    if keepsTranscript { transcript[channel].text.append(contentsOf: released[before...]) }
  }

  mutating func whole(
    pointer: Span<UInt8>, name: Span<UInt8>, role: Role, text: Span<UInt8>,
    edit: (Range<Int>, Span<UInt8>) -> Void
  ) throws(StageFailure) {
    try stream.whole(pointer: pointer, name: name, role: UInt32(role.rawValue), text: text, edit: edit)
  }

  /// The masked text since the last call.
  mutating func takeTranscript() -> [(pointer: [UInt8], text: [UInt8])] {
    transcriptBytes = 0
    let taken = transcript.filter { !$0.text.isEmpty }
    for index in transcript.indices { transcript[index].text = [] }
    return taken
  }
}
