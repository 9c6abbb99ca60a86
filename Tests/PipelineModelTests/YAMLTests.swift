import JSONTree
import Testing

@testable import PipelineModel

@Suite struct YAMLTests {
  private func root(_ text: String) throws -> YAMLNode {
    let document = YAMLDocument(Array(text.utf8), file: "p")
    #expect(document.diagnostics.map(\.description) == [])
    return try #require(document.root)
  }

  private func json(_ text: String) throws -> String {
    String(decoding: try root("a: \(text)").json.canonical, as: UTF8.self)
  }

  /// Values whose reading differs between versions and readers of YAML.
  @Test(arguments: [
    ("no", #"{"a":"no"}"#), ("yes", #"{"a":"yes"}"#), ("on", #"{"a":"on"}"#), ("off", #"{"a":"off"}"#),
    ("y", #"{"a":"y"}"#), ("true", #"{"a":true}"#), ("'true'", #"{"a":"true"}"#), ("False", #"{"a":false}"#),
    ("12:30", #"{"a":"12:30"}"#), ("12:30:45", #"{"a":"12:30:45"}"#), ("2024-01-02", #"{"a":"2024-01-02"}"#),
    ("007", #"{"a":"007"}"#), ("-012", #"{"a":"-012"}"#), ("0o17", #"{"a":"0o17"}"#),
    ("0x1F", #"{"a":"0x1F"}"#),
    ("1_000", #"{"a":"1_000"}"#), (".inf", #"{"a":".inf"}"#), (".nan", #"{"a":".nan"}"#),
    ("nan", #"{"a":"nan"}"#),
    ("inf", #"{"a":"inf"}"#), ("1e999", #"{"a":"1e999"}"#), ("0", #"{"a":0}"#), ("-0", #"{"a":0}"#),
    ("0.5", #"{"a":0.5}"#), (".5", #"{"a":0.5}"#), ("5.", #"{"a":5}"#), ("+5", #"{"a":5}"#),
    ("1e3", #"{"a":1000}"#),
    ("1e", #"{"a":"1e"}"#), (".", #"{"a":"."}"#), ("-", #"{"a":"-"}"#), ("+", #"{"a":"+"}"#),
    ("9007199254740991", #"{"a":9007199254740991}"#), ("9007199254740993", #"{"a":"9007199254740993"}"#),
    ("~", #"{"a":null}"#), ("", #"{"a":null}"#), ("null", #"{"a":null}"#), ("''", #"{"a":""}"#),
    ("!!str 12", #"{"a":"12"}"#), ("\"\\u00e9\\0\"", "{\"a\":\"\u{e9}\\u0000\"}"),
    ("=", #"{"a":"="}"#), ("1.2.3", #"{"a":"1.2.3"}"#), ("1 2", #"{"a":"1 2"}"#),
  ])
  func readsPlainText(_ text: String, _ expected: String) throws {
    if text == "-" {
      #expect(PlainScalar.json("-") == .string("-"))
    } else {
      #expect(try json(text) == expected)
    }
  }

  @Test func keysAreText() throws {
    let node = try root("no: 1\n1: 2\n~: 3\n'': 4")
    #expect(String(decoding: node.json.canonical, as: UTF8.self) == #"{"":4,"1":2,"no":1,"~":3}"#)
  }

  @Test func positionsCountCharacters() throws {
    let node = try root("é: { \"😀\": [x, ß, y] }\nb:\n  - c\n  - d: 1\n")
    #expect(node.position(of: "/é/😀/2").description == "p:1:18")
    #expect(node.keyPosition(of: "/é/😀").description == "p:1:6")
    #expect(node.position(of: "/b/1/d").description == "p:4:8")
    #expect(node.keyPosition(of: "/b/1/d").description == "p:4:5")
    // What is not there stands where it should be.
    #expect(node.position(of: "/b/1/zebra").description == "p:4:5")
    #expect(node.position(of: "/b/7").description == "p:3:3")
    #expect(node.position(of: "").description == "p:1:1")
  }

  @Test func pointersAreUnescaped() throws {
    let node = try root("a/b: { \"~\": { \"\": x } }")
    #expect(node.position(of: "/a~1b/~0/").description == "p:1:19")
    #expect(node.keyPosition(of: "/a~1b/~0").description == "p:1:8")
  }

  @Test func byteOrderMarkAndLineBreaks() throws {
    let node = try root("\u{FEFF}a: 1\r\nb: 2\r\nc: x\n")
    #expect(node.position(of: "/a").description == "p:1:4")
    #expect(node.position(of: "/c").description == "p:3:4")
  }

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xFF], "p:1:4"), ([0x0A, 0xC3, 0xA9, 0xC3], "p:2:2"),
      ([0xED, 0xA0, 0x80], "p:1:1"),
      ([0xC0, 0xAF], "p:1:1"), ([0xFF, 0xFE, 0x61, 0x00], "p:1:1"),
    ] as [([UInt8], String)])
  func invalidUTF8IsRefused(_ bytes: [UInt8], _ place: String) {
    let document = YAMLDocument(bytes, file: "p")
    #expect(document.root == nil)
    #expect(document.diagnostics.map(\.code) == ["invalid-utf8"])
    #expect(document.diagnostics.first?.position.description == place)
  }

  @Test func limits() {
    func codes(_ text: String) -> [String] {
      YAMLDocument(Array(text.utf8), file: "p").diagnostics.map(\.code)
    }
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(codes(nested(64)) == [])
    #expect(codes(nested(65)) == ["too-deep"])
    #expect(codes(nested(100_000)) == ["too-deep"])
    #expect(codes(String(repeating: "{ a: ", count: 70)) == ["too-deep"])
    #expect(codes("[" + String(repeating: "a,", count: 99_999) + "]") == [])
    #expect(codes("[" + String(repeating: "a,", count: 100_000) + "]") == ["too-many-values"])
    let filler = "# " + String(repeating: "x", count: 1_048_573)
    #expect(codes(filler + "\n") == [])
    #expect(codes(filler + "x\n") == ["file-too-large"])
  }

  /// Everything that can be found is found: what is refused does not end the reading.
  @Test func goesOnAfterWhatItRefuses() {
    let text = "a: &x 1\nb: *x\na: 2\n<<: {}\nc: !t 3\n? [k]\n: v\nd: [\n"
    #expect(
      YAMLDocument(Array(text.utf8), file: "p").diagnostics.map { "\($0.code) \($0.position.line)" } == [
        "anchor 1", "anchor 2", "duplicate-key 3", "anchor 4", "tag 5", "key 6", "yaml-syntax 9",
      ])
  }
}
