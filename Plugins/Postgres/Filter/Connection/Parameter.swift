internal import CPostgres

/// A value that goes with a statement, in libpq's binary format.
struct Parameter {
  private enum Kind: UInt32 {
    case text = 25
    case integer = 20
    case texts = 1009
    case integers = 1016
  }

  private let kind: Kind
  private let bytes: [UInt8]

  private init(_ kind: Kind, _ bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }

  static func text(_ text: String) -> Parameter { Parameter(.text, Array(text.utf8)) }
  static func text(_ bytes: [UInt8]) -> Parameter { Parameter(.text, bytes) }

  static func integer(_ value: Int64) -> Parameter {
    var bytes: [UInt8] = []
    append(UInt64(bitPattern: value), 8, to: &bytes)
    return Parameter(.integer, bytes)
  }

  static func integers(_ array: ArrayValue) -> Parameter { Parameter(.integers, array.finished(element: 20)) }
  static func texts(_ array: ArrayValue) -> Parameter { Parameter(.texts, array.finished(element: 25)) }

  fileprivate static func append(_ value: UInt64, _ count: Int, to bytes: inout [UInt8]) {
    for shift in (0..<count).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift * 8)))
    }
  }

  /// Lends the parameters in the form in which libpq takes them.
  @unsafe static func lend<R>(
    _ parameters: [Parameter],
    _ body: (
      UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
      UnsafePointer<Int32>?
    ) -> R
  ) -> R {
    let types = parameters.map(\.kind.rawValue)
    let lengths = parameters.map { Int32(clamping: $0.bytes.count) }
    let formats = [Int32](repeating: 1, count: parameters.count)
    var values: [UnsafePointer<CChar>?] = unsafe []
    func lendNext(_ index: Int) -> R {
      guard index < parameters.count else {
        return unsafe types.withUnsafeBufferPointer { types in
          unsafe values.withUnsafeBufferPointer { values in
            unsafe lengths.withUnsafeBufferPointer { lengths in
              unsafe formats.withUnsafeBufferPointer { formats in
                unsafe body(types.baseAddress, values.baseAddress, lengths.baseAddress, formats.baseAddress)
              }
            }
          }
        }
      }
      // An empty value is not a null one: it has an address.
      let bytes = parameters[index].bytes.isEmpty ? [0] : parameters[index].bytes
      return unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe values.append(UnsafeRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self))
        return lendNext(index + 1)
      }
    }
    return lendNext(0)
  }
}

/// An array in the making (the format of `array_send`): a header, then each element's length and bytes.
struct ArrayValue {
  private static let header = 20
  private var bytes = [UInt8](repeating: 0, count: header)
  private(set) var count = 0

  /// Bytes so far.
  var size: Int { bytes.count }

  mutating func append(_ element: Span<UInt8>) {
    Parameter.append(UInt64(element.count), 4, to: &bytes)
    bytes.reserveCapacity(bytes.count + element.count)
    for index in element.indices { bytes.append(element[index]) }
    count += 1
  }

  mutating func append(_ value: Int64) {
    Parameter.append(8, 4, to: &bytes)
    Parameter.append(UInt64(bitPattern: value), 8, to: &bytes)
    count += 1
  }

  mutating func append(_ text: [UInt8]) { append(text.span) }

  fileprivate func finished(element: UInt64) -> [UInt8] {
    var header: [UInt8] = []
    // One dimension, no nulls, the element's type, how many, and that they are counted from 1.
    for value in [count == 0 ? 0 : 1, 0, element, UInt64(count), 1] {
      Parameter.append(value, 4, to: &header)
    }
    if count == 0 { return Array(header[..<12]) }
    var finished = bytes
    finished.replaceSubrange(0..<Self.header, with: header)
    return finished
  }
}
