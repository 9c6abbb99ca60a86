/// What may pass unread because no value of a person's can be in it.
enum PlainWords {
  /// Whether a member's name is a plain identifier.
  static func isIdentifier(_ name: Span<UInt8>) -> Bool {
    guard name.count <= 48 else { return false }
    var digits = 0
    for index in name.indices {
      switch name[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "$"):
        continue
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      default: return false
      }
    }
    return digits < 5
  }

  /// Whether a text may be a JSON object or array: by the first and the last byte that are no white space.
  static func mayBeJSON(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 4 else { return false }
    var first = 0
    while first < text.count, text[first] <= 0x20 { first &+= 1 }
    guard first < text.count else { return false }
    let close: UInt8
    switch text[first] {
    case UInt8(ascii: "{"): close = UInt8(ascii: "}")
    case UInt8(ascii: "["): close = UInt8(ascii: "]")
    default: return false
    }
    var last = text.count - 1
    while last > first, text[last] <= 0x20 { last &-= 1 }
    return text[last] == close
  }

  /// Whether a string is a plain word or id, as ``Treatment/token`` has it.
  static func isToken(_ text: Span<UInt8>) -> Bool {
    guard text.count <= 128 else { return false }
    var digits = 0
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): digits = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        if digits == 7 { return false }
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"):
        continue
      default: return false
      }
    }
    return true
  }

  /// Whether a string is base64 (RFC 4648, 4 or 5), and too long to be a word or a name.
  static func isBase64(_ text: Span<UInt8>) -> Bool {
    text.count >= 64 && isBase64(text, from: 0, escapesSlashes: false)
  }

  /// Whether a string is a base64 `data:` URL (RFC 2397), all of it.
  static func isDataURL(_ text: Span<UInt8>) -> Bool {
    guard text.count > 13, text.extracting(first: 5).isEqual(to: "data:") else { return false }
    for position in 5..<min(text.count - 7, 256) where text[position] == UInt8(ascii: ";") {
      if text.extracting(position..<position + 8).isEqual(to: ";base64,") {
        return isBase64(text, from: position + 8, escapesSlashes: true)
      }
    }
    return false
  }

  /// JSON may write a slash as `\/`.
  private static func isBase64(_ text: Span<UInt8>, from start: Int, escapesSlashes: Bool) -> Bool {
    for index in start..<text.count {
      switch text[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "="):
        continue
      case UInt8(ascii: "\\") where escapesSlashes: continue
      default: return false
      }
    }
    return true
  }
}
