/// Lower-case hexadecimal.
enum Hexadecimal {
  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    for byte in bytes {
      output.append(digit(byte >> 4))
      output.append(digit(byte & 15))
    }
  }

  static func string(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    append(bytes, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// Nil for anything but an even number of lower-case digits.
  static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var output: [UInt8] = []
    var high: UInt8?
    for character in text {
      let value: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = character - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        output.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? output : nil
  }
}

/// Base64 with the standard alphabet and padding (RFC 4648 section 4), as C2SP notes use it.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    var i = 0
    while i < bytes.count {
      let count = min(3, bytes.count - i)
      var group: UInt32 = 0
      for j in 0..<3 { group = group << 8 | (j < count ? UInt32(bytes[i + j]) : 0) }
      for j in 0..<4 {
        output.append(j <= count ? alphabet[Int(group >> (18 - 6 * UInt32(j)) & 63)] : UInt8(ascii: "="))
      }
      i += 3
    }
  }

  static func string(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    append(bytes, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// Nil for anything but the one canonical form.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var output: [UInt8] = []
    var group: UInt32 = 0
    var taken = 0
    var padding = 0
    for character in text {
      group <<= 6
      if character == UInt8(ascii: "=") {
        padding += 1
      } else {
        guard padding == 0, let value = value(of: character) else { return nil }
        group |= value
      }
      taken += 1
      if taken % 4 == 0 {
        guard padding <= 2, padding == 0 || taken == text.count else { return nil }
        output.append(UInt8(group >> 16 & 255))
        if padding < 2 { output.append(UInt8(group >> 8 & 255)) }
        if padding < 1 { output.append(UInt8(group & 255)) }
        // Bits that fall away must be zero, or two texts would mean the same bytes.
        guard padding == 0 || group & (padding == 1 ? 0xff : 0xffff) == 0 else { return nil }
        group = 0
      }
    }
    return output
  }

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

/// CRC-32C (Castagnoli), as in RFC 3720 section 12.1: finds accidents in a frame's header.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    var value = UInt32(byte)
    for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    return value
  }

  static func update(_ state: UInt32, _ bytes: Span<UInt8>) -> UInt32 {
    let table = self.table.span
    var state = state
    for i in bytes.indices { state = state >> 8 ^ table[Int((state ^ UInt32(bytes[i])) & 255)] }
    return state
  }

  static func checksum(_ bytes: Span<UInt8>) -> UInt32 { ~update(~0, bytes) }
}
