import Testing

@testable import Payload

@Suite struct PlacesTests {
  private func chat() throws -> RuleTable {
    try requestRules("openai", "/v1/chat/completions")
  }

  private func embeddings() throws -> RuleTable { try requestRules("openai", "/v1/embeddings") }

  private func names(_ body: String) throws -> [String] {
    let body = bytes(body)
    let (walked, _) = try walk(body)
    return walked.segments.indices.map { index in
      walked.withName(index, of: body.span) { span in
        var copy: [UInt8] = []
        copy.append(copying: span)
        return text(copy)
      }
    }
  }

  private func publicPointers(_ body: String) throws -> [String] {
    let body = bytes(body)
    let (walked, _) = try walk(body)
    return walked.segments.indices.map { index in
      var pointer: [UInt8] = []
      walked.appendPublicPointer(index, of: body.span, to: &pointer)
      return text(pointer)
    }
  }

  /// A rule for `/ssn` must hold however the name is written.
  @Test func aNameIsTheSameWithEscapes() throws {
    let body = bytes(#"{"s\u0073n":"a","x\/y":"b","\u006dodel":"c"}"#)
    let (walked, texts) = try walk(body, try chat())
    #expect(texts["/ssn"] == "a")
    #expect(texts["/x~1y"] == "b")
    #expect(walked.withAttribute(.model, of: body.span) { $0.count } == 1)
    #expect(try names(#"{"s\u0073n":"a"}"#) == ["", "ssn"])
  }

  @Test func elementsHaveTheNameOfTheirArray() throws {
    #expect(try names(#"{"ssn":["a",["b"],{"c":"d"},123456789]}"#) == ["ssn", "ssn", "c", "ssn"])
  }

  @Test func aPublicPointerHidesNamesThatAreText() throws {
    #expect(
      try publicPointers(#"{"notes":{"Jane Doe":{"ssn":"a"},"617-555-0182":["b"],"b\u002e":"c"}}"#)
        == ["/notes/*", "/notes/*/ssn", "/notes/*", "/notes/*/0", "/notes/*", "/notes/*"])
  }

  @Test(arguments: [
    "123-45-6789", "617-555-0182", "2024-03-04", "MRN:12345678", "123.45.6789", "12345678", "1/2/3/4/5/6/7",
  ])
  func anIdentifierInPlaceOfATokenIsScanned(_ value: String) throws {
    let rules = try chat()
    #expect(try walk(bytes(#"{"service_tier":"\#(value)"}"#), rules).texts["/service_tier"] == value)
    let call = #"{"messages":[{"role":"\#(value)","tool_call_id":"\#(value)"}]}"#
    #expect(try walk(bytes(call), rules).texts.count == 2)
  }

  @Test(arguments: ["auto", "call_9f3a01b2c4", "default", "json_schema", "gpt-4.1-mini", "fp_44709d6fcb"])
  func aTokenPassesUnread(_ value: String) throws {
    #expect(try walk(bytes(#"{"service_tier":"\#(value)"}"#), try chat()).texts.isEmpty)
  }

  @Test(arguments: ["service_tiex", "service_tie", "service_tierr", "service_", "servicetier"])
  func aNameLikeARulesIsAnother(_ name: String) throws {
    #expect(try walk(bytes(#"{"\#(name)":"auto"}"#), try chat()).texts["/\(name)"] == "auto")
  }

  /// Numbers of tokens are text that no filter can read.
  @Test(arguments: [
    #"{"input":[15339,1917]}"#, #"{"input":[[15339],[1917]]}"#, #"{"prompt":[1,2]}"#, #"{"input":7}"#,
  ])
  func tokenNumbersAreRefused(_ body: String) throws {
    #expect(failure(bytes(body), try embeddings())?.code == .forbidden)
  }

  @Test func embeddingsPassUnread() throws {
    let vector = String(repeating: "q83vASNFZ4k+/=", count: 40)
    let rules = try form("openai", "POST", "/v1/embeddings").response
    let body =
      #"{"data":[{"embedding":"\#(vector)"},{"embedding":[0.25,-1234567]}],"usage":{"total_tokens":12345678}}"#
    #expect(try walk(bytes(body), rules).texts.isEmpty)
    let told = try walk(bytes(#"{"data":[{"embedding":"Jane Doe"}]}"#), rules).texts
    #expect(told["/data/0/embedding"] == "Jane Doe")
    let escaped = String(repeating: #"Jane\u0020Doe"#, count: 10)
    #expect(try walk(bytes(#"{"data":[{"embedding":"\#(escaped)"}]}"#), rules).texts.count == 1)
  }

  @Test(arguments: [
    ("data:image/png;base64,iVBORw0KGgo=", true), (#"data:image\/png;base64,iVBO\/w0KGgo="#, true),
    ("data:application/pdf;name=a.pdf;base64,JVBERi0=", true), ("data:text/plain,Jane Doe", false),
    ("see data:image/png;base64,iVBORw0KGgo=", false), ("data:image/png;base64,AAAA and text", false),
    ("data: the patient's", false),
  ])
  func aDataURLIsMedia(_ value: String, _ isMedia: Bool) throws {
    let body = bytes(
      #"{"messages":[{"role":"user","content":[{"type":"new_kind","new":{"u":"\#(value)"}}]}]}"#)
    #expect(try walk(body, try chat()).walked.hasMedia == isMedia)
  }

  @Test(arguments: ["-1", "1.0", "1e0", "\"0\""])
  func anIndexIsAWholeNumber(_ index: String) throws {
    let rules = chatEvents.kind(of: bytes("{}").span).rules
    let body = bytes(#"{"choices":[{"index":\#(index),"delta":{"content":"a"}}]}"#)
    #expect(failure(body, rules)?.code == .forbidden)
  }

  @Test func anIndexMayBeHuge() throws {
    let rules = chatEvents.kind(of: bytes("{}").span).rules
    let digits = String(repeating: "9", count: 400)
    let body = bytes(#"{"choices":[{"index":\#(digits),"delta":{"content":"a"}}]}"#)
    #expect(failure(body, rules) == nil)
  }
}
