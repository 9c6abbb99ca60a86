import PipelineModel
import Testing

@Suite struct UpstreamOriginTests {
  @Test(arguments: [
    ("api.openai.com", "api.openai.com"), ("API.OpenAI.com:443", "api.openai.com"),
    ("https://api.openai.com", "api.openai.com"), ("model:8443", "model:8443"),
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("http://127.0.0.1", "http://127.0.0.1:80"),
    ("[2001:DB8::1]", "[2001:db8::1]"), ("https://[::1]:1", "[::1]:1"),
  ])
  func reads(_ text: String, _ expected: String) {
    #expect(UpstreamOrigin(text)?.description == expected)
    #expect(UpstreamOrigin(text) == UpstreamOrigin(expected))
  }

  @Test(arguments: [
    "", "*", "*.openai.com", "api.openai.com/", "api.openai.com/v1", "api.openai.com@evil.example", "a b",
    "ftp://a", "a:0", "a:65536", "a:", "a?b", "a#b", "https://", "é.com", "a.", ".a",
  ])
  func takesNoOther(_ text: String) { #expect(UpstreamOrigin(text) == nil) }

  /// Another port, scheme or ending of a name is another place.
  @Test func nearIsNotTheSame() {
    let one = UpstreamOrigin("api.openai.com")
    for other in [
      "api.openai.com:8443", "http://api.openai.com", "http://api.openai.com:443", "openai.com",
      "api.openai.com.evil.example",
    ] { #expect(UpstreamOrigin(other) != nil && UpstreamOrigin(other) != one) }
  }
}
