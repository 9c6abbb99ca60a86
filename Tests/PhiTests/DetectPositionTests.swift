import FilterHarness
import Testing

/// Where a value stands in a text, and how long the text is, changes nothing: Vectorscan 5.4.9 is known to overlook
/// matches in the last bytes of a buffer.
@Suite struct DetectPositionTests {
  private static let values = [
    "MaureenThibault@rhyta.com", "536-22-8719", "(217) 555-0143", "217-555-0143", "03/14/1961", "2025-11-12",
    "November 12, 2025", "12 Nov 2025", "42 Oak Street", "203.0.113.7", "00:1A:2B:3C:4D:5E",
    "4111 1111 1111 1111",
    "DE89370400440532013000", "1EG4-TE5-MK73", "1HGCM82633A004352", "AKIAIOSFODNN7EXAMPLE",
    "sk-proj-abcdefghijklmnopqrstuvwx", "https://emr.example.org/patient/12345", "Springfield, IL 62704",
    "2001:db8:85a3:0:0:8a2e:370:7334", "2001:db8:0:1::17", "Margaret Holloway",
  ]
  private static let filler =
    "so cc 4532867250822690 was seen with the plan that went on for a while on my line "

  @Test(arguments: values)
  func isFoundAnywhere(_ value: String) throws {
    let detector = unsafe try standardDetector.get()
    let filler = Array(String(repeating: Self.filler, count: 4).utf8)
    for before in stride(from: 0, through: 200, by: 3) {
      for after in ["", "?", " ok", ". and then more"] {
        let bytes = filler.prefix(before) + Array(" \(value)\(after)".utf8)
        let start = before + 1
        let range = start..<start + value.utf8.count
        let found = try detector.detect([Array(bytes)]).findings
        #expect(
          range.allSatisfy { byte in
            found.contains { $0.range.contains(byte) } || " ,-/.:?".utf8.contains(bytes[byte])
              || value.hasPrefix("Springfield")
          }, "\(before) bytes before, '\(after)' behind")
      }
    }
  }

  /// What takes long for one text, or throws, would stop traffic: cost and findings stay bounded.
  @Test(arguments: [
    "@", "a@a.aa", "://", "http://a.b/c", "password=", "1", "1-", "+1", "aa:", "A", "John Smith ", "Smith, ",
    "mrn:",
    "may 1 ", " st", "1 a b c d st", "-----BEGIN PRIVATE KEY-----", "\\\"", "\u{200B}", "é", "\u{0}", "1.1.",
    "eyJaaaaaaaaaa.",
  ])
  func repetitionIsTaken(_ unit: String) throws {
    let detector = unsafe try standardDetector.get()
    let text = Array(String(repeating: unit, count: 4096 / unit.utf8.count).utf8)
    let whole = try detector.detect([text])
    #expect(whole.findings.count <= text.count)
    let pieces = stride(from: 0, to: text.count, by: 97).map { Array(text[$0..<min($0 + 97, text.count)]) }
    let split = try detector.detect(pieces)
    #expect(Set(split.findings) == Set(whole.findings))
    var fed = 0
    for (piece, safe) in zip(pieces, split.safe) {
      fed += piece.count
      #expect(UInt64(fed) - safe <= detector.maximumHold)
    }
  }

  @Test func anyBytesAreTaken() throws {
    var random = SeededGenerator(seed: 11)
    let detector = unsafe try standardDetector.get()
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 1...300, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      let whole = Set(try detector.detect([bytes]).findings)
      let cut = Int.random(in: 0...bytes.count, using: &random)
      #expect(Set(try detector.detect([Array(bytes[..<cut]), Array(bytes[cut...])]).findings) == whole)
    }
  }
}
