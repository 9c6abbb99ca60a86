internal import NIOCore

/// One deadline that moves often and passes rarely: moving it costs an assignment, not a timer.
///
/// Confined to its event loop.
final class DeadlineTimer {
  private let eventLoop: any EventLoop
  private var deadline: NIODeadline?
  private var armed: (timer: Scheduled<Void>, at: NIODeadline)?
  private var onExpiry: (() -> Void)?

  init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// Sets the deadline and what happens when it passes, in place of the one before.
  func set(in time: TimeAmount, _ onExpiry: @escaping () -> Void) {
    let deadline = NIODeadline.now() + time
    self.deadline = deadline
    self.onExpiry = onExpiry
    if let armed, armed.at <= deadline { return }
    arm(at: deadline)
  }

  /// There is no deadline any more.
  func clear() {
    deadline = nil
    onExpiry = nil
  }

  /// As ``clear()``, and nothing is kept: for when the owner ends.
  func cancel() {
    clear()
    armed?.timer.cancel()
    armed = nil
  }

  private func arm(at time: NIODeadline) {
    armed?.timer.cancel()
    let timer = eventLoop.assumeIsolated().scheduleTask(deadline: time) { [weak self] () -> Void in
      self?.fired()
    }
    armed = (timer, time)
  }

  private func fired() {
    armed = nil
    guard let deadline else { return }
    if deadline > NIODeadline.now() { return arm(at: deadline) }
    let action = onExpiry
    clear()
    action?()
  }
}
