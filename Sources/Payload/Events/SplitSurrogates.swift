/// A character beyond U+FFFF whose two escapes (`\ud83d`, `\ude00`) come in two pieces of a text: the first half
/// is kept back until the second is here.
struct SplitSurrogates {
  /// The first half that waits for the second.
  private var high: UInt16?

  /// Whether a piece may pass as it is decoded: the usual case.
  @inline(__always)
  func isPlain(_ raw: Span<UInt8>) -> Bool { high == nil && Self.trailingHigh(raw) == nil }

  /// Appends what a piece, `raw` between its quotes, adds to the text.
  mutating func join(_ raw: Span<UInt8>, into text: inout [UInt8]) {
    var raw = raw
    if let high, raw.count > 0 {
      if raw.count >= 6, raw[0] == UInt8(ascii: "\\"), raw[1] == UInt8(ascii: "u"),
        let low = StringEscapes.codeUnit(raw, at: 2), low & 0xFC00 == 0xDC00,
        let scalar = Unicode.Scalar(0x10000 + (UInt32(high) & 0x3FF) << 10 + UInt32(low) & 0x3FF)
      {
        StringEscapes.append(scalar, to: &text)
        raw = raw.extracting(6..<raw.count)
      } else {
        StringEscapes.append("\u{FFFD}", to: &text)
      }
      self.high = nil
    }
    if let trailing = Self.trailingHigh(raw) {
      high = trailing
      raw = raw.extracting(0..<raw.count - 6)
    }
    StringEscapes.decode(raw, into: &text)
  }

  /// The text ends: appends U+FFFD for a half that has found no other.
  mutating func end(into text: inout [UInt8]) {
    if high != nil { StringEscapes.append("\u{FFFD}", to: &text) }
    high = nil
  }

  /// The first half of a pair with which a piece ends.
  private static func trailingHigh(_ raw: Span<UInt8>) -> UInt16? {
    guard raw.count >= 6, raw[raw.count - 5] == UInt8(ascii: "u"), raw[raw.count - 6] == UInt8(ascii: "\\"),
      let unit = StringEscapes.codeUnit(raw, at: raw.count - 4), unit & 0xFC00 == 0xD800
    else { return nil }
    // The backslash begins an escape where an even number of others stands before it.
    var before = raw.count - 6
    while before > 0, raw[before - 1] == UInt8(ascii: "\\") { before -= 1 }
    return (raw.count - 6 - before) % 2 == 0 ? unit : nil
  }
}
