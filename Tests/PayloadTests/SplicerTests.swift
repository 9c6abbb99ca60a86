import Testing

@testable import Payload

@Suite struct SplicerTests {
  private func splice(_ body: String, _ edits: [(pointer: String, range: Range<Int>, replacement: String)])
    throws -> String
  {
    let body = bytes(body)
    let (walked, _) = try walk(body)
    var splicer = Splicer()
    for edit in edits {
      let index = try #require(
        walked.segments.indices.first { index in
          var pointer: [UInt8] = []
          walked.appendPointer(index, of: body.span, to: &pointer)
          return text(pointer) == edit.pointer
        })
      let replacement = bytes(edit.replacement)
      splicer.replace(segment: index, range: edit.range, with: replacement.span)
    }
    var output: [UInt8] = []
    splicer.splice(body.span, walked: walked, into: &output)
    return text(output)
  }

  @Test func keepsEverythingElse() throws {
    let body = "{ \"a\" :\t\"Jane Doe is here\", \"big\": 1e400, \"esc\":\"\\u0041\\/\" }"
    #expect(
      try splice(body, [("/a", 0..<8, "[N]")])
        == "{ \"a\" :\t\"[N] is here\", \"big\": 1e400, \"esc\":\"\\u0041\\/\" }")
  }

  @Test func offsetsAreOfTheDecodedText() throws {
    #expect(try splice(#"{"a":"x\n\u004aane Doe!"}"#, [("/a", 2..<10, "[N]")]) == #"{"a":"x\n[N]!"}"#)
    #expect(try splice(#"{"a":"\ud83d\ude00Jane"}"#, [("/a", 4..<8, "N")]) == #"{"a":"\ud83d\ude00N"}"#)
  }

  @Test func aBorderInsideACodePointMovesOutwards() throws {
    #expect(try splice(#"{"a":"\ud83d\ude00Jane"}"#, [("/a", 1..<2, "N")]) == #"{"a":"NJane"}"#)
    #expect(try splice("{\"a\":\"é!\"}", [("/a", 1..<2, "N")]) == "{\"a\":\"N!\"}")
  }

  @Test func numbersBecomeStrings() throws {
    #expect(try splice(#"{"mrn":123456789,"b":1}"#, [("/mrn", 0..<9, "[MRN]")]) == #"{"mrn":"[MRN]","b":1}"#)
  }

  @Test func replacementsAreEscaped() throws {
    #expect(try splice(#"{"a":"xyz"}"#, [("/a", 1..<2, "\"\\\n\u{1}")]) == #"{"a":"x\"\\\n\u0001z"}"#)
  }

  /// Random bodies and edits: what comes out parses, has the edited texts, and is the same outside.
  @Test func randomEdits() throws {
    var random = SeededGenerator(seed: 7)
    let pieces = ["a", "é", "😀", "\\n", "\\u0041", "\\ud83d\\ude00", "\\\"", " ", "Jane", "\\\\"]
    for _ in 0..<400 {
      let values = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        (0..<Int.random(in: 0...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
          .joined()
      }
      let body = bytes("[" + values.map { "\"\($0)\"" }.joined(separator: " ,") + "]")
      let (walked, before) = try walk(body)
      var splicer = Splicer()
      var expected: [String] = []
      let mark = bytes("<\"#\">")
      for index in walked.segments.indices {
        let original = before["/\(index)"] ?? ""
        let scalars = Array(original.unicodeScalars)
        if scalars.isEmpty || Bool.random(using: &random) {
          expected.append(original)
          continue
        }
        let start = Int.random(in: 0..<scalars.count, using: &random)
        let end = Int.random(in: start + 1...scalars.count, using: &random)
        func length(_ slice: ArraySlice<Unicode.Scalar>) -> Int { slice.reduce(0) { $0 + UTF8.width($1) } }
        let from = length(scalars[..<start])
        splicer.replace(segment: index, range: from..<from + length(scalars[start..<end]), with: mark.span)
        var changed = String.UnicodeScalarView(scalars[..<start])
        changed.append(contentsOf: "<\"#\">".unicodeScalars)
        changed.append(contentsOf: scalars[end...])
        expected.append(String(changed))
      }
      var output: [UInt8] = []
      splicer.splice(body.span, walked: walked, into: &output)
      let (_, after) = try walk(output)
      for index in walked.segments.indices {
        #expect(Array((after["/\(index)"] ?? "").utf8) == Array(expected[index].utf8))
      }
      if splicer.isEmpty { #expect(output == body) }
    }
  }
}
