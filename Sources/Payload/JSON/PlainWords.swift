/// What may pass unread because no value of a person's can be in it.
public enum PlainWords {
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

  /// Whether a string is a plain word or id, as ``Treatment/token`` has it: nothing in it that a number of a person's,
  /// an address of a network or a label with its value could be.
  static func isToken(_ text: Span<UInt8>) -> Bool {
    guard isWord(text) else { return false }
    var digits = 0
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): digits = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        if digits == 6 { return false }
      case UInt8(ascii: ":"), UInt8(ascii: "/"): return false
      case UInt8(ascii: "."):
        if index > 1, index + 1 < text.count, isDigit(text[index - 1]), isDigit(text[index + 1]), digits > 2 {
          return false
        }
      default: continue
      }
    }
    return true
  }

  /// Whether a string is letters, digits and `-_.:/`, without seven digits that no letter parts: what may stand in
  /// an address, where it is scanned besides.
  static func isWord(_ text: Span<UInt8>) -> Bool {
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

  /// Whether a string is a plain word or id, in which a date of this century's second quarter and later, as versions
  /// have it, counts for nothing: `2024-10-21-preview`, `gpt-4o-2024-08-06`.
  static func isName(_ text: Span<UInt8>) -> Bool {
    guard text.count <= 128 else { return false }
    var rest: [UInt8] = []
    var position = 0
    while position < text.count {
      if position == 0 || !isDigit(text[position - 1]), let length = versionDate(text, at: position) {
        rest.append(UInt8(ascii: "v"))
        position += length
      } else {
        rest.append(text[position])
        position += 1
      }
    }
    return isWord(rest.span)
  }

  /// Whether a text is a long id that a machine has made, behind its prefix: `resp_67ccd2bed1ec8190b14f`.
  static func isPrefixedID(_ text: Span<UInt8>) -> Bool {
    var position = 0
    while position < text.count, (0x61...0x7A).contains(text[position] | 0x20) { position += 1 }
    guard 2...12 ~= position, position < text.count,
      text[position] == UInt8(ascii: "_") || text[position] == UInt8(ascii: "-")
    else { return false }
    return isMadeID(text.extracting((position + 1)...))
  }

  /// Whether what follows an id's prefix, such as `resp_`, is a long id that a machine has made.
  private static func isMadeID(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 16, text.count <= 128 else { return false }
    var letters = 0
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): letters += 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"): continue
      default: return false
      }
    }
    return letters > 0
  }

  /// Whether a text is a UUID (RFC 9562, 4).
  static func isUUID(_ text: Span<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    for index in text.indices {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard text[index] == UInt8(ascii: "-") else { return false }
      } else {
        switch text[index] {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          continue
        default: return false
        }
      }
    }
    return true
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// The length of a date from 2020 to 2039, `YYYY-MM-DD` or `YYYYMMDD`, that no digit follows; nil where there is none.
  private static func versionDate(_ text: Span<UInt8>, at start: Int) -> Int? {
    guard start + 8 <= text.count, text[start] == 0x32, text[start + 1] == 0x30,
      text[start + 2] == 0x32 || text[start + 2] == 0x33
    else { return nil }
    let hyphens = text[start + 4] == UInt8(ascii: "-") ? 1 : 0
    let length = 8 + 2 * hyphens
    guard start + length <= text.count, hyphens == 0 || text[start + 7] == UInt8(ascii: "-"),
      start + length == text.count || !isDigit(text[start + length]), isDigit(text[start + 3])
    else { return nil }
    func number(_ place: Int) -> Int? {
      guard isDigit(text[place]), isDigit(text[place + 1]) else { return nil }
      return Int(text[place] - 0x30) * 10 + Int(text[place + 1] - 0x30)
    }
    guard let month = number(start + 4 + hyphens), let day = number(start + 6 + 2 * hyphens),
      1...12 ~= month, 1...31 ~= day
    else { return nil }
    return length
  }

  /// Whether a string is a date and a time of day (RFC 3339, 5.6).
  public static func isTimestamp(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 20, text.count <= 35, text[10] == UInt8(ascii: "T") else { return false }
    let shape: StaticString = "dddd-dd-ddTdd:dd:dd"
    let fits = shape.withUTF8Buffer { shape in
      for index in shape.indices {
        let isDigit = text[index] >= 0x30 && text[index] <= 0x39
        let expected = unsafe shape[index]
        guard expected == UInt8(ascii: "d") ? isDigit : text[index] == expected else { return false }
      }
      return true
    }
    guard fits else { return false }
    for index in 19..<text.count {
      switch text[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: ":"), UInt8(ascii: "Z"):
        continue
      default: return false
      }
    }
    return true
  }

  /// Whether a header field's value names versions, parted by commas.
  public static func isVersions(_ value: String) -> Bool {
    value.utf8.count <= 512
      && value.utf8.split(whereSeparator: { ", ".utf8.contains($0) }).allSatisfy { isName(Array($0).span) }
  }

  /// Whether a header field's value is words and ids alone, parted by commas, semicolons and equals signs: what may
  /// pass unread in a field that nothing is known of.
  public static func isFieldValue(_ value: String) -> Bool {
    guard value.utf8.count <= 256 else { return false }
    return value.utf8.split(whereSeparator: { ",;= ".utf8.contains($0) }).count <= 8
      && !value.utf8.contains(UInt8(ascii: " "))
      && value.utf8.split(whereSeparator: { ",;=".utf8.contains($0) }).allSatisfy {
        isToken(Array($0).span)
      }
  }

  /// Whether a string is base64 (RFC 4648, 4 or 5), and too long to be a word or a name.
  static func isBase64(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 64, isBase64(text, from: 0, escapesSlashes: false) else { return false }
    // Chance makes no nine digits in a row; a person does.
    var digits = 0
    for index in text.indices {
      if isDigit(text[index]) {
        digits += 1
        if digits == 9 { return false }
      } else if !"-_/+=".utf8.contains(text[index]) {
        digits = 0
      }
    }
    return true
  }

  /// Whether a text has characters of base64 alone.
  static func isBase64Alphabet(_ text: Span<UInt8>) -> Bool {
    !text.isEmpty && isBase64(text, from: 0, escapesSlashes: false)
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
