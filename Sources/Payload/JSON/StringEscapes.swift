/// JSON's string escapes (RFC 8259, 7), read and written.
enum StringEscapes {
  /// One step of a string's raw text: how many raw bytes, and which scalar they stand for.
  struct Step {
    let rawLength: Int
    let scalar: Unicode.Scalar
  }

  /// The escape at `position`, which holds a backslash. The text has been checked by the walk; an unpaired
  /// surrogate, which JSON's grammar allows, reads as U+FFFD.
  static func step(_ raw: Span<UInt8>, at position: Int) -> Step {
    guard position + 1 < raw.count else { return Step(rawLength: 1, scalar: "\u{FFFD}") }
    switch raw[position + 1] {
    case UInt8(ascii: "n"): return Step(rawLength: 2, scalar: "\n")
    case UInt8(ascii: "t"): return Step(rawLength: 2, scalar: "\t")
    case UInt8(ascii: "r"): return Step(rawLength: 2, scalar: "\r")
    case UInt8(ascii: "b"): return Step(rawLength: 2, scalar: "\u{8}")
    case UInt8(ascii: "f"): return Step(rawLength: 2, scalar: "\u{C}")
    case UInt8(ascii: "u"): return unicode(raw, at: position)
    case let byte where byte < 0x80: return Step(rawLength: 2, scalar: Unicode.Scalar(byte))
    // A character of several bytes: the backslash stands for itself.
    default: return Step(rawLength: 1, scalar: "\\")
    }
  }

  private static func unicode(_ raw: Span<UInt8>, at position: Int) -> Step {
    guard let unit = codeUnit(raw, at: position + 2) else { return Step(rawLength: 2, scalar: "\u{FFFD}") }
    if let scalar = Unicode.Scalar(UInt32(unit)) { return Step(rawLength: 6, scalar: scalar) }
    if unit < 0xDC00, position + 7 < raw.count, raw[position + 6] == UInt8(ascii: "\\"),
      raw[position + 7] == UInt8(ascii: "u"), let low = codeUnit(raw, at: position + 8),
      low & 0xFC00 == 0xDC00,
      let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(low) & 0x3FF)
    {
      return Step(rawLength: 12, scalar: scalar)
    }
    return Step(rawLength: 6, scalar: "\u{FFFD}")
  }

  /// Four hexadecimal digits.
  static func codeUnit(_ raw: Span<UInt8>, at position: Int) -> UInt16? {
    guard position + 4 <= raw.count else { return nil }
    var unit: UInt16 = 0
    for index in position..<position + 4 {
      guard let digit = hexadecimal(raw[index]) else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Appends the text that `raw`, a string between its quotes, stands for. No valid escape is shorter than what
  /// it stands for; one that is none, two bytes or one at the end, becomes U+FFFD, which has three.
  static func decode(_ raw: Span<UInt8>, into text: inout [UInt8]) {
    text.reserveCapacity(text.count + raw.count + 3)
    var position = 0
    while position < raw.count {
      let escape = ByteScanner.backslash(raw, from: position)
      text.append(copying: raw.extracting(position..<escape))
      guard escape < raw.count else { return }
      let step = step(raw, at: escape)
      append(step.scalar, to: &text)
      position = escape + step.rawLength
    }
  }

  static func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
    if scalar.isASCII { return text.append(UInt8(truncatingIfNeeded: scalar.value)) }
    text.append(contentsOf: Unicode.UTF8.encode(scalar) ?? Unicode.UTF8.encodedReplacementCharacter)
  }

  /// Where in `raw` the decoded text's byte `offset` comes from: the raw position of the code point that holds
  /// it. Offsets are asked in ascending order; `cursor` remembers the last one.
  static func rawPosition(of offset: Int, in raw: Span<UInt8>, cursor: inout (decoded: Int, raw: Int)) -> Int
  {
    while cursor.decoded < offset, cursor.raw < raw.count {
      // Up to the next escape, a byte of the text is a byte of the string.
      let escape = ByteScanner.backslash(raw, from: cursor.raw)
      let plain = min(escape - cursor.raw, offset - cursor.decoded)
      cursor.decoded += plain
      cursor.raw += plain
      guard cursor.decoded < offset, cursor.raw < raw.count else { break }
      let step = step(raw, at: cursor.raw)
      let length = Unicode.UTF8.width(step.scalar)
      if cursor.decoded + length > offset { return cursor.raw }
      cursor.decoded += length
      cursor.raw += step.rawLength
    }
    return cursor.raw
  }

  /// Appends `text`, which is UTF-8, as the inside of a JSON string.
  static func encode(_ text: Span<UInt8>, into output: inout [UInt8]) {
    var position = 0
    while position < text.count {
      let start = position
      while position < text.count, !mustEscape(text[position]) { position &+= 1 }
      output.append(copying: text.extracting(start..<position))
      guard position < text.count else { return }
      escape(text[position], into: &output)
      position += 1
    }
  }

  private static func mustEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

  private static func escape(_ byte: UInt8, into output: inout [UInt8]) {
    output.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0..<0x20:
      output.append(contentsOf: "u00".utf8)
      output.append(UInt8(ascii: "0") + byte >> 4)
      let digit = byte & 15
      output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    default: output.append(byte)
    }
  }
}
