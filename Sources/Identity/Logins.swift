public import Control
internal import Glibc
public import JSONTree
internal import OidcTokens
internal import Synchronization

/// Logging in, as an installation offers it: the service that answers, and the keeper that asks the provider about
/// everybody again.
public final class Logins: Sendable {
  public let service: LoginService
  private let keeper: LoginKeeper?
  private let isStopped = StopFlag()

  /// - Parameters:
  ///   - settings: nil: nobody logs in here, and `/api/v1/me` answers all the same.
  ///   - key: 32 bytes, which what asks the provider is sealed under in the store.
  ///   - pipelines: what `GET /api/v1/me` says of the pipelines.
  ///   - journal: told why somebody was refused; never of a token.
  public init(
    _ settings: LoginSettings?, store: Store, roles: RoleMap, key: [UInt8],
    pipelines: @escaping @Sendable () -> JSONValue,
    journal: @escaping @Sendable (_ what: String, _ reason: String) -> Void
  ) {
    let isStopped = isStopped
    let desk = settings.map { LoginDesk($0, store: store, seal: SecretSeal(key: key), isStopped: isStopped) }
    service = LoginService(
      desk: desk, store: store, roles: roles, now: { Int64(time(nil)) }, pipelines: pipelines,
      journal: journal)
    keeper = desk.map { LoginKeeper($0, store: store, journal: journal) }
  }

  /// Asks the provider about people when it is time, until ``stop()``. [blocking] For a thread of its own.
  public func run() {
    var next: Int64 = 0
    while !isStopped.isSet {
      let now = Int64(time(nil))
      if now >= next { next = now + (keeper?.work(now: now) ?? 60) }
      usleep(200_000)
    }
  }

  public func stop() { isStopped.set() }
}

/// Goes through the log-ins that are due. One thread.
final class LoginKeeper: Sendable {
  /// For how long, in seconds, no other replica asks about somebody whom this one asks about: longer than a provider
  /// may take to answer all that is asked.
  private static let claim: Int64 = 60
  /// Seconds between two looks, and while the provider does not answer.
  private static let interval: Int64 = 1
  private static let pause: Int64 = 15

  private let desk: LoginDesk
  private let store: Store
  private let journal: @Sendable (_ what: String, _ reason: String) -> Void

  init(_ desk: LoginDesk, store: Store, journal: @escaping @Sendable (String, String) -> Void) {
    self.desk = desk
    self.store = store
    self.journal = journal
  }

  /// Returns after how many seconds to come again.
  func work(now: Int64) -> Int64 {
    do throws(ControlError) {
      while let login = try store.takeDueLogin(now: now, for: Self.claim) {
        switch try desk.check(login, now: now) {
        case .renewed: continue
        case .ended(let reason): journal("login-ended", "\(login.keyID): \(reason)")
        case .unavailable:
          journal("login-unchecked", "the OpenID provider can't be asked")
          return Self.pause
        }
      }
      if now.isMultiple(of: 30) { try store.sweepLogins(now: now) }
    } catch {
      journal("login-unchecked", error.message)
      return Self.pause
    }
    return Self.interval
  }
}
