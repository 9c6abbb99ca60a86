/// Why a text is no JSON, and where: in bytes from 0.
public struct JSONError: Error, Sendable, CustomStringConvertible {
  public let what: String
  public let offset: Int

  public var description: String { "\(what), at byte \(offset)" }
}

/// Reads one JSON text (RFC 8259) into a ``JSONValue``. For texts that are small or trusted: configurations,
/// schemas, records. What comes from a client is walked by Payload.
public struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  private static let maximumDepth = 64

  public static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var reader = JSONReader(bytes: bytes)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.error("something follows the value") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func error(_ what: String) -> JSONError {
    JSONError(what: what, offset: position)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func expect(_ literal: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for index in 0..<literal.utf8CodeUnitCount {
      guard unsafe literal.utf8Start[index] == next else { throw error("an unknown word") }
      position += 1
    }
    return value
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw error("it is nested too deep") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try expect("true", .bool(true))
    case UInt8(ascii: "f"): return try expect("false", .bool(false))
    case UInt8(ascii: "n"): return try expect("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    var members: [(name: String, value: JSONValue)] = []
    position += 1
    skipSpace()
    if next == UInt8(ascii: "}") {
      position += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a member without a name") }
      let name = try string()
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw error("a member without a colon") }
      position += 1
      members.append((name, try value(depth: depth + 1)))
      guard try more(until: UInt8(ascii: "}")) else { return .object(members) }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    var elements: [JSONValue] = []
    position += 1
    skipSpace()
    if next == UInt8(ascii: "]") {
      position += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(depth: depth + 1))
      guard try more(until: UInt8(ascii: "]")) else { return .array(elements) }
    }
  }

  private mutating func more(until close: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    guard let byte = next, byte == close || byte == UInt8(ascii: ",") else {
      throw error("a comma is missing")
    }
    position += 1
    return byte != close
  }

  private mutating func number() throws(JSONError) -> Double {
    let start = position
    while let byte = next, "+-.0123456789eE".utf8.contains(byte) { position += 1 }
    guard let number = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw error("neither a value nor a number")
    }
    return number
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      default: text.append(byte)
      }
    }
    throw error("a string without an end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    guard let byte = next else { throw error("an escape without an end") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "u"): try unicodeEscape(into: &text)
    default: text.append(byte)
    }
  }

  private mutating func unicodeEscape(into text: inout [UInt8]) throws(JSONError) {
    var unit = try hexadecimal()
    if unit >= 0xD800, unit < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\") {
      position += 2
      unit = 0x10000 + (unit - 0xD800) << 10 + (try hexadecimal() &- 0xDC00) & 0x3FF
    }
    let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
    text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count, bytes[position] != UInt8(ascii: "+"),
      bytes[position] != UInt8(ascii: "-"),
      let unit = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw error("a \\u escape without four hexadecimal digits") }
    position += 4
    return unit
  }
}
