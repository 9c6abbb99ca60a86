import Testing

@testable import Payload

/// JSON texts in strings, such as a tool's arguments.
@Suite struct NestedJSONTests {
  /// Puts `"%` for each `X` of every text.
  private func mask(_ body: [UInt8], _ rules: RuleTable = anything) throws -> String {
    let (walked, _) = try walk(body, rules)
    var splicer = Splicer()
    for index in walked.segments.indices where !walked.segments[index].isOuter {
      walked.withText(index, of: body.span) { text in
        let mark = bytes("\"%")
        for place in text.indices where text[place] == UInt8(ascii: "X") {
          splicer.replace(segment: index, range: place..<place + 1, with: mark.span)
        }
      }
    }
    var output: [UInt8] = []
    splicer.splice(body.span, walked: walked, into: &output)
    return text(output)
  }

  @Test func textsAreFreedOfBothEscapes() throws {
    let body = bytes(#"{"arguments":"{\"ssn\": \"219-09-\\u0039999\", \"list\": [\"a\\nb\", 123456789]}"}"#)
    let (walked, texts) = try walk(body)
    #expect(texts["/arguments/ssn"] == "219-09-9999")
    #expect(texts["/arguments/list/0"] == "a\nb")
    #expect(texts["/arguments/list/1"] == "123456789")
    #expect(walked.segments[0].isOuter)
  }

  @Test func editsAreWrittenBackThroughBothEscapes() throws {
    let masked = try mask(bytes(#"{"a":"{\"k\":\"pXq\\t\\\"X\\\"\", \"n\":12}" , "b":"X"}"#))
    #expect(masked == #"{"a":"{\"k\":\"p\\\"%q\\t\\\"\\\"%\\\"\", \"n\":12}" , "b":"\"%"}"#)
    let (_, texts) = try walk(bytes(masked))
    #expect(texts["/a/k"] == "p\"%q\t\"\"%\"")
  }

  @Test func numbersBecomeStrings() throws {
    let body = bytes(#"{"a":"[123456789]"}"#)
    let (walked, _) = try walk(body)
    var splicer = Splicer()
    let inner = try #require(walked.segments.firstIndex { $0.isNumber })
    let mark = bytes("[SSN]")
    splicer.replace(segment: inner, range: 0..<9, with: mark.span)
    var output: [UInt8] = []
    splicer.splice(body.span, walked: walked, into: &output)
    #expect(text(output) == #"{"a":"[\"[SSN]\"]"}"#)
  }

  @Test func textsInTextsInTexts() throws {
    var inner = #"{"x":"pXq"}"#
    for _ in 0..<4 {
      var escaped: [UInt8] = []
      StringEscapes.encode(bytes(inner).span, into: &escaped)
      inner = #"{"in":"\#(text(escaped))"}"#
    }
    let (_, texts) = try walk(bytes(inner))
    #expect(texts["/in/in/in/in/x"] == "pXq")
    let (_, after) = try walk(bytes(try mask(bytes(inner))))
    #expect(after["/in/in/in/in/x"] == "p\"%q")
  }

  @Test(arguments: [
    #"{"a":"{not json}"}"#, #"{"a":"{\"k\":1} and more}"}"#, #"{"a":"[1,]"}"#, #"{"a":"{}x{}"}"#,
    #"{"a":"[\"unfinished]"}"#,
  ])
  func whatIsNoJSONIsOneText(_ body: String) throws {
    let (walked, texts) = try walk(bytes(body))
    #expect(walked.segments.count == 1 && !walked.segments[0].isOuter && texts["/a"] != nil)
    #expect(try mask(bytes(body)) == body)
  }

  /// The same key twice is no reason to leave a text unread.
  @Test func bothValuesOfAKeyAreRead() throws {
    let body = bytes(#"{"a":"{\"k\":\"Xa\",\"k\":\"Xb\"}"}"#)
    let (walked, _) = try walk(body)
    #expect(walked.segments.count == 3)
    #expect(try mask(body) == #"{"a":"{\"k\":\"\\\"%a\",\"k\":\"\\\"%b\"}"}"#)
  }

  @Test func aDeepTextEndsNothing() throws {
    let deep = String(repeating: "[", count: 4000) + String(repeating: "]", count: 4000)
    let (walked, _) = try walk(bytes(#"{"a":"\#(deep)"}"#))
    #expect(walked.segments.count == 1)
  }
}
