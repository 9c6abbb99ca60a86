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
