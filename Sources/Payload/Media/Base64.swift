/// Base64 (RFC 4648, 4 and 5), read strictly and written.
///
/// One text stands for one row of bytes and the other way round, as far as the options allow: bits that nothing
/// uses must be zero (3.5), and a character outside the alphabet is an error (3.3).
public enum Base64 {
  /// Which characters stand for 62 and 63.
  public enum Alphabet: Sendable, Equatable {
    /// `+` and `/` (4).
    case standard
    /// `-` and `_` (5).
    case url
  }

  /// Whether `=` fills up the last group (3.2).
  public enum Padding: Sendable, Equatable {
    case required, forbidden
    /// With or without; but never a part of it.
    case optional
  }

  /// What is done with space, tab, line feed, form feed and carriage return, which MIME and browsers let stand.
  public enum WhiteSpace: Sendable, Equatable {
    case refused, skipped
    /// Line feeds and carriage returns are skipped, as MIME's lines need (RFC 2045, 6.8); others are refused, so that
    /// words behind a text's base64 don't pass as more of it.
    case lineEndsSkipped
  }

  /// Why a text is no base64, and where. Never what it says.
  public struct Failure: Error, Sendable, Equatable {
    /// A stable word for programs.
    public enum Code: String, Sendable {
      case invalidCharacter = "base64_character"
      case invalidPadding = "base64_padding"
      /// One character is left over: six bits are no byte.
      case invalidLength = "base64_length"
      /// Bits that nothing uses are not zero.
      case trailingBits = "base64_trailing_bits"
    }

    public let code: Code
    /// In bytes, from 0.
    public let offset: Int
  }

  /// Appends the bytes that a text stands for: at most three for every four of its own. Where it throws,
  /// `output` is as it was.
  public static func decode(
    _ text: Span<UInt8>, alphabet: Alphabet = .standard, padding: Padding = .required,
    whiteSpace: WhiteSpace = .refused, into output: inout [UInt8]
  ) throws(Failure) {
    let start = output.count
    let values = alphabet == .standard ? standardValues : urlValues
    output.append(contentsOf: repeatElement(0, count: text.count / 4 * 3 + 3))
    var next = start
    do throws(Failure) {
      var room = output.mutableSpan
      try decode(
        text, values: values.span, padding: padding, whiteSpace: whiteSpace, into: &room, at: &next)
    } catch {
      output.removeSubrange(start...)
      throw error
    }
    output.removeSubrange(next...)
  }

  /// Reads a text into `output`, which has room for all of it, from `next` on.
  private static func decode(
    _ text: Span<UInt8>, values: Span<UInt8>, padding: Padding, whiteSpace: WhiteSpace,
    into output: inout MutableSpan<UInt8>, at next: inout Int
  ) throws(Failure) {
    var position = 0
    // What of a group has been read: its characters, and their bits.
    var count = 0
    var bits: UInt32 = 0
    while position < text.count {
      if count == 0 {
        wholeGroups(text, &position, values, into: &output, at: &next)
        guard position < text.count else { return }
      }
      let value = values[Int(text[position])]
      if value < 0x40 {
        bits = bits << 6 | UInt32(value)
        count += 1
        if count == 4 {
          put(bits, 3, into: &output, at: &next)
          (count, bits) = (0, 0)
        }
      } else if value == Self.padding {
        guard padding != .forbidden else { throw Failure(code: .invalidPadding, offset: position) }
        try endPadding(text, from: position, group: count, values: values, whiteSpace: whiteSpace)
        return try end(bits: bits, group: count, at: position, into: &output, at: &next)
      } else if !skips(value, whiteSpace) {
        throw Failure(code: .invalidCharacter, offset: position)
      }
      position += 1
    }
    guard count > 0 else { return }
    if count > 1, padding == .required { throw Failure(code: .invalidPadding, offset: text.count) }
    try end(bits: bits, group: count, at: text.count, into: &output, at: &next)
  }

  /// Reads two groups at a time, as long as nothing but the alphabet comes.
  @inline(__always)
  private static func wholeGroups(
    _ text: Span<UInt8>, _ position: inout Int, _ values: Span<UInt8>,
    into output: inout MutableSpan<UInt8>, at next: inout Int
  ) {
    while position &+ 8 <= text.count {
      let word = ByteScanner.word(text, from: position)
      var bits: UInt64 = 0
      var all: UInt8 = 0
      for index in 0..<8 {
        let value = values[Int(word &>> UInt64(8 &* index) & 0xFF)]
        all |= value
        bits = bits &<< 6 | UInt64(value & 0x3F)
      }
      guard all < 0x40 else { return }
      put(UInt32(truncatingIfNeeded: bits &>> 24), 3, into: &output, at: &next)
      put(UInt32(truncatingIfNeeded: bits & 0xFF_FFFF), 3, into: &output, at: &next)
      position &+= 8
    }
  }

  /// Writes the lowest `count` bytes of a number, the highest of them first.
  @inline(__always)
  private static func put(
    _ bits: UInt32, _ count: Int, into output: inout MutableSpan<UInt8>, at next: inout Int
  ) {
    for index in 0..<count {
      output[next &+ index] = UInt8(truncatingIfNeeded: bits &>> UInt32(8 &* (count &- 1 &- index)))
    }
    next &+= count
  }

  /// Whether a byte with that value is one to look over.
  private static func skips(_ value: UInt8, _ whiteSpace: WhiteSpace) -> Bool {
    switch whiteSpace {
    case .refused: false
    case .skipped: value == space || value == lineEnd
    case .lineEndsSkipped: value == lineEnd
    }
  }

  /// From the first `=` on there must be as many as the group lacks, and nothing else.
  private static func endPadding(
    _ text: Span<UInt8>, from start: Int, group: Int, values: Span<UInt8>, whiteSpace: WhiteSpace
  ) throws(Failure) {
    var missing = group < 2 ? 0 : 4 - group
    for position in start..<text.count {
      let value = values[Int(text[position])]
      if skips(value, whiteSpace) { continue }
      guard value == padding, missing > 0 else { throw Failure(code: .invalidPadding, offset: position) }
      missing -= 1
    }
    guard missing == 0 else { throw Failure(code: .invalidPadding, offset: text.count) }
  }

  /// Writes the one or two bytes of a last group of two or three characters.
  private static func end(
    bits: UInt32, group: Int, at position: Int, into output: inout MutableSpan<UInt8>, at next: inout Int
  ) throws(Failure) {
    switch group {
    case 2:
      guard bits & 0xF == 0 else { throw Failure(code: .trailingBits, offset: position) }
      put(bits >> 4, 1, into: &output, at: &next)
    case 3:
      guard bits & 0x3 == 0 else { throw Failure(code: .trailingBits, offset: position) }
      put(bits >> 2, 2, into: &output, at: &next)
    default: throw Failure(code: .invalidLength, offset: position)
    }
  }

  /// Appends bytes as base64, on one line: four characters for every three, and `=` at the end where `padded`.
  public static func encode(
    _ bytes: Span<UInt8>, alphabet: Alphabet = .standard, padded: Bool = true, into output: inout [UInt8]
  ) {
    let table = alphabet == .standard ? standardCharacters : urlCharacters
    output.append(addingCapacity: (bytes.count + 2) / 3 * 4) { output in
      // A span of it: an InlineArray is copied for each element that is read.
      let characters = table.span
      var position = 0
      while position &+ 3 <= bytes.count {
        let bits =
          UInt32(bytes[position]) << 16 | UInt32(bytes[position &+ 1]) << 8 | UInt32(bytes[position &+ 2])
        output.append(characters[Int(bits >> 18)])
        output.append(characters[Int(bits >> 12 & 0x3F)])
        output.append(characters[Int(bits >> 6 & 0x3F)])
        output.append(characters[Int(bits & 0x3F)])
        position &+= 3
      }
      let rest = bytes.count - position
      guard rest > 0 else { return }
      let bits = UInt32(bytes[position]) << 16 | (rest == 2 ? UInt32(bytes[position + 1]) << 8 : 0)
      output.append(characters[Int(bits >> 18)])
      output.append(characters[Int(bits >> 12 & 0x3F)])
      if rest == 2 { output.append(characters[Int(bits >> 6 & 0x3F)]) }
      if padded { output.append(repeating: UInt8(ascii: "="), count: 3 - rest) }
    }
  }

  // What a byte is: a value below 64, or one of these.
  private static let lineEnd: UInt8 = 0xFC
  private static let space: UInt8 = 0xFD
  private static let padding: UInt8 = 0xFE
  private static let invalid: UInt8 = 0xFF

  private static let standardCharacters = characters("+", "/")
  private static let urlCharacters = characters("-", "_")
  private static let standardValues = values(standardCharacters)
  private static let urlValues = values(urlCharacters)

  private static func characters(_ last: Unicode.Scalar...) -> InlineArray<64, UInt8> {
    InlineArray { index in
      switch UInt8(index) {
      case let value where value < 26: UInt8(ascii: "A") + value
      case let value where value < 52: UInt8(ascii: "a") + value - 26
      case let value where value < 62: UInt8(ascii: "0") + value - 52
      default: UInt8(ascii: last[index - 62])
      }
    }
  }

  private static func values(_ characters: InlineArray<64, UInt8>) -> InlineArray<256, UInt8> {
    var values = InlineArray<256, UInt8>(repeating: invalid)
    for value in characters.indices { values[Int(characters[value])] = UInt8(value) }
    for byte in [0x09, 0x0C, 0x20] { values[byte] = space }
    for byte in [0x0A, 0x0D] { values[byte] = lineEnd }
    values[Int(UInt8(ascii: "="))] = padding
    return values
  }
}
