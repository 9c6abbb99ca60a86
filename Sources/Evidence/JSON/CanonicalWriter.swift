/// Builds one JSON object in canonical form (RFC 8785), as UTF-8 bytes.
///
/// The caller appends keys in ascending order, which for the ASCII keys used here is their byte order; a
/// debug build traps on a key out of order. Integers beyond ±2^53 can't be told apart by every reader of
/// JSON (RFC 8785 section 3.2.2.3), so none is written: they are clamped.
///
/// Text that isn't UTF-8 is written with U+FFFD for each byte that doesn't fit, so what comes out is JSON
/// whatever went in.
public struct CanonicalWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  private var isFirst = true
  #if DEBUG
    private var lastKey: [UInt8] = []
  #endif

  /// An object whose fields `body` appends. `capacity`: how many bytes to expect.
  public static func object(capacity: Int = 256, _ body: (inout CanonicalWriter) -> Void) -> [UInt8] {
    var writer = CanonicalWriter()
    writer.bytes.reserveCapacity(capacity)
    writer.braced(body)
    return writer.bytes
  }

  private mutating func braced(_ body: (inout CanonicalWriter) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    let outer = self.enter()
    body(&self)
    leave(outer)
    bytes.append(UInt8(ascii: "}"))
  }

  #if DEBUG
    private mutating func enter() -> [UInt8] {
      defer {
        isFirst = true
        lastKey = []
      }
      return lastKey
    }

    private mutating func leave(_ outer: [UInt8]) {
      isFirst = false
      lastKey = outer
    }
  #else
    private mutating func enter() -> [UInt8] {
      isFirst = true
      return []
    }

    private mutating func leave(_ outer: [UInt8]) { isFirst = false }
  #endif

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  private mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    let start = bytes.count
    key.append(to: &bytes)
    #if DEBUG
      let name = Array(bytes[start...])
      assert(lastKey.lexicographicallyPrecedes(name), "\(key) is appended out of order")
      lastKey = name
    #else
      _ = start
    #endif
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  // MARK: Fields of an object

  public mutating func object(_ name: StaticString, _ body: (inout CanonicalWriter) -> Void) {
    key(name)
    braced(body)
  }

  /// An array with one element for each of `values`; `body` appends exactly one element.
  public mutating func array<Values: Sequence>(
    _ name: StaticString, _ values: Values, _ body: (inout CanonicalWriter, Values.Element) -> Void
  ) {
    key(name)
    bytes.append(UInt8(ascii: "["))
    let outer = enter()
    for value in values { body(&self, value) }
    leave(outer)
    bytes.append(UInt8(ascii: "]"))
  }

  public mutating func string(_ name: StaticString, _ value: String) {
    key(name)
    quote(value)
  }

  /// A string of the UTF-8 bytes `value`.
  public mutating func string(_ name: StaticString, utf8 value: [UInt8]) {
    key(name)
    JSONText.quote(value.span, to: &bytes)
  }

  public mutating func string(_ name: StaticString, utf8 value: Span<UInt8>) {
    key(name)
    JSONText.quote(value, to: &bytes)
  }

  /// A string of lower-case hexadecimal digits.
  public mutating func hexadecimal(_ name: StaticString, _ value: [UInt8]) {
    key(name)
    bytes.append(UInt8(ascii: "\""))
    Hexadecimal.append(value, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  public mutating func integer(_ name: StaticString, _ value: some BinaryInteger) {
    key(name)
    JSONText.integer(value, to: &bytes)
  }

  /// A number in ten-thousandths: 9500 is written as 0.95.
  public mutating func decimal(_ name: StaticString, tenThousandths value: Int) {
    key(name)
    JSONText.decimal(tenThousandths: value, to: &bytes)
  }

  public mutating func boolean(_ name: StaticString, _ value: Bool) {
    key(name)
    (value ? "true" as StaticString : "false").append(to: &bytes)
  }

  /// A value that is JSON in canonical form already.
  public mutating func raw(_ name: StaticString, _ json: [UInt8]) {
    key(name)
    bytes.append(contentsOf: json)
  }

  // MARK: Elements of an array

  public mutating func element(_ body: (inout CanonicalWriter) -> Void) {
    separate()
    braced(body)
  }

  public mutating func element(_ value: String) {
    separate()
    quote(value)
  }

  private mutating func quote(_ value: String) {
    var value = value
    let done: Void? = unsafe value.utf8.withContiguousStorageIfAvailable { _ in }
    if done == nil { value.makeContiguousUTF8() }
    JSONText.quote(value.utf8.span, to: &bytes)
  }
}

extension StaticString {
  /// Appends the text as it stands: keys and literals need no escaping.
  fileprivate func append(to bytes: inout [UInt8]) {
    if hasPointerRepresentation {
      unsafe bytes.append(
        contentsOf: UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount))
    } else {
      bytes.append(contentsOf: Array(String(Character(unicodeScalar)).utf8))
    }
  }
}
