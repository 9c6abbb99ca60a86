internal import FilterKit
internal import Glibc
internal import OidcTokens
internal import Synchronization

/// Keeps a provider's keys fresh on a thread of its own, and whoever waits for them in order.
final class KeyKeeper: Sendable {
  /// As many requests as wait for one fetch; beyond, they are told to come again.
  private static let maximumWaiting = 1024

  /// A request whose token is looked at again after the fetch.
  struct Waiting: Sendable {
    let ticket: Ticket
    let token: [UInt8]
  }

  /// What the thread tells, on the thread.
  struct Listener: Sendable {
    /// Other keys are there, or the same again.
    let keysCame: @Sendable () -> Void
    let answer: @Sendable (Waiting) -> Void
    let failed: @Sendable (Provider.Failure) -> Void
  }

  private struct State {
    var schedule: KeySchedule
    var waiting: [Ticket: [UInt8]] = [:]
  }

  private let state: Mutex<State>
  private let alarm = Alarm()
  private let provider: Provider
  private let thread = Mutex<pthread_t?>(nil)

  init(provider: Provider, limits: KeySchedule.Limits) {
    self.provider = provider
    state = Mutex(State(schedule: KeySchedule(limits: limits)))
  }

  /// What is known of a key. Where the answer is `wait`, the ticket is answered later. Does not block.
  func find(_ id: String, _ waiting: @autoclosure () -> Waiting, canWait: Bool) -> KeySchedule.Answer {
    let now = Clock.monotonic()
    let answer = state.withLock { state -> KeySchedule.Answer in
      let answer = state.schedule.find(id, now: now)
      guard case .wait = answer else { return answer }
      guard canWait, state.waiting.count < Self.maximumWaiting else { return .unavailable }
      let waiting = waiting()
      state.waiting[waiting.ticket] = waiting.token
      return .wait
    }
    if case .wait = answer { alarm.ring() }
    return answer
  }

  /// What is known of a key after a fetch.
  func settled(_ id: String) -> KeySchedule.Answer {
    let now = Clock.monotonic()
    return state.withLock { $0.schedule.settled(id, now: now) }
  }

  /// Whether keys that are there may be used at all now.
  var isUsable: Bool {
    let now = Clock.monotonic()
    return state.withLock { now < $0.schedule.usableUntil ?? .min }
  }

  var keys: KeySet? { state.withLock { $0.schedule.keys } }

  func forget(_ ticket: Ticket) { state.withLock { _ = $0.waiting.removeValue(forKey: ticket) } }

  /// Begins to fetch. Once.
  func start(_ listener: Listener) {
    final class Work {
      let keeper: KeyKeeper
      let listener: Listener
      init(_ keeper: KeyKeeper, _ listener: Listener) {
        self.keeper = keeper
        self.listener = listener
      }
    }
    let work = unsafe Unmanaged.passRetained(Work(self, listener))
    var made = pthread_t()
    let status = unsafe pthread_create(
      &made, nil,
      { context in
        guard let context = unsafe context else { return nil }
        let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
        work.keeper.run(work.listener)
        return nil
      }, work.toOpaque())
    // Without a thread there are never keys, and nobody comes in.
    guard status == 0 else { return unsafe work.release() }
    thread.withLock { $0 = made }
  }

  /// Ends the thread, waiting for it. [control]
  func stop() {
    provider.fetch.isStopped.set()
    alarm.ring()
    let made = thread.withLock { $0.take() }
    if let made { pthread_join(made, nil) }
  }

  private func run(_ listener: Listener) {
    while !provider.fetch.isStopped.isSet {
      let now = Clock.monotonic()
      let (isDue, next) = state.withLock { ($0.schedule.begin(now: now), $0.schedule.next) }
      guard isDue else {
        // A clock that is far off is looked at again in a minute.
        alarm.sleep(until: min(max(next, now + 1), now + 60))
        continue
      }
      do throws(Provider.Failure) {
        let keys = try provider.keys()
        state.withLock { $0.schedule.succeed(keys, now: Clock.monotonic()) }
        listener.keysCame()
      } catch {
        state.withLock { $0.schedule.fail() }
        listener.failed(error)
      }
      let waiting = state.withLock { state in
        defer { state.waiting = [:] }
        return state.waiting
      }
      for (ticket, token) in waiting { listener.answer(Waiting(ticket: ticket, token: token)) }
    }
  }
}
