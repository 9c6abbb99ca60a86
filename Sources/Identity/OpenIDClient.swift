internal import Foundation
internal import HTTPSClient
internal import JSONTree
internal import OidcTokens
internal import Synchronization

/// This gateway as a client of an OpenID provider (OpenID Connect Core 1.0; RFC 6749). [blocking] Any thread.
final class OpenIDClient: Sendable {
  /// Where a provider is asked what, by its configuration document.
  struct Endpoints: Sendable {
    let authorization: String
    let token: String
    /// RFC 8628; nil: the provider has no device flow.
    let device: String?
    let userInfo: String?
    /// RFC 7009.
    let revocation: String?
    let takesBasic: Bool
  }

  /// What the token endpoint has given.
  struct Tokens: Sendable {
    let identity: String?
    let access: String?
    let refresh: String?
  }

  /// Why it has given nothing.
  enum Failure: Error, Sendable {
    /// No answer, or none that can be understood: it may be another later.
    case unavailable
    /// Its word for no (RFC 6749, 5.2).
    case refused(String)
  }

  /// Seconds that a document or a set of keys is used.
  private static let freshness: Int64 = 300
  /// Seconds between two looks for a key that is not known.
  private static let retry: Int64 = 10

  private struct Known {
    var endpoints: (value: Endpoints, time: Int64)?
    var keys: (value: KeySet, time: Int64)?
  }

  let settings: LoginSettings
  private let provider: Provider
  private let client: HTTPSClient
  private let known = Mutex(Known())

  init(_ settings: LoginSettings, isStopped: StopFlag) {
    self.settings = settings
    let fetch = DocumentFetch(authorities: settings.authorities, isStopped: isStopped)
    provider = Provider(issuer: settings.issuer, keysAddress: nil, fetch: fetch)
    client = fetch.client
  }

  func endpoints(now: Int64) throws(Failure) -> Endpoints {
    if let known = known.withLock({ $0.endpoints }), Self.isWithin(Self.freshness, known.time, now) {
      return known.value
    }
    let document: JSONValue
    do throws(Provider.Failure) { document = try provider.document() } catch { throw .unavailable }
    guard let authorization = provider.address("authorization_endpoint", in: document),
      let token = provider.address("token_endpoint", in: document)
    else { throw .unavailable }
    let methods = document["token_endpoint_auth_methods_supported"]?.strings
    let made = Endpoints(
      authorization: authorization, token: token,
      device: provider.address("device_authorization_endpoint", in: document),
      userInfo: provider.address("userinfo_endpoint", in: document),
      revocation: provider.address("revocation_endpoint", in: document),
      // What is said of it where nothing is said (Discovery, 3).
      takesBasic: methods?.contains("client_secret_basic") ?? true)
    known.withLock { $0.endpoints = (made, now) }
    return made
  }

  /// Begins the device flow (RFC 8628, 3.1); the provider's answer as it is.
  func beginDevice(now: Int64) throws(Failure) -> JSONValue {
    guard let address = try endpoints(now: now).device else { throw .refused("unsupported_grant_type") }
    return try post(address, [("scope", settings.scopes.joined(separator: " "))], now: now)
  }

  /// Asks the token endpoint.
  func tokens(_ grant: [(name: String, value: String)], now: Int64) throws(Failure) -> Tokens {
    let answer = try post(try endpoints(now: now).token, grant, now: now)
    guard let type = answer["token_type"]?.string, type.lowercased() == "bearer" else { throw .unavailable }
    return Tokens(
      identity: answer["id_token"]?.string, access: answer["access_token"]?.string,
      refresh: answer["refresh_token"]?.string)
  }

  /// Tells the provider that a refresh token is not used any more; whatever it says (RFC 7009).
  func forget(_ refresh: String, now: Int64) {
    guard let address = try? endpoints(now: now).revocation else { return }
    _ = try? post(address, [("token", refresh), ("token_type_hint", "refresh_token")], now: now)
  }

  /// The claims of an ID token, once it is known to be the provider's, for this client and in time.
  /// - Parameter nonce: what the log-in began with; nil: it had none.
  func claims(_ token: String, nonce: String?, now: Int64) throws -> JSONValue {
    let parsed = try SignedToken(
      Array(token.utf8), algorithms: Set(Algorithm.allCases), types: ["jwt"], needsType: false)
    let claims = try parsed.verified(by: try key(parsed.keyID, now: now))
    // Groups may be missing yet, and are judged when all that is known is together.
    _ = try ClaimRules(
      issuer: settings.issuer, audiences: [settings.clientID], subject: ClaimPath("sub"), groups: nil,
      skew: 30
    ).judge(claims, now: now)
    if let audiences = claims["aud"]?.array, audiences.count > 1, claims["azp"] == nil {
      throw Refusal.wrongParty
    }
    if let party = claims["azp"], party.string != settings.clientID { throw Refusal.wrongParty }
    if let nonce {
      guard let given = claims["nonce"]?.string, given.isSame(as: nonce) else { throw Refusal.badClaim }
    }
    return claims
  }

  /// What the provider says of an access token's owner (OpenID Connect Core, 5.3); nil: it has no such endpoint.
  /// - Parameter subject: the `sub` that it has to be about; nil: that is known by another claim.
  func userInfo(_ access: String, subject: String?, now: Int64) throws -> JSONValue? {
    guard let address = try endpoints(now: now).userInfo else { return nil }
    let answer = try send(
      HTTPSClient.Request(.get, address, fields: [("Authorization", "Bearer \(access)")]))
    guard answer.status == 200 else {
      throw answer.status == 401 || answer.status == 403
        ? Failure.refused("invalid_grant") : Failure.unavailable
    }
    guard let claims = try? StrictJSON.object(answer.body) else { throw Failure.unavailable }
    guard let about = claims["sub"]?.string, subject == nil || subject?.isSame(as: about) == true else {
      throw Refusal.noSubject
    }
    return claims
  }

  /// Whether something is no older; a clock that was put back makes nothing young again.
  static func isWithin(_ seconds: Int64, _ time: Int64, _ now: Int64) -> Bool {
    (0..<seconds).contains(now - time)
  }

  private func key(_ id: String, now: Int64) throws -> KeySet.SigningKey {
    let before = known.withLock { $0.keys }
    if let before, Self.isWithin(Self.freshness, before.time, now), case .usable(let key) = before.value[id] {
      return key
    }
    if let before, Self.isWithin(Self.retry, before.time, now) { throw Refusal.unknownKey }
    let keys: KeySet
    do { keys = try provider.keys() } catch { throw Failure.unavailable }
    known.withLock { $0.keys = (keys, now) }
    switch keys[id] {
    case .usable(let key): return key
    case .unusable(let refusal): throw refusal
    case nil: throw Refusal.unknownKey
    }
  }

  /// A form to the provider, with this client's credentials (RFC 6749, 2.3.1).
  private func post(
    _ address: String, _ fields: [(name: String, value: String)], now: Int64
  ) throws(Failure) -> JSONValue {
    var request = HTTPSClient.Request(
      .post, address, fields: [("Content-Type", FormFields.contentType), ("Accept", "application/json")])
    var fields = fields
    if let read = settings.clientSecret {
      guard let secret = try? read() else { throw .unavailable }
      if try endpoints(now: now).takesBasic {
        let pair = "\(FormFields.escape(settings.clientID)):\(FormFields.escape(secret))"
        request.fields.append(("Authorization", "Basic " + Data(pair.utf8).base64EncodedString()))
      } else {
        fields += [("client_id", settings.clientID), ("client_secret", secret)]
      }
    } else {
      fields.append(("client_id", settings.clientID))
    }
    request.body = Array(FormFields.encode(fields).utf8)
    let answer = try send(request)
    let body = try? StrictJSON.object(answer.body)
    if answer.status == 200 {
      // RFC 7009 answers with nothing.
      return body ?? .object([])
    }
    // A word of its own is a no; anything else, a busy or broken provider, is not.
    guard (400..<500).contains(answer.status), answer.status != 429, let word = body?["error"]?.string,
      word.utf8.count <= 64, word.utf8.allSatisfy({ $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 == 0x5F })
    else { throw .unavailable }
    throw .refused(word)
  }

  private func send(_ request: HTTPSClient.Request) throws(Failure) -> HTTPSClient.Answer {
    do throws(HTTPSClient.Failure) { return try client.send(request) } catch { throw .unavailable }
  }
}
