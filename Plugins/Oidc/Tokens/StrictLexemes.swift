/// Whether the strings and numbers of a JSON text are those of RFC 8259: no control character as it is, no escape that
/// is not one, no half of a surrogate pair, no number with a sign or zeros in front. Readers differ in what they make of
/// these, and a token must say the same to all of them.
struct StrictLexemes {
  private let bytes: [UInt8]
  private var position = 0

  static func areKept(in bytes: [UInt8]) -> Bool {
    var lexemes = StrictLexemes(bytes: bytes)
    return lexemes.check()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func check() -> Bool {
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""): guard string() else { return false }
      case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"):
        guard number() else { return false }
      default: position += 1
      }
    }
    return true
  }

  private mutating func string() -> Bool {
    position += 1
    while let byte = next {
      position += 1
      if byte == UInt8(ascii: "\"") { return true }
      if byte < 0x20 { return false }
      if byte == UInt8(ascii: "\\"), !escape() { return false }
    }
    return false
  }

  private mutating func escape() -> Bool {
    guard let byte = next else { return false }
    position += 1
    guard byte == UInt8(ascii: "u") else { return "\"\\/bfnrt".utf8.contains(byte) }
    guard let unit = unit() else { return false }
    switch unit {
    case 0xD800..<0xDC00:
      guard next == UInt8(ascii: "\\") else { return false }
      position += 1
      guard next == UInt8(ascii: "u") else { return false }
      position += 1
      guard let low = self.unit() else { return false }
      return (0xDC00..<0xE000).contains(low)
    case 0xDC00..<0xE000: return false
    default: return true
    }
  }

  private mutating func unit() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    var unit: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    position += 4
    return unit
  }

  private mutating func number() -> Bool {
    if next == UInt8(ascii: "-") { position += 1 }
    let isZero = next == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !isZero || whole == 1 else { return false }
    if next == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { return false }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { return false }
    }
    return true
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }
}
