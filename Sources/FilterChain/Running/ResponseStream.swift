internal import FilterABI

/// A response that arrives in pieces: several texts at once, each released as far as no detector may still find
/// something in it, and masked. Confined to one thread at a time.
public final class ResponseStream {
  /// A text that arrives in pieces.
  private struct Channel {
    let id: Int
    let pointer: [UInt8]
    let name: [UInt8]
    let role: UInt32
    /// What has been fed and not released, and the offset of its first byte.
    var window: [UInt8] = []
    var base = 0
    /// What each detector has called safe.
    var safe: [Int]
    /// Findings that are not wholly released.
    var findings: [FindingReport] = []
  }

  private let chain: Chain
  private let detectors: [DetectSession]
  private let masks: [MaskSession]
  private var channels: [Channel] = []
  private var nextID = 0
  private var reports: [(pointer: [UInt8], finding: FindingReport)] = []
  private let collector = FindingCollector()
  private let editor = EditCollector()

  init(chain: Chain, exchange: ExchangeContext) throws(StageFailure) {
    self.chain = chain
    var detectors: [DetectSession] = []
    var masks: [MaskSession] = []
    for detector in chain.detectors { detectors.append(try DetectSession(detector, exchange, .response)) }
    for mask in chain.masks { masks.append(try MaskSession(mask, exchange, .response)) }
    self.detectors = detectors
    self.masks = masks
  }

  /// Opens a text that arrives in pieces; returns its number, from 0 on.
  public func openChannel(pointer: [UInt8], role: UInt32) -> Int {
    let name = pointer.lastIndex(of: UInt8(ascii: "/")).map { Array(pointer[($0 + 1)...]) } ?? []
    channels.append(
      Channel(
        id: nextID, pointer: pointer, name: name, role: role,
        safe: Array(repeating: 0, count: detectors.count)))
    nextID += 1
    return channels.count - 1
  }

  /// Takes the next piece of a channel and appends what may be released, masked. With `end` all of it is.
  public func feed(
    _ index: Int, _ text: Span<UInt8>, end: Bool, into released: inout [UInt8]
  ) throws(StageFailure) {
    var channel = channels[index]
    channels[index].window = []  // so that the copy below is the only owner
    defer { channels[index] = channel }
    let offset = channel.base + channel.window.count
    for position in text.indices { channel.window.append(text[position]) }
    let fed = channel.base + channel.window.count
    collector.findings.removeAll(keepingCapacity: true)
    collector.segment = channel.id
    for (number, detector) in detectors.enumerated() {
      collector.safe = channel.safe[number]
      channel.safe[number] = unsafe try withSegment(
        id: channel.id, .response, role: channel.role, isStreamed: true, pointer: channel.pointer.span,
        name: channel.name.span
      ) { (segment) throws(StageFailure) in
        unsafe try detector.feed(segment, base: offset, text: text, end: end, collector: collector)
      }
    }
    if !collector.findings.isEmpty {
      for var finding in collector.findings {
        let range = snap(finding.start - channel.base, finding.end - channel.base, in: channel.window.span)
        finding.start = max(range.lowerBound, 0) + channel.base
        finding.end = range.upperBound + channel.base
        channel.findings.append(finding)
      }
      channel.findings.merge(from: 0)
    }
    try release(&channel, upTo: end ? fed : channel.safe.min() ?? fed, end: end, into: &released)
  }

  /// Releases a channel's text up to an offset, less what a finding or a code point would be cut by.
  private func release(
    _ channel: inout Channel, upTo limit: Int, end: Bool, into released: inout [UInt8]
  ) throws(StageFailure) {
    var limit = limit - channel.base
    if !end {
      while limit > 0, limit < channel.window.count, channel.window[limit] & 0xC0 == 0x80 { limit -= 1 }
      for finding in channel.findings
      where finding.start - channel.base < limit && finding.end - channel.base > limit {
        limit = finding.start - channel.base
      }
    }
    guard limit > 0 else { return }
    let done = channel.findings.prefix { $0.end - channel.base <= limit }
    var findings = Array(done)
    try mask(
      &findings, id: channel.id, role: channel.role, pointer: channel.pointer.span, name: channel.name.span,
      base: channel.base, text: channel.window.span.extracting(0..<limit), isStreamed: true)
    var copied = 0
    for edit in edits {
      released.append(contentsOf: channel.window[copied..<max(copied, edit.range.lowerBound - channel.base)])
      released.append(contentsOf: editor.arena[edit.replacement])
      copied = max(copied, edit.range.upperBound - channel.base)
    }
    released.append(contentsOf: channel.window[copied..<limit])
    for finding in findings { reports.append((channel.pointer, finding)) }
    channel.findings.removeFirst(done.count)
    channel.window.removeSubrange(..<limit)
    channel.base += limit
  }

  private var edits: [EditPlan] = []

  /// Asks the masks for the edits of a text; ``edits`` has them afterwards, in order, without overlap.
  private func mask(
    _ findings: inout [FindingReport], id: Int, role: UInt32, pointer: Span<UInt8>, name: Span<UInt8>,
    base: Int,
    text: Span<UInt8>, isStreamed: Bool
  ) throws(StageFailure) {
    edits.removeAll(keepingCapacity: true)
    editor.arena.removeAll(keepingCapacity: true)
    for mask in masks {
      let open = findings.indices.filter { findings[$0].operation == nil }
      let offered = open.map { findings[$0] }
      unsafe try withSegment(
        id: id, .response, role: role, isStreamed: isStreamed, pointer: pointer, name: name
      ) {
        (segment) throws(StageFailure) in
        unsafe try mask.edit(segment, base: base, text: text, findings: offered[...], collector: editor)
      }
      for edit in editor.edits {
        let range = snap(edit.range.lowerBound - base, edit.range.upperBound - base, in: text)
        edits.append(
          EditPlan(
            segment: id, range: range.lowerBound + base..<range.upperBound + base,
            replacement: edit.replacement))
        guard let finding = edit.finding else { continue }
        findings[open[finding]].operation = edit.operation
        if let fingerprint = edit.fingerprint {
          findings[open[finding]].fingerprint = fingerprint
          findings[open[finding]].hasFingerprint = true
        }
      }
    }
    for index in findings.indices where !findings[index].hasFingerprint {
      findings[index].fingerprint = chain.fingerprint(of: findings[index], in: text, base: base)
      findings[index].hasFingerprint = true
    }
    if edits.count > 1 { edits.sort { $0.range.lowerBound < $1.range.lowerBound } }
  }

  /// Passes a text that is whole. Calls `edit` for each range that something else stands in for.
  public func whole(
    pointer: Span<UInt8>, name: Span<UInt8>, role: UInt32, text: Span<UInt8>,
    edit: (Range<Int>, Span<UInt8>) -> Void
  ) throws(StageFailure) {
    guard !text.isEmpty else { return }
    let id = nextID
    nextID += 1
    collector.findings.removeAll(keepingCapacity: true)
    collector.segment = id
    for detector in detectors {
      collector.safe = 0
      _ = unsafe try withSegment(
        id: id, .response, role: role, isStreamed: false, pointer: pointer, name: name
      ) {
        (segment) throws(StageFailure) in
        unsafe try detector.feed(segment, base: 0, text: text, end: true, collector: collector)
      }
    }
    var findings = collector.findings
    for index in findings.indices {
      let range = snap(findings[index].start, findings[index].end, in: text)
      findings[index].start = range.lowerBound
      findings[index].end = range.upperBound
    }
    findings.merge(from: 0)
    try mask(
      &findings, id: id, role: role, pointer: pointer, name: name, base: 0, text: text, isStreamed: false)
    let arena = editor.arena
    for plan in edits { edit(plan.range, arena.span.extracting(plan.replacement)) }
    guard !findings.isEmpty else { return }
    var copy: [UInt8] = []
    for index in pointer.indices { copy.append(pointer[index]) }
    for finding in findings { reports.append((copy, finding)) }
  }

  /// The findings released since the last call, with where they stood.
  public func takeFindings() -> [(pointer: [UInt8], finding: FindingReport)] {
    defer { reports.removeAll(keepingCapacity: true) }
    return reports
  }
}

extension Chain {
  /// Begins a response that arrives in pieces.
  public func openStream(_ exchange: ExchangeContext) throws(StageFailure) -> ResponseStream {
    try ResponseStream(chain: self, exchange: exchange)
  }
}
