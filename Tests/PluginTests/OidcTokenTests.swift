import JSONTree
import Testing

@testable import OidcTokens

@Suite struct StrictLexemesTests {
  @Test(arguments: [
    #"{"a":0,"b":-1.5e+3,"c":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}"#, #"[10, -0, 0.0]"#, #"{ "a" : [ ] }"#,
  ]) func whatJSONHas(_ text: String) {
    #expect((try? JSONReader.read(Array(text.utf8))) != nil && kept(text))
  }

  @Test(arguments: [
    "[01]", "[+1]", "[.5]", "[1.]", "[1e]", "[-]", "[1e+]", "[00]", #"["\x"]"#, #"["\u12g4"]"#,
    #"["\ud800"]"#,
    #"["\ud800a"]"#, #"["\ud800\u0041"]"#, #"["\udc00"]"#, #"["\u12"#, "[\"\u{1}\"]", "[\"a\nb\"]", #"["a"#,
    #"["\"#,
  ]) func whatItDoesNot(_ text: String) { #expect(!kept(text)) }

  private func kept(_ text: String) -> Bool { StrictLexemes.areKept(in: Array(text.utf8)) }
}

@Suite struct SmallOrderTests {
  /// RFC 8032, 7.1 (TEST 1) and 7.4 (Blank): keys that somebody made.
  @Test func keysAreOfLargeOrder() {
    let key: [UInt8] = [
      0xD7, 0x5A, 0x98, 0x01, 0x82, 0xB1, 0x0A, 0xB7, 0xD5, 0x4B, 0xFE, 0xD3, 0xC9, 0x64, 0x07, 0x3A,
      0x0E, 0xE1, 0x72, 0xF3, 0xDA, 0xA6, 0x23, 0x25, 0xAF, 0x02, 0x1A, 0x68, 0xF7, 0x07, 0x51, 0x1A,
    ]
    #expect(!SmallOrder.contains(key))
    #expect(!SmallOrder.contains(key + Array(repeating: 3, count: 25)))
  }

  @Test func theSignOfXChangesNothing() {
    for last: UInt8 in [0x00, 0x80] {
      #expect(SmallOrder.contains([1] + Array(repeating: 0, count: 30) + [last]))
      #expect(SmallOrder.contains([1] + Array(repeating: 0, count: 55) + [last]))
    }
  }
}
