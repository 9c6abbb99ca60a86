internal import Control
internal import JSONTree

/// Compares what the store says now with what it said before. For the hub's thread alone.
final class EventWatch {
  /// Approvals that are looked at in one look.
  private static let most = 20_000
  /// A decision may be stamped by a replica whose clock is late. Seconds.
  private static let lookBack: Int64 = 60

  private let store: Store
  private(set) var history = EventHistory(maximum: 1024)
  private var known: [String: (stamp: ApprovalStamp, event: Event?)] = [:]
  private var policy: UInt64
  private var policyEvent: Event?
  private var lastLook: Int64

  /// Remembers how it is; what was decided before is no news.
  init(_ store: Store, now: Int64) throws(ControlError) {
    self.store = store
    lastLook = now
    let newest = try store.policies(limit: 1).first
    policy = newest?.version ?? 0
    policyEvent = newest.map(Self.event)
    for stamp in try store.approvalStamps(since: now - Self.lookBack, limit: Self.most, now: now) {
      known[stamp.id] = (stamp, stamp.state == .pending ? try event(of: stamp.id, now: now) : nil)
    }
  }

  /// What waits now, and the policy in force: what somebody needs who knows nothing.
  var present: [Event] { (policyEvent.map { [$0] } ?? []) + known.values.compactMap(\.event) }

  /// What has happened since the look before, with ids.
  func look(now: Int64) throws(ControlError) -> [(id: String, event: Event)] {
    var news: [Event] = []
    let newest = try store.policies(limit: 1).first
    let since = min(now, lastLook) - Self.lookBack
    let stamps = try store.approvalStamps(since: since, limit: Self.most, now: now)
    var next: [String: (stamp: ApprovalStamp, event: Event?)] = [:]
    next.reserveCapacity(stamps.count)
    for stamp in stamps {
      let before = known[stamp.id]
      if let before, before.stamp == stamp {
        next[stamp.id] = before
        continue
      }
      let event = try event(of: stamp.id, now: now)
      if stamp.isDecidedOtherwise(than: before?.stamp, since: since) { news.append(event) }
      // One that was decided long ago comes back with its review.
      if stamp.reviews > before?.stamp.reviews ?? 0 { news.append(event.named("glass.reviewed")) }
      next[stamp.id] = (stamp, stamp.state == .pending ? event : nil)
    }
    // What waited and is not even among what was decided lately.
    for (id, before) in known where before.event != nil && next[id] == nil {
      news.append(try event(of: id, now: now))
    }
    if let newest, newest.version != policy {
      policy = newest.version
      let event = Self.event(newest)
      policyEvent = event
      news.append(event)
    }
    // Only now: where the store fails in between, all of it is looked at again.
    known = next
    lastLook = now
    return news.map { (history.append($0), $0) }
  }

  private func event(of id: String, now: Int64) throws(ControlError) -> Event {
    let approval = try store.approval(id, now: now)
    return Event(
      name: "approval.\(approval.state.rawValue)", readers: .of(subject: approval.subject),
      data: approval.brief.canonical)
  }

  private static func event(_ policy: PolicyVersion) -> Event {
    Event(name: "policy.changed", readers: .inspectors, data: JSONValue.object(policy.members).canonical)
  }
}

extension Approval {
  /// As it is shown, without the masked request, which is larger than all the rest: `GET /approvals/{approval}` has it.
  var brief: JSONValue { .object((json.members ?? []).filter { $0.name != "context" }) }
}

extension ApprovalStamp {
  /// Whether there is news of what people decided; a review is none of that.
  fileprivate func isDecidedOtherwise(than before: ApprovalStamp?, since: Int64) -> Bool {
    guard let before else { return state == .pending || decided.map { $0 >= since } ?? true }
    return before.state != state || before.decisions != decisions
  }
}

extension Event {
  /// The same under another name.
  fileprivate func named(_ name: String) -> Event { Event(name: name, readers: readers, data: data) }
}
