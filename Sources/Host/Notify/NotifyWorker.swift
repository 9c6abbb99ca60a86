internal import Control
internal import FilterChain
internal import Foundation
internal import Gateway
internal import Glibc
internal import Synchronization

/// Tells one notifier of one pipeline what it has to tell, on a thread of its own, so that one that is slow keeps no other
/// waiting.
///
/// What has to be told is asked of the store each time: nothing is kept here that could be lost.
final class NotifyWorker: Sendable {
  /// Milliseconds until it looks at the store again where the store says nothing: what others do to a file on this
  /// machine it does not say, and it does not say that a delay is over.
  private static let patience = (local: 250, shared: 500)
  /// Microseconds between two looks, however often the store says something.
  private static let pause: UInt32 = 5_000
  /// Seconds between two questions to a notifier that has to be asked.
  private static let pollInterval: Int64 = 5
  /// Approvals that are claimed, or asked after, at once.
  private static let batch = 32
  private static let mostAskedAfter = 200
  /// Seconds after a claim in which deliveries begin. What is left then is given back: a claim lasts for two minutes,
  /// a delivery to a slow service for one, and nobody else is to have begun with it.
  private static let claimed: Int64 = 50
  /// Seconds between two tries: doubled each time, from the first to the last of these.
  private static let firstDelay: Int64 = 1
  private static let longestDelay: Int64 = 300
  /// Seconds after an approval's end in which its outcome is still worth telling.
  private static let aftermath: Int64 = 3600

  /// `pipeline/filter`, and its number where a pipeline has several of one filter.
  let name: String
  let pipeline: String
  let notifier: NotifyInstance
  private let store: Store
  private let replies: Replies
  private let isStopped = Atomic(false)
  private let hasEnded = DispatchSemaphore(value: 0)

  init(name: String, pipeline: String, notifier: NotifyInstance, store: Store, replies: Replies) {
    self.name = name
    self.pipeline = pipeline
    self.notifier = notifier
    self.store = store
    self.replies = replies
  }

  func start() {
    Thread.detachNewThread { [self] in
      var nextPoll: Int64 = 0
      while !isStopped.load(ordering: .relaxed) {
        let moment = store.moment(.approvals)
        deliver()
        if notifier.polls, secondsNow() >= nextPoll {
          poll()
          nextPoll = secondsNow() + Self.pollInterval
        }
        usleep(Self.pause)
        store.waitForChange(
          of: .approvals, after: moment,
          milliseconds: store.tellsOfChanges ? Self.patience.shared : Self.patience.local)
      }
      hasEnded.signal()
    }
  }

  /// Nothing begins any more; what is under way ends. Any thread; returns at once.
  func stop() { isStopped.store(true, ordering: .relaxed) }

  /// Nothing is under way any more, or `seconds` are over. [blocking]
  func join(within seconds: Int) { _ = hasEnded.wait(timeout: .now() + .seconds(seconds)) }

  /// Hands over a request that arrived for it. [blocking]
  func receive(
    _ request: HookRequest, pipelines: Set<String>
  ) throws(NotifyInstance.Failure) -> HookResponse {
    try notifier.receive(request) { [self] in replies.take($0, by: notifier, for: pipelines) }
  }

  private func deliver() {
    // A store that can't be read now is asked again: what is to be told is in there.
    let now = secondsNow()
    guard
      let due = try? store.claimNotifications(of: name, pipeline: pipeline, limit: Self.batch, now: now)
    else { return }
    for one in due {
      if !isStopped.load(ordering: .relaxed), secondsNow() < now + Self.claimed {
        deliver(one)
      } else {
        try? store.notificationDelayed(one, of: name, until: secondsNow())
      }
    }
  }

  private func deliver(_ due: DueNotification) {
    let draft = NotificationDraft(
      id: due.id, attempt: UInt32(clamping: due.attempt), reference: due.reference,
      json: NotificationText.json(due))
    do throws(NotifyInstance.Failure) {
      let reference = try notifier.send(draft) ?? due.reference
      // Where this can't be noted, it is told once more when the claim runs out: at least once.
      try? store.notificationSent(due, of: name, reference: reference)
    } catch {
      settle(due, error)
    }
  }

  private func settle(_ due: DueNotification, _ failure: NotifyInstance.Failure) {
    let delay = max(
      min(Self.firstDelay << min(due.attempt - 1, 16), Self.longestDelay),
      Int64(clamping: (failure.retryAfter + 999) / 1000))
    let next = secondsNow() + delay
    let isToldAfterwards = due.event == .settled || due.approval.glass != nil
    if failure.isTemporary, next < due.approval.expires + (isToldAfterwards ? Self.aftermath : 0) {
      if due.attempt == 1 {
        Journal.warning(
          "a notification is tried again", ("notifier", name), ("approval", due.approval.id),
          ("reason", failure.message))
      }
      try? store.notificationDelayed(due, of: name, until: next)
      return
    }
    Journal.warning(
      "a notification can't be delivered", ("notifier", name), ("approval", due.approval.id),
      ("reason", failure.message))
    try? store.notificationFailed(due, of: name, reason: failure.message)
  }

  private func poll() {
    guard
      let open = try? store.openNotifications(of: name, limit: Self.mostAskedAfter, now: secondsNow()),
      !open.isEmpty
    else { return }
    do throws(NotifyInstance.Failure) {
      try notifier.poll(open) { [self] in replies.take($0, by: notifier, for: [pipeline]) }
    } catch {
      replies.complainOnce(about: name, error.message)
    }
  }
}
