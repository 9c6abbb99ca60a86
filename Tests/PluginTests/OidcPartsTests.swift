import FilterHarness
import FilterKit
import JSONTree
import Testing

@testable import OidcFilter
@testable import OidcTokens

/// A schedule that `#expect` may ask, as asking changes it.
private final class Schedule {
  private var machine: KeySchedule
  init(limits: KeySchedule.Limits = KeySchedule.Limits()) { machine = KeySchedule(limits: limits) }

  var next: Int64 { machine.next }
  func find(_ id: String, now: Int64) -> KeySchedule.Answer { machine.find(id, now: now) }
  func settled(_ id: String, now: Int64) -> KeySchedule.Answer { machine.settled(id, now: now) }
  func begin(now: Int64) -> Bool { machine.begin(now: now) }
  func succeed(_ keys: KeySet, now: Int64) { machine.succeed(keys, now: now) }
  func fail() { machine.fail() }
}

@Suite struct OidcPartsTests {
  @Test(arguments: [("", [UInt8]()), ("AA", [0]), ("_-8", [0xFF, 0xEF]), ("aGVsbG8", Array("hello".utf8))])
  func base64url(text: String, bytes: [UInt8]) { #expect(Base64URL.decode(Array(text.utf8)[...]) == bytes) }

  @Test(arguments: ["A", "AB", "AA=", "AA==", "A+", "A/", "A A", "AAA\n", "aGVsbG9", "é"])
  func base64urlHasOneSpelling(text: String) { #expect(Base64URL.decode(Array(text.utf8)[...]) == nil) }

  @Test func aClaimStandsWhereItIsNamed() throws {
    let claims = try JSONReader.read(
      Array(#"{"a":{"b":["x"]},"a.c":"dotted","https://e.org/g":"url","m~/n":{"o":1}}"#.utf8))
    #expect(ClaimPath("a.b").value(in: claims)?.strings == ["x"])
    #expect(ClaimPath("/a/b").value(in: claims)?.strings == ["x"])
    #expect(ClaimPath("a.c").value(in: claims)?.string == "dotted")
    #expect(ClaimPath("https://e.org/g").value(in: claims)?.string == "url")
    #expect(ClaimPath("/m~0~1n/o").value(in: claims)?.integer == 1)
    #expect(ClaimPath("a.d").value(in: claims) == nil && ClaimPath("a.b.c").value(in: claims) == nil)
  }

  private func keys(_ ids: String...) throws -> KeySet {
    let entries = ids.map {
      #"{"kty":"OKP","crv":"Ed25519","kid":"\#($0)","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
    }
    return try #require(KeySet(Array(#"{"keys":[\#(entries.joined(separator: ","))]}"#.utf8)))
  }

  private func word(_ answer: KeySchedule.Answer) -> String {
    switch answer {
    case .key: "key"
    case .unusable: "unusable"
    case .unknown: "unknown"
    case .wait: "wait"
    case .unavailable: "unavailable"
    }
  }

  @Test func unknownKeysAreLookedUpOnceInAWhile() throws {
    let schedule = Schedule()
    #expect(word(schedule.find("a", now: 100)) == "wait")
    #expect(schedule.begin(now: 100) && !schedule.begin(now: 100))
    #expect(word(schedule.find("b", now: 101)) == "wait")
    schedule.succeed(try keys("a"), now: 102)
    #expect(word(schedule.find("a", now: 102)) == "key")
    #expect(word(schedule.find("b", now: 109)) == "unknown")
    #expect(!schedule.begin(now: 109))
    #expect(word(schedule.find("b", now: 110)) == "wait")
    #expect(schedule.begin(now: 110))
    schedule.succeed(try keys("a", "b"), now: 111)
    #expect(word(schedule.settled("b", now: 111)) == "key")
  }

  @Test func keysOutliveAProviderForTheStatedTime() throws {
    let schedule = Schedule(limits: KeySchedule.Limits(refresh: 10, stale: 20))
    #expect(schedule.begin(now: 0))
    schedule.succeed(try keys("a"), now: 0)
    #expect(!schedule.begin(now: 9) && schedule.begin(now: 10))
    schedule.fail()
    #expect(word(schedule.find("a", now: 29)) == "key")
    #expect(word(schedule.settled("b", now: 29)) == "unavailable")
    #expect(word(schedule.settled("a", now: 30)) == "unavailable")
    #expect(word(schedule.find("a", now: 30)) == "wait")
  }

  @Test func failuresAreRetriedSlowerAndSlower() throws {
    let schedule = Schedule()
    var now: Int64 = 0
    var pauses: [Int64] = []
    for _ in 0..<9 {
      #expect(schedule.begin(now: now))
      schedule.fail()
      #expect(word(schedule.find("a", now: now)) == "unavailable")
      pauses.append(schedule.next - now)
      #expect(!schedule.begin(now: schedule.next - 1))
      now = schedule.next
    }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60])
  }

  @Test func tokensAreForgottenWithTheirKeys() throws {
    let cache = TokenCache(maximum: 2)
    let digester = try TokenDigester()
    func digest(_ text: String) throws -> TokenDigest { try digester.digest(of: Array(text.utf8).span) }
    func entry(_ id: String, until: Int64 = 100) throws -> TokenCache.Entry {
      guard case .usable(let key) = try keys(id)[id] else { throw Refusal.unusableKey }
      return TokenCache.Entry(
        principal: Principal(subject: id, established: "oidc"), until: until, keyID: id, key: key)
    }
    cache.insert(try entry("a"), try digest("one"), era: cache.era)
    cache.insert(try entry("b"), try digest("two"), era: cache.era)
    #expect(cache.find(try digest("one"), now: 99)?.subject == "a")
    #expect(cache.find(try digest("one"), now: 100) == nil)
    #expect(cache.find(try digest("One"), now: 99) == nil)
    let before = cache.era
    cache.keep(signedBy: try keys("b"))
    #expect(cache.find(try digest("two"), now: 99)?.subject == "b" && cache.count == 1)
    // Checked with keys that have changed meanwhile: not remembered.
    cache.insert(try entry("a"), try digest("three"), era: before)
    #expect(cache.find(try digest("three"), now: 99) == nil)
    for index in 0..<50 { cache.insert(try entry("b"), try digest("\(index)"), era: cache.era) }
    #expect(cache.count <= 4)
  }

  @Test(arguments: [
    (#"{"issuer":"http://idp.example.org","audience":"a"}"#, "/issuer"),
    (#"{"issuer":"https://user@idp.example.org","audience":"a"}"#, "/issuer"),
    (#"{"issuer":"http://127.0.0.1.evil.example","audience":"a"}"#, "/issuer"),
    (#"{"issuer":"https://i.example","audience":"a","jwks-uri":"ftp://i.example/k"}"#, "/jwks-uri"),
    (#"{"issuer":"https://i.example","audience":"a","required-groups":["g"]}"#, "/required-groups"),
    (#"{"issuer":"https://i.example","audience":"a","subject-prefix":"care"}"#, "/subject-prefix"),
    (#"{"issuer":"https://i.example","audience":"a","subject-prefix":"a:b:"}"#, "/subject-prefix"),
    (#"{"issuer":"https://i.example","audience":"a","subject-prefix":"os:"}"#, "/subject-prefix"),
    (#"{"issuer":"https://i.example","audience":"a","clock-skew":"301s"}"#, "/clock-skew"),
    (#"{"issuer":"https://i.example","audience":"a","max-age":"9999999d"}"#, "/max-age"),
  ])
  func mistakesAreNamed(configuration: String, pointer: String) throws {
    let plugin = Plugin(id: "org.sluice.oidc", version: "0.1.0").authenticate(OidcAuthenticator.self)
    let failure = #expect(throws: FilterFailure.self) {
      try Instance<AuthenticateStage>(plugin, configuration)
    }
    #expect(failure?.pointer == pointer)
  }
}
