internal import Control
internal import Foundation
internal import Synchronization

/// Tells streams what happens to approvals and policies. However many listen, one thread asks the store, and only while
/// somebody listens or may come back.
final class EventHub: Sendable {
  static let maximumStreams = 64
  static let maximumOfOne = 4
  /// Seconds; then the client comes again.
  static let longest = 3600
  /// Milliseconds between two looks; a shared store says at once that there is something.
  private static let interval = 500
  /// Seconds.
  private static let beat: Int64 = 10
  /// For so long after the last stream has ended, nobody who comes back misses anything. Seconds.
  private static let memory: Int64 = 120

  private struct State {
    var streams: [Int: EventStream] = [:]
    var next = 0
    var isStopped = false
    /// When the last stream went. Seconds since 1970 UTC.
    var deserted: Int64 = 0
  }

  private let services: ConsoleServices
  private let state = Mutex(State())
  private let wake = NSCondition()

  init(_ services: ConsoleServices) { self.services = services }

  /// Any thread.
  /// - Parameter lastID: what the client has seen last; nil: it knows nothing.
  /// - Throws: ``Problem``: too many listen.
  func join(_ person: Person, lastID: String?, seconds: Int, now: Int64) throws(Problem) -> EventStream {
    let stream: EventStream? = try state.withLock { state throws(Problem) in
      guard !state.isStopped, state.streams.count < Self.maximumStreams else { return nil }
      guard state.streams.values.count(where: { $0.subject == person.subject }) < Self.maximumOfOne else {
        var problem = Problem(
          429, "too-many-streams", "you listen \(Self.maximumOfOne) times already; end one of them")
        problem.retryAfter = 10
        throw problem
      }
      state.next += 1
      let stream = EventStream(
        number: state.next, person: person, lastID: lastID, until: now + Int64(seconds),
        onEnd: { [weak self] in self?.leave($0) })
      state.streams[state.next] = stream
      return stream
    }
    guard let stream else { throw .later("\(Self.maximumStreams) listen already; call again", after: 10) }
    wake.lock()
    wake.broadcast()
    wake.unlock()
    return stream
  }

  private func leave(_ number: Int) {
    state.withLock { state in
      guard state.streams.removeValue(forKey: number) != nil else { return }
      state.deserted = Int64(Date().timeIntervalSince1970)
    }
  }

  /// Looks until ``stop()``. [blocking] For a thread of its own.
  func run() {
    var watch: EventWatch?
    var (beaten, checked): (Int64, Int64) = (0, 0)
    while true {
      let (streams, isStopped, deserted) = state.withLock {
        (Array($0.streams.values), $0.isStopped, $0.deserted)
      }
      if isStopped { return streams.forEach { $0.end("stopping") } }
      let now = Int64(Date().timeIntervalSince1970)
      if streams.isEmpty, now - deserted > Self.memory {
        watch = nil
        wake.lock()
        if state.withLock({ $0.streams.isEmpty && !$0.isStopped }) {
          _ = wake.wait(until: Date(timeIntervalSinceNow: 60))
        }
        wake.unlock()
        continue
      }
      let moment = services.store.moment(.approvals)
      do throws(ControlError) {
        let current: EventWatch
        if let watch { current = watch } else { current = try EventWatch(services.store, now: now) }
        watch = current
        let news = try current.look(now: now)
        if checked != now {
          checked = now
          for stream in streams { try check(stream, now) }
        }
        for stream in streams { stream.tell(news, current) }
      } catch {
        // Whoever listens must not take silence for peace.
        for stream in streams { stream.end("unavailable") }
      }
      if now - beaten >= Self.beat {
        beaten = now
        for stream in streams { stream.send(Event.beat) }
      }
      services.store.waitForChange(of: .approvals, after: moment, milliseconds: Self.interval)
    }
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    wake.lock()
    wake.broadcast()
    wake.unlock()
  }

  /// Whoever's key has ended hears no more; whose groups have changed hears what they may now.
  private func check(_ stream: EventStream, _ now: Int64) throws(ControlError) {
    guard now < stream.until else { return stream.end("time") }
    guard let person = try services.store.person(ofKey: stream.keyID, roles: services.roles, now: now) else {
      return stream.end("key-ended")
    }
    guard !person.roles.isEmpty else { return stream.end("key-ended") }
    stream.person = person
  }
}
