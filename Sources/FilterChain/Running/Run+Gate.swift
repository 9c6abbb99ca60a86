internal import FilterABI

/// The stages that say whether people have to decide.
extension Run {
  mutating func gate(_ instance: GateInstance) throws(StageFailure) {
    var work = try instance.filter.begin()
    defer { instance.filter.counters.add(work, stripe: scratch.stripe) }
    work.calls += 1
    let decision = DecisionBox()
    let status = unsafe withRequest { request in
      unsafe decision.collect(scratch.slot) { emitter in
        unsafe scratch.detail.call {
          unsafe instance.table.decide?(instance.filter.pointer, request, emitter, $0)
            ?? SLUICE_ERROR_UNSUPPORTED
        }
      }
    }
    try instance.filter.judge(&work)
    guard status == SLUICE_OK else { throw instance.filter.failure(status, scratch.detail) }
    guard decision.count == 1 else {
      throw instance.filter.failure("no-verdict", "The gate did not answer exactly once.")
    }
    switch decision.verdict {
    case SLUICE_GATE_ALLOW: return
    case SLUICE_GATE_HOLD:
      guard let hold = decision.hold(stage: instance.filter.name) else {
        throw instance.filter.failure(
          "broken-rule",
          "The gate asks for a decision that nobody can make: no approvers, or limits out of range.")
      }
      work.holds = 1
      holds(hold)
    default: result.gate = .deny(stage: instance.filter.name, reason: decision.reason)
    }
  }

  /// A gate asks people. Where an earlier one does too, the same people can answer both at once; others can't.
  private mutating func holds(_ hold: GateHold) {
    guard case .hold(let earlier) = result.gate else { return result.gate = .hold(hold) }
    guard Set(earlier.approvers) == Set(hold.approvers), Set(earlier.required) == Set(hold.required) else {
      result.gate = .deny(
        stage: hold.stage,
        reason:
          "Two gates want different people to decide about this request, which this build can't ask for.")
      return
    }
    result.gate = .hold(
      GateHold(
        stage: earlier.stage, approvers: earlier.approvers, required: earlier.required,
        quorum: max(earlier.quorum, hold.quorum), expires: min(earlier.expires, hold.expires),
        localOperator: earlier.localOperator && hold.localOperator,
        // Whoever one of them lets break the glass need not be whom the other does.
        breakGlass: earlier.breakGlass == hold.breakGlass ? hold.breakGlass : nil,
        reason: "\(earlier.reason) \(hold.reason)"))
  }

  /// Lends what a gate decides on.
  private func withRequest(_ body: (UnsafePointer<sluice_gate_request>) -> sluice_status) -> sluice_status {
    var kinds: [sluice_bytes] = unsafe []
    var known: Set<Name> = []
    for finding in result.findings where known.insert(finding.kind).inserted {
      unsafe kinds.append(finding.kind.bytes)
    }
    let reasons = unsafe result.reasons.map { reason in
      unsafe sluice_score_reason(
        size: UInt32(MemoryLayout<sluice_score_reason>.size), points: reason.points, count: reason.count,
        code: reason.name.bytes)
    }
    return unsafe kinds.withUnsafeBufferPointer { kinds in
      unsafe reasons.withUnsafeBufferPointer { reasons in
        // Without a score the risk is not known to be less than all.
        let request = unsafe sluice_gate_request(
          size: UInt32(MemoryLayout<sluice_gate_request>.size), score: result.score ?? 100, token: 0,
          findings: UInt64(result.findings.count), exchange: exchange.pointer(direction),
          reasons: sluice_array(reasons), kinds: sluice_array(kinds))
        return unsafe withUnsafePointer(to: request, body)
      }
    }
  }
}
