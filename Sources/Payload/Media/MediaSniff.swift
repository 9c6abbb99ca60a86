/// Tells by their first bytes whether bytes are text, whatever their media type says.
public enum MediaSniff {
  /// How a text's characters are written.
  public enum Encoding: Sendable, Equatable {
    /// UTF-8 (RFC 3629), with or without a byte order mark.
    case utf8
    /// UTF-16 (RFC 2781) with a byte order mark. A filter that reads UTF-8 can't read it.
    case utf16LittleEndian, utf16BigEndian
  }

  /// What bytes are.
  public enum Kind: Sendable, Equatable {
    case empty
    case text(Encoding)
    /// No text; nil: of no format that is known here.
    case binary(MediaFormat?)
  }

  /// What bytes are, next to what their media type says.
  public enum Verdict: Sendable, Equatable {
    /// Text, whatever the type says: it can be read and masked.
    case text(Encoding)
    /// No text, and the type doesn't say that it were. The format is the one that the bytes show.
    case binary(MediaFormat?)
    /// No text, though the type says that it is: whoever goes by the type lets it pass unread.
    case disguised(MediaFormat?)
  }

  /// How many bytes are looked at unless a caller says otherwise.
  public static let defaultWindow = 8 << 10

  /// What the first `window` bytes are. Bytes behind them aren't looked at: who is to pass them on as text that
  /// has been read gives `Int.max`. Linear in `window`.
  ///
  /// Text is UTF-8 without a NUL, of which at most one byte in 64 is a control that no text editor writes (all
  /// but tab, line feed, form feed, carriage return and escape); or UTF-16 with a byte order mark under the same
  /// conditions. A code point that the window's end cuts is as good as whole; one that the bytes' end cuts isn't.
  public static func kind(of bytes: Span<UInt8>, window: Int = defaultWindow) -> Kind {
    guard !bytes.isEmpty else { return .empty }
    if let format = MediaFormat(of: bytes) { return .binary(format) }
    let seen = bytes.extracting(0..<min(bytes.count, max(window, 4)))
    let isCut = seen.count < bytes.count
    if seen.count >= 2, seen[0] == 0xFF, seen[1] == 0xFE {
      return isUTF16(seen, isCut: isCut, lowFirst: true) ? .text(.utf16LittleEndian) : .binary(nil)
    }
    if seen.count >= 2, seen[0] == 0xFE, seen[1] == 0xFF {
      return isUTF16(seen, isCut: isCut, lowFirst: false) ? .text(.utf16BigEndian) : .binary(nil)
    }
    return isUTF8(seen, isCut: isCut) ? .text(.utf8) : .binary(nil)
  }

  /// What bytes are that are said to be of a class of media. No bytes at all are a text.
  public static func verdict(
    claimed: MediaClass, _ bytes: Span<UInt8>, window: Int = defaultWindow
  ) -> Verdict {
    switch kind(of: bytes, window: window) {
    case .empty: .text(.utf8)
    case .text(let encoding): .text(encoding)
    case .binary(let format): claimed == .text ? .disguised(format) : .binary(format)
    }
  }

  /// Whether `byte` is a control that texts don't have.
  @inline(__always)
  private static func isOddControl(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09, 0x0A, 0x0C, 0x0D, 0x1B: false
    case 0x00...0x1F, 0x7F: true
    default: false
    }
  }

  private static func isUTF8(_ bytes: Span<UInt8>, isCut: Bool) -> Bool {
    let tops: UInt64 = 0x8080_8080_8080_8080
    let spaces: UInt64 = 0x2020_2020_2020_2020
    let deletes: UInt64 = 0x0101_0101_0101_0101
    var position = 0
    var controls = 0
    while position < bytes.count {
      if position &+ 8 <= bytes.count {
        // Nothing but printable ASCII: no byte's top bit is set, none is below a space, none wraps from 0x7F.
        let word = ByteScanner.word(bytes, from: position)
        if (word | (word &- spaces) | (word &+ deletes)) & tops == 0 {
          position &+= 8
          continue
        }
      }
      let byte = bytes[position]
      if byte < 0x80 {
        if byte == 0 { return false }
        if isOddControl(byte) { controls += 1 }
        position += 1
        continue
      }
      let length = ByteScanner.sequenceLength(bytes, at: position)
      if length == 0 { return isCut && isBeginning(bytes, at: position) && isFew(controls, of: bytes.count) }
      position += length
    }
    return isFew(controls, of: bytes.count)
  }

  /// Whether the last one to three bytes are the beginning of a well-formed sequence: whether some continuation
  /// makes them one.
  private static func isBeginning(_ bytes: Span<UInt8>, at position: Int) -> Bool {
    guard bytes.count - position < 4 else { return false }
    var rest: [UInt8] = []
    rest.append(copying: bytes.extracting(position..<bytes.count))
    // The second byte's range depends on the first (Unicode, table 3-7): one of these is in each.
    let seconds: [UInt8] = rest.count == 1 ? [0x80, 0x90, 0xA0] : [rest[1]]
    return seconds.contains { second in
      let whole = [rest[0], second] + rest.dropFirst(2) + [0x80, 0x80]
      return ByteScanner.sequenceLength(whole.span, at: 0) > rest.count
    }
  }

  private static func isUTF16(_ bytes: Span<UInt8>, isCut: Bool, lowFirst: Bool) -> Bool {
    guard bytes.count % 2 == 0 || isCut else { return false }
    var position = 2
    var controls = 0
    var expectsLow = false
    while position + 1 < bytes.count {
      let (first, second) = (UInt16(bytes[position]), UInt16(bytes[position + 1]))
      let unit = lowFirst ? second << 8 | first : first << 8 | second
      position += 2
      guard (unit & 0xFC00 == 0xDC00) == expectsLow else { return false }
      expectsLow = unit & 0xFC00 == 0xD800
      // UTF-32's byte order mark is UTF-16's and a NUL, so that it doesn't pass here.
      guard unit != 0 else { return false }
      if unit < 0x80, isOddControl(UInt8(unit)) { controls += 1 }
    }
    return (!expectsLow || isCut) && isFew(controls, of: bytes.count / 2)
  }

  private static func isFew(_ controls: Int, of count: Int) -> Bool { controls <= count / 64 }
}
