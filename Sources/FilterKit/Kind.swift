/// The kind of a protected value, e.g. `NAME` or `SSN`: at most 32 bytes of upper-case ASCII, digits and `_`.
///
/// Held inline, so that comparing and passing kinds costs no allocation.
public struct Kind: Hashable, Sendable {
  /// The longest name of a kind, in bytes.
  public static let maximumLength = 32

  private var words: InlineArray<4, UInt64>
  private var length: UInt8

  /// Takes a literal's name; bytes past ``maximumLength`` are dropped.
  public init(_ name: StaticString) {
    self.init(length: min(name.utf8CodeUnitCount, Self.maximumLength)) { index in
      unsafe name.utf8Start[index]
    }
  }

  /// Takes a name from bytes, or nil where it is empty, too long or has bytes that no kind has.
  public init?(_ name: Span<UInt8>) {
    guard !name.isEmpty, name.count <= Self.maximumLength else { return nil }
    for index in name.indices {
      switch name[index] {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        continue
      default: return nil
      }
    }
    self.init(length: name.count) { name[$0] }
  }

  /// Takes a name from text, or nil as ``init(_:)-(Span<UInt8>)`` does.
  public init?(_ name: String) {
    let bytes = Array(name.utf8)
    self.init(bytes.span)
  }

  private init(length: Int, byte: (Int) -> UInt8) {
    words = InlineArray(repeating: 0)
    self.length = UInt8(length)
    for index in 0..<length {
      words[index >> 3] |= UInt64(byte(index)) << UInt64((index & 7) << 3)
    }
  }

  /// Lends the name's bytes.
  public func withBytes<R>(_ body: (Span<UInt8>) -> R) -> R {
    var bytes = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<Int(length) {
      bytes[index] = UInt8(truncatingIfNeeded: words[index >> 3] >> UInt64((index & 7) << 3))
    }
    return body(bytes.span.extracting(0..<Int(length)))
  }

  /// The name as text: for configuration and messages, not for the hot path.
  public var name: String {
    withBytes { String(decoding: Array(copying: $0), as: UTF8.self) }
  }

  public static func == (one: Kind, other: Kind) -> Bool {
    one.words[0] == other.words[0] && one.words[1] == other.words[1] && one.words[2] == other.words[2]
      && one.words[3] == other.words[3] && one.length == other.length
  }

  public func hash(into hasher: inout Hasher) {
    for index in 0..<4 { hasher.combine(words[index]) }
  }
}

extension Kind: ExpressibleByStringLiteral {
  /// A kind from a literal.
  public init(stringLiteral name: StaticString) { self.init(name) }
}

extension Array where Element == UInt8 {
  /// A copy of a span's bytes.
  public init(copying span: Span<UInt8>) {
    self.init()
    reserveCapacity(span.count)
    for index in span.indices { append(span[index]) }
  }
}
