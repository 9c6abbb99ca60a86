internal import FilterABI

/// Takes a guard's verdict.
final class VerdictBox {
  var count = 0
  var verdict: UInt32 = SLUICE_GUARD_DENY
  var rule = ""
  var message = ""

  func collect<R>(_ body: (UnsafePointer<sluice_guard_emitter>) -> R) -> R {
    let emitter = unsafe sluice_guard_emitter(
      size: UInt32(MemoryLayout<sluice_guard_emitter>.size), reserved: 0,
      context: Unmanaged.passUnretained(self).toOpaque(),
      emit: { context, verdict in
        guard let context = unsafe context, let verdict = unsafe verdict else { return SLUICE_ERROR_DENIED }
        let box = unsafe Unmanaged<VerdictBox>.fromOpaque(context).takeUnretainedValue()
        box.count += 1
        box.verdict = unsafe verdict.pointee.verdict
        box.rule = unsafe verdict.pointee.rule.text
        box.message = unsafe verdict.pointee.message.text
        return SLUICE_OK
      })
    return unsafe withUnsafePointer(to: emitter, body)
  }
}

/// Takes a score's reasons.
final class ReasonBox {
  var reasons: [ScoreReason] = []
  /// As many reasons as are kept of one filter.
  private static let maximum = 64

  func collect<R>(_ body: (UnsafePointer<sluice_score_emitter>) -> R) -> R {
    let emitter = unsafe sluice_score_emitter(
      size: UInt32(MemoryLayout<sluice_score_emitter>.size), reserved: 0,
      context: Unmanaged.passUnretained(self).toOpaque(),
      reason: { context, reason in
        guard let context = unsafe context, let reason = unsafe reason,
          let code = unsafe Names.rule(reason.pointee.code)
        else { return SLUICE_ERROR_DENIED }
        let box = unsafe Unmanaged<ReasonBox>.fromOpaque(context).takeUnretainedValue()
        guard box.reasons.count < ReasonBox.maximum else { return SLUICE_ERROR_LIMIT }
        box.reasons.append(
          unsafe ScoreReason(code: code.text, points: reason.pointee.points, count: reason.pointee.count))
        return SLUICE_OK
      })
    return unsafe withUnsafePointer(to: emitter, body)
  }
}

/// Takes a gate's decision.
final class DecisionBox {
  var count = 0
  var verdict: UInt32 = SLUICE_GATE_DENY
  var quorum: UInt32 = 1
  var flags: UInt32 = 0
  var expires: UInt64 = 0
  var approvers: [String] = []
  var reason = ""

  func collect<R>(_ body: (UnsafePointer<sluice_gate_emitter>) -> R) -> R {
    let emitter = unsafe sluice_gate_emitter(
      size: UInt32(MemoryLayout<sluice_gate_emitter>.size), reserved: 0,
      context: Unmanaged.passUnretained(self).toOpaque(),
      emit: { context, decision in
        guard let context = unsafe context, let decision = unsafe decision else { return SLUICE_ERROR_DENIED }
        let box = unsafe Unmanaged<DecisionBox>.fromOpaque(context).takeUnretainedValue()
        box.count += 1
        let raw = unsafe decision.pointee
        box.verdict = unsafe raw.verdict
        box.quorum = unsafe raw.quorum
        box.flags = unsafe raw.flags
        box.expires = unsafe raw.expires
        box.reason = unsafe raw.reason.text
        for index in 0..<min(Int(clamping: unsafe raw.approvers.count), 64) {
          guard let first = unsafe raw.approvers.first else { break }
          let group = unsafe first.advanced(by: index * Int(clamping: raw.approvers.stride))
            .assumingMemoryBound(to: sluice_bytes.self)
          box.approvers.append(unsafe group.pointee.text)
        }
        return SLUICE_OK
      })
    return unsafe withUnsafePointer(to: emitter, body)
  }
}
