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
    var failure: Failure?
    output.append(addingCapacity: text.count / 4 * 3 + 3) { output in
      do throws(Failure) {
        try decode(text, values: values, padding: padding, skips: whiteSpace == .skipped, into: &output)
      } catch { failure = error }
    }
    if let failure {
      output.removeSubrange(start...)
      throw failure
    }
  }

  private static func decode(
    _ text: Span<UInt8>, values: InlineArray<256, UInt8>, padding: Padding, skips: Bool,
    into output: inout OutputSpan<UInt8>
  ) throws(Failure) {
    var position = 0
    // What of a group has been read: its characters, and their bits.
    var count = 0
    var bits: UInt32 = 0
    while position < text.count {
      if count == 0 {
        // Whole groups, as long as nothing but the alphabet comes.
        while position &+ 4 <= text.count {
          let first = values[Int(text[position])]
          let second = values[Int(text[position &+ 1])]
          let third = values[Int(text[position &+ 2])]
          let fourth = values[Int(text[position &+ 3])]
          guard first | second | third | fourth < 0x40 else { break }
          output.append(first << 2 | second >> 4)
          output.append(second << 4 | third >> 2)
          output.append(third << 6 | fourth)
          position &+= 4
        }
        guard position < text.count else { return }
      }
      let value = values[Int(text[position])]
      if value < 0x40 {
        bits = bits << 6 | UInt32(value)
        count += 1
        if count == 4 {
          output.append(UInt8(truncatingIfNeeded: bits >> 16))
          output.append(UInt8(truncatingIfNeeded: bits >> 8))
          output.append(UInt8(truncatingIfNeeded: bits))
          (count, bits) = (0, 0)
        }
      } else if value == Self.padding {
        guard padding != .forbidden else { throw Failure(code: .invalidPadding, offset: position) }
        try endPadding(text, from: position, group: count, values: values, skips: skips)
        return try end(bits: bits, group: count, at: position, into: &output)
      } else if value != space || !skips {
        throw Failure(code: .invalidCharacter, offset: position)
      }
      position += 1
    }
    guard count > 0 else { return }
    if count > 1, padding == .required { throw Failure(code: .invalidPadding, offset: text.count) }
    try end(bits: bits, group: count, at: text.count, into: &output)
  }

  /// From the first `=` on there must be as many as the group lacks, and nothing else.
  private static func endPadding(
    _ text: Span<UInt8>, from start: Int, group: Int, values: InlineArray<256, UInt8>, skips: Bool
  ) throws(Failure) {
    var missing = group < 2 ? 0 : 4 - group
    for position in start..<text.count {
      let value = values[Int(text[position])]
      if value == space, skips { continue }
      guard value == padding, missing > 0 else { throw Failure(code: .invalidPadding, offset: position) }
      missing -= 1
    }
    guard missing == 0 else { throw Failure(code: .invalidPadding, offset: text.count) }
  }

  /// Writes the one or two bytes of a last group of two or three characters.
  private static func end(
    bits: UInt32, group: Int, at position: Int, into output: inout OutputSpan<UInt8>
  ) throws(Failure) {
    switch group {
    case 2:
      guard bits & 0xF == 0 else { throw Failure(code: .trailingBits, offset: position) }
      output.append(UInt8(truncatingIfNeeded: bits >> 4))
    case 3:
      guard bits & 0x3 == 0 else { throw Failure(code: .trailingBits, offset: position) }
      output.append(UInt8(truncatingIfNeeded: bits >> 10))
      output.append(UInt8(truncatingIfNeeded: bits >> 2))
    default: throw Failure(code: .invalidLength, offset: position)
    }
  }

  /// Appends bytes as base64, on one line: four characters for every three, and `=` at the end where `padded`.
  public static func encode(
    _ bytes: Span<UInt8>, alphabet: Alphabet = .standard, padded: Bool = true, into output: inout [UInt8]
  ) {
    let characters = alphabet == .standard ? standardCharacters : urlCharacters
    output.append(addingCapacity: (bytes.count + 2) / 3 * 4) { output in
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
    for byte in [0x09, 0x0A, 0x0C, 0x0D, 0x20] { values[byte] = space }
    values[Int(UInt8(ascii: "="))] = padding
    return values
  }
}
