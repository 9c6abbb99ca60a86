import Testing

@testable import Payload

private func read(_ url: String) throws -> (url: DataURL, data: [UInt8])? {
  let source = bytes(url)
  guard let url = try DataURL(parsing: source.span) else { return nil }
  var data: [UInt8] = []
  try url.decode(source.span, into: &data)
  return (url, data)
}

private func encoded(_ replacement: String, like url: String) throws -> String {
  let source = bytes(url)
  var output: [UInt8] = []
  try #require(try DataURL(parsing: source.span)).encode(
    bytes(replacement).span, like: source.span, into: &output)
  return text(output)
}

struct MediaDataURLTests {
  @Test(arguments: [
    ("data:,A%20brief%20note", MediaClass.text, "A brief note"),  // RFC 2397, 4
    ("data:text/plain;charset=iso-8859-7,x", .text, "x"),
    ("data:text/plain;base64,SmFuZSBEb2U=", .text, "Jane Doe"),
    ("DATA:Text/Plain;Charset=UTF-8;BASE64,SmFuZSBEb2U", .text, "Jane Doe"),
    ("  data:application/fhir+json;base64,e30=", .text, "{}"),
    ("data:;base64,SmFu\nZSBEb2U=", .text, "Jane Doe"),
    ("data:text/csv;header=present;base64,YSxi", .text, "a,b"),
    ("data:text/plain;charset=\"utf-8\";base64,SmFuZSBEb2U%3D", .text, "Jane Doe"),
    ("data:image/png;base64,iVBORw0=", .image, "\u{89}PNG\r"),
    ("data:application/pdf;base64,JVBERi0=", .pdf, "%PDF-"),
    ("data:audio/wav;base64,", .audio, ""), ("data:video/mp4,", .video, ""),
    ("data:application/octet-stream;base64,AAAA", .other, "\0\0\0"),
    ("data:image/svg+xml,<svg/>", .text, "<svg/>"), ("data:,100%", .text, "100%"),
    ("data:,", .text, ""), ("data:text/plain,a,b;base64,c", .text, "a,b;base64,c"),
  ])
  func reads(_ url: String, _ mediaClass: MediaClass, _ data: String) throws {
    let found = try #require(try read(url))
    #expect(found.url.mediaClass == mediaClass)
    // A character below U+0100 stands for the byte of its number.
    #expect(found.data == data.unicodeScalars.map { UInt8($0.value) })
  }

  @Test(arguments: [
    "", "data", "data:", "data:text/plain", "data: a, b and c", "database: x, y", "see data:,x",
    "data: Jane Doe, born 1970", "data:text,x", "data:text/,x", "data:/plain,x", "data:text/plain;charset,x",
    "data:text/pl ain,x", "data:text/plain;charset=\"a,b\",x", "https://example.com/data:,x",
  ])
  func justText(_ text: String) throws {
    #expect(try DataURL(parsing: bytes(text).span) == nil)
  }

  /// Readers differ on these: some see base64, some see text.
  @Test(arguments: [
    "data:text/plain;base64 ,SmFuZSBEb2U=", "data:text/plain; base64,SmFuZSBEb2U=",
    "data:text/plain;base64;charset=utf-8,SmFuZSBEb2U=", "data:base64,SmFuZSBEb2U=",
    "data:text;base64,SmFuZSBEb2U=", "data:;base64;base64,SmFuZSBEb2U=",
    "data:text/plain;charset=a;charset=b;base64,SmFuZSBEb2U=", "data:text/plain;x=\";base64,SmFuZSBEb2U=",
    "data:text/plain;x=\(String(repeating: "a", count: 2000));base64,SmFuZSBEb2U=",
  ])
  func malformedHead(_ text: String) {
    #expect {
      _ = try DataURL(parsing: bytes(text).span)
    } throws: { ($0 as? DataURL.Failure)?.code == .malformedHead }
  }

  @Test(arguments: [
    "data:;base64,SmFuZSBEb2U==", "data:;base64,Sm$u", "data:;base64,S", "data:;base64,-_+/",
    "data:;base64,SmFuZSBEb2V=", "data:;base64,SmFu#x", "data:;base64,SmFu%00", "data:;base64,SmFu%",
    "data:image/png;base64,AAAA Jane", "data:;base64,SmFu\t",
  ])
  func badBase64(_ text: String) {
    #expect {
      _ = try read(text)
    } throws: { ($0 as? DataURL.Failure)?.code == .invalidBase64 }
  }

  @Test func characterSets() throws {
    for (url, isUTF8) in [
      ("data:,x", true), ("data:text/plain;charset=UTF-8,x", true),
      ("data:text/plain;charset=us-ascii,x", true),
      ("data:text/plain;charset=utf-16;base64,//4=", false), ("data:;charset=utf-7,x", false),
    ] {
      #expect(try DataURL(parsing: bytes(url).span)?.isUTF8 == isUTF8)
    }
  }

  @Test func sameForm() throws {
    #expect(
      try encoded("[NAME]", like: "data:text/plain;charset=utf-8;base64,SmFuZSBEb2U=")
        == "data:text/plain;charset=utf-8;base64,W05BTUVd")
    #expect(try encoded("[NAME_1]", like: "data:;base64,SmFuZSBEb2U") == "data:;base64,W05BTUVfMV0")
    #expect(try encoded("[NAME_1]", like: "data:;base64,SmFuZSBEb2U=") == "data:;base64,W05BTUVfMV0=")
    #expect(try encoded("[NAME_1]", like: "data:;base64,SmFu") == "data:;base64,W05BTUVfMV0=")
    #expect(try encoded("~~?", like: "data:;base64,fn4_") == "data:;base64,fn4_")
    #expect(try encoded("[A] é", like: "data:,Jane%20Doe") == "data:,%5BA%5D%20%C3%A9")
  }

  @Test func findsInText() throws {
    let source = bytes(
      "data: x ![a](data:image/png;base64,iVBORw0=) and \"data:;base64,SmFuZSBEb2U\" data:text/plain,no data:"
    )
    var found: [String] = []
    var position = 0
    while let range = DataURL.nextBase64(in: source.span, from: position) {
      found.append(text(Array(source[range])))
      position = range.upperBound
    }
    #expect(found == ["data:image/png;base64,iVBORw0=", "data:;base64,SmFuZSBEb2U"])
  }

  /// Any data comes back in any form, and no text makes it trap.
  @Test func roundTrips() throws {
    var random = SeededGenerator(seed: 2397)
    let heads = [
      "data:,", "data:;base64,", "data:text/plain;charset=utf-8,", "data:application/json;base64,",
      " DATA:text/csv;BASE64,",
    ]
    for length in 0..<200 {
      let plain = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      for head in heads {
        let sample = bytes(head + "SmFuZSBEb2U=")
        let url = try #require(try DataURL(parsing: sample.span))
        var made: [UInt8] = []
        url.encode(plain.span, like: sample.span, into: &made)
        var data: [UInt8] = []
        try #require(try DataURL(parsing: made.span)).decode(made.span, into: &data)
        #expect(data == plain)
      }
      let alphabet = bytes("data:;base64,/=\"% x")
      let noise = bytes("data:") + (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      _ = try? read(text(noise))
      _ = DataURL.nextBase64(in: noise.span)
    }
  }

  /// Beginnings without an end are read once.
  @Test func linear() {
    let hostile = bytes(String(repeating: "data:a/b;base64;", count: 200_000))
    let clock = ContinuousClock()
    var found: Range<Int>?
    let time = clock.measure { found = DataURL.nextBase64(in: hostile.span) }
    #expect(found == nil)
    #expect(time < .seconds(5))
  }
}
