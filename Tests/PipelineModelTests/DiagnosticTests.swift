import PipelineModel
import Testing

@Suite struct DiagnosticTests {
  private func rendered(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return PipelineLoader.load([(name: "p.yaml", bytes: bytes)]).diagnostics.map {
      $0.rendered(source: bytes)
    }
  }

  @Test func theCaretPointsAtTheMistake() {
    #expect(
      rendered(pipeline(more: "evidence: { transcript: maskd }")) == [
        """
        p.yaml:5:25: error: 'maskd' is not known for 'transcript'; expected one of masked, none; did you mean \
        'masked'? [not-allowed]
         5 | evidence: { transcript: maskd }
           |                         ^
        """
      ])
  }

  @Test func whatFollowsAnUnknownKeyIsNotShown() {
    let text = rendered(pipeline(upstream: "upstream: { url: https://a, bearer: canary }"))
    #expect(
      text.first?.hasSuffix(
        "\n 4 | upstream: { url: https://a, bearer:...\n   |                             ^") == true)
  }

  @Test(arguments: [
    "upstream: { url: https://a, credential: sk-canary }",
    "upstream: { credential: sk-canary, url: ftp://a }",
    "upstream: { url: \"https://me:canary@a\" }", "upstream: { url: https://a, api-key: canary }",
    "upstream: { url: https://a, credential: [canary }", "upstream: { url: \"https://me:canary@a\\0\" }",
    "upstream: { url: https://a, Password: canary, zebra: 1 }",
    "upstream: { token: \"canary\\q\", url: https://a }",
  ])
  func secretsAreCutOff(_ upstream: String) {
    let all = rendered(pipeline(upstream: upstream))
    #expect(!all.isEmpty)
    #expect(!all.contains { $0.contains("canary") })
  }

  @Test func longLinesAndControlsAreTamed() throws {
    let filler = String(repeating: "x", count: 500)
    let text = try #require(rendered(pipeline(more: "host: \"\(filler) \\e[31m\"  # \(filler)")).first)
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 300 })
    let escaped = try #require(rendered(pipeline(more: #""\e]0;x": 1"#)).first)
    #expect(!escaped.unicodeScalars.contains("\u{1B}"))
  }

  /// Far to the right, a part of the line is shown, and the caret is still below the place.
  @Test func theCaretFollowsIntoLongLines() throws {
    let filler = String(repeating: "x", count: 120)
    let lines = try #require(
      rendered(pipeline(more: "host: \(filler) # \(filler)\nzebra: 1")).first { $0.contains("host") })
    #expect(lines.contains("no name of a host"))
    let text = pipeline(more: "limits: { hold: 1s, \"\(filler)\": 1, hlod: 1s }")
    let parts = try #require(rendered(text).last).split(separator: "\n").map { Array($0) }
    let caret = try #require(parts[2].firstIndex(of: "^"))
    #expect(String(parts[1][caret...]).hasPrefix("hlod:"))
    #expect(parts[1].count < 120)
  }

  @Test func aPlaceBeyondTheFileIsNoHarm() {
    let diagnostic = Diagnostic("x", at: SourcePosition(file: "p", line: 9, column: 900), "m")
    #expect(diagnostic.rendered(source: Array("a\nb".utf8)) == "p:9:900: error: m [x]")
    let far = Diagnostic("x", at: SourcePosition(file: "p", line: 2, column: 900), "m")
    #expect(far.rendered(source: Array("a\r\nb".utf8)) == "p:2:900: error: m [x]\n 2 | b\n   |  ^")
    let zero = Diagnostic("x", at: SourcePosition(file: "p", line: 0, column: 0), "m")
    #expect(zero.rendered(source: []) == "p:0:0: error: m [x]")
  }

  @Test(
    arguments: [
      ("lissten", "listen"), ("lisetn", "listen"), ("LISTEN", "listen"), ("cred", "credential"), ("url", nil),
      ("x", nil), ("", nil), ("protcol", "protocol"), ("completely-else", nil),
    ] as [(String, String?)])
  func nearestNames(_ name: String, _ expected: String?) {
    #expect(nearestName(to: name, among: ["listen", "protocol", "credential", "stages"]) == expected)
  }
}
