internal import Glibc
internal import Synchronization

/// The keys as the data path looks them up: in memory, with one look into the store for a key that is not there
/// yet, since another process may have made it a moment ago.
///
/// A change in the store is seen within ``pollInterval``, so an expired or revoked key ends within a second. Where
/// the store can't be read, the keys that are known go on for ``grace``, and no other is accepted.
public final class KeyDirectory: Sendable {
  /// What is known of a key.
  public enum Answer: Sendable {
    case valid(KeyRecord)
    case unknown, expired, revoked, unavailable
  }

  /// Microseconds.
  static let pollInterval: UInt32 = 200_000
  /// Seconds.
  static let grace: Int64 = 300
  /// Looks into the store for unknown keys, a second at most: a flood of made-up keys must not become one of reads.
  static let missesPerSecond = 200

  private struct Snapshot {
    var keys: [[UInt8]: KeyRecord] = [:]
    var refreshed: Int64 = 0
    var missSecond: Int64 = 0
    var misses = 0
  }

  private let store: Store
  private let snapshot: Mutex<Snapshot>
  private let isStopped = Atomic(false)

  /// Reads all keys. [blocking]
  public init(_ store: Store) throws(ControlError) {
    self.store = store
    var first = Snapshot()
    first.keys = try store.keysByDigest()
    first.refreshed = Self.now()
    snapshot = Mutex(first)
  }

  static func now() -> Int64 { Int64(time(nil)) }

  /// Looks a key up by the SHA-256 of its text. Any thread; reads the store, once, where the key is not known.
  public func find(_ digest: [UInt8]) -> Answer {
    let now = Self.now()
    let (known, isStale, mayLook) = snapshot.withLock { snapshot in
      if snapshot.missSecond != now {
        snapshot.missSecond = now
        snapshot.misses = 0
      }
      let known = snapshot.keys[digest]
      if known == nil { snapshot.misses += 1 }
      return (known, now - snapshot.refreshed > Self.grace, snapshot.misses <= Self.missesPerSecond)
    }
    if isStale { return .unavailable }
    if let known { return Self.judge(known, now) }
    guard mayLook else { return .unknown }
    do throws(ControlError) {
      guard let found = try store.key(digest: digest) else { return .unknown }
      snapshot.withLock { $0.keys[digest] = found }
      return Self.judge(found, now)
    } catch { return .unavailable }
  }

  private static func judge(_ key: KeyRecord, _ now: Int64) -> Answer {
    if key.revoked != nil { return .revoked }
    if key.expires != 0, key.expires <= now { return .expired }
    return .valid(key)
  }

  /// Looks for changes until ``stop()``. [blocking] For a thread of its own.
  public func poll() {
    while !isStopped.load(ordering: .relaxed) {
      usleep(Self.pollInterval)
      refresh()
    }
  }

  public func stop() { isStopped.store(true, ordering: .relaxed) }

  func refresh() {
    do throws(ControlError) {
      let keys = try store.keysByDigest()
      snapshot.withLock { snapshot in
        snapshot.keys = keys
        snapshot.refreshed = Self.now()
      }
    } catch { return }  // what is known goes on for the grace
  }
}
