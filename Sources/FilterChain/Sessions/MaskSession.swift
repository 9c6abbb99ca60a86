internal import FilterABI

/// A mask's session: one direction of one exchange. Closed when it goes.
@safe final class MaskSession {
  private let instance: MaskInstance
  var filter: FilterInstance { instance.filter }
  private var session: UnsafeMutableRawPointer?

  init(
    _ instance: MaskInstance, _ exchange: ExchangeContext, _ direction: ExchangeContext.Direction,
    _ scratch: ChainScratch, _ work: inout FilterWork
  ) throws(StageFailure) {
    self.instance = instance
    var opened: UnsafeMutableRawPointer?
    let status = unsafe scratch.detail.call {
      unsafe instance.table.open?(instance.filter.pointer, exchange.pointer(direction), &opened, $0)
        ?? SLUICE_ERROR_UNSUPPORTED
    }
    // On failure close is not called, and a session that is left in peace by deinit must not exist.
    guard status == SLUICE_OK else { throw instance.filter.failure(status, scratch.detail) }
    unsafe session = opened
    isOpen = true
    try instance.filter.judge(&work)
  }

  private var isOpen = false

  deinit { if isOpen { unsafe instance.table.close?(session) } }

  /// Asks for the edits of a text that begins at offset `base`. Findings that an earlier mask has dealt with are not
  /// offered again.
  /// - Parameters:
  ///   - findings: those at `range` are the text's; what the mask does with each is noted in them.
  ///   - edits: gets the edits, on borders of code points, not merged. Their replacements are in the scratch's arena.
  func edit(
    _ segment: UnsafePointer<sluice_segment>, base: Int, text: Span<UInt8>, findings: inout [FindingReport],
    at range: Range<Int>, edits: inout [EditPlan], _ scratch: ChainScratch,
    _ work: inout FilterWork
  ) throws(StageFailure) {
    scratch.offered.removeAll(keepingCapacity: true)
    scratch.places.removeAll(keepingCapacity: true)
    for place in range where findings[place].operation == nil {
      scratch.offered.append(findings[place])
      scratch.places.append(place)
    }
    unsafe scratch.images.fill(scratch.offered[...])
    let status = unsafe scratch.images.withUnsafeBufferPointer { images in
      unsafe text.withUnsafeBufferPointer { bytes in
        unsafe scratch.edits.collect(text: base..<base + text.count, findings: images.count) { emitter in
          unsafe scratch.detail.call { error in
            unsafe instance.table.edit?(
              session, segment, UInt64(base), sluice_bytes(bytes), sluice_array(images), emitter, error)
              ?? SLUICE_ERROR_UNSUPPORTED
          }
        }
      }
    }
    try instance.filter.judge(&work)
    if let breach = scratch.edits.breach { throw instance.filter.failure("broken-rule", breach) }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, scratch.detail) }
    let number = Int(unsafe segment.pointee.id)
    for edit in scratch.edits.edits {
      let snapped = CodePoints.outward(edit.range.lowerBound - base, edit.range.upperBound - base, in: text)
      edits.append(
        EditPlan(
          segment: number, range: snapped.lowerBound + base..<snapped.upperBound + base,
          replacement: edit.replacement))
      guard let finding = edit.finding else { continue }
      let place = scratch.places[finding]
      findings[place].operation = edit.operation
      guard let fingerprint = edit.fingerprint else { continue }
      findings[place].fingerprint = fingerprint
      findings[place].hasFingerprint = true
    }
  }
}
