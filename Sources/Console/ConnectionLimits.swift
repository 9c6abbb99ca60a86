internal import NIOCore
internal import Synchronization

/// How many connections there may be, of one address and in all. Where there are as many, one that has no call under way
/// makes room, the one that has waited longest: whoever only holds connections open loses them, and keeps nobody out.
final class ConnectionLimits: Sendable {
  static let maximum = 256
  static let maximumOfOne = 96

  private struct Entry {
    let address: String
    let close: @Sendable () -> Void
    var hasCall = false
    /// Grows with each change: the smallest has waited longest.
    var since: UInt64
  }

  private struct State {
    var entries: [Int: Entry] = [:]
    var counts: [String: Int] = [:]
    var clock: UInt64 = 0

    mutating func remove(_ number: Int) {
      guard let entry = entries.removeValue(forKey: number) else { return }
      let left = (counts[entry.address] ?? 1) - 1
      counts[entry.address] = left > 0 ? left : nil
    }

    /// The one that has waited longest; nil: all have calls.
    func idlest(of address: String?) -> Int? {
      entries.filter { !$0.value.hasCall && (address == nil || $0.value.address == address) }
        .min { $0.value.since < $1.value.since }?.key
    }
  }

  private let state = Mutex(State())

  /// Any thread.
  /// - Parameter close: ends the connection, later; any thread.
  /// - Returns: its number; nil: there is no room, and it is to be closed.
  func admit(_ number: Int, from address: String, close: @escaping @Sendable () -> Void) -> Bool {
    let (isAdmitted, leaving) = state.withLock { state -> (Bool, Entry?) in
      var leaving: Entry?
      if state.counts[address, default: 0] >= Self.maximumOfOne {
        guard let idle = state.idlest(of: address) else { return (false, nil) }
        leaving = state.entries[idle]
        state.remove(idle)
      } else if state.entries.count >= Self.maximum {
        guard let idle = state.idlest(of: nil) else { return (false, nil) }
        leaving = state.entries[idle]
        state.remove(idle)
      }
      state.clock += 1
      state.entries[number] = Entry(address: address, close: close, since: state.clock)
      state.counts[address, default: 0] += 1
      return (true, leaving)
    }
    leaving?.close()
    return isAdmitted
  }

  func note(_ number: Int, hasCall: Bool) {
    state.withLock { state in
      state.clock += 1
      state.entries[number]?.hasCall = hasCall
      state.entries[number]?.since = state.clock
    }
  }

  func leave(_ number: Int) { state.withLock { $0.remove(number) } }
}
