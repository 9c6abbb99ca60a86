internal import Control
internal import Evidence
internal import FilterChain
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import PipelineModel
internal import Synchronization

extension Exchange {
  /// As many exchanges as are held at once.
  private static let maximumHeld = 10_000

  /// People have to decide. Asks them, or finds that they have decided about this very request before.
  func ask(_ hold: GateHold) {
    guard let runtime, let principal, let inspection else { return }
    guard loop.services.metrics.exchangesHeld.load(ordering: .relaxed) < Self.maximumHeld else {
      return refuse(.internal("too_many_held", "Too many requests wait for approval. Try again later."))
    }
    guard !loop.services.isStoreAway else {
      return refuse(
        .internal(
          "approvals_unavailable",
          "The request has to be approved, and approvals can't be read or kept now."))
    }
    let request = ApprovalRequest(
      digest: approvalDigest(inspection, runtime, principal), pipeline: runtime.pipeline.name,
      subject: principal.subject, email: principal.email, context: approvalContext(inspection),
      score: Int(inspection.result.score ?? 0), terms: hold.terms, lifetime: Int64(hold.expires),
      maximumWaiting: runtime.pipeline.limits.waiting)
    let store = loop.services.store
    let kinds = Set(inspection.result.findings.map(\.kind.text))
    blocking { () throws(ControlError) in
      try store.answer(request, kinds: kinds, now: Clock.seconds())
    } then: { exchange, result in
      guard exchange.phase == .deciding else { return }
      switch result {
      case .failure(let error) where error.code == .tooMany:
        exchange.refuse(
          .policy(
            "too_many_waiting",
            "The request has to be approved, and \(runtime.pipeline.limits.waiting) requests of yours wait for that already, which is the most (limits: waiting). Send it again once some have been decided.",
            stage: hold.stage))
      case .failure:
        exchange.refuse(
          .internal(
            "approvals_unavailable",
            "The request has to be approved, and approvals can't be read or kept now."))
      case .success(.granted(let grant)):
        exchange.decision.grant = grant
        exchange.forward()
      case .success(.broken(let glass)): exchange.passBroken(glass)
      case .success(.approval(let approval, let isNew)): exchange.asked(approval, isNew: isNew, hold)
      }
    }
  }

  /// It goes on without anybody's word: loudly.
  private func passBroken(_ glass: BreakGlass) {
    decision.glass = glass
    loop.services.metrics.brokenGlass.add(1, ordering: .relaxed)
    forward()
  }

  /// The approval stands for exactly this: the masked payload, under this policy, by this person.
  private func approvalDigest(_ inspection: Inspection, _ runtime: PipelineRuntime, _ principal: Principal)
    -> [UInt8]
  {
    var text = Array(
      "\(runtime.policy.digest)\n\(runtime.pipeline.name)\n\(principal.subject)\n\(head.method.rawValue) \(path)\n"
        .utf8)
    text.append(contentsOf: inspection.masked ?? [])
    return Digest.sha256(text).bytes
  }

  /// What the approver sees: enough to decide, and nothing that was protected.
  private func approvalContext(_ inspection: Inspection) -> String {
    var counts: [(kind: String, count: Int)] = []
    for finding in inspection.result.findings {
      let kind = finding.kind.text
      if let index = counts.firstIndex(where: { $0.kind == kind }) {
        counts[index].count += 1
      } else {
        counts.append((kind, 1))
      }
    }
    let data = CanonicalWriter.object { writer in
      writer.string("excerpt", utf8: Array((inspection.masked ?? []).prefix(2048)))
      writer.string("exchange", id)
      writer.array("kinds", counts.sorted { $0.kind < $1.kind }) { writer, entry in
        writer.element { writer in
          writer.integer("count", entry.count)
          writer.string("kind", entry.kind)
        }
      }
      writer.string("model", utf8: inspection.model)
      writer.array("reasons", inspection.result.reasons) { writer, reason in
        writer.element { writer in
          writer.string("code", reason.code)
          writer.integer("count", reason.count)
          writer.integer("points", reason.points)
        }
      }
    }
    return String(decoding: data, as: UTF8.self)
  }

  private func asked(_ approval: Approval, isNew: Bool, _ hold: GateHold) {
    decision.approval = approval
    guard approval.state == .pending else { return settled(approval) }
    guard let runtime else { return }
    let draft = RecordDraft(
      type: .approvalAsked, session: Array(session.utf8), exchange: Array(id.utf8),
      data: ExchangeRecords.approvalAsked(approval, runtime: runtime))
    append([draft], durability: .stable) { exchange in exchange.hold(approval, hold) }
  }

  private func hold(_ approval: Approval, _ hold: GateHold) {
    guard phase == .deciding, let runtime else { return }
    loop.services.metrics.exchangesHeld.add(1, ordering: .relaxed)
    let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
    let eventLoop = loop.eventLoop
    heldTicket = loop.services.approvals.wait(for: approval) { approval in
      eventLoop.execute {
        let exchange = bound.value
        guard exchange.phase == .deciding else { return }
        exchange.unhold()
        exchange.settled(approval)
      }
    }
    timer.set(in: .milliseconds(Int64(runtime.pipeline.limits.hold))) { [weak self] in
      guard let self, phase == .deciding else { return }
      unhold()
      refuse(
        .policy(
          "approval_required",
          "\(hold.reason) It waits as approval \(approval.id). Send the same request again once it is approved: sluice approvals approve \(approval.id)\(hold.breakGlass == nil ? "" : ". In an emergency: sluice break-glass \(approval.id) --reason …")",
          stage: hold.stage))
    }
  }

  private func unhold() {
    timer.clear()
    guard let heldTicket else { return }
    self.heldTicket = nil
    loop.services.approvals.giveUp(heldTicket)
    loop.services.metrics.exchangesHeld.subtract(1, ordering: .relaxed)
  }

  /// It is no longer pending.
  private func settled(_ approval: Approval) {
    decision.approval = approval
    switch approval.state {
    case .approved: consume(approval)
    case .denied:
      refuse(
        .policy(
          "approval_denied", "The request was denied by an approver (approval \(approval.id)).", stage: "gate"
        ))
    case .pending, .expired, .consumed:
      refuse(
        .policy(
          "approval_expired",
          "Approval \(approval.id) is \(approval.state.rawValue). Send the request again to ask anew.",
          stage: "gate"))
    }
  }

  private func consume(_ approval: Approval) {
    guard let principal else { return }
    let store = loop.services.store
    blocking { () throws(ControlError) -> Bool? in
      let now = Clock.seconds()
      guard try principal.mayStillComeIn(store, now: now) else { return nil }
      return try store.consume(approval.id, now: now)
    } then: { exchange, result in
      guard exchange.phase == .deciding else { return }
      switch result {
      case .success(nil):
        exchange.refuse(
          .client(
            "invalid_api_key", 401,
            "The request was approved, and whoever asked may no longer come in. Log in again and send it once more."
          ))
      case .success(true):
        if let glass = approval.glass { exchange.passBroken(glass) } else { exchange.forward() }
      case .success(false):
        exchange.refuse(
          .policy(
            "approval_used", "Approval \(approval.id) was used already. Send the request again to ask anew.",
            stage: "gate"))
      case .failure:
        exchange.refuse(
          .internal(
            "approvals_unavailable", "The request was approved, and approvals can't be read or kept now."))
      }
    }
  }

  /// Does what blocks on a thread of the pool, and goes on here.
  private func blocking<T: Sendable>(
    _ work: @escaping @Sendable () throws(ControlError) -> T,
    then next: @escaping (Exchange, Result<T, ControlError>) -> Void
  ) {
    let bound = NIOLoopBound((exchange: self, next: next), eventLoop: loop.eventLoop)
    loop.services.blocking.runIfActive(eventLoop: loop.eventLoop) { () -> Result<T, ControlError> in
      do throws(ControlError) { return .success(try work()) } catch { return .failure(error) }
    }.whenComplete { result in
      let outcome =
        (try? result.get()) ?? .failure(ControlError(.unavailable, "the gateway is shutting down"))
      bound.value.next(bound.value.exchange, outcome)
    }
  }
}

extension GateHold {
  /// As the store keeps it.
  fileprivate var terms: GateTerms {
    GateTerms(
      approvers: approvers, required: required, quorum: quorum, localOperator: localOperator,
      breakGlass: breakGlass.map {
        BreakGlassTerms(groups: $0.groups, anyone: $0.anyone, lifetime: Int64($0.lifetime))
      })
  }
}
