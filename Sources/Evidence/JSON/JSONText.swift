/// How RFC 8785 writes strings and numbers.
enum JSONText {
  /// The largest integer that every reader of JSON keeps exactly: 2^53.
  static let largestInteger: Int64 = 1 << 53

  /// Appends `text` between quotation marks, escaped as RFC 8785 section 3.2.2.2 has it: only what must be,
  /// in the short form where there is one, else `\u00xx` in lower case.
  static func quote(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + text.count + 2)
    bytes.append(UInt8(ascii: "\""))
    var i = 0
    while i < text.count {
      // The longest run that needs nothing done to it is copied at once.
      var end = i
      while end < text.count, isPlain(text[end]) { end += 1 }
      if end > i {
        append(text.extracting(i..<end), to: &bytes)
        i = end
        continue
      }
      let byte = text[i]
      if byte < 0x80 {
        escape(byte, to: &bytes)
        i += 1
      } else if let length = sequenceLength(text, i) {
        append(text.extracting(i..<i + length), to: &bytes)
        i += length
      } else {
        bytes.append(0xEF)
        bytes.append(0xBF)
        bytes.append(0xBD)
        i += 1
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func append(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
    unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func escape(_ byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    default:
      bytes.append(UInt8(ascii: "u"))
      bytes.append(UInt8(ascii: "0"))
      bytes.append(UInt8(ascii: "0"))
      Hexadecimal.append([byte], to: &bytes)
    }
  }

  /// How long the well-formed UTF-8 sequence at `i` is (Unicode table 3-7), or nil.
  static func sequenceLength(_ text: Span<UInt8>, _ i: Int) -> Int? {
    func continues(_ at: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
      at < text.count && text[at] >= low && text[at] <= high
    }
    switch text[i] {
    case 0xC2...0xDF: return continues(i + 1) ? 2 : nil
    case 0xE0: return continues(i + 1, 0xA0) && continues(i + 2) ? 3 : nil
    case 0xED: return continues(i + 1, 0x80, 0x9F) && continues(i + 2) ? 3 : nil
    case 0xE1...0xEF: return continues(i + 1) && continues(i + 2) ? 3 : nil
    case 0xF0: return continues(i + 1, 0x90) && continues(i + 2) && continues(i + 3) ? 4 : nil
    case 0xF1...0xF3: return continues(i + 1) && continues(i + 2) && continues(i + 3) ? 4 : nil
    case 0xF4: return continues(i + 1, 0x80, 0x8F) && continues(i + 2) && continues(i + 3) ? 4 : nil
    default: return nil
    }
  }

  static func integer(_ value: some BinaryInteger, to bytes: inout [UInt8]) {
    let clamped = max(-largestInteger, min(largestInteger, Int64(clamping: value)))
    if clamped < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = clamped.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// The number `value` / 10000 in ECMAScript's form: no trailing zero, no exponent at this size.
  static func decimal(tenThousandths value: Int, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: 10_000)
    integer(whole, to: &bytes)
    guard fraction > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    var rest = fraction
    var scale: UInt = 1000
    while rest > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest / scale))
      rest %= scale
      scale /= 10
    }
  }
}
