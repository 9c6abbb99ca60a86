internal import Synchronization

/// The answers that authenticate filters owe: each is a token that is good once, for as long as somebody waits.
///
/// A token is never used again, so a late completion can't reach another exchange.
final class OwedAnswers: Sendable {
  private enum Owed {
    /// Handed to a filter that has not returned from the call yet.
    case offered
    /// The filter was quicker than its own return.
    case early(AuthenticationAnswer)
    case awaited(PendingAuthentication)
  }

  private struct State {
    var owed: [UInt64: Owed] = [:]
    var next: UInt64 = 1
  }

  private let state = Mutex(State())
  /// Tokens are a running number, spread over 64 bits so that one tells nothing of another.
  private let factor = UInt64.random(in: .min ... .max) | 1

  /// A token for one call.
  func offer() -> UInt64 {
    state.withLock { state in
      state.next += 1
      let token = state.next &* factor
      state.owed[token] = .offered
      return token
    }
  }

  /// The filter has answered in the call: nothing is owed.
  func withdraw(_ token: UInt64) { state.withLock { _ = $0.owed.removeValue(forKey: token) } }

  /// The filter answers later. The answer itself, where it is here already: `pending` is not told then.
  func await(_ token: UInt64, _ pending: PendingAuthentication) -> AuthenticationAnswer? {
    state.withLock { state in
      if case .early(let answer) = state.owed[token] {
        state.owed[token] = nil
        return answer
      }
      state.owed[token] = .awaited(pending)
      return nil
    }
  }

  /// Takes an answer; whether the token was good. Any thread.
  func complete(_ token: UInt64, _ answer: AuthenticationAnswer) -> Bool {
    let (isGood, pending) = state.withLock { state -> (Bool, PendingAuthentication?) in
      switch state.owed[token] {
      case nil, .early: return (false, nil)
      case .offered:
        state.owed[token] = .early(answer)
        return (true, nil)
      case .awaited(let pending):
        state.owed[token] = nil
        return (true, pending)
      }
    }
    pending?.take(answer)
    return isGood
  }

  /// Nobody waits any more; whether somebody did.
  func giveUp(_ token: UInt64) -> Bool {
    state.withLock { $0.owed.removeValue(forKey: token) } != nil
  }
}
