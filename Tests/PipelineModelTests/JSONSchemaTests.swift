import JSONTree
import PipelineModel
import Testing

@Suite struct JSONSchemaTests {
  private func violations(_ schema: String, _ instance: String) throws -> [String] {
    try JSONSchema(Array(schema.utf8)).violations(of: JSONReader.read(Array(instance.utf8))).map {
      "\($0.kind.rawValue) \($0.pointer)"
    }
  }

  @Test(arguments: [
    (#"{"type":"integer"}"#, "1", true), (#"{"type":"integer"}"#, "1.0", true),
    (#"{"type":"integer"}"#, "1.5", false),
    (#"{"type":["string","null"]}"#, "null", true), (#"{"type":["string","null"]}"#, "0", false),
    (#"{"type":"boolean"}"#, "\"true\"", false), (#"{"type":"array"}"#, "{}", false),
    (#"{"minimum":1}"#, "1", true), (#"{"minimum":1}"#, "0.9", false),
    (#"{"exclusiveMinimum":1}"#, "1", false),
    (#"{"maximum":1}"#, "1", true), (#"{"exclusiveMaximum":1}"#, "1", false),
    (#"{"exclusiveMaximum":1}"#, "0.99", true),
    (#"{"minimum":1}"#, "\"text\"", true), (#"{"minLength":2}"#, #""é""#, false),
    (#"{"minLength":2}"#, #""éé""#, true),
    (#"{"maxLength":1}"#, #""é""#, true), (#"{"maxLength":1}"#, #""ab""#, false),
    (#"{"pattern":"^[a-z]+$"}"#, #""abc""#, true), (#"{"pattern":"^[a-z]+$"}"#, #""abC""#, false),
    (#"{"pattern":"b"}"#, #""abc""#, true), (#"{"pattern":"^[a-z]+$"}"#, #""abc\u0000;rm""#, false),
    (#"{"items":{"type":"string"}}"#, #"["a","b"]"#, true),
    (#"{"items":{"type":"string"}}"#, #"["a",1]"#, false),
    (#"{"minItems":1}"#, "[]", false), (#"{"maxItems":1}"#, "[1,2]", false),
    (#"{"enum":[1,"a",{"b":1,"c":2}]}"#, #"{"c":2,"b":1}"#, true), (#"{"enum":[1,"a"]}"#, "2", false),
    (#"{"const":[1]}"#, "[1.0]", true), (#"{"const":1}"#, "true", false),
    (#"{"oneOf":[{"type":"string"},{"minimum":5}]}"#, "6", true),
    (#"{"oneOf":[{"type":"number"},{"minimum":5}]}"#, "6", false),
    (#"{"oneOf":[{"type":"string"},{"type":"null"}]}"#, "6", false),
    (#"{"type":"object"}"#, "{}", true), (#"{"type":"object"}"#, #"{"a":1}"#, false),
    (#"{"additionalProperties":true}"#, #"{"a":1}"#, true),
    (#"{"additionalProperties":{"type":"number"}}"#, #"{"a":1}"#, true),
    (#"{"additionalProperties":{"type":"number"}}"#, #"{"a":"b"}"#, false),
    (#"{"required":["a"],"properties":{"a":{}}}"#, "{}", false),
    (#"{"required":["a"],"properties":{"a":{}}}"#, #"{"a":null}"#, true),
    (
      #"{"type":"object","oneOf":[{"properties":{"a":{}},"required":["a"]},{"properties":{"b":{}}}]}"#,
      #"{"a":1}"#, true
    ),
    (
      #"{"type":"object","oneOf":[{"properties":{"a":{}},"required":["a"]},{"properties":{"b":{}}}]}"#,
      #"{"c":1}"#, false
    ),
  ])
  func holds(_ schema: String, _ instance: String, _ isValid: Bool) throws {
    #expect(try violations(schema, instance).isEmpty == isValid)
  }

  @Test func allViolationsAtOnceWithPointers() throws {
    let schema = """
      {"type":"object","required":["x","y"],"properties":{"a/b":{"type":"array","items":{"type":"object",
      "properties":{"~":{"type":"string","maxLength":1}}}},"x":{"minimum":3,"maximum":1}}}
      """
    #expect(
      try violations(schema, #"{"a/b":[{"~":"long"},{"z":1},5],"x":2}"#) == [
        "missing-key ", "not-allowed /a~1b/0/~0", "unknown-key /a~1b/1/z", "wrong-type /a~1b/2",
        "not-allowed /x",
        "not-allowed /x",
      ])
  }

  /// Of several forms, the one that was meant explains what is wrong.
  @Test func theNearestChoiceExplains() throws {
    let schema = """
      {"oneOf":[{"type":"object","required":["name","text"],"properties":{"name":{"type":"string"},"text":{"type":"string"}}},
      {"type":"object","required":["name","tools"],"properties":{"name":{"type":"string"},"tools":{"type":"array"}}}]}
      """
    #expect(try violations(schema, #"{"name":"a","tools":5}"#) == ["wrong-type /tools"])
    #expect(try violations(schema, #"{"name":1,"text":"a"}"#) == ["wrong-type /name"])
    #expect(try violations(schema, "5") == ["wrong-type "])
  }

  @Test(arguments: [
    "", "[]", "{", #"{"$ref":"x"}"#, #"{"anyOf":[]}"#, #"{"type":"strnig"}"#, #"{"type":[]}"#, #"{"type":1}"#,
    #"{"minimum":"1"}"#, #"{"minLength":-1}"#, #"{"minLength":1.5}"#, #"{"pattern":"("}"#,
    #"{"pattern":"a\u0000"}"#,
    #"{"required":"a"}"#, #"{"required":["a","a"]}"#, #"{"enum":[]}"#, #"{"oneOf":[]}"#, #"{"oneOf":{}}"#,
    #"{"items":[]}"#, #"{"properties":{"a":1}}"#, #"{"properties":{"a":{},"a":{}}}"#,
    #"{"type":"null","type":"null"}"#,
    #"{"properties":{"a":{"items":{"oneOf":[{"not":{}}]}}}}"#, #"{"additionalProperties":{"format":"date"}}"#,
    #"{"x-secret":"yes"}"#, #"{"description":1}"#,
  ])
  func refusesWhatItWouldOnlyHalfUnderstand(_ schema: String) {
    #expect(throws: JSONSchemaError.self) { try JSONSchema(Array(schema.utf8)) }
  }
}
