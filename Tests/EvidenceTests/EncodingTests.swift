import Foundation
import Testing

@testable import Evidence

@Suite struct EncodingTests {
  @Test func crc32cOfTheStandardsExamples() {
    // RFC 3720 appendix B.4.
    #expect(crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(crc32c((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(crc32c(Array("123456789".utf8)) == 0xE306_9283)
  }

  @Test func base64AgreesWithFoundation() {
    var generator = Seeded(3)
    for count in 0..<100 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let text = Base64.string(bytes)
      #expect(text == Data(bytes).base64EncodedString())
      #expect(Base64.decode(text.utf8) == bytes)
    }
    for bad in ["A", "AA", "AA=", "AA==AA==", "A===", "AB==", "AAB=", "A A=", "====", "AAA\n"] {
      #expect(Base64.decode(Array(bad.utf8)) == nil, "\(bad)")
    }
  }

  @Test func timesAgreeWithFoundation() throws {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
    var generator = Seeded(11)
    for _ in 0..<2000 {
      let seconds = UInt64.random(in: 0..<16_000_000_000, using: &generator)
      let nanoseconds = UInt64.random(in: 0..<1_000_000_000, using: &generator)
      var text: [UInt8] = []
      Timestamp.append(seconds * 1_000_000_000 + nanoseconds, to: &text)
      let expected = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
      #expect(String(decoding: text, as: UTF8.self) == expected + String(format: ".%09dZ", Int(nanoseconds)))
      #expect(time(text) == seconds * 1_000_000_000 + nanoseconds)
    }
    for bad in [
      "2026-02-29T00:00:00.000000000Z", "2026-13-01T00:00:00.000000000Z", "2026-01-01T24:00:00.000000000Z",
      "2026-01-01 00:00:00.000000000Z", "2026-01-01T00:00:00.00000000Z", "1969-01-01T00:00:00.000000000Z",
    ] { #expect(time(bad.utf8) == nil, "\(bad)") }
  }

  @Test func segmentHeadersComeBackAndChangesAreNoticed() throws {
    let hasher = try Hasher256()
    var frontier = MerkleFrontier()
    for number in 0..<1000 { frontier.append(leaf([UInt8(number % 256)], hasher), hasher) }
    let log = try #require(LogIdentifier(text: "000102030405060708090a0b0c0d0e0f"))
    let header = SegmentHeader(log: log, created: 1_764_000_000_123_456_789, frontier: frontier)
    let bytes = header.encode()
    #expect(bytes.count == 4096)
    #expect(SegmentHeader(bytes) == header)
    for index in Array(0..<420) + Array(stride(from: 420, to: 4096, by: 61)) {
      var altered = bytes
      altered[index] ^= 1
      #expect(SegmentHeader(altered) == nil, "byte \(index)")
    }
  }

  @Test func segmentNames() {
    #expect(SegmentName(firstSequence: 4711).text == "segment-00000000000000004711.log")
    #expect(SegmentName("segment-00000000000000004711.log")?.firstSequence == 4711)
    for bad in [
      "segment-4711.log", "segment-0000000000000000471x.log", "segment-+0000000000000004711.log",
      "segment.spare",
    ] {
      #expect(SegmentName(bad) == nil, "\(bad)")
    }
  }
}
