import HTTPSClient
import Testing

@Suite struct FormFieldsTests {
  @Test(arguments: ["", "a b", "a+b&c=d%", "é😀", "~-._", "\0\n"])
  func whatIsWrittenIsReadBack(_ text: String) throws {
    let read = try #require(FormFields.decode(FormFields.encode([(text, text), ("b", text)])))
    #expect(read.map(\.name) == [text, "b"] && read.map(\.value) == [text, text])
  }

  @Test func blanksAndPlus() throws {
    #expect(FormFields.encode([("scope", "openid email+x")]) == "scope=openid%20email%2Bx")
    #expect(try #require(FormFields.decode("a=b+c&d")).map(\.value) == ["b c", ""])
  }

  @Test(arguments: ["%", "a=%4", "a=%zz", "%ff=1"]) func whatIsNone(_ text: String) {
    #expect(FormFields.decode(text) == nil)
  }
}

@Suite struct AddressTests {
  @Test(arguments: [
    "https://idp.example.org", "https://idp.example.org:8443/realms/care", "http://127.0.0.1:8080/x",
    "http://[::1]",
    "http://localhost",
  ]) func mayBeUsed(_ url: String) { #expect(HTTPSClient.isAllowed(url)) }

  @Test(arguments: [
    "http://idp.example.org", "https://", "http://127.0.0.1.example.org", "http://localhost.example.org",
    "https://a@b.example.org", "https://a.example.org/#x", "https://a.example.org/ b", "file:///etc/passwd",
    "ftp://a",
    "HTTPS://a.example.org", "https://a.example.org/\r\nX: y",
  ]) func mayNot(_ url: String) { #expect(!HTTPSClient.isAllowed(url)) }

  @Test func aFieldWithALineEndIsNotSent() {
    let request = HTTPSClient.Request(
      .get, "http://127.0.0.1:1/", fields: [("X-Vault-Token", "a\r\nX-Evil: b")])
    #expect(throws: HTTPSClient.Failure.notAllowed) { try HTTPSClient().send(request) }
  }
}
