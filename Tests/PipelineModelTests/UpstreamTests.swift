import PipelineModel
import Testing

@Suite struct UpstreamTests {
  private func load(_ url: String, _ more: String = "") -> (upstream: Upstream?, codes: [String]) {
    let text = pipeline(upstream: "upstream: { url: \"\(url)\"\(more) }")
    let loaded = PipelineLoader.load([(name: "p", bytes: Array(text.utf8))])
    return (loaded.pipelines.first?.upstream, loaded.diagnostics.map(\.code))
  }

  @Test(arguments: [
    ("https://api.openai.com", "https api.openai.com 443 "),
    ("https://API.example.com:8443/v1/", "https api.example.com 8443 /v1"),
    ("HTTPS://example.com/", "https example.com 443 "),
    ("http://127.0.0.1:9", "http 127.0.0.1 9 "), ("http://localhost/a/b", "http localhost 80 /a/b"),
    ("http://[::1]:80/x", "http ::1 80 /x"), ("https://[2001:DB8::1]", "https 2001:db8::1 443 "),
    ("https://model_server:1", "https model_server 1 "),
  ])
  func reads(_ url: String, _ expected: String) throws {
    let (upstream, codes) = load(url)
    #expect(codes == [])
    let found = try #require(upstream)
    #expect("\(found.scheme.rawValue) \(found.host) \(found.port) \(found.basePath)" == expected)
  }

  @Test(arguments: [
    "example.com", "ftp://example.com", "https://", "https:///v1", "https://a:0", "https://a:65536",
    "https://a:+1",
    "https://a:", "https://a:1:2", "https://u@a", "https://u:p@a", "https://a?x", "https://a/b?x",
    "https://a/b#c",
    "https://a/b/../c", "https://a//b", "https://a/%2e%2e", "https://a b", "https://a/b c", "https://-a",
    "https://a-",
    "https://a..b", "https://[::1", "https://[::1]x", "https://[]", "https://[g::1]", "https://é.com",
    "https://a\\\\b",
    "://a",
  ])
  func refuses(_ url: String) {
    let (upstream, codes) = load(url)
    #expect(upstream == nil)
    #expect(codes == ["not-allowed"])
  }

  @Test(arguments: [
    ("http://127.0.0.1", true), ("http://127.9.9.9:1", true), ("http://localhost", true),
    ("http://[::1]", true),
    ("http://127.0.0.1.example.com", false), ("http://10.0.0.1", false),
    ("http://localhost.example.com", false),
    ("http://[::2]", false), ("http://0.0.0.0", false), ("https://10.0.0.1", true),
  ])
  func plaintextStaysOnThisMachine(_ url: String, _ isAllowed: Bool) {
    #expect(load(url).codes == (isAllowed ? [] : ["plaintext"]))
    #expect(load(url, ", allow-plaintext: true").codes == [])
    #expect(load(url, ", allow-plaintext: false").codes == (isAllowed ? [] : ["plaintext"]))
  }

  @Test(
    arguments: [
      ("env:KEY", .environment("KEY")), ("env:_k9", .environment("_k9")),
      ("file:/run/secrets/key", .file("/run/secrets/key")),
      ("env:", nil), ("env:9K", nil), ("env:A B", nil), ("env:A=B", nil), ("file:", nil), ("sk-canary", nil),
      ("ENV:K", nil),
      ("secret:a-1", .secret("a-1")), ("secret:", nil), ("secret:A", nil), ("secret:a/b", nil),
    ] as [(String, Upstream.Credential?)])
  func credentials(_ text: String, _ expected: Upstream.Credential?) {
    let (upstream, codes) = load("https://a", ", credential: \"\(text)\"")
    #expect(upstream?.credential == expected)
    #expect(codes.isEmpty == (expected != nil))
  }

  @Test func headersAndAuthorities() throws {
    let (upstream, codes) = load("https://a", ", credential: env:K, header: x-api-key, ca: ./ca.pem")
    #expect(codes == [])
    #expect(upstream?.credentialHeader == "x-api-key")
    #expect(upstream?.certificateAuthorities == "./ca.pem")
  }
}
