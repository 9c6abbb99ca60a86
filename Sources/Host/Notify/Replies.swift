internal import Control
internal import FilterChain
internal import Gateway
internal import PipelineModel
internal import Synchronization

/// Takes what people say through notifiers to the approvals.
final class Replies: Sendable {
  private let store: Store
  private let complaints = Mutex<[String: String]>([:])

  init(_ store: Store) { self.store = store }

  /// - Parameter pipelines: whose approvals this notifier may speak about.
  func take(_ reply: PersonsReply, by notifier: NotifyInstance, for pipelines: Set<String>) -> ReplyOutcome {
    let filter = notifier.stage.filter
    do throws(ControlError) {
      let now = secondsNow()
      guard pipelines.contains(try store.approval(reply.approval, now: now).pipeline) else { return .unknown }
      let approval = try store.decide(
        reply.approval,
        by: Approver(
          subject: reply.subject, groups: reply.groups, established: "\(filter):\(reply.person)",
          isLocalOperator: false),
        reply.approves ? .approve : .deny, comment: reply.comment,
        message: TakenMessage(
          once: "\(filter) \(notifier.identity.configurationDigest) \(reply.once)", until: reply.replayUntil),
        now: now)
      return switch approval.state {
      case .pending: .counted
      case .denied: .denied
      case .approved, .expired, .consumed: .approved
      }
    } catch {
      Journal.warning(
        "a reply was not taken", ("notifier", filter), ("approval", reply.approval),
        ("why", error.code.rawValue))
      return Self.outcome(error.code)
    }
  }

  private static func outcome(_ code: ControlError.Code) -> ReplyOutcome {
    switch code {
    case .notFound: .unknown
    case .notAllowed, .insecure: .notAllowed
    case .ownRequest: .ownRequest
    case .alreadyDecided: .alreadyDecided
    case .expired: .expired
    case .replayed: .replayed
    case .invalid, .unavailable, .changed, .reused, .tooMany: .unavailable
    }
  }

  /// Says what is wrong with a notifier, until something else is.
  func complainOnce(about name: String, _ message: String) {
    let isNew = complaints.withLock { complaints in
      defer { complaints[name] = message }
      return complaints[name] != message
    }
    if isNew { Journal.warning("a notifier can't be asked", ("notifier", name), ("reason", message)) }
  }
}
