internal import Control
internal import JSONTree
internal import OidcTokens

/// Turns what a provider says of people into personal keys, and keeps asking it. [blocking] Any thread.
final class LoginDesk: Sendable {
  let settings: LoginSettings
  let client: OpenIDClient
  private let store: Store
  private let seal: SecretSeal

  init(_ settings: LoginSettings, store: Store, seal: SecretSeal, isStopped: StopFlag) {
    self.settings = settings
    self.store = store
    self.seal = seal
    client = OpenIDClient(settings, isStopped: isStopped)
  }

  struct Issued {
    let secret: String
    let key: KeyRecord
    /// When the key ends at the latest.
    let ends: Int64
    /// Whether the provider is asked again while it lives.
    let isChecked: Bool
  }

  /// A key for whoever went through a grant.
  func issue(_ grant: [(name: String, value: String)], nonce: String?, now: Int64) throws -> Issued {
    let tokens = try client.tokens(grant, now: now)
    do { return try issue(tokens, nonce: nonce, now: now) } catch {
      // Nobody gets a key, so what asks the provider is nobody's: it does not stay good there.
      if let refresh = tokens.refresh { client.forget(refresh, now: now) }
      throw error
    }
  }

  private func issue(_ tokens: OpenIDClient.Tokens, nonce: String?, now: Int64) throws -> Issued {
    guard let identity = tokens.identity else { throw Refusal.malformed }
    let claims = try client.claims(identity, nonce: nonce, now: now)
    let person = try settings.rules.person(try complete(claims, tokens, now: now))
    let refresh = tokens.refresh ?? ""
    // Nobody to ask: then a word is taken as long as one that can't be repeated.
    let isChecked = !refresh.isEmpty
    let ends = now + (isChecked ? settings.keyLifetime : min(settings.keyLifetime, settings.withoutProvider))
    let made = try store.createLogin(
      subject: person.subject, email: person.email, groups: person.groups, issuer: settings.issuer,
      expires: isChecked ? lease(ends, now: now) : ends, ends: ends, due: isChecked ? due(now) : ends,
      now: now,
      seal: { place throws(ControlError) in
        isChecked ? try self.seal.seal(Array(refresh.utf8), for: place) : []
      })
    return Issued(secret: made.secret, key: made.record, ends: ends, isChecked: isChecked)
  }

  /// Groups and address are not in every provider's ID token: then they are where the standard says.
  private func complete(_ claims: JSONValue, _ tokens: OpenIDClient.Tokens, now: Int64) throws -> JSONValue {
    if ClaimPath(settings.groupsClaim).value(in: claims) != nil { return claims }
    guard let access = tokens.access, let subject = claims["sub"]?.string,
      let more = try client.userInfo(access, subject: subject, now: now)?.members
    else { return claims }
    let own = claims.members ?? []
    return .object(own + more.filter { member in !own.contains { $0.name == member.name } })
  }

  enum Check: Equatable {
    case renewed
    case ended(reason: String)
    case unavailable
  }

  /// Asks the provider about one person again, and does what follows.
  func check(_ login: Login, now: Int64) throws(ControlError) -> Check {
    guard now < login.ends, !login.refresh.isEmpty else {
      try store.endLogin(login.keyID, reason: "its time is over", now: now)
      return .ended(reason: "its time is over")
    }
    // The installation has another provider now: what the one before gave is not shown to it, and its word is not
    // about the same people.
    guard login.issuer.isSame(as: settings.issuer) else {
      try store.endLogin(login.keyID, reason: "their provider is no longer this installation's", now: now)
      return .ended(reason: "their provider is no longer this installation's")
    }
    let refresh: String
    do throws(ControlError) {
      refresh = String(decoding: try seal.open(login.refresh, for: Login.place(login.keyID)), as: UTF8.self)
    } catch {
      try store.endLogin(login.keyID, reason: "what asks the provider can't be read", now: now)
      return .ended(reason: "what asks the provider can't be read")
    }
    let outcome = ask(login, refresh, now: now)
    switch outcome {
    case .person(let person, let next):
      try store.renewLogin(
        login, email: person.email, groups: person.groups,
        refresh: try next.map(seal(for: login)),
        expires: lease(login.ends, now: now), due: min(due(now), login.ends), now: now)
      return .renewed
    case .ended(let reason):
      try store.endLogin(login.keyID, reason: reason, now: now)
      return .ended(reason: reason)
    case .unavailable(let next):
      try store.postponeLogin(
        login.keyID, due: now + min(30, settings.checkEvery), refresh: try next.map(seal(for: login)))
      return .unavailable
    }
  }

  private func seal(for login: Login) -> (String) throws(ControlError) -> [UInt8] {
    { [seal] (text) throws(ControlError) in
      try seal.seal(Array(text.utf8), for: Login.place(login.keyID))
    }
  }

  private enum Word {
    case person(ClaimRules.Claimed, next: String?)
    case ended(reason: String)
    /// It could not say it now; but it may have given another refresh token, and takes the one before for stolen.
    case unavailable(next: String?)
  }

  private func ask(_ login: Login, _ refresh: String, now: Int64) -> Word {
    var next: String?
    do {
      let tokens = try client.tokens(
        [("grant_type", "refresh_token"), ("refresh_token", refresh)], now: now)
      next = tokens.refresh
      // A refresh need not give another ID token (OpenID Connect Core, 12.2): then it is asked who they are now. One that
      // is given says who they are as surely; but groups may be in the userinfo alone.
      let claims: JSONValue
      if let identity = tokens.identity {
        claims = try complete(try client.claims(identity, nonce: nil, now: now), tokens, now: now)
      } else if let access = tokens.access,
        let asked = try client.userInfo(
          access, subject: settings.subjectClaim == "sub" ? bareSubject(of: login) : nil, now: now)
      {
        claims = asked
      } else {
        return .ended(reason: "the provider does not say any more who they are")
      }
      let person = try settings.rules.person(claims)
      guard person.subject.isSame(as: login.subject) else {
        return .ended(reason: "the provider names another")
      }
      return .person(person, next: next)
    } catch let failure as OpenIDClient.Failure {
      switch failure {
      case .unavailable: return .unavailable(next: next)
      // A client that the provider does not take is a mistake of the installation's, not the person's end.
      case .refused("invalid_client"), .refused("unauthorized_client"): return .unavailable(next: next)
      case .refused(let word): return .ended(reason: "the provider says \(word)")
      }
    } catch Refusal.unknownKey {
      // It has another key since the last look, a moment ago: that says nothing of the person.
      return .unavailable(next: next)
    } catch let refusal as Refusal {
      return .ended(reason: refusal == .noAccess ? "none of their groups may come in" : refusal.rawValue)
    } catch {
      return .unavailable(next: next)
    }
  }

  /// As the provider knows it. One that began under another prefix is nobody there.
  private func bareSubject(of login: Login) -> String {
    let prefix = settings.subjectPrefix
    return login.subject.hasPrefix(prefix) ? String(login.subject.dropFirst(prefix.count)) : login.subject
  }

  /// How long a key is good after a check.
  private func lease(_ ends: Int64, now: Int64) -> Int64 {
    min(ends, now + settings.checkEvery + settings.withoutProvider)
  }

  /// When to ask again: a little early, and not all at once.
  private func due(_ now: Int64) -> Int64 {
    now + max(1, settings.checkEvery - Int64.random(in: 0...max(0, settings.checkEvery / 10)))
  }

  /// Ends a log-in because its person wants it, and tells the provider.
  func end(_ keyID: String, now: Int64) throws(ControlError) {
    let login = try store.login(keyID)
    try store.endLogin(keyID, reason: "logged out", now: now)
    guard let login, !login.refresh.isEmpty, login.issuer.isSame(as: settings.issuer),
      let refresh = try? seal.open(login.refresh, for: Login.place(keyID))
    else { return }
    client.forget(String(decoding: refresh, as: UTF8.self), now: now)
  }
}
