/// Eight bytes of a text in one number, the first one lowest: what they are is told of all at once.
struct EightBytes {
  private let bytes: UInt64
  private static let highest: UInt64 = 0x8080_8080_8080_8080

  /// Nil where less than eight bytes are left.
  @inline(__always)
  init?(_ text: Span<UInt8>, at index: Int) {
    guard index >= 0, index &+ 8 <= text.count else { return nil }
    bytes = unsafe UInt64(
      littleEndian: text.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// The highest bit of each byte that is a letter of ASCII.
  @inline(__always)
  private var letters: UInt64 {
    // In lower case and without the highest bit, no byte's sum reaches the next one.
    let plain = (bytes | 0x2020_2020_2020_2020) & ~Self.highest
    let fromA = plain &+ 0x1F1F_1F1F_1F1F_1F1F
    let behindZ = plain &+ 0x0505_0505_0505_0505
    return fromA & ~behindZ & ~bytes & Self.highest
  }

  /// How many bytes stand before the first letter of any alphabet; 8: there is none.
  @inline(__always)
  var countBeforeLetter: Int { (letters | bytes & Self.highest).trailingZeroBitCount >> 3 }

  /// With how many letters of ASCII the bytes begin.
  @inline(__always)
  var countOfLetters: Int { (letters ^ Self.highest).trailingZeroBitCount >> 3 }

  /// The first bytes, and zeros for the others.
  @inline(__always)
  func first(_ count: Int) -> UInt64 { count < 8 ? bytes & (1 << UInt64(count << 3) &- 1) : bytes }

  /// Whether one of the first bytes is a line feed.
  @inline(__always)
  func hasNewline(before count: Int) -> Bool {
    // Above the first zero the difference may err, but not below.
    let other = bytes ^ 0x0A0A_0A0A_0A0A_0A0A
    let zeros = (other &- 0x0101_0101_0101_0101) & ~other & Self.highest
    return zeros.trailingZeroBitCount >> 3 < count
  }
}
