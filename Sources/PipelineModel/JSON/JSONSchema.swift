public import JSONTree

/// The part of JSON Schema (2020-12) that plugins describe their configuration with: `type`, `properties`,
/// `required`, `enum`, `const`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `minLength`,
/// `maxLength`, `pattern` (POSIX extended), `items`, `minItems`, `maxItems`, `oneOf`, `additionalProperties`.
/// `$schema`, `$id`, `$comment`, `title`, `description`, `default` and `examples` say nothing about validity;
/// `x-secret: true` keeps a value out of every message.
///
/// Members that `properties` does not name are refused unless `additionalProperties` is a schema or true.
/// A schema with any other keyword, or with one that is malformed, is refused rather than half understood.
public struct JSONSchema: Sendable {
  /// Something in an instance that the schema does not allow.
  public struct Violation: Sendable {
    public enum Kind: String, Sendable {
      case unknownKey = "unknown-key"
      case missingKey = "missing-key"
      case wrongType = "wrong-type"
      case notAllowed = "not-allowed"
    }

    public let kind: Kind
    /// JSON Pointer (RFC 6901) to the value; for an unknown key, to the member.
    public let pointer: String
    public let message: String
    public let expected: String?
    public let suggestion: String?
    /// Whether the value is marked as a secret; then the message says nothing of it.
    public let isSecret: Bool
  }

  let root: JSONValue

  /// - Parameter text: at most 1 MiB.
  /// - Throws: where the text is no JSON, or uses a keyword that this subset does not have.
  public init(_ text: [UInt8]) throws(JSONSchemaError) {
    guard text.count <= 1 << 20 else { throw JSONSchemaError(message: "the schema is larger than 1 MiB") }
    do { root = try JSONReader.read(text) } catch {
      throw JSONSchemaError(message: "the schema is no JSON: \(error)")
    }
    try JSONSchemaKeywords.check(root, at: "")
  }

  /// Everything in `instance` that the schema does not allow.
  public func violations(of instance: JSONValue) -> [Violation] {
    var validator = JSONSchemaValidator()
    validator.validate(instance, root, at: "")
    return validator.violations
  }
}

/// Why a schema can't be used.
public struct JSONSchemaError: Error, Sendable, CustomStringConvertible {
  public let message: String
  public var description: String { message }
}

extension JSONValue {
  func isOf(type: String) -> Bool {
    switch (self, type) {
    case (.null, "null"), (.bool, "boolean"), (.number, "number"), (.string, "string"), (.array, "array"),
      (.object, "object"):
      true
    case (.number(let number), "integer"): number.rounded() == number
    default: false
    }
  }

  /// Equality as JSON Schema has it (core, 4.2.2): the order of members means nothing.
  func isSame(as other: JSONValue) -> Bool { canonical == other.canonical }

  var typeName: String {
    switch self {
    case .null: "nothing"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "a mapping"
    }
  }

  /// A short form for messages.
  var excerpt: String { printable(String(decoding: canonical, as: UTF8.self)) }
}
