public import FilterKit
public import JSONTree
internal import OidcTokens

/// Knows people by tokens of their organisation's OpenID provider: `Authorization: Bearer TOKEN`, or in the fields that
/// tools keep their API key in. A credential that is no token is left to the next stage.
public final class OidcAuthenticator: WaitingAuthenticateFilter {
  public static let name: StaticString = "oidc"
  public static let summary: StaticString = "people by tokens of an OpenID provider"
  public static var schema: StaticString { Settings.schema }

  private let host: Host
  private let judge: TokenJudge
  private let keeper: KeyKeeper
  private let digester: TokenDigester

  public init(configuration: JSONValue, host: Host) throws(FilterError) {
    let settings = try Settings(configuration)
    self.host = host
    digester = try TokenDigester()
    keeper = KeyKeeper(
      provider: Provider(
        issuer: settings.rules.issuer, keysAddress: settings.keysAddress,
        fetch: DocumentFetch(authorities: settings.authorities, isStopped: StopFlag())),
      limits: settings.limits)
    judge = TokenJudge(settings: settings)
    if !host.isValidating { keeper.start(listener) }
  }

  deinit { keeper.stop() }

  public func authenticate(_ head: borrowing HeadView, _ ticket: Ticket) throws(FilterError)
    -> Authentication?
  {
    var finder = CredentialFinder(digester: digester)
    head.forEachHeader(named: "authorization") { finder.add(authorization: $0) }
    for name in Self.keyFields { head.forEachHeader(named: name) { finder.add($0) } }
    switch try finder.outcome() {
    case .none: return .challenge(Challenge.plain)
    case .ambiguous: return .deny(reason: "ambiguous", challenge: Challenge.invalidRequest)
    case .tooLarge: return Challenge.deny(.tooLarge)
    case .token(let digest):
      if let principal = judge.cache.find(digest, now: Clock.wall()), keeper.isUsable {
        return .allow(principal)
      }
      return try check(Self.token(head), digest, ticket)
    }
  }

  public func cancel(_ ticket: Ticket) { keeper.forget(ticket) }

  private static let keyFields: [StaticString] = ["x-api-key", "api-key", "x-goog-api-key"]

  /// A token that is not known yet; nil: its key has to be fetched first.
  private func check(_ token: [UInt8], _ digest: TokenDigest, _ ticket: Ticket) throws(FilterError)
    -> Authentication?
  {
    let parsed: SignedToken
    do throws(Refusal) { parsed = try judge.parse(token) } catch { return Challenge.deny(error) }
    let era = judge.cache.era
    let key = keeper.find(
      parsed.keyID, KeyKeeper.Waiting(ticket: ticket, token: token), canWait: ticket.canWait)
    switch key {
    case .wait: return nil
    case .unavailable:
      throw FilterError(.unavailable, "The OpenID provider's keys can't be fetched, and none are known.")
    case .unknown: return Challenge.deny(.unknownKey)
    case .unusable(let refusal): return Challenge.deny(refusal)
    case .key(let key): return judge.answer(parsed, key, digest, era: era)
    }
  }

  /// A copy of the token that the finder has found: the first.
  private static func token(_ head: borrowing HeadView) -> [UInt8] {
    var token: [UInt8] = []
    func take(_ value: Span<UInt8>) {
      if token.isEmpty, CredentialFinder.isToken(value) { token = Array(copying: value) }
    }
    head.forEachHeader(named: "authorization") { value in
      if let range = CredentialFinder.bearer(value) {
        let rest = value.extracting(range)
        take(rest.extracting(CredentialFinder.trimmed(rest)))
      }
    }
    for name in keyFields {
      head.forEachHeader(named: name) { take($0.extracting(CredentialFinder.trimmed($0))) }
    }
    return token
  }

  /// What happens on the keeper's thread. It holds the parts, not the filter: the filter's end ends the thread.
  private var listener: KeyKeeper.Listener {
    let (keeper, judge, host, digester) = (keeper, judge, host, digester)
    return KeyKeeper.Listener(
      keysCame: { [unowned keeper] in
        guard let keys = keeper.keys else { return }
        judge.cache.keep(signedBy: keys)
        host.log(.debug, "the OpenID provider's keys were fetched", [("keys", Int64(keys.count))])
      },
      answer: { [unowned keeper] waiting in
        host.complete(waiting.ticket, judge.answer(waiting.token, keeper, digester))
      },
      failed: { failure in
        switch failure {
        case .unreachable: host.log(.warning, "the OpenID provider does not answer")
        case .status(let status):
          host.log(
            .warning, "the OpenID provider answers with another status than 200", [("status", Int64(status))])
        case .badDocument:
          host.log(.warning, "the OpenID provider's discovery document is none, or another issuer's")
        case .badKeys: host.log(.warning, "the OpenID provider's key set has no key that may be used")
        }
      })
  }
}

/// Says whether a token is good. Shared between threads.
final class TokenJudge: Sendable {
  let cache = TokenCache()
  private let settings: Settings

  init(settings: Settings) { self.settings = settings }

  func parse(_ token: [UInt8]) throws(Refusal) -> SignedToken {
    try SignedToken(
      token, algorithms: settings.algorithms, types: settings.types, needsType: settings.needsType)
  }

  /// Checks signature and claims, and remembers a good token.
  func answer(_ token: SignedToken, _ key: KeySet.SigningKey, _ digest: TokenDigest, era: Int)
    -> Authentication
  {
    do throws(Refusal) {
      let accepted = try token.accept(key, settings.rules, now: Clock.wall())
      let principal = Principal(
        subject: accepted.person.subject, email: accepted.person.email, groups: accepted.person.groups,
        established: "oidc", credential: accepted.credential, expires: accepted.until)
      cache.insert(
        TokenCache.Entry(principal: principal, until: accepted.until, keyID: token.keyID, key: key),
        digest, era: era)
      return .allow(principal)
    } catch { return Challenge.deny(error) }
  }

  /// After a fetch: the answer, or nil where there still are no keys.
  func answer(_ token: [UInt8], _ keeper: KeyKeeper, _ digester: TokenDigester) -> Authentication? {
    let parsed: SignedToken
    do throws(Refusal) { parsed = try parse(token) } catch { return Challenge.deny(error) }
    let era = cache.era
    switch keeper.settled(parsed.keyID) {
    case .key(let key):
      guard let digest = try? digester.digest(of: token.span) else { return nil }
      return answer(parsed, key, digest, era: era)
    case .unusable(let refusal): return Challenge.deny(refusal)
    case .unknown: return Challenge.deny(.unknownKey)
    case .wait, .unavailable: return nil
    }
  }
}

/// What a client is told in WWW-Authenticate (RFC 9110, 11.6.1; RFC 6750, 3.1). The reason stands in the record.
enum Challenge {
  static let plain = "Bearer realm=\"sluice\""
  static let invalidRequest = "Bearer realm=\"sluice\", error=\"invalid_request\""

  static func deny(_ refusal: Refusal) -> Authentication {
    let error = refusal == .noAccess ? "insufficient_scope" : "invalid_token"
    return .deny(reason: refusal.rawValue, challenge: "Bearer realm=\"sluice\", error=\"\(error)\"")
  }
}
