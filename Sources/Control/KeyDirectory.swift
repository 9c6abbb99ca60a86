internal import Glibc
internal import Synchronization

/// The keys as the data path looks them up: in memory. For a key that is not there yet there is one look into a store
/// of this machine, since another process may have made it a moment ago; a shared store tells of new keys itself, and
/// no event loop waits for a network.
///
/// A change in the store is seen within ``pollInterval``, so an expired or revoked key ends within a second. Where
/// the store can't be read, the keys that are known go on for ``grace``, and no other is accepted.
public final class KeyDirectory: Sendable {
  /// What is known of a key.
  public enum Answer: Sendable {
    case valid(KeyRecord)
    case unknown, expired, revoked, unavailable
  }

  /// Milliseconds; a shared store says when there is something to see, and is asked once a second all the same.
  static let pollInterval = (local: 200, shared: 1_000)
  /// Seconds.
  public static let defaultGrace: Int64 = 300
  /// Looks into the store for unknown keys, a second at most: a flood of made-up keys must not become one of reads.
  static let missesPerSecond = 200

  private struct Snapshot {
    var keys: [[UInt8]: KeyRecord] = [:]
    /// When what is known was asked for, in seconds of a clock that does not jump.
    var refreshed: Int64 = 0
    var missSecond: Int64 = 0
    var misses = 0
    var isBehind = false
  }

  private let store: Store
  private let grace: Int64
  private let snapshot: Mutex<Snapshot>
  private let isStopped = Atomic(false)
  /// Seconds of a clock that does not jump: the grace is over when it is, whatever the date says.
  private let steady: @Sendable () -> Int64

  /// Reads all keys. [blocking]
  /// - Parameter grace: for how long known keys are accepted while the store can't be read, in seconds.
  public convenience init(_ store: Store, grace: Int64 = defaultGrace) throws(ControlError) {
    try self.init(store, grace: grace, steady: Self.sinceBoot)
  }

  init(_ store: Store, grace: Int64, steady: @escaping @Sendable () -> Int64) throws(ControlError) {
    self.store = store
    self.grace = grace
    self.steady = steady
    var first = Snapshot()
    first.refreshed = steady()
    first.keys = try store.keysByDigest()
    snapshot = Mutex(first)
  }

  /// Goes on while the machine sleeps.
  @Sendable private static func sinceBoot() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec)
  }

  static func now() -> Int64 { Int64(time(nil)) }

  /// Looks a key up by the SHA-256 of its text. Any thread; reads the store, once, where the key is not known.
  public func find(_ digest: [UInt8]) -> Answer {
    let now = Self.now()
    let steady = steady()
    let (known, isStale, mayLook, isBehind) = snapshot.withLock { snapshot in
      if snapshot.missSecond != now {
        snapshot.missSecond = now
        snapshot.misses = 0
      }
      let known = snapshot.keys[digest]
      if known == nil { snapshot.misses += 1 }
      return (
        known, steady - snapshot.refreshed > grace, snapshot.misses <= Self.missesPerSecond, snapshot.isBehind
      )
    }
    if isStale { return .unavailable }
    if let known { return Self.judge(known, now) }
    // Nobody can say now whether it was made meanwhile.
    if store.isShared { return isBehind ? .unavailable : .unknown }
    guard mayLook else { return .unknown }
    do throws(ControlError) {
      guard let found = try store.key(digest: digest) else { return .unknown }
      snapshot.withLock { $0.keys[digest] = found }
      return Self.judge(found, now)
    } catch { return .unavailable }
  }

  /// How it stands with the store. Any thread.
  public enum StoreState: Int, Sendable {
    case available
    /// It can't be read now; what is known goes on.
    case away
    /// It could not be read for longer than the grace.
    case lost
  }

  public var storeState: StoreState {
    let steady = steady()
    return snapshot.withLock { snapshot in
      if steady - snapshot.refreshed > grace { return .lost }
      return snapshot.isBehind ? .away : .available
    }
  }

  private static func judge(_ key: KeyRecord, _ now: Int64) -> Answer {
    if key.revoked != nil { return .revoked }
    if key.expires != 0, key.expires <= now { return .expired }
    return .valid(key)
  }

  /// Looks for changes until ``stop()``. [blocking] For a thread of its own.
  public func poll() {
    while !isStopped.load(ordering: .relaxed) {
      let moment = store.moment(.keys)
      refresh()
      store.waitForChange(
        of: .keys, after: moment,
        milliseconds: store.tellsOfChanges ? Self.pollInterval.shared : Self.pollInterval.local)
    }
  }

  public func stop() { isStopped.store(true, ordering: .relaxed) }

  func refresh() {
    // Before the answer: a store that takes its time tells of then.
    let asked = steady()
    do throws(ControlError) {
      let keys = try store.keysByDigest()
      snapshot.withLock { snapshot in
        snapshot.keys = keys
        snapshot.refreshed = asked
        snapshot.isBehind = false
      }
    } catch {
      // What is known goes on for the grace.
      snapshot.withLock { $0.isBehind = true }
    }
  }
}
