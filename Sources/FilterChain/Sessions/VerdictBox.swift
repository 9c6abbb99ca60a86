internal import FilterABI

/// Takes a guard's verdict.
final class VerdictBox {
  private(set) var count = 0
  private(set) var verdict: UInt32 = SLUICE_GUARD_DENY
  private(set) var rule = ""
  private(set) var message = ""

  func collect<R>(_ slot: EmitterSlot, _ body: (UnsafePointer<sluice_guard_emitter>) -> R) -> R {
    let emitter = unsafe sluice_guard_emitter(
      size: UInt32(MemoryLayout<sluice_guard_emitter>.size), reserved: 0, context: slot.context,
      emit: { context, verdict in
        guard let box = unsafe EmitterSlot.target(context, as: VerdictBox.self),
          let verdict = unsafe Sized.read(verdict)
        else { return SLUICE_ERROR_DENIED }
        box.count += 1
        box.verdict = unsafe verdict.verdict
        box.rule = unsafe verdict.rule.text(upTo: 128).printable
        box.message = unsafe verdict.message.text(upTo: 512).printable
        return SLUICE_OK
      })
    return unsafe slot.lend(emitter, to: self, body)
  }
}

/// Takes a score's reasons.
final class ReasonBox {
  private(set) var reasons: [ScoreReason] = []
  private(set) var breach: String?
  /// As many reasons as are kept of one filter.
  private static let maximum = 256

  func collect<R>(_ slot: EmitterSlot, _ body: (UnsafePointer<sluice_score_emitter>) -> R) -> R {
    let emitter = unsafe sluice_score_emitter(
      size: UInt32(MemoryLayout<sluice_score_emitter>.size), reserved: 0, context: slot.context,
      reason: { context, reason in
        guard let box = unsafe EmitterSlot.target(context, as: ReasonBox.self) else {
          return SLUICE_ERROR_DENIED
        }
        guard let reason = unsafe Sized.read(reason), let name = unsafe Names.rule(reason.code) else {
          box.breach = "The score emitted a reason whose code is no valid name."
          return SLUICE_ERROR_DENIED
        }
        guard box.reasons.count < ReasonBox.maximum else {
          box.breach = "The score emitted more than \(ReasonBox.maximum) reasons."
          return SLUICE_ERROR_DENIED
        }
        box.reasons.append(unsafe ScoreReason(name: name, points: reason.points, count: reason.count))
        return SLUICE_OK
      })
    return unsafe slot.lend(emitter, to: self, body)
  }
}

/// Takes a gate's decision.
final class DecisionBox {
  private(set) var count = 0
  private(set) var verdict: UInt32 = SLUICE_GATE_DENY
  private(set) var reason = ""
  private var quorum: UInt32 = 0
  private var flags: UInt32 = 0
  private var expires: UInt64 = 0
  /// Nil where the list is not to be read.
  private var approvers: [String]?
  private var required: [String]?
  private var glassGroups: [String]?
  private var glassLifetime: UInt64 = 0

  func collect<R>(_ slot: EmitterSlot, _ body: (UnsafePointer<sluice_gate_emitter>) -> R) -> R {
    let emitter = unsafe sluice_gate_emitter(
      size: UInt32(MemoryLayout<sluice_gate_emitter>.size), reserved: 0, context: slot.context,
      emit: { context, decision in
        guard let box = unsafe EmitterSlot.target(context, as: DecisionBox.self),
          let decision = unsafe Sized.read(decision)
        else { return SLUICE_ERROR_DENIED }
        box.count += 1
        box.verdict = unsafe decision.verdict
        box.quorum = unsafe decision.quorum
        box.flags = unsafe decision.flags
        box.expires = unsafe decision.expires
        box.reason = unsafe decision.reason.text(upTo: 512).printable
        box.approvers = unsafe decision.approvers.texts(count: 64, length: 256)
        box.required = unsafe decision.required.texts(count: 16, length: 256)
        box.glassGroups = unsafe decision.break_glass.texts(count: 64, length: 256)
        box.glassLifetime = unsafe decision.break_glass_lifetime
        return SLUICE_OK
      })
    return unsafe slot.lend(emitter, to: self, body)
  }

  /// What a decision to hold asks for; nil where it breaks a rule of gate.h, or nobody could ever decide.
  func hold(stage: String) -> GateHold? {
    let isLocal = flags & SLUICE_GATE_LOCAL_OPERATOR != 0
    guard let approvers, let required, !approvers.isEmpty || !required.isEmpty || isLocal,
      (1...16).contains(quorum), required.count <= Int(quorum), Set(required).count == required.count,
      (1...604_800).contains(expires)
    else { return nil }
    var glass: GateHold.BreakGlass?
    if glassLifetime != 0 {
      let anyone = flags & SLUICE_GATE_BREAK_GLASS_ANYONE != 0
      guard let glassGroups, anyone || !glassGroups.isEmpty, (60...604_800).contains(glassLifetime) else {
        return nil
      }
      glass = GateHold.BreakGlass(groups: glassGroups, anyone: anyone, lifetime: Int(glassLifetime))
    }
    return GateHold(
      stage: stage, approvers: approvers, required: required, quorum: Int(quorum), expires: Int(expires),
      localOperator: isLocal, breakGlass: glass, reason: reason)
  }
}
