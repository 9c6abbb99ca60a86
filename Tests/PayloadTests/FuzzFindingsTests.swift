import Testing

@testable import Payload

/// What the fuzzer (`Fuzz/`) has found, each as the smallest input that shows it.
@Suite struct FuzzFindingsTests {
  /// Reads a tool's arguments in pieces; what went out, and the bytes that the filter has seen.
  private func pieces(_ cut: [String]) throws -> (output: String, seen: [UInt8]) {
    var pieces = JSONPieces()
    var filter = HoldingFilter(hold: 0)
    var output: [UInt8] = []
    let place = JSONPieces.Place(channel: 0, pointer: bytes("/arguments"), role: .toolArguments)
    for (index, piece) in cut.enumerated() {
      let text = bytes(piece)
      try pieces.feed(
        text.span, end: index == cut.count - 1, at: place, filter: &filter, into: &output)
    }
    return (text(output), filter.fed[0] ?? [])
  }

  /// An answer that reaches its limit of tokens is cut anywhere, in the middle of an escape, too: it stopped the
  /// gateway.
  @Test(arguments: [
    ["{\"a\":\"x\\"], ["{\"a\":[\"b \\u00"], ["{\"a\":\"", "x\\", ""], ["{\"a\\"], ["{\"a\":\"\\u"],
    ["{\"a\":\"\\uZ\"}"], ["{\"\\u\\u\\u\\u\":\"\\u\\u\\u\\u\\u\\u\"}"], ["{\"a\":\"\\ud83d\\u", ""],
  ])
  func argumentsMayEndInAnEscape(_ cut: [String]) throws {
    let (output, seen) = try pieces(cut)
    #expect(output == cut.joined())
    #expect(String(validating: seen, as: UTF8.self) != nil)
  }

  /// The filter was given half of a character.
  @Test
  func aBackslashBeforeACharacterOfSeveralBytesStandsForItself() throws {
    let (output, seen) = try pieces(["{\"a\":\"M\\\u{FC}ller\"}"])
    #expect(output == "{\"a\":\"M\\\u{FC}ller\"}")
    #expect(text(seen) == "M\\\u{FC}ller")
  }

  /// A JSON text may be a string, and JSON.parse reads its escapes: it was taken for plain text.
  @Test func argumentsThatAreAStringAreRead() throws {
    #expect(try pieces(["\"a \\u00", "58 b\""]).output == "\"a # b\"")
    #expect(try pieces([" \"X"]).output == " \"#")
  }

  /// Deeper than that it was taken for plain text, whose escapes nobody reads; the walker refuses it.
  @Test
  func argumentsThatAreNestedTooDeepAreRefused() throws {
    let deep = String(repeating: "[", count: 200) + "\"\\u0058\"" + String(repeating: "]", count: 200)
    #expect(throws: StreamError<Never>.self) { try pieces([deep]) }
  }

  /// Python writes and reads these, and went on reading what was plain text from there on.
  @Test(arguments: ["NaN", "Infinity", "-Infinity"])
  func numbersThatAreNoneAreWords(_ word: String) throws {
    #expect(try pieces(["{\"a\":\(word),\"b\":\"\\u0058\"}"]).output == "{\"a\":\(word),\"b\":\"#\"}")
  }

  /// As in every other text (``Splicer/replace(segment:range:with:)``).
  @Test
  func aBorderInsideACharacterOfAWrappedTextIsMovedOutwards() throws {
    var written: [UInt8] = []
    Base64.encode(bytes("J\u{F6}rg, and some more").span, into: &written)
    let body = bytes("[\"\(text(written))\"]")
    let (walked, _) = try walk(body)
    let inner = try #require(walked.segments.indices.last)
    var splicer = Splicer()
    splicer.replace(segment: inner, range: 0..<2, with: bytes("#").span)
    var spliced: [UInt8] = []
    splicer.splice(body.span, walked: walked, into: &spliced)
    #expect(try walk(spliced).texts["/0"] == "#rg, and some more")
  }

  /// Where any name is allowed, the name is the client's own word, and no value need follow it.
  @Test(arguments: ["Jane-Doe", "Jane-Doe=", "a=b&Jane-Doe"])
  func aNameInAQueryIsAWordOfTheClients(_ query: String) {
    let rules = QueryRules(["*": .token])
    #expect(rules.allows(query[...]))
    #expect(rules.words(in: query[...]).contains { $0.name == "Jane-Doe" })
  }
}
