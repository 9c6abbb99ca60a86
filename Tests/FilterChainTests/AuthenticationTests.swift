import PipelineModel
import Testing

@testable import FilterChain

@Suite struct AuthenticationTests {
  private func ask(_ headers: [(String, String)], _ filters: String...) throws -> AuthenticationOutcome {
    let stages = filters.map { "  - { authenticate: test-filters, plugin: libtest-filters.so\($0) }\n" }
      .joined()
    let yaml =
      "pipeline: test\nlisten: /test\nprotocol: openai\nupstream: { url: \"http://127.0.0.1:9\" }\nstages:\n"
      + stages
      + "  - { sink: test-filters, plugin: libtest-filters.so }\n"
    let chain = try Chain(TestHost.load(yaml), library: TestHost().library)
    var head = HeadArena()
    head.begin(method: "POST", path: "/old", peerAddress: "192.0.2.1")
    head.add(name: "x-subject", value: "left over")
    head.begin(method: "POST", path: "/v1/chat", peerAddress: "192.0.2.7")
    for (name, value) in headers { head.add(name: name, value: value) }
    return chain.authenticate(head)
  }

  @Test func saysWhoIsAsking() throws {
    guard case .principal(let principal) = try ask([("accept", "*/*"), ("x-subject", "ada")], "") else {
      Issue.record("she is known")
      return
    }
    #expect(principal.subject == "ada")
    #expect(principal.groups == ["staff", "nurses"])
    #expect(principal.established == "test-filters")
    #expect(principal.expires == 4711)
  }

  @Test func asksTheNextWhereOneKnowsNoCredential() throws {
    guard case .refused(let reason, let challenge) = try ask([("accept", "*/*")], "", "") else {
      Issue.record("nobody is known")
      return
    }
    #expect(reason == "no-credential")
    #expect(challenge == "Test realm=\"sluice\"")
  }

  @Test func stopsAtABadCredential() throws {
    guard case .refused(let reason, _) = try ask([("x-subject", "bad")], "", ", with: { fault: internal }")
    else {
      Issue.record("it is refused")
      return
    }
    #expect(reason == "revoked")
  }

  @Test func refusesOnAnUnknownVerdict() throws {
    guard case .refused = try ask([("x-subject", "ada")], ", with: { fault: verdict }") else {
      Issue.record("it is refused")
      return
    }
  }

  @Test func passesOnNoHeaderFieldsOfAPlugins() throws {
    guard case .refused(_, let challenge) = try ask([], ", with: { fault: smuggle }") else {
      Issue.record("it is refused")
      return
    }
    #expect(challenge == "Bearer")
  }

  @Test(arguments: [
    ("silent", "no-verdict"), ("twice", "no-verdict"), ("nameless", "no-principal"),
    ("no-subject", "no-principal"),
    ("broken-subject", "no-principal"), ("endless-groups", "no-principal"), ("pending", "pending"),
    ("unavailable", "unavailable"), ("unknown-status", "filter-failed"),
  ]) func letsNobodyInWhereAFilterFails(fault: String, code: String) throws {
    guard case .failed(let failure) = try ask([("x-subject", "ada")], ", with: { fault: \(fault) }", "")
    else {
      Issue.record("it fails")
      return
    }
    #expect(failure.code == code)
  }
}
