/// The one place that reads several bytes at a time: finds where plain ASCII text ends.
///
/// The loads are checked by the loop's own bound, which the compiler can't see.
enum ByteScanner {
  /// Up to eight bytes from `start` on as a number, the first one lowest; zeros for those that are missing.
  @inline(__always)
  static func word(_ bytes: Span<UInt8>, from start: Int) -> UInt64 {
    if start &+ 8 <= bytes.count {
      let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self)
      return UInt64(littleEndian: word)
    }
    var word: UInt64 = 0
    var position = bytes.count
    while position > start {
      position &-= 1
      word = word << 8 | UInt64(bytes[position])
    }
    return word
  }

  /// The first position from `start` on whose byte is a quote, a backslash, a control or not ASCII; or the end.
  @inline(__always)
  static func endOfPlainText(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var position = start
    let raw = unsafe bytes.bytes
    while position &+ 8 <= bytes.count {
      let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self)
      let special = specials(word)
      if special != 0 { return position &+ special.trailingZeroBitCount >> 3 }
      position &+= 8
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x80 { break }
      position &+= 1
    }
    return position
  }

  /// The first position from `start` on that holds a backslash; or the end.
  @inline(__always)
  static func backslash(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var position = start
    let raw = unsafe bytes.bytes
    while position &+ 8 <= bytes.count {
      let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self)
      let other = word ^ 0x5C5C_5C5C_5C5C_5C5C
      let found = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
      if found != 0 { return position &+ found.trailingZeroBitCount >> 3 }
      position &+= 8
    }
    while position < bytes.count, bytes[position] != 0x5C { position &+= 1 }
    return position
  }

  /// The top bit of each byte that is special. A byte above a special one may be marked wrongly, as borrows
  /// travel upwards; the lowest mark is always right, and only it is used.
  @inline(__always)
  private static func specials(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let isQuote = (quote &- ones) & ~quote
    let isBackslash = (backslash &- ones) & ~backslash
    let isControl = (word &- ones &* 0x20) & ~word
    return (isQuote | isBackslash | isControl | word) & tops
  }

  /// The length of the well-formed UTF-8 sequence (Unicode 15, table 3-7) that begins at `position` with a
  /// byte that is not ASCII; 0 where it is malformed.
  static func sequenceLength(_ bytes: Span<UInt8>, at position: Int) -> Int {
    func continuation(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      position + offset < bytes.count && range.contains(bytes[position + offset])
    }
    switch bytes[position] {
    case 0xC2...0xDF: return continuation(1) ? 2 : 0
    case 0xE0: return continuation(1, 0xA0...0xBF) && continuation(2) ? 3 : 0
    case 0xE1...0xEC, 0xEE...0xEF: return continuation(1) && continuation(2) ? 3 : 0
    case 0xED: return continuation(1, 0x80...0x9F) && continuation(2) ? 3 : 0
    case 0xF0: return continuation(1, 0x90...0xBF) && continuation(2) && continuation(3) ? 4 : 0
    case 0xF1...0xF3: return continuation(1) && continuation(2) && continuation(3) ? 4 : 0
    case 0xF4: return continuation(1, 0x80...0x8F) && continuation(2) && continuation(3) ? 4 : 0
    default: return 0
    }
  }
}
