internal import Control
internal import Foundation
internal import Identity
internal import Synchronization

/// Lets people in, by their keys. Any thread.
///
/// Failures of one address are few and then slow. A key that was good a while ago is looked at all the same: nobody is
/// locked out by others behind the same address, as that of a proxy.
final class Doorkeeper: Sendable {
  private static let maximumRemembered = 1_024

  private let services: ConsoleServices
  private let failures = CallLimiter()
  private let accepted = Mutex<Set<Data>>([])

  init(_ services: ConsoleServices) { self.services = services }

  /// - Parameter secret: nil: there was no key, or something else in its place.
  func person(_ secret: String?, from address: String) throws -> Person {
    let now = Int64(Date().timeIntervalSince1970)
    guard let secret else { throw refuse("no-key", address, now) }
    let digest = Store.digest(secret)
    if !accepted.withLock({ $0.contains(digest) }), failures.isSpent(address, now: now) {
      throw Self.tooMany
    }
    do throws(ControlError) {
      let person = try services.store.principal(for: secret, roles: services.roles, now: now)
      accepted.withLock { accepted in
        if accepted.count >= Self.maximumRemembered { accepted.removeAll() }
        accepted.insert(digest)
      }
      return person
    } catch {
      guard error.code == .notAllowed else { throw error }
      accepted.withLock { _ = $0.remove(digest) }
      throw refuse("unknown-key", address, now)
    }
  }

  private func refuse(_ reason: String, _ address: String, _ now: Int64) -> Problem {
    guard failures.admit(address, now: now) else { return Self.tooMany }
    services.journal("admin-refused", [("reason", reason), ("address", address)])
    return Problem(
      401, "unauthenticated",
      "send a key that is valid: Authorization: Bearer sk-sluice-…; `sluice login` gets one")
  }

  private static var tooMany: Problem {
    var problem = Problem(
      429, "too-many-failures", "too many calls without a valid key came from there; wait")
    problem.retryAfter = Int(CallLimiter.interval)
    return problem
  }
}
