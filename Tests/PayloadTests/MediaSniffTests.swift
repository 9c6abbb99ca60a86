import Testing

@testable import Payload

struct MediaSniffTests {
  static let dicom = [UInt8](repeating: 0x41, count: 128) + bytes("DICM")

  @Test(arguments: [
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], MediaFormat.png),
    ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg), (bytes("GIF89a") + [1, 0], .gif), (bytes("GIF87a"), .gif),
    (bytes("RIFF\u{1}\u{2}\u{3}\u{4}WEBPVP8 "), .webp), (bytes("RIFF\u{1}\u{2}\u{3}\u{4}WAVEfmt "), .wav),
    (bytes("%PDF-1.7\n"), .pdf), (bytes("\u{FEFF} \r\n%PDF-1.4"), .pdf),
    (bytes("PK\u{3}\u{4}\u{14}\0word/"), .zip), (bytes("PK\u{5}\u{6}"), .zip), ([0x1F, 0x8B, 8, 0], .gzip),
    (bytes("ID3\u{4}\0\0\0\0\u{1}\u{1}"), .mp3), ([0xFF, 0xFB, 0x90, 0x44], .mp3),
    ([0xFF, 0xF3, 0x40, 0xC0], .mp3),
    (bytes("\0\0\0\u{18}ftypmp42"), .mp4), (bytes("\0\0\0\u{18}ftypM4A "), .mp4),
    (bytes("\0\0\0\u{18}ftypheic"), .heif), (dicom, .dicom), ([0x1A, 0x45, 0xDF, 0xA3], .matroska),
    (bytes("OggS\0"), .ogg), (bytes("fLaC\0"), .flac), (bytes("II*\0"), .tiff),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .ole),
  ])
  func formats(_ bytes: [UInt8], _ format: MediaFormat) {
    #expect(MediaSniff.kind(of: bytes.span) == .binary(format))
    #expect(MediaSniff.verdict(claimed: .text, bytes.span) == .disguised(format))
    #expect(MediaSniff.verdict(claimed: .other, bytes.span) == .binary(format))
  }

  @Test(arguments: [
    "Jane Doe", "{\"a\": \"é患者😀\"}\r\n", "\u{FEFF}name,born\n", "GIF is a format", "RIFF or not", "PK", "ID3",
    "ID3 tags are 10 bytes", "BM", "\u{1B}[31mred\u{1B}[0m", "a\tb\u{C}", "%PD", "OggS and fLaC", "MM",
    String(repeating: "x", count: 128) + "DIC", "1234ftypmp42",
  ])
  func texts(_ text: String) {
    #expect(MediaSniff.kind(of: bytes(text).span) == .text(.utf8))
    #expect(MediaSniff.verdict(claimed: .image, bytes(text).span) == .text(.utf8))
  }

  @Test(
    arguments: [
      bytes("Jane\0Doe"), [0xC3, 0x28], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80],
      bytes("ab") + [0xE6, 0x82], bytes("\u{1}\u{2}\u{3}"), bytes("a\u{7F}b"),
      [0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0],
      [0xFF, 0xFE, 0x41], [0xFE, 0xFF, 0xD8, 0x00, 0x00, 0x41], [0xFE, 0xFF, 0xDC, 0x00],
      [0xFE, 0xFF, 0xD8, 0x00],
      [0, 0, 0xFE, 0xFF], [0xFF], bytes(String(repeating: "a\u{1}", count: 200)),
    ] as [[UInt8]])
  func unknownBinaries(_ bytes: [UInt8]) {
    #expect(MediaSniff.kind(of: bytes.span) == .binary(nil))
    #expect(MediaSniff.verdict(claimed: .text, bytes.span) == .disguised(nil))
  }

  @Test func utf16() {
    let units = Array("Jane 😀".utf16)
    let little: [UInt8] =
      [0xFF, 0xFE] + units.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    let big: [UInt8] =
      [0xFE, 0xFF] + units.flatMap { unit -> [UInt8] in [UInt8(unit >> 8), UInt8(unit & 0xFF)] }
    #expect(MediaSniff.kind(of: little.span) == .text(.utf16LittleEndian))
    #expect(MediaSniff.kind(of: big.span) == .text(.utf16BigEndian))
    // One NUL is one too many, in however long a text.
    let long = little + [0, 0] + (0..<400).flatMap { _ -> [UInt8] in [0x61, 0] }
    #expect(MediaSniff.kind(of: long.span) == .binary(nil))
    // Without a mark it has NULs.
    #expect(MediaSniff.kind(of: little.span.extracting(2..<little.count)) == .binary(nil))
  }

  @Test func emptyIsText() {
    let none: [UInt8] = []
    #expect(MediaSniff.kind(of: none.span) == .empty)
    #expect(MediaSniff.verdict(claimed: .image, none.span) == .text(.utf8))
  }

  /// A window may end inside any code point; the bytes may not.
  @Test func windows() {
    let text = bytes("aé患😀\u{10FFFF}\u{D7FF}\u{E000}\u{800}\u{10000}zz")
    for window in 4...text.count {
      #expect(MediaSniff.kind(of: text.span, window: window) == .text(.utf8))
      let cut = MediaSniff.kind(of: text.span.extracting(0..<window))
      let isWhole = window == text.count || text[window] & 0xC0 != 0x80
      #expect(cut == (isWhole ? .text(.utf8) : .binary(nil)))
    }
    let late = [UInt8](repeating: 0x61, count: 10_000) + [0]
    #expect(MediaSniff.kind(of: late.span) == .text(.utf8))
    #expect(MediaSniff.kind(of: late.span, window: .max) == .binary(nil))
  }

  /// The fast way and the slow way agree with Swift's own decoder.
  @Test func agreesWithSwift() {
    var random = SeededGenerator(seed: 3629)
    let pieces: [[UInt8]] = [
      bytes("plain text "), bytes("é"), bytes("😀"), [0xE2, 0x82], [0x80], bytes("\n"), [0xED, 0xA0, 0x80],
      bytes("患"),
    ]
    for _ in 0..<2000 {
      let sample = (0..<Int.random(in: 1...6, using: &random)).flatMap { _ in
        pieces.randomElement(using: &random) ?? []
      }
      let isValid = String(validating: sample, as: UTF8.self) != nil
      #expect(MediaSniff.kind(of: sample.span) == (isValid ? .text(.utf8) : .binary(nil)))
    }
  }

  @Test(arguments: [
    ("text/plain", MediaClass.text), ("TEXT/Markdown; charset=utf-8", .text), ("application/json", .text),
    ("application/fhir+json", .text), ("application/vnd.api+JSON", .text), ("application/xml", .text),
    ("application/yaml", .text), ("application/sql", .text), ("text/csv", .text),
    ("application/javascript", .text),
    ("image/svg+xml", .text), ("image/png", .image), ("audio/mpeg", .audio), ("video/mp4", .video),
    ("application/pdf", .pdf), ("application/zip", .other), ("application/octet-stream", .other),
    ("", .other),
    ("text", .other), ("/plain", .other), ("text/", .other), ("multipart/form-data", .other),
    ("application/xjson", .other), ("application/+json", .other), ("textual/plain", .other),
    ("text/" + String(repeating: "a", count: 300), .other),
  ])
  func classes(_ type: String, _ mediaClass: MediaClass) {
    #expect(MediaClass(mediaType: bytes(type).span) == mediaClass)
  }
}
