/// Why a payload can't be read, and where. Never what it says.
public struct PayloadError: Error, Sendable, Equatable {
  /// A stable word for programs.
  public enum Code: String, Sendable {
    case invalidJSON = "invalid_json"
    case invalidUTF8 = "invalid_utf8"
    case tooDeep = "too_deep"
    case tooManyValues = "too_many_values"
    case duplicateKey = "duplicate_key"
    case forbidden = "forbidden_field"
    case eventTooLarge = "event_too_large"
  }

  public let code: Code
  /// What is wrong and what to do about it; a fixed text.
  public let message: String
  /// In bytes, from 0.
  public let offset: Int
  /// From 1; columns in bytes.
  public let line: Int
  public let column: Int

  init(_ code: Code, _ message: String, at offset: Int, in body: Span<UInt8>) {
    self.code = code
    self.message = message
    self.offset = offset
    var line = 1
    var start = 0
    for index in 0..<min(offset, body.count) where body[index] == 0x0A {
      line += 1
      start = index + 1
    }
    self.line = line
    column = offset - start + 1
  }
}
