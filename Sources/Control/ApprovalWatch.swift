internal import Glibc
internal import Synchronization

/// Tells held exchanges when their approval has been decided, whichever process decided it.
///
/// It looks into the store every ``pollInterval``, and only while somebody waits.
public final class ApprovalWatch: Sendable {
  /// Microseconds.
  static let pollInterval: UInt32 = 25_000

  public typealias Callback = @Sendable (Approval) -> Void

  private struct Waiting {
    var callbacks: [Int: (approval: String, callback: Callback)] = [:]
    var next = 0
  }

  private let store: Store
  private let waiting = Mutex(Waiting())
  private let isStopped = Atomic(false)

  public init(_ store: Store) { self.store = store }

  /// Calls back once, on the watch's thread, when the approval is no longer pending. Any thread; returns at once.
  public func wait(for approval: String, _ callback: @escaping Callback) -> Int {
    waiting.withLock { waiting in
      waiting.next += 1
      waiting.callbacks[waiting.next] = (approval, callback)
      return waiting.next
    }
  }

  /// Nobody waits any more. Any thread.
  public func giveUp(_ ticket: Int) { waiting.withLock { _ = $0.callbacks.removeValue(forKey: ticket) } }

  /// Looks for decisions until ``stop()``. [blocking] For a thread of its own.
  public func poll() {
    while !isStopped.load(ordering: .relaxed) {
      usleep(Self.pollInterval)
      look()
    }
  }

  public func stop() { isStopped.store(true, ordering: .relaxed) }

  func look() {
    let approvals = waiting.withLock { Set($0.callbacks.values.map(\.approval)) }
    for id in approvals {
      guard let approval = try? store.approval(id, now: KeyDirectory.now()), approval.state != .pending else {
        continue
      }
      let due = waiting.withLock { waiting in
        let due = waiting.callbacks.filter { $0.value.approval == id }
        for ticket in due.keys { waiting.callbacks[ticket] = nil }
        return due.values.map(\.callback)
      }
      for callback in due { callback(approval) }
    }
  }
}
