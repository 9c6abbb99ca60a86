extension DataURL {
  /// What stands before a data URL's comma (RFC 2397, 3), read byte by byte.
  struct Head {
    var mediaType = 0..<0
    var charset: Range<Int>?
    var isUTF8 = true
    var isBase64 = false
    /// Whether it is as RFC 2397 has it.
    var isWellFormed = true
    /// Whether the word `base64` stands anywhere in it.
    var mentionsBase64 = false

    /// Where the comma stands; nil where the text is no data URL.
    mutating func read(_ text: Span<UInt8>) throws(Failure) -> Int? {
      var position = 0
      while position < text.count, text[position] <= 0x20 { position += 1 }
      guard position + 5 <= text.count,
        text.extracting(position..<position + 5).isEqual(ignoringCaseTo: "data:")
      else { return nil }
      let limit = min(text.count, position + DataURL.maximumHead)
      position += 5
      guard let comma = comma(text, from: position, limit: limit) else {
        // As long as that, and nothing in it that a sentence has: a head that this doesn't read, but others may.
        if limit < text.count, (position..<limit).allSatisfy({ Self.isHeadByte(text[$0]) }) {
          throw Failure(code: .malformedHead, offset: limit)
        }
        return nil
      }
      var start = position
      var isFirst = true
      while start <= comma {
        var end = start
        while end < comma, text[end] != UInt8(ascii: ";") { end += 1 }
        if isBase64 { isWellFormed = false }  // It must be the last.
        if isFirst { readType(text, start..<end) } else { readParameter(text, start..<end) }
        isFirst = false
        start = end + 1
      }
      return comma
    }

    /// Whether a byte may stand between the colon and the comma.
    static func isHeadByte(_ byte: UInt8) -> Bool {
      FieldSyntax.isTokenByte(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ";")
        || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "\"")
    }

    /// The first comma. A quoted one is none to RFC 2397, but is one to browsers: a quote makes the head malformed.
    private mutating func comma(_ text: Span<UInt8>, from start: Int, limit: Int) -> Int? {
      for position in start..<limit {
        if text[position] == UInt8(ascii: ",") { return position }
        if position + 6 <= limit, text[position] | 0x20 == UInt8(ascii: "b"),
          text.extracting(position..<position + 6).isEqual(ignoringCaseTo: "base64")
        {
          mentionsBase64 = true
        }
      }
      return nil
    }

    private mutating func readType(_ text: Span<UInt8>, _ range: Range<Int>) {
      mediaType = range
      guard !range.isEmpty else { return }
      let slash = range.first { text[$0] == UInt8(ascii: "/") } ?? range.upperBound
      guard slash < range.upperBound, isToken(text, range.lowerBound..<slash),
        isToken(text, slash + 1..<range.upperBound)
      else {
        isWellFormed = false
        return
      }
    }

    private mutating func readParameter(_ text: Span<UInt8>, _ range: Range<Int>) {
      if text.extracting(range).isEqual(ignoringCaseTo: "base64") {
        isBase64 = true
        return
      }
      let equals = range.first { text[$0] == UInt8(ascii: "=") } ?? range.upperBound
      guard equals < range.upperBound, isToken(text, range.lowerBound..<equals) else {
        isWellFormed = false
        return
      }
      var value = equals + 1..<range.upperBound
      if value.count >= 2, text[value.lowerBound] == UInt8(ascii: "\""),
        text[value.upperBound - 1] == UInt8(ascii: "\"")
      {
        value = value.lowerBound + 1..<value.upperBound - 1
      }
      guard isToken(text, value) else {
        isWellFormed = false
        return
      }
      guard text.extracting(range.lowerBound..<equals).isEqual(ignoringCaseTo: "charset") else { return }
      if charset != nil { isWellFormed = false }
      charset = value
      let name = text.extracting(value)
      isUTF8 =
        name.isEqual(ignoringCaseTo: "utf-8") || name.isEqual(ignoringCaseTo: "utf8")
        || name.isEqual(ignoringCaseTo: "us-ascii")
    }

    private func isToken(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
      !range.isEmpty && range.allSatisfy { FieldSyntax.isTokenByte(text[$0]) }
    }
  }
}

extension DataURL {
  /// Where the next base64 data URL stands in a text that has more in it, as in Markdown or HTML; nil where there is
  /// none from `start` on. What it gives is to be read with ``init(parsing:)``.
  ///
  /// It ends before the first byte that is neither of base64's alphabets, `=` nor `%`: data that a line end parts
  /// goes on behind it. Linear: no head has a colon in it, so that none is read twice.
  public static func nextBase64(in text: Span<UInt8>, from start: Int = 0) -> Range<Int>? {
    var position = start + 4
    while position < text.count {
      guard text[position] == UInt8(ascii: ":"),
        text.extracting(position - 4..<position).isEqual(ignoringCaseTo: "data")
      else {
        position += 1
        continue
      }
      let scheme = position - 4
      position += 1
      let limit = min(text.count, scheme + maximumHead)
      while position < limit, Head.isHeadByte(text[position]) { position += 1 }
      guard position < limit, text[position] == UInt8(ascii: ","), position - scheme >= 5 + 7,
        text.extracting(position - 7..<position).isEqual(ignoringCaseTo: ";base64")
      else { continue }
      position += 1
      while position < text.count, isDataByte(text[position]) { position += 1 }
      return scheme..<position
    }
    return nil
  }

  private static func isDataByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
      UInt8(ascii: "_"), UInt8(ascii: "="), UInt8(ascii: "%"):
      true
    default: false
    }
  }
}
