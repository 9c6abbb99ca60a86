internal import FilterABI

/// A filter that says where protected values are (detect.h).
public protocol DetectFilter: Filter {
  /// The most bytes of an unfinished text that its sessions ever hold back, at most 65536.
  var maximumHold: UInt64 { get }
  /// Begins one direction of one exchange. Any thread.
  func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any DetectSession
}

/// One direction of one exchange. One thread at a time.
public protocol DetectSession: AnyObject {
  /// The next bytes of a segment; each byte is given once. `base` is the offset of the first one, and `end`
  /// tells that none follow. Returns safe_through: no finding emitted later begins below it.
  func feed(
    _ segment: borrowing SegmentView, base: UInt64, text: Span<UInt8>, end: Bool,
    findings: borrowing FindingEmitter
  ) throws(FilterError) -> UInt64
}

/// Takes findings, in any order.
@safe public struct FindingEmitter: ~Copyable {
  let raw: UnsafePointer<sluice_finding_emitter>

  /// Reports bytes `start..<end` of the segment's text as a value of `kind`.
  /// - Parameters:
  ///   - confidence: 0 to 10000.
  ///   - detector: the rule's name, lower-case ASCII: `phi/ssn`.
  public func emit(
    start: UInt64, end: UInt64, kind: Kind, confidence: UInt32, detector: StaticString
  ) throws(FilterError) {
    let status = kind.withBytes { kind in
      unsafe kind.withABI { kind in
        var finding = unsafe sluice_finding(
          size: UInt32(MemoryLayout<sluice_finding>.size), confidence: confidence, start: start, end: end,
          kind: kind, detector: .literal(detector))
        return unsafe raw.pointee.emit(raw.pointee.context, &finding)
      }
    }
    guard status == SLUICE_OK else { throw FilterError(.internal, "The host refused a finding.") }
  }
}

private final class DetectBox {
  let filter: any DetectFilter
  init(_ filter: any DetectFilter) { self.filter = filter }
}

private final class DetectSessionBox {
  let session: any DetectSession
  init(_ session: any DetectSession) { self.session = session }
}

func makeDetectTable<F: DetectFilter>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(type) { DetectBox($0) }
  let table = UnsafeMutablePointer<sluice_detect>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_detect(
      size: UInt32(MemoryLayout<sluice_detect>.size), reserved: 0, filter: filter,
      maximum_hold: { unsafe unbox(unsafe $0, as: DetectBox.self).filter.maximumHold },
      open: { instance, exchange, session, error in
        unsafe reporting(error) { () throws(FilterError) in
          let view = unsafe ExchangeView(raw: exchange!)
          let opened = unsafe try unbox(unsafe instance, as: DetectBox.self).filter.open(view)
          unsafe session?.pointee = Unmanaged.passRetained(DetectSessionBox(opened)).toOpaque()
        }
      },
      feed: { session, segment, base, bytes, end, emitter, safeThrough, error in
        unsafe reporting(error) { () throws(FilterError) in
          let session = unsafe unbox(unsafe session, as: DetectSessionBox.self).session
          let safe = unsafe try bytes.withSpan { (text) throws(FilterError) in
            try session.feed(
              unsafe SegmentView(raw: segment!), base: base, text: text, end: end != 0,
              findings: unsafe FindingEmitter(raw: emitter!))
          }
          unsafe safeThrough?.pointee = safe
        }
      },
      close: { unsafe releaseBox($0) }))
  return UnsafeRawPointer(table)
}
