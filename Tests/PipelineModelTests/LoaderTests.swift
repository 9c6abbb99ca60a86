import PipelineModel
import Testing

@Suite struct LoaderTests {
  private func load(_ texts: String...) -> (names: [String], complaints: [String]) {
    let files = texts.enumerated().map { (name: "f\($0.offset)", bytes: Array($0.element.utf8)) }
    let loaded = PipelineLoader.load(files)
    return (loaded.pipelines.map(\.name), loaded.diagnostics.map(\.description))
  }

  @Test func twoOnOnePathOrOfOneName() {
    let one = pipeline(name: "pipeline: a", listen: "listen: /a")
    #expect(load(one, pipeline(name: "pipeline: b", listen: "listen: /b")).complaints == [])
    #expect(
      load(one, pipeline(name: "pipeline: a", listen: "listen: /b")).complaints
        == ["f1:1:1: error: 'a' is also the name of the pipeline at f0:1:1 [same-name]"])
    #expect(
      load(one, pipeline(name: "pipeline: b", listen: "listen: //a/")).complaints
        == ["f1:1:1: error: the pipeline at f0:1:1 listens on '/a' too [same-path]"])
  }

  @Test func aHostMakesAnotherRoute() {
    let one = pipeline(name: "pipeline: a", more: "host: a.example.com")
    #expect(load(one, pipeline(name: "pipeline: b", more: "host: b.example.com")).complaints == [])
    #expect(load(one, pipeline(name: "pipeline: b")).complaints == [])
    #expect(load(one, pipeline(name: "pipeline: b", more: "host: A.EXAMPLE.com")).complaints.count == 1)
  }

  /// A subject is unique at its provider alone.
  @Test func twoProvidersPeopleAreToldApart() {
    func oidc(_ name: String, _ more: String = "", issuer: String) -> String {
      """
      pipeline: \(name)
      listen: /\(name)
      protocol: openai
      upstream: { url: "https://api.openai.com" }
      stages:
        - authenticate: oidc
          with: { issuer: "\(issuer)", audience: sluice\(more) }
        - sink: file

      """
    }
    let (care, lab) = ("https://care.example", "https://lab.example")
    let prefixed = oidc("a", ", subject-prefix: \"care:\"", issuer: care)
    #expect(load(oidc("a", issuer: care), oidc("b", issuer: care)).complaints == [])
    #expect(load(prefixed, oidc("b", ", subject-prefix: \"lab:\"", issuer: lab)).complaints == [])
    #expect(
      load(prefixed, oidc("b", issuer: lab)).complaints == [
        "f1:7:21: error: no 'subject-prefix' tells this provider's people from those of https://care.example; expected a 'subject-prefix' of its own for each provider, as 'subject-prefix: \"care:\"' [same-subjects]"
      ])
    #expect(load(oidc("a", issuer: care), oidc("b", issuer: lab)).complaints.count == 2)
    #expect(
      load(prefixed, oidc("b", ", subject-prefix: \"care:\"", issuer: lab)).complaints.map { $0.prefix(50) }
        == ["f1:7:21: error: the people of https://care.example"])
    // An address is the same person everywhere.
    let byAddress = ", subject-claim: email"
    #expect(load(oidc("a", byAddress, issuer: care), oidc("b", byAddress, issuer: lab)).complaints == [])
    #expect(load(oidc("a", byAddress, issuer: care), oidc("b", issuer: lab)).complaints.count == 2)
  }

  @Test func filesComeInTheirOrder() {
    let broken = pipeline(more: "zebra: 1")
    #expect(
      load(pipeline(name: "pipeline: x", listen: "listen: /x", more: "zebra: 1"), "]", broken).complaints.map
      { $0.prefix(5) } == ["f0:5:", "f1:1:", "f2:5:"])
  }

  @Test func everyMistakeAtOnce() {
    let text = """
      pipeline: A
      listen: a
      protocol: openai
      upstream: { url: http://example.com, credential: sk-1 }
      limits: { hold: never }
      stages:
        - detect: phi
        - sink: file
        - authenticate: keys
      """
    let codes = PipelineLoader.load([(name: "p", bytes: Array(text.utf8))]).diagnostics.map(\.code)
    #expect(
      codes == [
        "not-allowed", "not-allowed", "plaintext", "not-allowed", "not-allowed", "no-mask", "stage-order",
      ])
  }

  @Test func aFloodOfMistakesIsBounded() {
    let many = (0..<5_000).map { "k\($0): 1\n" }.joined()
    let found = PipelineLoader.load([(name: "p", bytes: Array(many.utf8))]).diagnostics
    #expect(found.count == PipelineLoader.maximumDiagnostics + 1)
    #expect(found.last?.code == "too-many")
    #expect(found.last?.message == "there are 4805 more mistakes than are shown")
  }
}
