/// Borders of code points in UTF-8 (RFC 3629). In bytes that are no UTF-8 each that belongs to no code point stands
/// alone; so whether an offset is a border is said by the three bytes before it and the one behind it.
enum CodePoints {
  @inline(__always)
  private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  /// How many bytes the code point has that begins with this one.
  @inline(__always)
  private static func length(_ byte: UInt8) -> Int {
    byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
  }

  /// Moves a range outwards to borders. An empty one stays empty.
  static func outward(_ start: Int, _ end: Int, in text: Span<UInt8>) -> Range<Int> {
    let first = floor(start, in: text)
    return start == end ? first..<first : first..<ceiling(end, in: text)
  }

  /// The nearest border at or before an offset.
  static func floor(_ offset: Int, in text: Span<UInt8>) -> Int {
    guard offset < text.count, offset > 0, continues(text[offset]) else { return offset }
    for border in stride(from: offset - 1, through: max(offset - 3, 0), by: -1) where !continues(text[border])
    {
      return border + length(text[border]) > offset ? border : offset
    }
    return offset
  }

  /// The nearest border at or behind an offset.
  static func ceiling(_ offset: Int, in text: Span<UInt8>) -> Int {
    let start = floor(offset, in: text)
    guard start != offset else { return offset }
    var border = offset
    while border < min(start + length(text[start]), text.count), continues(text[border]) { border += 1 }
    return border
  }

  /// How many bytes at the end of a text are the beginning of a code point that has not come whole.
  static func unfinished(_ text: Span<UInt8>) -> Int {
    for count in 1...3 where count <= text.count {
      let byte = text[text.count - count]
      if !continues(byte) { return length(byte) > count ? count : 0 }
    }
    return 0
  }
}
