import Control
import Foundation
import OidcTokens
import Testing

@testable import Identity

/// What a log-in's check does without a provider: nobody listens on port 1.
@Suite struct LoginDeskTests {
  private let store: Store
  private let seal = SecretSeal(key: Array(repeating: 7, count: 32))

  init() throws { store = try Store(try DataDirectory("\(Self.folder)/\(UUID().uuidString)")) }

  /// The folder of all of them, gone with the tests.
  private static let folder: String = {
    atexit { try? FileManager.default.removeItem(atPath: LoginDeskTests.folder) }
    let path = NSTemporaryDirectory() + "desks-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }()

  private func desk(_ issuer: String) -> LoginDesk {
    LoginDesk(
      LoginSettings(issuer: issuer, clientID: "sluice"), store: store, seal: seal, isStopped: StopFlag())
  }

  private func logIn(_ issuer: String) throws -> (secret: String, login: Login) {
    let made = try store.createLogin(
      subject: "ana", email: "", groups: [], issuer: issuer, expires: 100, ends: 1000, due: 50, now: 10,
      seal: { place throws(ControlError) in try seal.seal(Array("refresh".utf8), for: place) })
    return (made.secret, try #require(try store.login(made.record.id)))
  }

  /// A refresh token is a secret between a person's provider and this gateway: the next provider is not shown it, and
  /// says nothing about the people of the one before.
  @Test func anotherProviderIsNotAskedAboutThem() throws {
    let (secret, login) = try logIn("http://127.0.0.1:1/old")
    #expect(
      try desk("http://127.0.0.1:1/new").check(login, now: 60)
        == .ended(reason: "their provider is no longer this installation's"))
    #expect(throws: ControlError.self) { try store.principal(for: secret, roles: .none, now: 61) }
    #expect(try store.login(login.keyID) == nil)
  }

  @Test func aProviderThatDoesNotAnswerEndsNothing() throws {
    let (secret, login) = try logIn("http://127.0.0.1:1/old")
    #expect(try desk("http://127.0.0.1:1/old").check(login, now: 60) == .unavailable)
    #expect(try store.principal(for: secret, roles: .none, now: 99).subject == "ana")
    // And moves its end nowhere.
    #expect(throws: ControlError.self) { try store.principal(for: secret, roles: .none, now: 100) }
  }

  @Test func whatWasSealedForAnotherLoginIsNotOpened() throws {
    let (one, first) = try logIn("http://127.0.0.1:1/old")
    let (_, second) = try logIn("http://127.0.0.1:1/old")
    try store.renewLogin(
      first, email: "", groups: [], refresh: second.refresh, expires: 100, due: 50, now: 20)
    let swapped = try #require(try store.login(first.keyID))
    #expect(
      try desk("http://127.0.0.1:1/old").check(swapped, now: 60)
        == .ended(reason: "what asks the provider can't be read"))
    #expect(throws: ControlError.self) { try store.principal(for: one, roles: .none, now: 61) }
  }

  @Test(arguments: [
    ("http://127.0.0.1:8400/callback", true), ("http://127.0.0.1/callback", true),
    ("http://[::1]:1/", true), ("http://127.0.0.1:8400", true),
    ("http://127.0.0.1:1@evil.example/callback", false), ("http://127.0.0.1:@evil.example", false),
    ("http://127.0.0.1.evil.example/", false), ("http://127.0.0.1", false), ("http://127.0.0.1:/", false),
    ("http://127.0.0.1:99999999/", false), ("http://127.0.0.1:80\\@evil.example/", false),
    ("http://127.0.0.1/@evil.example", false), ("http://127.0.0.1/#x", false),
    ("https://127.0.0.1/", false), ("http://localhost/", false), ("http://[::1].evil.example/", false),
  ])
  func aRedirectGoesToLoopback(_ redirect: String, _ isGood: Bool) {
    #expect(LoginService.isLoopback(redirect) == isGood)
  }

  @Test func aClockThatIsPutBackMakesNothingYoung() {
    #expect(OpenIDClient.isWithin(300, 1000, 1000) && OpenIDClient.isWithin(300, 1000, 1299))
    #expect(!OpenIDClient.isWithin(300, 1000, 1300) && !OpenIDClient.isWithin(300, 1000, 999))
  }
}
