internal import FilterABI

/// A response that arrives in pieces: several texts at once, each released as far as no detector may still find
/// something in it, and masked. Used by one thread at a time.
///
/// Whatever the cuts, what goes out is what the whole text would have become. After a failure nothing more goes out:
/// each later call fails as the first one did.
public final class ResponseStream {
  private let chain: Chain
  private let detectors: [DetectSession]
  private let masks: [MaskSession]
  private var channels: [StreamChannel] = []
  private var nextID = 0
  private var reports: [(pointer: [UInt8], finding: FindingReport)] = []
  private var edits: [EditPlan] = []
  private var failure: StageFailure?

  /// Texts that one response may have open at once.
  private static let maximumChannels = 4096
  /// Bytes of one text that may wait to be released: a chain of overlapping findings must not fill the memory.
  private static let maximumWindow = 1 << 20

  init(chain: Chain, exchange: ExchangeContext) throws(StageFailure) {
    let scratch = chain.spare.take()
    defer { chain.spare.giveBack(scratch) }
    self.chain = chain
    var detectors: [DetectSession] = []
    var masks: [MaskSession] = []
    for detector in chain.detectors {
      let session = DetectSession(detector, exchange, .response)
      // Before the first byte goes out, so that a detector that can't be had is a plain error.
      var work = try detector.filter.begin()
      try session.open(scratch)
      try detector.filter.judge(&work)
      detectors.append(session)
    }
    for mask in chain.masks {
      var work = try mask.filter.begin()
      masks.append(try MaskSession(mask, exchange, .response, scratch, &work))
    }
    self.detectors = detectors
    self.masks = masks
  }

  /// Opens a text that arrives in pieces; returns its number.
  /// - Parameter role: as exchange.h numbers them.
  public func openChannel(pointer: [UInt8], role: UInt32) -> Int {
    if let free = channels.firstIndex(where: { $0.isEnded }) {
      channels[free] = StreamChannel(id: nextID, pointer: pointer, role: role, detectors: detectors.count)
      nextID += 1
      return free
    }
    if channels.count == Self.maximumChannels {
      failure = StageFailure(
        "stream", "limit", "The response has more than \(Self.maximumChannels) texts in pieces.")
      return 0
    }
    channels.append(StreamChannel(id: nextID, pointer: pointer, role: role, detectors: detectors.count))
    nextID += 1
    return channels.count - 1
  }

  /// Takes the next piece of a channel and appends what may be released, masked. With `end` all of it is, and the
  /// channel's number may be another's afterwards.
  /// - Returns: for how many bytes of the text the released ones stand, which of these something else stands for, in
  ///   order, and how many bytes long that is.
  @discardableResult
  public func feed(
    _ index: Int, _ text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(StageFailure) -> (count: Int, edits: [(range: Range<Int>, length: Int)]) {
    var count = 0
    edits.removeAll(keepingCapacity: true)
    var base = 0
    try guarded { () throws(StageFailure) in
      let channel = channels[index]
      guard !channel.isEnded else {
        throw StageFailure("stream", "broken-rule", "A text of the response goes on behind its end.")
      }
      base = channel.base
      if !text.isEmpty || (end && !channel.window.isEmpty) {
        let scratch = chain.spare.take()
        defer { chain.spare.giveBack(scratch) }
        count = try take(text, end: end, of: channel, scratch, into: &released)
      }
      if end { channel.end() }
    }
    guard count > 0, !edits.isEmpty else { return (count, []) }
    return (
      count,
      edits.map {
        ($0.range.lowerBound - base..<$0.range.upperBound - base, $0.replacement.count)
      }
    )
  }

  /// How many bytes of a channel wait to be released.
  func waiting(_ index: Int) -> Int { channels[index].window.count }

  private func guarded(_ body: () throws(StageFailure) -> Void) throws(StageFailure) {
    if let failure { throw failure }
    do throws(StageFailure) { try body() } catch {
      failure = error
      throw error
    }
  }

  private func take(
    _ text: Span<UInt8>, end: Bool, of channel: StreamChannel, _ scratch: ChainScratch,
    into released: inout [UInt8]
  ) throws(StageFailure) -> Int {
    let count: Int
    // Text that comes while nothing waits goes from the upstream's buffer to the client's.
    if channel.window.isEmpty {
      count = try pass(text, text, end: end, of: channel, scratch, into: &released)
      channel.window.append(text.extracting(count...))
    } else {
      var window = channel.window
      channel.window = ByteWindow()  // so that the local one is the only owner, and is not copied
      window.append(text)
      do {
        let bytes = window.bytes
        let view = bytes.span.extracting(window.head...)
        count = try pass(view, text, end: end, of: channel, scratch, into: &released)
      }
      window.removeFirst(count)
      channel.window = window
    }
    guard channel.window.count <= Self.maximumWindow else {
      throw StageFailure(
        "stream", "held-too-much",
        "Findings that overlap hold back more than \(Self.maximumWindow) bytes of a text.")
    }
    return count
  }

  /// Detects in `text`, the end of `view`, and releases what may go out of `view`; returns how much that was.
  private func pass(
    _ view: Span<UInt8>, _ text: Span<UInt8>, end: Bool, of channel: StreamChannel, _ scratch: ChainScratch,
    into released: inout [UInt8]
  ) throws(StageFailure) -> Int {
    var failure: StageFailure?
    var count = 0
    let pointer = channel.pointer
    let name = channel.name
    unsafe lendSegment(
      id: channel.id, .response, role: channel.role, isStreamed: true, pointer: pointer.span, name: name.span
    ) { segment in
      do throws(StageFailure) {
        let base = channel.base + view.count - text.count
        scratch.findings.findings.removeAll(keepingCapacity: true)
        for (number, detector) in detectors.enumerated() {
          channel.safe[number] = unsafe try detect(
            segment, detector, base: base, text, end: end, safe: channel.safe[number], scratch)
        }
        if !scratch.findings.findings.isEmpty { channel.add(scratch.findings.findings, in: view) }
        count = end ? view.count : channel.releasable(view)
        guard count > 0 else { return }
        let out = view.extracting(..<count)
        var findings = channel.takeFindings(count, of: view)
        unsafe try mask(segment, base: channel.base, out, &findings, scratch)
        append(out, base: channel.base, scratch.edits.arena, to: &released)
        for finding in findings { reports.append((channel.pointer, finding)) }
        channel.released(count)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return count
  }

  private func detect(
    _ segment: UnsafePointer<sluice_segment>, _ detector: DetectSession, base: Int, _ text: Span<UInt8>,
    end: Bool,
    safe: Int, _ scratch: ChainScratch
  ) throws(StageFailure) -> Int {
    var work = try detector.instance.filter.begin()
    defer { detector.instance.filter.counters.add(work, stripe: scratch.stripe) }
    work.calls = 1
    work.bytes = text.count
    let before = scratch.findings.findings.count
    let now = unsafe try detector.feed(segment, base: base, text: text, end: end, safe: safe, scratch, &work)
    work.findings = scratch.findings.findings.count - before
    return now
  }

  /// Asks the masks for the edits of a text; ``edits`` has them afterwards, in order, without overlap.
  private func mask(
    _ segment: UnsafePointer<sluice_segment>, base: Int, _ text: Span<UInt8>,
    _ findings: inout [FindingReport],
    _ scratch: ChainScratch
  ) throws(StageFailure) {
    edits.removeAll(keepingCapacity: true)
    scratch.edits.arena.removeAll(keepingCapacity: true)
    for mask in masks {
      var work = try mask.filter.begin()
      defer { mask.filter.counters.add(work, stripe: scratch.stripe) }
      work.calls = 1
      work.bytes = text.count
      unsafe try mask.edit(
        segment, base: base, text: text, findings: &findings, at: findings.indices, edits: &edits, scratch,
        &work)
    }
    for index in findings.indices { chain.fingerprint(&findings[index], in: text, base: base) }
    edits.merge()
  }

  /// Appends a text that begins at `base` with the ``edits`` made.
  private func append(_ text: Span<UInt8>, base: Int, _ arena: [UInt8], to released: inout [UInt8]) {
    var copied = 0
    for edit in edits {
      released.append(text.extracting(copied..<edit.range.lowerBound - base))
      released.append(arena.span.extracting(edit.replacement))
      copied = edit.range.upperBound - base
    }
    released.append(text.extracting(copied...))
  }

  /// Passes a text that is whole. Calls `edit` for each range that something else stands in for, in order.
  public func whole(
    pointer: Span<UInt8>, name: Span<UInt8>, role: UInt32, text: Span<UInt8>,
    edit: (Range<Int>, Span<UInt8>) -> Void
  ) throws(StageFailure) {
    try guarded { () throws(StageFailure) in
      guard !text.isEmpty else { return }
      let scratch = chain.spare.take()
      defer { chain.spare.giveBack(scratch) }
      let id = nextID
      nextID += 1
      var findings: [FindingReport] = []
      var failure: StageFailure?
      unsafe lendSegment(id: id, .response, role: role, isStreamed: false, pointer: pointer, name: name) {
        segment in
        do throws(StageFailure) {
          for detector in detectors {
            var work = try detector.instance.filter.begin()
            defer { detector.instance.filter.counters.add(work, stripe: scratch.stripe) }
            unsafe try detector.whole(segment, text, cache: chain.cache, scratch, &work, into: &findings)
          }
          findings.merge(from: 0)
          unsafe try mask(segment, base: 0, text, &findings, scratch)
        } catch { failure = error }
      }
      if let failure { throw failure }
      let arena = scratch.edits.arena
      for plan in edits { edit(plan.range, arena.span.extracting(plan.replacement)) }
      guard !findings.isEmpty else { return }
      var copy: [UInt8] = []
      copy.append(pointer)
      for finding in findings { reports.append((copy, finding)) }
    }
  }

  /// The findings released since the last call, with where they stood. They add up until they are taken.
  public func takeFindings() -> [(pointer: [UInt8], finding: FindingReport)] {
    defer { reports.removeAll(keepingCapacity: true) }
    return reports
  }
}

extension Chain {
  /// Begins a response that arrives in pieces. Any thread.
  /// - Throws: where a filter can't begin: nothing may be let through then.
  public func openStream(_ exchange: ExchangeContext) throws(StageFailure) -> ResponseStream {
    try ResponseStream(chain: self, exchange: exchange)
  }
}
