public import Control
internal import Glibc
internal import Synchronization

/// The credentials of an installation, each read once for all pipelines that use it and again when it is time.
///
/// Another value is handed to whoever asked for changes; so is that there is none any more.
public final class CredentialKeeper: Sendable {
  public struct Times: Sendable {
    /// Seconds between two reads.
    public var refresh: Int64 = 300
    /// Seconds for which the last good one is used beyond that.
    public var keep: Int64 = 3600
    public init() {}
  }

  /// What has changed on the keeper's thread.
  public enum Change: Sendable {
    case replaced(SecretSource)
    /// None could be read for too long: requests that need it are refused.
    case withdrawn(SecretSource)
  }

  private struct Entry {
    var secret: SecretBytes?
    var schedule: CredentialSchedule
  }

  private struct State {
    var entries: [SecretSource: Entry] = [:]
    var changes = 0
  }

  private let state = Mutex(State())
  private let times: CredentialSchedule.Times
  private let vault: VaultSettings?
  /// One read at a time; the reader belongs to whoever holds it.
  private let reading: Mutex<Reading>
  private let isStopped = Atomic(false)
  private let journal: @Sendable (_ what: String, _ reason: String) -> Void

  private struct Reading: ~Copyable {
    let reader: SecretReader
  }

  public init(
    vault: VaultSettings?, times: Times,
    journal: @escaping @Sendable (_ what: String, _ reason: String) -> Void
  ) {
    self.vault = vault
    self.journal = journal
    var own = CredentialSchedule.Times()
    own.refresh = times.refresh
    own.keep = times.keep
    self.times = own
    reading = Mutex(Reading(reader: SecretReader(vault: vault)))
  }

  /// A credential as it is known, or read now where it is not. [blocking]
  public func secret(_ source: SecretSource) throws(SecretFailure) -> SecretBytes {
    if let known = state.withLock({ $0.entries[source]?.secret }) { return known }
    let secret = try read(source)
    let now = Self.now()
    state.withLock { state in
      state.entries[source] = Entry(secret: secret, schedule: CredentialSchedule(times: times, now: now))
    }
    return secret
  }

  /// How many credentials have changed: whoever has read several looks whether they are still the newest.
  public var changes: Int { state.withLock { $0.changes } }

  /// The credential as it is known now; nil: it is withdrawn.
  public func known(_ source: SecretSource) -> SecretBytes? { state.withLock { $0.entries[source]?.secret } }

  /// An upstream has answered 401: it is read again soon. Any thread; does not block.
  public func refused(_ source: SecretSource) { state.withLock { $0.entries[source]?.schedule.refuse() } }

  /// Forgets what no pipeline uses any more.
  public func keep(only sources: Set<SecretSource>) {
    state.withLock { state in state.entries = state.entries.filter { sources.contains($0.key) } }
  }

  public func stop() { isStopped.store(true, ordering: .relaxed) }

  /// Reads credentials when it is time, until ``stop()``. [blocking] For a thread of its own.
  public func run(_ changed: (Change) -> Void) {
    while !isStopped.load(ordering: .relaxed) {
      usleep(200_000)
      let now = Self.now()
      let due = state.withLock { state in
        state.entries.filter { $0.key.canChange && $0.value.schedule.isDue(now: now) }.map(\.key)
      }
      for source in due where !isStopped.load(ordering: .relaxed) { readAgain(source, changed) }
    }
  }

  private func readAgain(_ source: SecretSource, _ changed: (Change) -> Void) {
    do throws(SecretFailure) {
      let secret = try read(source)
      let isOther = state.withLock { state -> Bool in
        guard var entry = state.entries[source] else { return false }
        let isOther = entry.secret?.isSame(as: secret) != true
        if isOther {
          entry.secret = secret
          state.changes += 1
        }
        entry.schedule.succeed(now: Self.now())
        state.entries[source] = entry
        return isOther
      }
      guard isOther else { return }
      journal("credential-replaced", "\(source)")
      changed(.replaced(source))
    } catch {
      let now = Self.now()
      let isOver = state.withLock { state -> Bool in
        guard var entry = state.entries[source] else { return false }
        entry.schedule.fail(now: now)
        let isOver = entry.secret != nil && entry.schedule.isOver(now: now)
        if isOver {
          entry.secret = nil
          state.changes += 1
        }
        state.entries[source] = entry
        return isOver
      }
      journal(isOver ? "credential-withdrawn" : "credential-unread", error.message)
      if isOver { changed(.withdrawn(source)) }
    }
  }

  private func read(_ source: SecretSource) throws(SecretFailure) -> SecretBytes {
    try reading.withLock { (reading) throws(SecretFailure) in try reading.reader.read(source) }
  }

  private static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec)
  }
}
