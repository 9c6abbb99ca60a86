internal import FilterABI

/// A detector's session: one direction of one exchange. Opened when it is first needed, closed when it goes.
@safe final class DetectSession {
  let instance: DetectInstance
  private let exchange: ExchangeContext
  private let direction: ExchangeContext.Direction
  private var session: UnsafeMutableRawPointer?
  private var isOpen = false

  init(_ instance: DetectInstance, _ exchange: ExchangeContext, _ direction: ExchangeContext.Direction) {
    self.instance = instance
    self.exchange = exchange
    self.direction = direction
  }

  deinit { if isOpen { unsafe instance.table.close?(session) } }

  /// Opens it, where it is not open yet.
  func open(_ scratch: ChainScratch) throws(StageFailure) {
    guard !isOpen else { return }
    let status = unsafe scratch.detail.call {
      unsafe instance.table.open?(instance.filter.pointer, exchange.pointer(direction), &session, $0)
        ?? SLUICE_ERROR_UNSUPPORTED
    }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, scratch.detail) }
    isOpen = true
  }

  /// Feeds the next bytes of a segment. What is found is added to the scratch's collector.
  /// - Parameter safe: what the detector has called safe of this segment before.
  /// - Returns: what it calls safe now, checked.
  func feed(
    _ segment: UnsafePointer<sluice_segment>, base: Int, text: Span<UInt8>, end: Bool, safe: Int,
    _ scratch: ChainScratch, _ work: inout FilterWork
  ) throws(StageFailure) -> Int {
    try open(scratch)
    let fed = base + text.count
    var answer = UInt64(safe)
    let status = unsafe text.withUnsafeBufferPointer { bytes in
      unsafe scratch.findings.collect(
        segment: Int(segment.pointee.id), base: base, count: text.count, safe: safe
      ) {
        (emitter) in
        unsafe scratch.detail.call { error in
          unsafe instance.table.feed?(
            session, segment, UInt64(base), sluice_bytes(bytes), end ? 1 : 0, emitter, &answer, error)
            ?? SLUICE_ERROR_UNSUPPORTED
        }
      }
    }
    try instance.filter.judge(&work)
    if let breach = scratch.findings.breach { throw instance.filter.failure("broken-rule", breach) }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, scratch.detail) }
    if end { return fed }
    guard answer <= UInt64(fed), answer >= UInt64(safe) else {
      throw instance.filter.failure(
        "broken-rule", "The detector's safe_through went back, or past what it was given.")
    }
    guard fed - Int(answer) <= instance.maximumHold else {
      throw instance.filter.failure(
        "held-too-much",
        "The detector holds back more than the \(instance.maximumHold) bytes that it declared.")
    }
    if answer < UInt64(fed) { work.holds += 1 }
    return Int(answer)
  }

  /// Adds to `found` what the detector finds in a whole text, moved out to borders of code points, not merged.
  func whole(
    _ segment: UnsafePointer<sluice_segment>, _ text: Span<UInt8>, cache: FindingCache?,
    _ scratch: ChainScratch,
    _ work: inout FilterWork, into found: inout [FindingReport]
  ) throws(StageFailure) {
    guard !text.isEmpty else { return }
    let number = Int(unsafe segment.pointee.id)
    var entry: SipHash128.Key?
    if let cache, text.count >= FindingCache.shortest {
      let key = unsafe cache.entry(
        detector: instance.filter.serial, direction: direction, segment: segment.pointee, text: text)
      if let known = cache.findings(key) {
        work.remembered += 1
        for finding in known { found.append(FindingReport(finding, segment: number)) }
        return
      }
      entry = key
    }
    work.calls += 1
    work.bytes += text.count
    scratch.findings.findings.removeAll(keepingCapacity: true)
    _ = unsafe try feed(segment, base: 0, text: text, end: true, safe: 0, scratch, &work)
    work.findings += scratch.findings.findings.count
    let first = found.count
    for var finding in scratch.findings.findings {
      let range = CodePoints.outward(finding.start, finding.end, in: text)
      finding.start = range.lowerBound
      finding.end = range.upperBound
      found.append(finding)
    }
    if let entry { cache?.remember(found[first...].map { CachedFinding($0) }, as: entry) }
  }
}
