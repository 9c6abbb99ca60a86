internal import FilterKit

/// Text that stands in a text as base64 (RFC 4648, 4 and 5): `Authorization: Basic …`, secrets of Kubernetes.
/// What is found in it protects the whole run, as a part of it can't be replaced.
struct EncodedText {
  /// Shorter runs hold no value, and longer ones are files: they are not read.
  static let lengths = 16...1024

  private var decoded: [UInt8] = []
  private var normal = NormalText()

  /// The runs of base64's signs that begin in a range, from 15 on. Where each 15th byte is of none, no run is long
  /// enough between.
  static func runs(_ text: Span<UInt8>, _ range: Range<Int>, _ use: (Range<Int>) -> Void) {
    let least = 15
    let isDigit = Self.isDigit
    var position = range.lowerBound
    while position < range.upperBound, position + least <= text.count {
      guard isDigit[Int(text[position + least - 1])] else {
        position += least
        continue
      }
      var start = position + least - 1
      while start > position, isDigit[Int(text[start - 1])] { start -= 1 }
      var end = position + least
      while end < text.count, isDigit[Int(text[end])] { end += 1 }
      // A run that began before the range is not looked at again.
      let isFirst = start > range.lowerBound || start == 0 || !isDigit[Int(text[start - 1])]
      if isFirst, start < range.upperBound { use(start..<end) }
      position = end + 1
    }
  }

  /// The text that a run stands for, in its normal form; nil where it stands for none.
  mutating func text(_ text: Span<UInt8>, _ run: Range<Int>) -> NormalText? {
    guard Self.lengths.contains(run.count), run.count % 4 != 1, decode(text, run) else { return nil }
    normal.removeAll()
    let copy = decoded
    normal.append(copy.span, end: true)
    return normal
  }

  /// Fills ``decoded``; false at the first byte that no text has.
  private mutating func decode(_ text: Span<UInt8>, _ run: Range<Int>) -> Bool {
    decoded.removeAll(keepingCapacity: true)
    var bits: UInt32 = 0
    var count = 0
    var continuation = 0
    for index in run {
      bits = bits << 6 | UInt32(Self.values[Int(text[index])])
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      let byte = UInt8(truncatingIfNeeded: bits >> UInt32(count))
      if continuation > 0 {
        guard byte & 0xC0 == 0x80 else { return false }
        continuation -= 1
      } else if byte >= 0x80 {
        guard byte >= 0xC2, byte < 0xF5 else { return false }
        continuation = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
      } else {
        guard byte >= 0x20 && byte < 0x7F || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
          return false
        }
      }
      decoded.append(byte)
    }
    return true
  }

  private static let isDigit: [Bool] = (0...255).map { Bytes.isJoining($0) || "/-_+".utf8.contains($0) }

  /// The value of each byte; 64: none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 64, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, byte) in alphabet.utf8.enumerated() { values[Int(byte)] = UInt8(value) }
    values[Int(UInt8(ascii: "-"))] = 62
    values[Int(UInt8(ascii: "_"))] = 63
    return values
  }()
}
