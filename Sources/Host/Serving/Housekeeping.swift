internal import Control
internal import Evidence
internal import Foundation
internal import Gateway
internal import Glibc
internal import Synchronization

/// What a gateway does beside serving: it looks for new keys and decisions, and takes what happened at the command
/// line into the evidence log. Each on a thread of its own, as each waits.
final class Housekeeping: Sendable {
  private let services: GatewayServices
  private let keys: KeyDirectory
  private let watch: ApprovalWatch
  private let retention: RetentionPolicy
  private let isStopped = Atomic(false)
  /// Held while old records go: the log must stay open, and locked, until their segments are written anew.
  private let removal = Mutex(())

  init(services: GatewayServices, keys: KeyDirectory, watch: ApprovalWatch, retention: RetentionPolicy) {
    self.retention = retention
    self.services = services
    self.keys = keys
    self.watch = watch
  }

  func start() {
    Thread.detachNewThread { [self] in keys.poll() }
    Thread.detachNewThread { [self] in watch.poll() }
    Thread.detachNewThread { [self] in
      var sinks: [String: String] = [:]
      var store = KeyDirectory.StoreState.available
      while !isStopped.load(ordering: .relaxed) {
        sinks = reportSinks(sinks)
        store = reportStore(store)
        if store == .available { recordEvents() }
        endSessions(all: false)
        services.log.adoptKeyIfReady()
        usleep(200_000)
      }
    }
    guard !retention.isEmpty else { return }
    Thread.detachNewThread { [self] in
      while !isStopped.load(ordering: .relaxed) {
        removal.withLock { _ in if !isStopped.load(ordering: .relaxed) { removeOld() } }
        let next = secondsNow() + RetentionPolicy.interval
        while !isStopped.load(ordering: .relaxed), secondsNow() < next { usleep(200_000) }
      }
    }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    keys.stop()
    watch.stop()
    removal.withLock { _ in }
    recordEvents()
    endSessions(all: true)
  }

  /// Says that the store can't be read, once, and that it can again.
  private func reportStore(_ said: KeyDirectory.StoreState) -> KeyDirectory.StoreState {
    let now = keys.storeState
    services.storeIs(now)
    guard now != said else { return now }
    switch now {
    case .available: Journal.info("the store can be read again")
    case .away:
      Journal.warning(
        "the store can't be read; known keys and the policy go on, approvals and new keys don't")
    case .lost: Journal.warning("the store can't be read for too long; requests are refused")
    }
    return now
  }

  private func recordEvents() {
    // Where the store or the log can't be used now, the events wait.
    try? EventFeed.run(services.store, services.log)
  }

  private func removeOld() {
    do {
      let report = try retention.apply(
        services.log, services.originals, reason: "retention of this gateway", subject: "gateway")
      guard report != RemovalReport() else { return }
      Journal.info(
        "removed what is older than its retention", ("records", String(report.records)),
        ("originals", String(report.originals)))
    } catch {
      Journal.warning("retention could not remove anything", ("reason", "\(error)"))
    }
  }

  private func endSessions(all: Bool) {
    let ended = services.sessions.takeEnded(now: secondsNow(), all: all)
    guard !ended.isEmpty else { return }
    let drafts = ended.map { session in
      RecordDraft(
        type: .sessionClosed, session: Array(session.id.utf8),
        data: CanonicalWriter.object { writer in
          writer.string("pipeline", session.pipeline)
          writer.string("subject", session.subject)
        })
    }
    services.log.append(drafts, durability: .written) { _ in }
  }

  /// Says what a sink fails with, once, and that it goes on again. Returns what has been said, by the sink's name.
  private func reportSinks(_ said: [String: String]) -> [String: String] {
    var now: [String: String] = [:]
    for sink in services.log.status.sinks {
      now[sink.name] = sink.failure?.message
      guard now[sink.name] != said[sink.name] else { continue }
      guard let failure = sink.failure else {
        Journal.info("a sink goes on", ("sink", sink.name))
        continue
      }
      Journal.warning(
        sink.isDown
          ? "a sink has refused for good, and is given nothing more" : "a sink fails; it is tried again",
        ("sink", sink.name), ("reason", failure.message))
    }
    return now
  }
}
