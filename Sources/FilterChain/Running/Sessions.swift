internal import FilterABI
internal import Synchronization

/// A detector's session: one direction of one exchange. Closed when it goes.
@safe final class DetectSession {
  let instance: DetectInstance
  private var session: UnsafeMutableRawPointer?
  private let detail = ErrorDetail()

  init(_ instance: DetectInstance, _ exchange: ExchangeContext, _ direction: ExchangeContext.Direction)
    throws(StageFailure)
  {
    self.instance = instance
    var opened: UnsafeMutableRawPointer?
    let status = unsafe detail.call {
      unsafe instance.table.pointee.open?(instance.filter.pointer, exchange.pointer(direction), &opened, $0)
        ?? SLUICE_ERROR_UNSUPPORTED
    }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, detail) }
    unsafe session = opened
  }

  deinit { unsafe instance.table.pointee.close?(session) }

  /// Feeds the next bytes of a segment; returns safe_through, checked.
  func feed(
    _ segment: UnsafePointer<sluice_segment>, base: Int, text: Span<UInt8>, end: Bool,
    collector: FindingCollector
  ) throws(StageFailure) -> Int {
    instance.filter.counters.count(bytes: text.count)
    let before = collector.findings.count
    collector.fed = base + text.count
    var safe = UInt64(base)
    let status = unsafe text.withUnsafeBufferPointer { bytes in
      unsafe collector.collect { emitter in
        unsafe detail.call { error in
          unsafe instance.table.pointee.feed?(
            session, segment, UInt64(base), sluice_bytes(bytes), end ? 1 : 0, emitter, &safe, error)
            ?? SLUICE_ERROR_UNSUPPORTED
        }
      }
    }
    if let breach = collector.breach { throw instance.filter.failure("broken-rule", breach) }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, detail) }
    instance.filter.counters.findings.add(collector.findings.count - before, ordering: .relaxed)
    if end { return collector.fed }
    guard safe <= UInt64(collector.fed), Int(safe) >= collector.safe else {
      throw instance.filter.failure(
        "broken-rule", "The detector's safe_through went back, or past what it was given.")
    }
    guard collector.fed - Int(safe) <= instance.maximumHold else {
      throw instance.filter.failure(
        "held-too-much",
        "The detector holds back more than the \(instance.maximumHold) bytes that it declared.")
    }
    return Int(safe)
  }
}

/// A mask's session.
@safe final class MaskSession {
  let instance: MaskInstance
  private var session: UnsafeMutableRawPointer?
  private let detail = ErrorDetail()
  private var images: [sluice_finding] = unsafe []

  init(_ instance: MaskInstance, _ exchange: ExchangeContext, _ direction: ExchangeContext.Direction)
    throws(StageFailure)
  {
    self.instance = instance
    var opened: UnsafeMutableRawPointer?
    let status = unsafe detail.call {
      unsafe instance.table.pointee.open?(instance.filter.pointer, exchange.pointer(direction), &opened, $0)
        ?? SLUICE_ERROR_UNSUPPORTED
    }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, detail) }
    unsafe session = opened
  }

  deinit { unsafe instance.table.pointee.close?(session) }

  /// Asks for the edits of a text with these findings; ``EditCollector/edits`` has them afterwards, by the
  /// findings' indices in the slice.
  func edit(
    _ segment: UnsafePointer<sluice_segment>, base: Int, text: Span<UInt8>,
    findings: ArraySlice<FindingReport>,
    collector: EditCollector
  ) throws(StageFailure) {
    instance.filter.counters.count(bytes: text.count)
    unsafe images.fill(findings)
    let status = unsafe images.withUnsafeBufferPointer { images in
      unsafe text.withUnsafeBufferPointer { bytes in
        unsafe collector.collect(text: base..<base + text.count, findings: findings.count) { emitter in
          unsafe detail.call { error in
            unsafe instance.table.pointee.edit?(
              session, segment, UInt64(base), sluice_bytes(bytes), sluice_array(images), emitter, error)
              ?? SLUICE_ERROR_UNSUPPORTED
          }
        }
      }
    }
    if let breach = collector.breach { throw instance.filter.failure("broken-rule", breach) }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, detail) }
  }
}

extension Array where Element == sluice_finding {
  /// The ABI's form of findings.
  mutating func fill(_ findings: ArraySlice<FindingReport>) {
    unsafe removeAll(keepingCapacity: true)
    for finding in findings {
      unsafe append(
        sluice_finding(
          size: UInt32(MemoryLayout<sluice_finding>.size), confidence: finding.confidence,
          start: UInt64(finding.start), end: UInt64(finding.end), kind: finding.kind.bytes,
          detector: finding.detector.bytes))
    }
  }
}

/// Lends a segment in the ABI's form.
@inline(__always)
func withSegment<R, E: Error>(
  id: Int, _ direction: ExchangeContext.Direction, role: UInt32, isStreamed: Bool, pointer: Span<UInt8>,
  name: Span<UInt8>, _ body: (UnsafePointer<sluice_segment>) throws(E) -> R
) throws(E) -> R {
  var result: Result<R, E>?
  unsafe pointer.withUnsafeBufferPointer { pointer in
    unsafe name.withUnsafeBufferPointer { name in
      let segment = unsafe sluice_segment(
        size: UInt32(MemoryLayout<sluice_segment>.size), direction: direction.rawValue, role: role,
        flags: isStreamed ? SLUICE_SEGMENT_STREAMED : 0, id: UInt64(id), pointer: sluice_bytes(pointer),
        name: sluice_bytes(name))
      unsafe withUnsafePointer(to: segment) { segment in
        do throws(E) { result = .success(unsafe try body(segment)) } catch { result = .failure(error) }
      }
    }
  }
  guard let result else { preconditionFailure("the closures above run") }
  return try result.get()
}
