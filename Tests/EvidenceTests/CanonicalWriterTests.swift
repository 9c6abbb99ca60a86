import Foundation
import Testing

@testable import Evidence

@Suite struct CanonicalWriterTests {
  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func everyKindOfField() {
    let bytes = CanonicalWriter.object { writer in
      writer.array("array", [3, 1, 2]) { writer, value in writer.element { $0.integer("n", value) } }
      writer.boolean("boolean", true)
      writer.decimal("decimal", tenThousandths: 9500)
      writer.array("empty", [Int]()) { _, _ in }
      writer.hexadecimal("hex", [0, 0xAB, 0x7F])
      writer.integer("integer", -42)
      writer.object("object") { writer in
        writer.object("inner") { _ in }
        writer.raw("raw", Array("[1]".utf8))
      }
      writer.string("string", "a\"b")
      writer.array("strings", ["x", "y"]) { $0.element($1) }
    }
    #expect(
      text(bytes)
        == #"{"array":[{"n":3},{"n":1},{"n":2}],"boolean":true,"decimal":0.95,"empty":[],"hex":"00ab7f","integer":-42,"#
        + #""object":{"inner":{},"raw":[1]},"string":"a\"b","strings":["x","y"]}"#)
  }

  @Test func stringsAsRFC8785WritesThem() {
    // Section 3.2.2.2's example string.
    var bytes: [UInt8] = []
    JSONText.quote(Array("\u{20ac}$\u{0F}\u{0A}A'\u{42}\u{22}\u{5c}\\\"/".utf8).span, to: &bytes)
    #expect(text(bytes) == "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"")
    bytes = []
    JSONText.quote(Array("\u{8}\t\u{c}\r\u{1f}\u{7f}\u{2028}".utf8).span, to: &bytes)
    #expect(text(bytes) == "\"\\b\\t\\f\\r\\u001f\u{7f}\u{2028}\"")
  }

  @Test func whateverComesInJSONComesOut() throws {
    var generator = Seeded(5)
    for _ in 0..<3000 {
      let count = Int.random(in: 0..<40, using: &generator)
      let input = (0..<count).map { _ in
        Bool.random(using: &generator)
          ? UInt8.random(in: 0...255, using: &generator)
          : [0xC3, 0xA9, 0xED, 0xA0, 0xF0, 0x9F, 0x98, 0x80].randomElement(using: &generator) ?? 0
      }
      let bytes = CanonicalWriter.object { $0.string("s", utf8: input) }
      #expect(JSONScanner.isWhole(bytes))
      let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String])
      if let valid = String(validating: input, as: UTF8.self) {
        #expect(object["s"]?.utf8.elementsEqual(valid.utf8) == true)
      }
    }
  }

  @Test func numbers() {
    func decimal(_ value: Int) -> String {
      var bytes: [UInt8] = []
      JSONText.decimal(tenThousandths: value, to: &bytes)
      return text(bytes)
    }
    #expect(
      [10_000, 0, 1, 10, 100, 1000, 12_345, -5].map(decimal) == [
        "1", "0", "0.0001", "0.001", "0.01", "0.1", "1.2345", "-0.0005",
      ])
    var bytes: [UInt8] = []
    JSONText.integer(UInt64.max, to: &bytes)
    #expect(text(bytes) == "9007199254740992")
    bytes = []
    JSONText.integer(Int64.min, to: &bytes)
    #expect(text(bytes) == "-9007199254740992")
  }

  @Test func scannerTakesAndRefusesWhatItShould() {
    for good in [
      "{}", "[]", "0", "-1.5e+10", "\"\\u00e9\\n\"", "true", "false", "null", "{\"a\":[1,{\"b\":null}]}",
      String(repeating: "[", count: 128) + String(repeating: "]", count: 128),
    ] { #expect(JSONScanner.isWhole(Array(good.utf8)), "\(good)") }
    for bad in [
      "", "{", "{\"a\"}", "{\"a\":1,}", "[1,]", "01", "1.", "1e", "-", "\"\\x\"", "\"\\u12g4\"", "\"\u{1}\"",
      "tru",
      "{} ", "{a:1}", String(repeating: "[", count: 129) + String(repeating: "]", count: 129),
    ] { #expect(!JSONScanner.isWhole(Array(bad.utf8)), "\(bad)") }
  }

  @Test func membersAreFound() {
    let json = Array(#"{"a":{"b":"x","bb":[1,2]},"c":"y"}"#.utf8)
    let outer = JSONScanner.member("a", of: json.span, 0)
    #expect(outer.map { text(Array(json[$0])) } == #"{"b":"x","bb":[1,2]}"#)
    #expect(
      JSONScanner.member("bb", of: json.span, outer?.lowerBound ?? 0).map { text(Array(json[$0])) } == "[1,2]"
    )
    #expect(JSONScanner.member("d", of: json.span, 0) == nil)
    #expect(JSONScanner.member("a", of: Array("[1]".utf8).span, 0) == nil)
  }
}
