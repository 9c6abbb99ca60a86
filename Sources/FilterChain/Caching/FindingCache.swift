internal import FilterABI
internal import Synchronization

/// Remembers what a detector found in a text, so that the history that a chat sends again with each turn is not
/// scanned again.
///
/// No text is kept: an entry is found by a keyed 128-bit hash of the text and of all else that the detector was told
/// of it, under a key of this process that nobody knows, and holds places and kinds alone. Its memory is bounded; what
/// was not asked for lately goes first. It never makes a thread wait: a part that another thread is in counts as
/// having no answer.
final class FindingCache: Sendable {
  /// Texts shorter than this are scanned faster than they are looked up.
  static let shortest = 48

  private let key: SipHash128.Key
  private let parts: [CachePart]
  private let hits = Atomic<Int>(0)
  private let misses = Atomic<Int>(0)
  private let contended = Atomic<Int>(0)

  /// - Parameter bytes: as much memory as all entries together may take.
  init(bytes: Int) {
    var random = SystemRandomNumberGenerator()
    key = SipHash128.Key(low: random.next(), high: random.next())
    let count = 16
    parts = (0..<count).map { _ in CachePart(limit: bytes / count) }
  }

  /// The name of what a detector is told of a text, and of the detector itself.
  func entry(
    detector: UInt64, direction: ExchangeContext.Direction, segment: sluice_segment, text: Span<UInt8>
  ) -> SipHash128.Key {
    var hash = SipHash128(key: key)
    hash.take(detector)
    unsafe hash.take(UInt64(direction.rawValue) &<< 32 | UInt64(segment.role))
    unsafe segment.pointer.withSpan { hash.take($0) }
    unsafe segment.name.withSpan { hash.take($0) }
    hash.take(text)
    return hash.finish()
  }

  /// What was found in that text; nil: not known.
  func findings(_ entry: SipHash128.Key) -> [CachedFinding]? {
    let known: [CachedFinding]?? = part(entry).state.withLockIfAvailable { $0.findings(entry) }
    guard let known else {
      contended.add(1, ordering: .relaxed)
      return nil
    }
    if known == nil { misses.add(1, ordering: .relaxed) } else { hits.add(1, ordering: .relaxed) }
    return known
  }

  /// Remembers what was found.
  func remember(_ findings: [CachedFinding], as entry: SipHash128.Key) {
    let isDone: Void? = part(entry).state.withLockIfAvailable { $0.remember(findings, as: entry) }
    if isDone == nil { contended.add(1, ordering: .relaxed) }
  }

  private func part(_ entry: SipHash128.Key) -> CachePart { parts[Int(entry.high & 15)] }

  var statistics: FindingCacheStatistics {
    var entries = 0
    var bytes = 0
    var evictions = 0
    for part in parts {
      part.state.withLock { state in
        entries += state.count
        bytes += state.bytes
        evictions += state.evictions
      }
    }
    return FindingCacheStatistics(
      hits: hits.load(ordering: .relaxed), misses: misses.load(ordering: .relaxed),
      contended: contended.load(ordering: .relaxed), evictions: evictions, entries: entries, bytes: bytes)
  }
}

/// What the memory of findings has done since the process began, and what it holds.
public struct FindingCacheStatistics: Sendable, Hashable {
  /// Texts whose findings were known.
  public let hits: Int
  public let misses: Int
  /// Look-ups and entries that were given up because another thread was there.
  public let contended: Int
  public let evictions: Int
  public let entries: Int
  /// Of memory, roughly.
  public let bytes: Int
}

/// A finding as it is remembered: where, what, how sure.
struct CachedFinding: Sendable, Equatable {
  let start: Int
  let end: Int
  let kind: Name
  let detector: Name
  let confidence: UInt32
  let weight: Int

  init(_ finding: FindingReport) {
    start = finding.start
    end = finding.end
    kind = finding.kind
    detector = finding.detector
    confidence = finding.confidence
    weight = finding.weight
  }
}

extension FindingReport {
  init(_ known: CachedFinding, segment: Int) {
    self.init(
      segment: segment, start: known.start, end: known.end, kind: known.kind, confidence: known.confidence,
      detector: known.detector, weight: known.weight)
  }
}

/// One part of the memory: its own lock, so that threads seldom meet.
private final class CachePart: Sendable {
  let state: Mutex<CacheState>
  init(limit: Int) { state = Mutex(CacheState(limit: limit)) }
}

/// Entries in a ring, with a hand that goes round it and takes out what was not asked for since it came by (CLOCK).
private struct CacheState {
  private struct Entry {
    let key: SipHash128.Key
    let findings: [CachedFinding]
    var isAsked: Bool
    var bytes: Int { CacheState.overhead + findings.count * MemoryLayout<CachedFinding>.stride }
  }

  /// Roughly what an entry takes beside its findings: its place in the ring and the table, and the array's head.
  private static let overhead = 144

  private let limit: Int
  private var places: [SipHash128.Key: Int] = [:]
  private var ring: [Entry] = []
  private var hand = 0
  private(set) var bytes = 0
  private(set) var evictions = 0
  var count: Int { ring.count }

  init(limit: Int) { self.limit = limit }

  mutating func findings(_ key: SipHash128.Key) -> [CachedFinding]? {
    guard let place = places[key] else { return nil }
    ring[place].isAsked = true
    return ring[place].findings
  }

  mutating func remember(_ findings: [CachedFinding], as key: SipHash128.Key) {
    let entry = Entry(key: key, findings: findings, isAsked: false)
    // One text full of findings must not drive out everything else.
    guard places[key] == nil, entry.bytes <= limit / 8 else { return }
    while bytes + entry.bytes > limit { evict() }
    places[key] = ring.count
    ring.append(entry)
    bytes += entry.bytes
  }

  private mutating func evict() {
    if hand >= ring.count { hand = 0 }
    while ring[hand].isAsked {
      ring[hand].isAsked = false
      hand = hand + 1 == ring.count ? 0 : hand + 1
    }
    let gone = ring[hand]
    bytes -= gone.bytes
    evictions += 1
    places[gone.key] = nil
    let last = ring.removeLast()
    if hand < ring.count {
      ring[hand] = last
      places[last.key] = hand
      hand += 1
    }
  }
}
