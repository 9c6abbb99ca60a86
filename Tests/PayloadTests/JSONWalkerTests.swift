import Testing

@testable import Payload

@Suite struct JSONWalkerTests {
  @Test(arguments: [
    "{}", "[]", "null", "true", "false", "0", "-0", "1.5e+10", "\"\"", " [ 1 , 2 ] ", "{\"a\":{\"b\":[{}]}}",
    "\"\\u0041\\n\\\"\\\\\\/\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"é😀\"", "[1E400]",
    "{\"a\":1,\"A\":2}",
  ])
  func accepts(_ body: String) { #expect(failure(bytes(body)) == nil) }

  @Test(arguments: [
    "", " ", "{", "[", "\"", "\"\\", "\"\\u12\"", "\"\\x\"", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}",
    "[1,]", "[1 2]",
    "01", "-", "1.", ".5", "1e", "+1", "NaN", "nul", "truex", "{}{}", "[]x", "\"a\nb\"", "'a'", "[1]]",
    "{\"a\":1 \"b\":2}",
    "\u{FEFF}{}", "{\"a\" 1}", "\u{0}",
  ])
  func refuses(_ body: String) { #expect(failure(bytes(body))?.code == .invalidJSON) }

  @Test(
    arguments: [
      [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0x80], [0xC3],
      [0xF0, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func refusesInvalidUTF8(_ sequence: [UInt8]) {
    #expect(failure([0x22] + sequence + [0x22])?.code == .invalidUTF8)
  }

  @Test func refusesDeepNesting() {
    let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
    #expect(failure(bytes(deep))?.code == .tooDeep)
    #expect(failure(bytes(String(repeating: "[", count: 128) + String(repeating: "]", count: 128))) == nil)
  }

  @Test func refusesTooManyValues() throws {
    var walker = JSONWalker()
    walker.limits.values = 10
    var walked = WalkedBody()
    let body = bytes("[1,2,3,4,5,6,7,8,9,10,11]")
    #expect(throws: PayloadError.self) { try walker.walk(body.span, rules: anything, into: &walked) }
  }

  @Test(arguments: ["{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[{\"x\":{\"é\":1,\"\\u00e9\":2}}]"])
  func refusesDuplicateKeys(_ body: String) { #expect(failure(bytes(body))?.code == .duplicateKey) }

  @Test func findsADuplicateAmongMany() {
    let members = (0..<2000).map { "\"k\($0)\":1" }.joined(separator: ",")
    #expect(failure(bytes("{\(members)}")) == nil)
    #expect(failure(bytes("{\(members),\"k1234\":2}"))?.code == .duplicateKey)
  }

  @Test func saysWhere() {
    let error = failure(bytes("{\n  \"a\": nope\n}"))
    #expect(error?.line == 2)
    #expect(error?.column == 8)
  }

  @Test func yieldsEveryTextWithItsPointer() throws {
    let body = bytes(
      #"{"a":"x","b":["y",{"c/d":"z"}],"Jane Doe":1,"n":123456789,"m":42,"e":"\u0041\ud83d\ude00"}"#)
    let (_, texts) = try walk(body)
    #expect(texts["/a"] == "x")
    #expect(texts["/b/0"] == "y")
    #expect(texts["/b/1/c~1d"] == "z")
    #expect(texts["/Jane Doe#key"] == "Jane Doe")
    #expect(texts["/n"] == "123456789")
    #expect(texts["/m"] == nil)
    #expect(texts["/e"] == "A😀")
  }

  @Test func rolesComeFromTheMessage() throws {
    let body = bytes(
      #"{"messages":[{"content":"a","role":"system"},{"role":"user","content":[{"type":"text","text":"b"}]},{"role":"tool","content":"c","tool_call_id":"call_1"}]}"#
    )
    let (walked, _) = try walk(body, try requestRules("openai", "/v1/chat/completions"))
    let roles = walked.segments.map(\.role)
    #expect(roles == [.system, .user, .tool])
  }

  @Test func mediaAndLogprobsAreSeen() throws {
    let rules = try requestRules("openai", "/v1/chat/completions")
    let image = bytes(
      #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]}"#
    )
    #expect(try walk(image, rules).walked.hasMedia)
    #expect(failure(bytes(#"{"logprobs":true}"#), rules)?.code == .forbidden)
    #expect(failure(bytes(#"{"logprobs":false,"top_logprobs":null}"#), rules) == nil)
  }

  @Test func aTokenThatIsNoneIsScanned() throws {
    let rules = try requestRules("openai", "/v1/chat/completions")
    let (_, texts) = try walk(
      bytes(#"{"service_tier":"Jane Doe was here","reasoning_effort":"high"}"#), rules)
    #expect(texts["/service_tier"] == "Jane Doe was here")
    #expect(texts["/reasoning_effort"] == nil)
  }
}
