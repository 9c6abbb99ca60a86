import FilterHarness
import FilterKit
import KeysFilter
import Synchronization
import Testing

@Suite struct KeysTests {
  private let good = "sk-sluice-0123456789abcdefghjkmnpqrstvwxyz"
  private let other = "sk-sluice-zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"

  private func make(
    _ configuration: String = "{}", services: Set<String> = ["sluice.host.keys/1"]
  ) throws -> Instance<AuthenticateStage> {
    let host = TestHost(services: services)
    host.keys.withLock {
      $0[good] = .valid(subject: "ana@example.org", groups: ["clinicians", "privacy"])
      $0[other] = .valid(subject: "bob@example.org", groups: [])
      $0["sk-sluice-expired"] = .expired
      $0["sk-sluice-revoked"] = .revoked
      $0["sk-sluice-down"] = .storeIsDown
    }
    return try Instance(
      Plugin(id: "org.sluice.keys", version: "0.1.0").authenticate(KeyAuthenticator.self), configuration,
      host: host)
  }

  @Test(arguments: [
    ("Authorization", "Bearer KEY"), ("authorization", "bearer KEY"), ("AUTHORIZATION", "BEARER   KEY  "),
    ("x-api-key", "KEY"),
    ("X-Api-Key", " \tKEY\t "),
  ])
  func aKeyIsKnownWhereverItComes(header: String, value: String) throws {
    let answer = try make().authenticate([("host", "x"), (header, value.replacing("KEY", with: good))])
    #expect(answer.verdict == .allow && answer.subject == "ana@example.org")
    #expect(answer.groups == ["clinicians", "privacy"] && answer.established == "keys")
  }

  @Test func oneMoreHeaderCanBeNamed() throws {
    let filter = try make(#"{"header":"X-Team-Key"}"#)
    #expect(try filter.authenticate([("x-team-key", good)]).verdict == .allow)
    #expect(try make().authenticate([("x-team-key", good)]).verdict == .challenge)
  }

  @Test(arguments: [
    ("sk-sluice-unknown", "unknown-key"), ("sk-sluice-expired", "expired"), ("sk-sluice-revoked", "revoked"),
    ("sk-sluice-", "unknown-key"), ("sk-sluice-a b", "malformed"), ("sk-sluice-a\u{0}b", "malformed"),
    ("sk-sluice-é", "malformed"), ("sk-sluice-" + String(repeating: "a", count: 247), "malformed"),
  ])
  func badKeysAreDenied(key: String, reason: String) throws {
    let answer = try make().authenticate([("authorization", "Bearer \(key)")])
    #expect(answer.verdict == .deny && answer.reason == reason && answer.subject.isEmpty)
    #expect(answer.challenge.hasPrefix("Bearer realm=\"sluice\""))
  }

  @Test func allBadKeysGetTheSameChallenge() throws {
    let filter = try make()
    let challenges = try ["unknown", "expired", "revoked"].map {
      try filter.authenticate([("x-api-key", "sk-sluice-\($0)")]).challenge
    }
    #expect(Set(challenges).count == 1)
  }

  @Test(
    arguments: [
      [("authorization", "Basic YTpi")], [("authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln")],
      [("x-api-key", "sk-ant-123")],
      [("authorization", "Bearer")], [("authorization", "")], [], [("authorization", "SK-SLUICE-abc")],
      [("x-api-key", "Sk-sluice-abc")],
      [("cookie", "sk-sluice-abc")], [("authorization", "Bearersk-sluice-abc")],
    ] as [[(String, String)]])
  func whatIsNotOursIsLeftToOthers(headers: [(String, String)]) throws {
    let answer = try make().authenticate(headers)
    #expect(answer.verdict == .challenge && answer.challenge == "Bearer realm=\"sluice\"")
  }

  @Test func oneKeyInTwoHeadersIsOneKey() throws {
    #expect(
      try make().authenticate([("authorization", "Bearer \(good)"), ("x-api-key", good)]).verdict == .allow)
  }

  @Test func credentialsThatDisagreeAreNotGuessedAt() throws {
    let filter = try make()
    let heads = [
      [("authorization", "Bearer \(good)"), ("x-api-key", other)],
      [("authorization", "Bearer \(good)"), ("authorization", "Bearer \(other)")],
      [("authorization", "Bearer eyJ.e30.c2ln"), ("x-api-key", good)],
      [("authorization", "Basic YTpi"), ("x-api-key", good)],
      [("x-api-key", "sk-ant-123"), ("authorization", "Bearer \(good)")],
      Array(repeating: ("x-api-key", good), count: 9),
    ]
    for head in heads {
      let answer = try filter.authenticate(head)
      #expect(answer.verdict == .deny && answer.reason == "ambiguous")
    }
  }

  @Test func aStoreThatCantBeReadDenies() throws {
    let failure = try #require(throws: FilterFailure.self) {
      try make().authenticate([("x-api-key", "sk-sluice-down")])
    }
    #expect(failure.status == -5 && !failure.message.contains("sk-sluice-down"))
  }

  @Test func aHostWithoutKeysDenies() throws {
    #expect(throws: FilterFailure.self) { try make(services: []).authenticate([("x-api-key", good)]) }
  }

  @Test(arguments: ["Authorization", "x-api-key", "Cookie", "Content-Length"])
  func headersWithAMeaningAreRefused(header: String) {
    let failure = #expect(throws: FilterFailure.self) { try make(#"{"header":"\#(header)"}"#) }
    #expect(failure?.pointer == "/header")
  }
}
