internal import Glibc
internal import Synchronization

/// Tells held exchanges when their approval has been decided, whichever process decided it.
///
/// It looks into the store every ``pollInterval``, and only while somebody waits; a shared store says when there is
/// something to see.
public final class ApprovalWatch: Sendable {
  /// Milliseconds.
  static let pollInterval = (local: 25, shared: 500)
  /// Between two looks, in microseconds: however fast others decide, the store is not asked without a pause.
  private static let pause: UInt32 = 2_000

  public typealias Callback = @Sendable (Approval) -> Void

  private struct Waiting {
    var callbacks: [Int: (approval: Approval, callback: Callback)] = [:]
    /// The tickets of each approval.
    var tickets: [String: Set<Int>] = [:]
    var next = 0

    mutating func take(_ id: String) -> [Callback] {
      (tickets.removeValue(forKey: id) ?? []).compactMap { callbacks.removeValue(forKey: $0)?.callback }
    }
  }

  /// Who begins to wait may have been told "pending" some time before the decision that came meanwhile, by a replica
  /// whose clock is late. Seconds.
  private static let lookBack: Int64 = 60

  private let store: Store
  private let waiting = Mutex(Waiting())
  private let isStopped = Atomic(false)
  /// When the store could be read last, in seconds since 1970 UTC.
  private let lastLook = Atomic(KeyDirectory.now())

  public init(_ store: Store) { self.store = store }

  /// Calls back once, on the watch's thread, when the approval is no longer pending. Any thread; returns at once.
  public func wait(for approval: Approval, _ callback: @escaping Callback) -> Int {
    waiting.withLock { waiting in
      waiting.next += 1
      waiting.callbacks[waiting.next] = (approval, callback)
      waiting.tickets[approval.id, default: []].insert(waiting.next)
      return waiting.next
    }
  }

  /// Nobody waits any more. Any thread.
  public func giveUp(_ ticket: Int) {
    waiting.withLock { waiting in
      guard let id = waiting.callbacks.removeValue(forKey: ticket)?.approval.id else { return }
      waiting.tickets[id]?.remove(ticket)
      if waiting.tickets[id]?.isEmpty == true { waiting.tickets[id] = nil }
    }
  }

  /// Looks for decisions until ``stop()``. [blocking] For a thread of its own.
  public func poll() {
    while !isStopped.load(ordering: .relaxed) {
      let moment = store.moment(.approvals)
      look()
      usleep(Self.pause)
      store.waitForChange(
        of: .approvals, after: moment,
        milliseconds: store.tellsOfChanges ? Self.pollInterval.shared : Self.pollInterval.local)
    }
  }

  public func stop() { isStopped.store(true, ordering: .relaxed) }

  /// However many wait, one question to the store.
  func look() {
    let now = KeyDirectory.now()
    guard waiting.withLock({ !$0.callbacks.isEmpty }) else {
      lastLook.store(now, ordering: .relaxed)
      return
    }
    // Where the store was away, what was decided meanwhile through others counts, too.
    let since = min(now, lastLook.load(ordering: .relaxed)) - Self.lookBack
    if let decided = try? store.approvalsDecided(since: since) {
      lastLook.store(now, ordering: .relaxed)
      for id in decided where waiting.withLock({ $0.tickets[id] != nil }) {
        guard let approval = try? store.approval(id, now: now) else { continue }
        for callback in waiting.withLock({ $0.take(id) }) { callback(approval) }
      }
    }
    let expired = waiting.withLock { waiting in
      waiting.callbacks.values.filter { $0.approval.expires <= now }.map(\.approval)
    }
    for var approval in expired {
      approval.expire(now: now)
      for callback in waiting.withLock({ $0.take(approval.id) }) { callback(approval) }
    }
  }
}
