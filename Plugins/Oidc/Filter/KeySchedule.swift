internal import OidcTokens

/// When a provider's keys are fetched, and what may be said of a key meanwhile. A state machine without I/O; times are
/// seconds of a clock that does not jump.
struct KeySchedule {
  struct Limits: Sendable {
    /// Between two fetches while all is well.
    var refresh: Int64 = 300
    /// How long keys are used beyond that where the provider does not answer.
    var stale: Int64 = 3600
    /// Between two fetches for ids that are not known: a flood of made-up ids must not become one of fetches.
    var unknownKey: Int64 = 10
    /// After the first failure; it doubles up to a minute.
    var retry: Int64 = 1
  }

  enum Answer {
    case key(KeySet.SigningKey)
    case unusable(Refusal)
    /// The provider has no such key.
    case unknown
    /// It is told when the fetch that is under way or due has ended.
    case wait
    /// There are no keys that may be used, or it can't be told whether there is this one.
    case unavailable
  }

  let limits: Limits
  private(set) var keys: KeySet?
  private var fetched: Int64 = 0
  private var attempted: Int64?
  private var failures: Int64 = 0
  private var isFetching = false
  private var isWanted = true

  init(limits: Limits) { self.limits = limits }

  /// Until when the keys may be used; nil: there are none.
  var usableUntil: Int64? { keys == nil ? nil : fetched + limits.refresh + limits.stale }

  /// What may be said of a key now. `wait` asks for a fetch.
  mutating func find(_ id: String, now: Int64) -> Answer {
    guard let keys, let usableUntil, now < usableUntil else {
      if isFetching { return .wait }
      guard now >= nextAttempt else { return .unavailable }
      isWanted = true
      return .wait
    }
    switch keys[id] {
    case .usable(let key): return .key(key)
    case .unusable(let refusal): return .unusable(refusal)
    case nil: break
    }
    if isFetching { return .wait }
    guard now >= nextForUnknown else { return failures > 0 ? .unavailable : .unknown }
    isWanted = true
    return .wait
  }

  /// The same, of keys as they are: nothing is waited for.
  func settled(_ id: String, now: Int64) -> Answer {
    guard let keys, let usableUntil, now < usableUntil else { return .unavailable }
    switch keys[id] {
    case .usable(let key): return .key(key)
    case .unusable(let refusal): return .unusable(refusal)
    case nil: return failures > 0 ? .unavailable : .unknown
    }
  }

  /// Whether a fetch is to begin now; it has begun then.
  mutating func begin(now: Int64) -> Bool {
    guard !isFetching, now >= nextAttempt, isWanted || now >= fetched + limits.refresh || failures > 0 else {
      return false
    }
    isFetching = true
    isWanted = false
    attempted = now
    return true
  }

  mutating func succeed(_ keys: KeySet, now: Int64) {
    self.keys = keys
    fetched = now
    failures = 0
    isFetching = false
  }

  mutating func fail() {
    failures += 1
    isFetching = false
  }

  /// When to look again.
  var next: Int64 { failures > 0 || keys == nil ? nextAttempt : fetched + limits.refresh }

  private var nextAttempt: Int64 {
    guard let attempted, failures > 0 else { return .min }
    return attempted + min(60, limits.retry << min(failures - 1, 6))
  }

  private var nextForUnknown: Int64 {
    guard let attempted else { return .min }
    return max(nextAttempt, attempted + limits.unknownKey)
  }
}
