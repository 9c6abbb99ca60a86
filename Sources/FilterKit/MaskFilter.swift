internal import FilterABI

/// A filter that says what stands in for a protected value (mask.h).
public protocol MaskFilter: Filter {
  /// Begins one direction of one exchange. Any thread.
  func open(_ exchange: borrowing ExchangeView) throws(FilterError) -> any MaskSession
}

/// One direction of one exchange. One thread at a time.
public protocol MaskSession: AnyObject {
  /// Answers the findings in `text`, the part of the segment's text that begins at offset `base`, with edits.
  func edit(
    _ segment: borrowing SegmentView, base: UInt64, text: Span<UInt8>, findings: borrowing FindingList,
    edits: borrowing EditEmitter
  ) throws(FilterError)
}

/// Takes edits, in any order.
@safe public struct EditEmitter: ~Copyable {
  let raw: UnsafePointer<sluice_edit_emitter>

  /// Replaces bytes `start..<end` of the segment's text.
  /// - Parameters:
  ///   - finding: the index of the finding that the edit answers; nil for a rule of the filter's own.
  ///   - operation: how, for evidence: `placeholder`, `redact`; lower-case ASCII and `-`.
  ///   - fingerprint: of the normalised value; nil: the host computes one from the bytes as they are.
  public func emit(
    start: UInt64, end: UInt64, replacement: Span<UInt8>, finding: Int?, operation: StaticString,
    fingerprint: Fingerprint?
  ) throws(FilterError) {
    let status = unsafe replacement.withABI { replacement in
      guard let fingerprint else {
        return unsafe emit(start, end, replacement, finding, operation, .literal(""))
      }
      return fingerprint.withBytes { bytes in
        unsafe bytes.withABI { unsafe emit(start, end, replacement, finding, operation, $0) }
      }
    }
    guard status == SLUICE_OK else { throw FilterError(.internal, "The host refused an edit.") }
  }

  private func emit(
    _ start: UInt64, _ end: UInt64, _ replacement: sluice_bytes, _ finding: Int?, _ operation: StaticString,
    _ fingerprint: sluice_bytes
  ) -> sluice_status {
    var edit = unsafe sluice_edit(
      size: UInt32(MemoryLayout<sluice_edit>.size),
      finding: finding.flatMap { UInt32(exactly: $0) } ?? SLUICE_EDIT_NO_FINDING, start: start, end: end,
      replacement: unsafe replacement, operation: unsafe .literal(operation), fingerprint: unsafe fingerprint)
    return unsafe raw.pointee.emit(raw.pointee.context, &edit)
  }
}

private final class MaskBox {
  let filter: any MaskFilter
  init(_ filter: any MaskFilter) { self.filter = filter }
}

private final class MaskSessionBox {
  let session: any MaskSession
  init(_ session: any MaskSession) { self.session = session }
}

func makeMaskTable<F: MaskFilter>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(type) { MaskBox($0) }
  let table = UnsafeMutablePointer<sluice_mask>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_mask(
      size: UInt32(MemoryLayout<sluice_mask>.size), reserved: 0, filter: filter,
      open: { instance, exchange, session, error in
        unsafe reporting(error) { () throws(FilterError) in
          let opened = unsafe try unbox(unsafe instance, as: MaskBox.self).filter.open(
            unsafe ExchangeView(raw: exchange!))
          unsafe session?.pointee = Unmanaged.passRetained(MaskSessionBox(opened)).toOpaque()
        }
      },
      edit: { session, segment, base, text, findings, emitter, error in
        unsafe reporting(error) { () throws(FilterError) in
          let session = unsafe unbox(unsafe session, as: MaskSessionBox.self).session
          unsafe try text.withSpan { (text) throws(FilterError) in
            unsafe try session.edit(
              unsafe SegmentView(raw: segment!), base: base, text: text, findings: FindingList(raw: findings),
              edits: unsafe EditEmitter(raw: emitter!))
          }
        }
      },
      close: { unsafe releaseBox($0) }))
  return UnsafeRawPointer(table)
}
