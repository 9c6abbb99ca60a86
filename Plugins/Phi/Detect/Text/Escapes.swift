/// A sign that is written in another notation: JSON's and programs' escapes (RFC 8259, 7), percent escapes of URIs
/// (RFC 3986, 2.1), and the character references of HTML and XML.
///
/// Text that is quoted inside text is often escaped again each time, so the sign that begins an escape may itself be
/// escaped: `\\\"`, `%2541`, `&amp;#65;`.
enum Escape {
  /// More bytes than this are no escape.
  static let longest = 20

  enum Reading {
    /// The bytes mean themselves.
    case none
    /// What comes decides.
    case incomplete
    case scalar(UInt32, length: Int)
  }

  @inline(__always)
  static func isStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "&")
  }

  /// The escape that begins at a position. ``Reading/incomplete`` only where the text ends before it is decided.
  static func read(_ text: Span<UInt8>, at start: Int) -> Reading {
    var cursor = Cursor(text: text, start: start)
    let reading: Reading =
      switch text[start] {
      case UInt8(ascii: "\\"): backslash(&cursor)
      case UInt8(ascii: "%"): percent(&cursor)
      case UInt8(ascii: "&"): reference(&cursor)
      default: .none
      }
    return cursor.isAtEnd ? .incomplete : reading
  }

  /// Reads on, and remembers whether it came to the text's end.
  private struct Cursor: ~Escapable {
    let text: Span<UInt8>
    let start: Int
    private(set) var position: Int
    private(set) var isAtEnd = false

    @_lifetime(copy text)
    init(text: Span<UInt8>, start: Int) {
      self.text = text
      self.start = start
      position = start + 1
    }

    var length: Int { position - start }

    mutating func peek(_ offset: Int = 0) -> UInt8 {
      guard length + offset < Escape.longest else { return 0 }
      guard position + offset < text.count else {
        isAtEnd = true
        return 0
      }
      return text[position + offset]
    }

    mutating func skip(_ count: Int = 1) { position += count }

    /// Two or four hexadecimal digits from `offset` on.
    mutating func hexadecimal(_ count: Int, from offset: Int = 0) -> UInt32? {
      var value: UInt32 = 0
      for index in 0..<count {
        guard let digit = Escape.hexadecimal(peek(offset + index)) else { return nil }
        value = value << 4 | digit
      }
      return value
    }

  }

  private static func hexadecimal(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// `\n`, `\"`, `\u00e9`, `\ud835\udfce`, with up to four backslashes.
  private static func backslash(_ cursor: inout Cursor) -> Reading {
    while cursor.peek() == UInt8(ascii: "\\"), cursor.length < 4 { cursor.skip() }
    let sign = cursor.peek()
    let scalar: UInt32
    switch sign {
    case UInt8(ascii: "n"), UInt8(ascii: "r"): scalar = 0x0A
    case UInt8(ascii: "t"): scalar = 0x09
    case UInt8(ascii: "b"), UInt8(ascii: "f"): scalar = 0x20
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "/"): scalar = UInt32(sign)
    case UInt8(ascii: "u"): return unicode(&cursor)
    default: return .none
    }
    return .scalar(scalar, length: cursor.length + 1)
  }

  private static func unicode(_ cursor: inout Cursor) -> Reading {
    guard let first = cursor.hexadecimal(4, from: 1) else { return .none }
    cursor.skip(5)
    guard first & 0xF800 == 0xD800 else {
      return first < 0x20 && first != 0x0A && first != 0x0D && first != 0x09
        ? .none : .scalar(first, length: cursor.length)
    }
    guard first < 0xDC00 else { return .none }
    // The second half of a pair.
    var slashes = 0
    while cursor.peek() == UInt8(ascii: "\\"), slashes < 4 {
      cursor.skip()
      slashes += 1
    }
    guard slashes > 0, cursor.peek() == UInt8(ascii: "u"), let second = cursor.hexadecimal(4, from: 1),
      second & 0xFC00 == 0xDC00
    else { return .none }
    cursor.skip(5)
    return .scalar(0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF), length: cursor.length)
  }

  /// `%40`, and `%C3%A9` for one scalar of UTF-8.
  private static func percent(_ cursor: inout Cursor) -> Reading {
    guard let first = escapedByte(&cursor) else { return .none }
    let count: Int
    switch first {
    case 0x09, 0x0A, 0x0D, 0x20..<0x7F: return .scalar(first, length: cursor.length)
    case 0xC2..<0xE0: count = 1
    case 0xE0..<0xF0: count = 2
    case 0xF0..<0xF5: count = 3
    default: return .none
    }
    var scalar = first & (0x3F >> UInt32(count))
    for _ in 0..<count {
      guard cursor.peek() == UInt8(ascii: "%") else { return .none }
      cursor.skip()
      guard let next = escapedByte(&cursor) else { return .none }
      guard next & 0xC0 == 0x80 else { return .none }
      scalar = scalar << 6 | next & 0x3F
    }
    return isScalar(scalar) ? .scalar(scalar, length: cursor.length) : .none
  }

  /// The byte of two hexadecimal digits behind a `%`, which may have been escaped itself.
  private static func escapedByte(_ cursor: inout Cursor) -> UInt32? {
    while cursor.peek() == UInt8(ascii: "2"), cursor.peek(1) == UInt8(ascii: "5"),
      cursor.hexadecimal(2, from: 2) != nil
    { cursor.skip(2) }
    guard let byte = cursor.hexadecimal(2) else { return nil }
    cursor.skip(2)
    return byte
  }

  /// `&amp;`, `&#233;`, `&#xE9;`, `&eacute;`.
  private static func reference(_ cursor: inout Cursor) -> Reading {
    while cursor.peek() == UInt8(ascii: "a"), cursor.peek(1) == UInt8(ascii: "m"),
      cursor.peek(2) == UInt8(ascii: "p"), cursor.peek(3) == UInt8(ascii: ";"),
      isReferenceSign(cursor.peek(4))
    { cursor.skip(4) }
    guard cursor.peek() == UInt8(ascii: "#") else { return named(&cursor) }
    cursor.skip()
    let isHexadecimal = cursor.peek() | 0x20 == UInt8(ascii: "x")
    if isHexadecimal { cursor.skip() }
    var scalar: UInt32 = 0
    var digits = 0
    while let digit = hexadecimal(cursor.peek()), digit < (isHexadecimal ? 16 : 10), digits < 8 {
      scalar = scalar &* (isHexadecimal ? 16 : 10) &+ digit
      digits += 1
      cursor.skip()
    }
    guard digits > 0, cursor.peek() == UInt8(ascii: ";") else { return .none }
    cursor.skip()
    return scalar >= 0x20 && isScalar(scalar) || scalar == 0x0A || scalar == 0x0D || scalar == 0x09
      ? .scalar(scalar, length: cursor.length) : .none
  }

  private static func isReferenceSign(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "#") || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
  }

  private static func named(_ cursor: inout Cursor) -> Reading {
    var name: UInt64 = 0
    var letters = 0
    while letters < 8, isReferenceSign(cursor.peek()), cursor.peek() != UInt8(ascii: "#") {
      name = name << 8 | UInt64(cursor.peek())
      letters += 1
      cursor.skip()
    }
    guard letters > 1, cursor.peek() == UInt8(ascii: ";") else { return .none }
    cursor.skip()
    guard let scalar = NamedReferences.scalar(name) else { return .none }
    return .scalar(scalar, length: cursor.length)
  }

  private static func isScalar(_ value: UInt32) -> Bool {
    value < 0xD800 || value > 0xDFFF && value < 0x110000
  }
}

/// The character references of HTML that stand for letters of names, for spaces, and for signs of identifiers.
enum NamedReferences {
  /// The scalar of a name of at most 8 letters, packed most significant first.
  static func scalar(_ name: UInt64) -> UInt32? { table[name] }

  private static let table: [UInt64: UInt32] = {
    var table: [UInt64: UInt32] = [:]
    for (name, scalar) in signs { table[packed(name)] = scalar }
    // Latin-1 in order, as HTML 4 lists it: U+00C0 to U+00FF.
    for (index, name) in latin.split(separator: " ").enumerated() {
      table[packed(String(name))] = 0xC0 + UInt32(index)
    }
    return table
  }()

  private static func packed(_ name: String) -> UInt64 { name.utf8.reduce(0) { $0 << 8 | UInt64($1) } }

  private static let signs: [(String, UInt32)] = [
    ("amp", 0x26), ("lt", 0x3C), ("gt", 0x3E), ("quot", 0x22), ("apos", 0x27), ("nbsp", 0xA0),
    ("ensp", 0x2002), ("emsp", 0x2003), ("thinsp", 0x2009), ("ndash", 0x2013), ("mdash", 0x2014),
    ("minus", 0x2212), ("hyphen", 0x2010), ("dash", 0x2010), ("lsquo", 0x2018), ("rsquo", 0x2019),
    ("ldquo", 0x201C), ("rdquo", 0x201D), ("laquo", 0xAB), ("raquo", 0xBB), ("bull", 0x2022), ("shy", 0xAD),
    ("zwnj", 0x200C), ("zwj", 0x200D), ("lrm", 0x200E), ("rlm", 0x200F), ("commat", 0x40), ("period", 0x2E),
    ("comma", 0x2C), ("colon", 0x3A), ("sol", 0x2F), ("frasl", 0x2044), ("num", 0x23), ("lpar", 0x28),
    ("rpar", 0x29), ("lowbar", 0x5F), ("plus", 0x2B), ("equals", 0x3D), ("newline", 0x0A), ("NewLine", 0x0A),
    ("Tab", 0x09), ("Scaron", 0x160), ("scaron", 0x161), ("Zcaron", 0x17D), ("zcaron", 0x17E),
    ("OElig", 0x152), ("oelig", 0x153), ("Yuml", 0x178),
  ]

  private static let latin = """
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml \
    ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig \
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml \
    eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
    """
}
