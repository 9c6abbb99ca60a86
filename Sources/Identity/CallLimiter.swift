internal import Synchronization

/// Bounds calls of one address, and all together: guessing and flooding are slow, and a device that polls is not
/// disturbed. Any thread.
public final class CallLimiter: Sendable {
  /// Calls at once, then one each ``interval`` seconds, of one address (``ClientNetwork``).
  static let burst: Int64 = 30
  public static let interval: Int64 = 1
  /// Addresses that are remembered; beyond, those not seen for a while are forgotten.
  private static let maximumAddresses = 10_000

  private struct State {
    /// By address: until when its calls are paid for, in seconds.
    var paid: [String: Int64] = [:]
    /// When those whose time is over were last forgotten: once a second at most, as it goes through all of them.
    var swept: Int64 = -1
  }

  private let state = Mutex(State())

  public init() {}

  /// Whether another call of the address would not be admitted now. Nothing is counted.
  /// - Parameter now: in seconds.
  public func isSpent(_ address: String, now: Int64) -> Bool {
    let client = ClientNetwork.of(address)
    return state.withLock { state in
      max(state.paid[client] ?? now, now) + Self.interval - now > Self.burst * Self.interval
    }
  }

  /// Counts a call, and says whether it is let through.
  /// - Parameter now: in seconds.
  public func admit(_ address: String, now: Int64) -> Bool {
    let client = ClientNetwork.of(address)
    return state.withLock { state in
      if state.paid.count >= Self.maximumAddresses, state.paid[client] == nil {
        if state.swept != now {
          state.swept = now
          state.paid = state.paid.filter { $0.value > now }
        }
        if state.paid.count >= Self.maximumAddresses { return false }
      }
      let next = max(state.paid[client] ?? now, now) + Self.interval
      guard next - now <= Self.burst * Self.interval else { return false }
      state.paid[client] = next
      return true
    }
  }
}
