/// What stands in for an encrypted value: `[SSN_ENC_MFRGG…]`, the kind, and the sealed bytes in base32 (RFC 4648, 6, without
/// padding). The kind is part of what is authenticated.
public struct SealedToken: Sendable {
  /// A longer value gets no token.
  public static let longestValue = 512
  private static let mark = Array("_ENC_".utf8)
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
  /// Kind, mark, brackets, and the letters of the longest value.
  private static let longest = 32 + 5 + 2 + (longestValue + SyntheticIV.overhead) * 8 / 5 + 1

  private let cipher: SyntheticIV

  public init(keys: PhiKeys) { cipher = SyntheticIV(key: keys.sealing) }

  public func make(_ value: [UInt8], kind: [UInt8]) throws(CryptoError) -> [UInt8] {
    guard !value.isEmpty, value.count <= Self.longestValue else { throw .tooSmall }
    let sealed = try cipher.seal(value, header: kind)
    return [UInt8(ascii: "[")] + kind + Self.mark + Self.letters(sealed) + [UInt8(ascii: "]")]
  }

  /// The token that begins at a position, if it is one of this key: where it ends, its kind, and the value.
  public func read(_ text: Span<UInt8>, at start: Int) -> (end: Int, kind: [UInt8], value: [UInt8])? {
    guard start < text.count, text[start] == UInt8(ascii: "[") else { return nil }
    let most = min(text.count, start + Self.longest)
    var end = start + 1
    while end < most, text[end] != UInt8(ascii: "]") {
      guard Self.isInside(text[end]) else { return nil }
      end += 1
    }
    guard end < most else { return nil }
    var inside: [UInt8] = []
    for index in start + 1..<end { inside.append(text[index]) }
    guard let split = inside.lastIndex(of: UInt8(ascii: "_")), split >= 5,
      Array(inside[(split - 4)...split]) == Self.mark, let sealed = Self.bytes(inside[(split + 1)...])
    else { return nil }
    let kind = Array(inside[..<(split - 4)])
    guard let value = try? cipher.open(sealed, header: kind) else { return nil }
    return (end + 1, kind, value)
  }

  /// Where the token ends that holds bytes `range` of a text; nil where none does.
  public func end(around range: Range<Int>, of text: Span<UInt8>) -> Int? {
    var start = range.lowerBound
    let least = max(0, range.lowerBound - Self.longest)
    if start < text.count, text[start] != UInt8(ascii: "[") {
      guard Self.isInside(text[start]) || text[start] == UInt8(ascii: "]") else { return nil }
      while start > least, Self.isInside(text[start - 1]) { start -= 1 }
      start -= 1
    }
    guard start >= least, let found = read(text, at: start), found.end >= range.upperBound else { return nil }
    return found.end
  }

  private static func isInside(_ byte: UInt8) -> Bool {
    byte >= 0x41 && byte <= 0x5A || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "_")
  }

  private static func letters(_ bytes: [UInt8]) -> [UInt8] {
    var letters: [UInt8] = []
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for byte in bytes {
      bits = (bits << 8 | UInt32(byte)) & 0xFFFF
      count += 8
      while count >= 5 {
        count -= 5
        letters.append(alphabet[Int(bits >> count & 31)])
      }
    }
    if count > 0 { letters.append(alphabet[Int(bits << (5 - count) & 31)]) }
    return letters
  }

  private static func bytes(_ letters: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for letter in letters {
      let value: UInt8
      switch letter {
      case 0x41...0x5A: value = letter - 0x41
      case 0x32...0x37: value = letter - 0x32 + 26
      default: return nil
      }
      bits = (bits << 5 | UInt32(value)) & 0xFFFF
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return bits & ((1 << count) - 1) == 0 ? bytes : nil
  }
}
