internal import FilterABI
internal import Synchronization

/// What each principal sent before, as fingerprints alone (history.h). In memory, bounded, this replica's own.
final class SentHistory: Sendable {
  /// A value by its fingerprint: within its kind, so that one stands for one kind.
  struct Print: Hashable {
    let high, low: UInt64

    init(_ bytes: InlineArray<16, UInt8>) {
      var (high, low): (UInt64, UInt64) = (0, 0)
      for index in 0..<8 {
        high = high << 8 | UInt64(bytes[index])
        low = low << 8 | UInt64(bytes[index + 8])
      }
      (self.high, self.low) = (high, low)
    }
  }

  fileprivate struct Sender {
    /// By kind, when each value was sent last: seconds since 1970.
    var times: [Name: [Print: Int64]] = [:]
    var last: Int64 = 0
    /// Values up to this time were dropped for want of room: a count that reaches back so far is too low.
    var droppedThrough = Int64.min

    var count: Int { times.values.reduce(0) { $0 + $1.count } }
  }

  fileprivate struct State {
    var senders: [String: Sender] = [:]
    var count = 0
  }

  static let longest: Int64 = 86_400
  static let maximumOfSender = 4096
  static let maximum = 262_144

  private let state = Mutex(State())
  private let isAsked = Atomic(false)

  /// Whether any filter looks at it: else nothing is kept.
  var isWanted: Bool { isAsked.load(ordering: .relaxed) }

  func want() { isAsked.store(true, ordering: .relaxed) }

  /// - Parameter time: of the request, in seconds since 1970.
  func note(_ subject: String, _ sent: [Name: Set<Print>], time: Int64) {
    guard !sent.isEmpty else { return }
    let subject = subject.lowercased()
    state.withLock { state in
      var sender = state.senders.removeValue(forKey: subject) ?? Sender()
      state.count -= sender.count
      for (kind, prints) in sent {
        for print in prints {
          let known = sender.times[kind]?[print] ?? time
          sender.times[kind, default: [:]][print] = max(known, time)
        }
      }
      sender.last = max(sender.last, time)
      if sender.count > Self.maximumOfSender { sender.shrink() }
      state.count += sender.count
      state.senders[subject] = sender
      if state.count > Self.maximum { state.shrink() }
    }
  }

  /// How many different values the subject has sent from `since` on, with these.
  /// - Parameter kind: of this alone; nil: of any.
  func count(_ subject: String, since: Int64, kind: Name?, with prints: Set<Print>) -> Int {
    let subject = subject.lowercased()
    return state.withLock { state in
      guard let sender = state.senders[subject] else { return prints.count }
      var count = prints.count
      for (known, times) in sender.times where kind == nil || kind == known {
        for (print, time) in times where time >= since && !prints.contains(print) { count += 1 }
      }
      return sender.droppedThrough >= since ? max(count, Self.maximumOfSender) : count
    }
  }
}

extension SentHistory.Sender {
  /// Drops what is a day old, and then the oldest until three quarters of the room are left.
  fileprivate mutating func shrink() {
    keep(after: last - SentHistory.longest)
    guard count > SentHistory.maximumOfSender else { return }
    let byAge = times.values.flatMap(\.values).sorted(by: >)
    let oldest = byAge[SentHistory.maximumOfSender * 3 / 4]
    droppedThrough = max(droppedThrough, oldest)
    keep(after: oldest)
  }

  private mutating func keep(after oldest: Int64) {
    for kind in times.keys { times[kind] = times[kind]?.filter { $0.value > oldest } }
  }
}

extension SentHistory.State {
  /// Forgets those who have sent nothing for the longest, until three quarters of the room are left.
  fileprivate mutating func shrink() {
    for (subject, sender) in senders.sorted(by: { ($0.value.last, $0.key) < ($1.value.last, $1.key) }) {
      guard count > SentHistory.maximum * 3 / 4 else { return }
      count -= sender.count
      senders[subject] = nil
    }
  }
}

/// "sluice.host.history/1" of this host.
enum HistoryService {
  static func count(
    _ history: SentHistory, _ subject: sluice_bytes, _ time: Int64, _ window: UInt64, _ kind: sluice_bytes,
    _ fingerprints: sluice_array, _ distinct: UnsafeMutablePointer<UInt64>?
  ) -> sluice_status {
    guard let distinct = unsafe distinct, (1...UInt64(SentHistory.longest)).contains(window) else {
      return SLUICE_ERROR_DENIED
    }
    var wanted: Name?
    if unsafe kind.length > 0 {
      guard let name = unsafe Names.kind(kind) else { return SLUICE_ERROR_DENIED }
      wanted = name
    }
    guard let prints = unsafe read(fingerprints) else { return SLUICE_ERROR_DENIED }
    let since = time.subtractingReportingOverflow(Int64(window))
    let count = history.count(
      unsafe subject.text(upTo: 65_536), since: since.overflow ? .min : since.partialValue, kind: wanted,
      with: prints)
    unsafe distinct.pointee = UInt64(count)
    return SLUICE_OK
  }

  private static func read(_ array: sluice_array) -> Set<SentHistory.Print>? {
    guard unsafe array.count <= UInt64(Chain.maximumFindings) else { return nil }
    guard unsafe array.count > 0 else { return [] }
    guard let first = unsafe array.first, unsafe array.stride >= UInt64(MemoryLayout<sluice_bytes>.size),
      unsafe array.stride <= 4096
    else { return nil }
    var prints: Set<SentHistory.Print> = []
    for index in unsafe 0..<Int(array.count) {
      let bytes = unsafe first.loadUnaligned(
        fromByteOffset: index * Int(array.stride), as: sluice_bytes.self)
      guard unsafe bytes.length == 16, let data = unsafe bytes.data else { return nil }
      var print = InlineArray<16, UInt8>(repeating: 0)
      for place in 0..<16 { unsafe print[place] = data[place] }
      prints.insert(SentHistory.Print(print))
    }
    return prints
  }
}
