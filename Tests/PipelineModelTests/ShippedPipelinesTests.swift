import JSONTree
import PipelineModel
import Testing

@Suite struct ShippedPipelinesTests {
  @Test(arguments: shippedNames) func areValid(_ name: String) throws {
    let (pipelines, diagnostics) = PipelineLoader.load([(name: name, bytes: try shipped(name))])
    #expect(diagnostics.map(\.description) == [])
    let pipeline = try #require(pipelines.first)
    #expect(pipeline.name == name)
    #expect(pipeline.stages.map(\.kind) == [.authenticate, .guard, .detect, .mask, .score, .gate, .sink])
  }

  @Test func theExampleSaysWhatItSays() throws {
    let pipeline = try #require(
      PipelineLoader.load([(name: "c", bytes: try shipped("cursor"))]).pipelines.first)
    #expect(pipeline.listen == "/openai")
    #expect(pipeline.host == nil)
    #expect(pipeline.protocolName == "openai")
    #expect(pipeline.upstream.scheme == .https)
    #expect(pipeline.upstream.host == "api.openai.com")
    #expect(pipeline.upstream.port == 443)
    #expect(pipeline.upstream.basePath == "")
    #expect(pipeline.upstream.credential == .environment("OPENAI_API_KEY"))
    #expect(pipeline.upstream.credentialHeader == nil)
    #expect(pipeline.limits.request == 16_777_216)
    #expect(pipeline.limits.hold == 120_000)
    #expect(pipeline.limits.streamIdle == 90_000)
    #expect(pipeline.evidence.beforeUpstream == .stable)
    #expect(pipeline.evidence.transcript == .masked)
    let gate = try #require(pipeline.stages.first { $0.kind == .gate })
    #expect(
      String(decoding: gate.configuration.canonical, as: UTF8.self)
        == #"{"approvers":["privacy-officers"],"at":70,"expires":"15m","local-operator":true,"quorum":1}"#)
    let guardStage = try #require(pipeline.stages.first { $0.kind == .guard })
    #expect(
      guardStage.configuration["deny"]?.array?.first?["text"]?.string
        == #"(?i)\b(dump|export) all patients\b"#)
    #expect(try #require(pipeline.stages.first).configuration == .object([]))
  }

  /// Digests of policies are made of this form: comments, order and style do not change it.
  @Test func theCanonicalFormIsThatOfTheContent() throws {
    let one = pipeline(more: "limits: { hold: 1s, request: 1KiB }")
    let other =
      "# another way to write it\n" + pipeline(more: "limits:\n  request: \"1KiB\"\n  hold: 1s # one")
    let third = pipeline(more: "limits: { hold: 2s, request: 1KiB }")
    let forms = [one, other, third].map {
      PipelineLoader.load([(name: "p", bytes: Array($0.utf8))]).pipelines.first?.canonical ?? []
    }
    #expect(!forms[0].isEmpty)
    #expect(forms[0] == forms[1])
    #expect(forms[0] != forms[2])
  }

  @Test(arguments: shippedNames) func fitTheSchemaForEditors(_ name: String) throws {
    let schema = try JSONSchema(Array(PipelineSchema.text.utf8))
    let root = try #require(YAMLDocument(try shipped(name), file: name).root)
    #expect(schema.violations(of: root.json).map(\.message) == [])
  }

  @Test func theSchemaForEditorsFindsMistakes() throws {
    let schema = try JSONSchema(Array(PipelineSchema.text.utf8))
    let text = """
      pipeline: Cursor
      lissten: /a
      listen: /a
      protocol: openai
      upstream: { url: "ftp://x", credential: "sk-canary" }
      limits: { hold: 5 }
      stages:
        - { detect: phi, whith: {} }
      """
    let root = try #require(YAMLDocument(Array(text.utf8), file: "p").root)
    let violations = schema.violations(of: root.json)
    #expect(
      violations.map(\.pointer) == [
        "/pipeline", "/lissten", "/upstream/url", "/upstream/credential", "/limits/hold", "/stages/0/whith",
      ])
    #expect(violations.last?.suggestion == "with")
    #expect(!violations.contains { "\($0)".contains("canary") })
  }
}
