import Testing

@testable import Control

private let seal = SecretSeal(key: Array(repeating: 7, count: 32))

@Suite struct LoginTests {
  private let store: Store

  init() throws { store = try Sandbox().store() }

  private func logIn(_ subject: String = "ana", due: Int64 = 50, now: Int64 = 10) throws -> (
    secret: String, id: String
  ) {
    let made = try store.createLogin(
      subject: subject, email: "", groups: ["clinicians"], issuer: "https://idp.example.org", expires: 100,
      ends: 1000, due: due, now: now,
      seal: { place throws(ControlError) in try seal.seal(Array("refresh".utf8), for: place) })
    return (made.secret, made.record.id)
  }

  @Test func aKeySaysWhereItCameFrom() throws {
    let (secret, id) = try logIn()
    let person = try store.principal(for: secret, roles: RoleMap([.auditor: ["clinicians"]]), now: 20)
    #expect(
      person.established == "login" && person.keyID == id && person.has(.auditor) && !person.has(.admin))
    #expect(throws: ControlError.self) { try store.principal(for: secret, roles: .none, now: 100) }
    #expect(throws: ControlError.self) {
      try store.principal(for: "sk-sluice-unknown", roles: .none, now: 20)
    }
    let byHand = try store.createKey(subject: "bo", email: "", groups: [], expires: 0, now: 10)
    #expect(try store.principal(for: byHand.secret, roles: .none, now: 20).established == "keys")
  }

  /// Two replicas must not use one refresh token.
  @Test func oneReplicaAsksAtATime() throws {
    let (_, id) = try logIn()
    #expect(try store.takeDueLogin(now: 49, for: 60) == nil)
    #expect(try store.takeDueLogin(now: 50, for: 60)?.keyID == id)
    #expect(try store.takeDueLogin(now: 51, for: 60) == nil)
    // The one that took it has died.
    #expect(try store.takeDueLogin(now: 110, for: 60)?.keyID == id)
    try store.postponeLogin(id, due: 120)
    #expect(try store.takeDueLogin(now: 119, for: 60) == nil)
    #expect(try store.takeDueLogin(now: 120, for: 60)?.keyID == id)
  }

  @Test func aRenewalMovesTheEndAndTakesUpGroups() throws {
    let (secret, id) = try logIn()
    let login = try #require(try store.login(id))
    try store.renewLogin(
      login, email: "a@example.org", groups: ["research"], refresh: [1], expires: 200, due: 150, now: 50)
    let person = try store.principal(for: secret, roles: .none, now: 150)
    #expect(person.groups == ["research"] && person.email == "a@example.org" && person.expires == 200)
    #expect(try store.login(id)?.refresh == [1])
    #expect(try store.pendingEvents(limit: 9).map(\.type) == ["login.began", "login.changed"])
  }

  @Test func anEndIsForGood() throws {
    let (secret, id) = try logIn()
    let login = try #require(try store.login(id))
    try store.endLogin(id, reason: "none of their groups may come in", now: 60)
    #expect(throws: ControlError.self) { try store.principal(for: secret, roles: .none, now: 60) }
    // A replica that was asking meanwhile brings nothing back.
    try store.renewLogin(
      login, email: "", groups: ["clinicians"], refresh: nil, expires: 900, due: 500, now: 61)
    #expect(throws: ControlError.self) { try store.principal(for: secret, roles: .none, now: 62) }
    #expect(try store.login(id) == nil)
    try store.endLogin(id, reason: "again", now: 63)
    #expect(try store.pendingEvents(limit: 9).map(\.type) == ["login.began", "login.ended"])
  }

  @Test func onePersonHasSoManyAtATime() throws {
    let keys = try (0..<Store.maximumLogins + 2).map { try logIn(now: Int64(10 + $0)) }
    let good = keys.filter { (try? store.principal(for: $0.secret, roles: .none, now: 60)) != nil }
    #expect(good.map(\.id) == keys.dropFirst(2).map(\.id))
    #expect(try store.principal(for: try logIn("bo").secret, roles: .none, now: 60).subject == "bo")
  }

  @Test func whatAskedIsForgottenAtTheEnd() throws {
    let (_, id) = try logIn()
    try store.sweepLogins(now: 99)
    #expect(try store.login(id) != nil)
    try store.sweepLogins(now: 100)
    #expect(try store.login(id) == nil)
  }
}

@Suite struct SecretSealTests {
  private let text = Array("refresh-token".utf8)

  @Test func whatIsSealedIsOpenedInItsPlaceAlone() throws {
    let sealed = try seal.seal(text, for: "logins/key_1")
    #expect(try seal.open(sealed, for: "logins/key_1") == text)
    #expect(throws: ControlError.self) { try seal.open(sealed, for: "logins/key_2") }
    #expect(throws: ControlError.self) {
      try SecretSeal(key: Array(repeating: 8, count: 32)).open(sealed, for: "logins/key_1")
    }
    #expect(try seal.seal(text, for: "logins/key_1") != sealed)
    #expect(try seal.open(try seal.seal([], for: "a"), for: "a") == [])
  }

  @Test func everyBitCounts() throws {
    let sealed = try seal.seal(text, for: "a")
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1 << UInt8(index % 8)
      #expect(throws: ControlError.self) { try seal.open(changed, for: "a") }
    }
    for length in 0..<sealed.count {
      #expect(throws: ControlError.self) { try seal.open(Array(sealed.prefix(length)), for: "a") }
    }
  }
}
