import JSONTree
import PipelineModel
import Testing

/// Plugins' schemas, met with what a file says: which place, which words.
@Suite struct StageSchemaTests {
  struct Plugins: StageSchemaSource {
    var schema = ""
    var problem: (message: String, pointer: String)?

    func lookUp(_ stage: Stage) -> StageSchema {
      guard stage.kind == .detect || stage.filter == "saml" else {
        return .found(Array(#"{"type":"object"}"#.utf8))
      }
      if schema.isEmpty || stage.filter == "saml" {
        return .missing(message: "there is no filter '\(stage.filter)'", names: ["phi", "regex"])
      }
      return .found(Array(schema.utf8))
    }

    func validate(_ stage: Stage) -> (message: String, pointer: String)? {
      stage.kind == .detect ? problem : nil
    }
  }

  private static let schema = """
    {
      "type": "object", "required": ["kinds"], "additionalProperties": false,
      "properties": {
        "kinds": {
          "description": "safe-harbor, or a list of kinds",
          "oneOf": [
            { "const": "safe-harbor" },
            { "type": "array", "minItems": 1, "items": { "enum": ["NAME", "SSN", "MRN", "EMAIL"] } }
          ]
        },
        "min-confidence": { "type": "number", "minimum": 0, "maximum": 1 },
        "allow": { "type": "array", "items": { "type": "string", "maxLength": 8 } },
        "names": { "type": "boolean" },
        "key": { "type": "string", "pattern": "^env:", "x-secret": true },
        "every": { "type": "integer", "exclusiveMinimum": 0 }
      }
    }
    """

  private func complaints(_ with: String, _ plugins: Plugins = Plugins(schema: schema)) throws -> [String] {
    let stages = ["authenticate: keys", "detect: phi\n    with: \(with)", "mask: phi", "sink: file"]
    let loaded = PipelineLoader.load([(name: "p", bytes: Array(pipeline(stages: stages).utf8))])
    #expect(loaded.diagnostics.map(\.description) == [])
    return PipelineLoader.validateStages(of: loaded.pipelines, source: plugins).map { "\($0)" }
  }

  @Test(arguments: [
    "{ kinds: safe-harbor }",
    "{ kinds: [NAME], min-confidence: 0.5, allow: [a, \"12\"], names: true, every: 1 }",
    "{ kinds: [SSN], key: env:K }",
  ])
  func accepts(_ with: String) throws { #expect(try complaints(with) == []) }

  @Test(arguments: [
    ("{}", ["p:8:11: error: 'kinds' is missing; expected safe-harbor, or a list of kinds [missing-key]"]),
    (
      "{ kinds: safe-harbour }",
      [
        "p:8:20: error: \"safe-harbour\" is not what has to stand here; expected safe-harbor; "
          + "did you mean 'safe-harbor'? [not-allowed]"
      ]
    ),
    (
      "{ kinds: [NAME, SNN] }",
      [
        "p:8:27: error: \"SNN\" is not one of the values that are known here; expected one of NAME, SSN, MRN, "
          + "EMAIL; did you mean 'SSN'? [not-allowed]"
      ]
    ),
    (
      "{ kinds: [NAME], min-confidance: 0.5, every: 0 }",
      [
        "p:8:28: error: 'min-confidance' is not known here; expected one of kinds, min-confidence, allow, names, "
          + "key, every; did you mean 'min-confidence'? [unknown-key]",
        "p:8:56: error: 0 is too small; expected more than 0 [not-allowed]",
      ]
    ),
    (
      "{ kinds: [NAME], allow: [12, \"123456789\"], names: yes }",
      [
        "p:8:36: error: this is a number; expected text: in quotes it is [wrong-type]",
        "p:8:40: error: the text is too long; expected at most 8 characters [not-allowed]",
        "p:8:61: error: this is text; expected true or false; did you mean 'true'? [wrong-type]",
      ]
    ),
    (
      "{ kinds: [NAME], min-confidence: \"0.5\" }",
      ["p:8:44: error: this is text; expected a number, without quotes [wrong-type]"]
    ),
    (
      "{ kinds: [NAME], every: 1.5, min-confidence: 50 }",
      [
        "p:8:35: error: this is a number; expected a whole number [wrong-type]",
        "p:8:56: error: 50 is too large; expected at most 1 [not-allowed]",
      ]
    ),
    ("[]", ["p:8:11: error: this is a list; expected a mapping [wrong-type]"]),
    ("", ["p:8:10: error: this is nothing; expected a mapping [wrong-type]"]),
    (
      "{ kinds: [NAME], key: sk-canary }",
      [
        "p:8:33: error: the value does not have the right form; expected something that matches ^env: [not-allowed]"
      ]
    ),
  ])
  func says(_ with: String, _ expected: [String]) throws { #expect(try complaints(with) == expected) }

  @Test func theSecretIsNotShown() throws {
    let stages = [
      "authenticate: keys", "detect: phi\n    with: { kinds: [NAME], key: sk-canary }", "mask: phi",
      "sink: file",
    ]
    let bytes = Array(pipeline(stages: stages).utf8)
    let loaded = PipelineLoader.load([(name: "p", bytes: bytes)])
    let found = PipelineLoader.validateStages(of: loaded.pipelines, source: Plugins(schema: Self.schema))
    let rendered = try #require(found.first).rendered(source: bytes)
    #expect(rendered.contains("key: ..."))
    #expect(!rendered.contains("canary"))
  }

  @Test func anUnknownFilterHasANearestName() throws {
    let stages = ["authenticate: keys", "detect: regexp", "mask: phi", "sink: file"]
    let loaded = PipelineLoader.load([(name: "p", bytes: Array(pipeline(stages: stages).utf8))])
    #expect(
      PipelineLoader.validateStages(of: loaded.pipelines, source: Plugins()).map(\.description)
        == ["p:7:5: error: there is no filter 'regexp'; did you mean 'regex'? [unknown-filter]"])
  }

  /// It has its place, and whoever asks for it is told what to do meanwhile.
  @Test func samlIsNotThereYet() throws {
    let stages = ["authenticate: saml", "detect: phi", "mask: phi", "sink: file"]
    let loaded = PipelineLoader.load([(name: "p", bytes: Array(pipeline(stages: stages).utf8))])
    let found = try #require(PipelineLoader.validateStages(of: loaded.pipelines, source: Plugins()).first)
    #expect(found.code == "not-supported" && found.message == "SAML is not read here yet")
    #expect(found.expected?.contains("'oidc'") == true && found.position.line == 6)
  }

  @Test func theLastWordIsThePlugins() throws {
    let plugins = Plugins(schema: Self.schema, problem: ("nobody\u{1B}[1m is called that", "/allow/1"))
    #expect(
      try complaints("{ kinds: [NAME], allow: [a, b] }", plugins)
        == ["p:8:39: error: nobody\\u{1b}[1m is called that [configuration]"])
    // It is not asked about what does not fit its schema.
    #expect(
      try complaints("{ kinds: [NAME], allow: a }", plugins).map { $0.contains("[wrong-type]") } == [true])
  }

  @Test func aBrokenSchemaIsThePluginsFault() throws {
    #expect(
      try complaints("{}", Plugins(schema: #"{"$ref":"x"}"#)) == [
        "p:7:5: error: the plugin of 'detect: phi' is broken: the schema uses '/$ref', which this subset does not "
          + "have [bad-plugin]"
      ])
  }

  @Test func aFloodOfMistakesIsBounded() throws {
    let keys = (0..<10_000).map { "k\($0): 1" }.joined(separator: ", ")
    let found = try complaints("{ kinds: [NAME], \(keys) }")
    #expect(found.count == PipelineLoader.maximumDiagnostics + 1)
    #expect(found.contains { $0.hasPrefix("p:7:5: error: there are 9800 more mistakes") })
  }
}
