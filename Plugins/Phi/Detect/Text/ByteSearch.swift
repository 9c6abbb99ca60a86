internal import Glibc

/// Looks for bytes eight and more at a time.
enum ByteSearch {
  /// Where the next byte stands that does not mean itself alone: none of ASCII, or one that may begin an escape; the text's
  /// end where there is none.
  static func endOfPlain(_ text: Span<UInt8>, from start: Int) -> Int {
    let bytes = unsafe text.bytes
    var position = start
    while position + 8 <= text.count {
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
      let special =
        word | zeroes(word ^ all(UInt8(ascii: "\\"))) | zeroes(word ^ all(UInt8(ascii: "%")))
        | zeroes(word ^ all(UInt8(ascii: "&")))
      if special & 0x8080_8080_8080_8080 != 0 { break }
      position &+= 8
    }
    while position < text.count, text[position] < 0x80, !Escape.isStart(text[position]) { position += 1 }
    return position
  }

  @inline(__always)
  private static func all(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// Has a byte's highest bit where a byte is zero; above the first such one, it may err.
  @inline(__always)
  private static func zeroes(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word }

  /// Where a byte stands next in a range; its end where it does not.
  static func next(_ wanted: UInt8, in text: Span<UInt8>, _ range: Range<Int>) -> Int {
    guard !range.isEmpty else { return range.upperBound }
    return unsafe text.extracting(range).withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = unsafe memchr(base, Int32(wanted), bytes.count) else {
        return range.upperBound
      }
      return unsafe range.lowerBound + (UnsafeRawPointer(found) - base)
    }
  }
}
