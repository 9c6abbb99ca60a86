public import JSONTree

/// The part of JSON Schema (2020-12) that plugins describe their configuration with: `type`, `properties`,
/// `required`, `enum`, `const`, `minimum`, `maximum`, `minLength`, `maxLength`, `pattern`, `items`, `minItems`,
/// `maxItems`, `oneOf`, `additionalProperties`; `title`, `description`, `default` and `x-secret` say nothing about
/// validity. Members that `properties` does not name are refused unless `additionalProperties` has a schema.
/// A schema with any other keyword is refused, rather than half understood.
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
    /// JSON Pointer to the value; for an unknown key, to the member.
    public let pointer: String
    public let message: String
    public let expected: String?
    public let suggestion: String?
  }

  private static let keywords: Set<String> = [
    "$schema", "$id", "type", "properties", "required", "enum", "const", "minimum", "maximum", "minLength",
    "maxLength", "pattern", "items", "minItems", "maxItems", "oneOf", "additionalProperties", "title",
    "description", "default", "x-secret", "examples",
  ]

  private let root: JSONValue

  /// - Throws: where the text is no JSON, or uses a keyword that this subset does not have.
  public init(_ text: [UInt8]) throws(JSONSchemaError) {
    do { root = try JSONReader.read(text) } catch {
      throw JSONSchemaError(message: "the schema is no JSON: \(error)")
    }
    try Self.check(root, at: "")
  }

  private static func check(_ schema: JSONValue, at pointer: String) throws(JSONSchemaError) {
    guard let members = schema.members else {
      throw JSONSchemaError(message: "the schema at '\(pointer)' is no object")
    }
    for member in members {
      guard keywords.contains(member.name) else {
        throw JSONSchemaError(message: "the schema at '\(pointer)' uses '\(member.name)', which is not supported")
      }
      switch member.name {
      case "properties":
        for property in member.value.members ?? [] {
          try check(property.value, at: "\(pointer)/properties/\(property.name)")
        }
      case "items": try check(member.value, at: "\(pointer)/items")
      case "additionalProperties" where member.value.bool == nil:
        try check(member.value, at: "\(pointer)/additionalProperties")
      case "oneOf":
        for (index, choice) in (member.value.array ?? []).enumerated() {
          try check(choice, at: "\(pointer)/oneOf/\(index)")
        }
      case "pattern":
        guard let pattern = member.value.string, Pattern(pattern) != nil else {
          throw JSONSchemaError(message: "the schema at '\(pointer)' has a pattern that can't be read")
        }
      default: break
      }
    }
  }

  /// Everything in `instance` that the schema does not allow.
  public func violations(of instance: JSONValue) -> [Violation] {
    var found: [Violation] = []
    Self.validate(instance, root, at: "", into: &found)
    return found
  }

  private static func validate(
    _ value: JSONValue, _ schema: JSONValue, at pointer: String, into found: inout [Violation]
  ) {
    func violate(_ kind: Violation.Kind, _ message: String, expected: String? = nil, suggestion: String? = nil) {
      found.append(
        Violation(kind: kind, pointer: pointer, message: message, expected: expected, suggestion: suggestion))
    }
    if let choices = schema["oneOf"]?.array {
      return validateOneOf(value, choices, schema, at: pointer, into: &found)
    }
    if let types = schema["type"].map({ $0.strings ?? [$0.string ?? ""] }), !types.contains(where: { value.isOf(type: $0) }) {
      return violate(
        .wrongType, "this is \(value.typeName)", expected: types.map(typeDescription).joined(separator: " or "))
    }
    if let allowed = schema["enum"]?.array, !allowed.contains(value) {
      let names = allowed.compactMap(\.string)
      violate(
        .notAllowed, "\(value.excerpt) is not one of the values that are known here",
        expected: allowed.map(\.excerpt).joined(separator: ", "),
        suggestion: value.string.flatMap { nearestName(to: $0, among: names) })
    }
    if let only = schema["const"], only != value { violate(.notAllowed, "this is not \(only.excerpt)") }
    switch value {
    case .number(let number):
      if let least = schema["minimum"]?.number, number < least {
        violate(.notAllowed, "\(value.excerpt) is too small", expected: "at least \(JSONValue.number(least).excerpt)")
      }
      if let most = schema["maximum"]?.number, number > most {
        violate(.notAllowed, "\(value.excerpt) is too large", expected: "at most \(JSONValue.number(most).excerpt)")
      }
    case .string(let text):
      if let least = schema["minLength"]?.integer, text.unicodeScalars.count < least {
        violate(.notAllowed, "the text is too short", expected: "\(least) characters or more")
      }
      if let most = schema["maxLength"]?.integer, text.unicodeScalars.count > most {
        violate(.notAllowed, "the text is too long", expected: "at most \(most) characters")
      }
      if let pattern = schema["pattern"]?.string, Pattern(pattern)?.matches(text) != true {
        violate(
          .notAllowed, "\(value.excerpt) does not have the right form",
          expected: schema["description"]?.string ?? "something that matches \(pattern)")
      }
    case .array(let elements):
      if let least = schema["minItems"]?.integer, elements.count < least {
        violate(.notAllowed, "the list is too short", expected: "\(least) or more")
      }
      if let most = schema["maxItems"]?.integer, elements.count > most {
        violate(.notAllowed, "the list is too long", expected: "at most \(most)")
      }
      if let items = schema["items"] {
        for (index, element) in elements.enumerated() {
          validate(element, items, at: "\(pointer)/\(index)", into: &found)
        }
      }
    case .object(let members): validate(members, schema, at: pointer, into: &found)
    case .null, .bool: break
    }
  }

  private static func validate(
    _ members: [(name: String, value: JSONValue)], _ schema: JSONValue, at pointer: String,
    into found: inout [Violation]
  ) {
    let properties = schema["properties"]?.members ?? []
    for name in schema["required"]?.strings ?? [] where !members.contains(where: { $0.name == name }) {
      found.append(
        Violation(
          kind: .missingKey, pointer: pointer, message: "'\(name)' is missing",
          expected: properties.first { $0.name == name }?.value["description"]?.string, suggestion: nil))
    }
    for member in members {
      let place = "\(pointer)/\(member.name.replacing("~", with: "~0").replacing("/", with: "~1"))"
      if let property = properties.first(where: { $0.name == member.name }) {
        validate(member.value, property.value, at: place, into: &found)
      } else if let additional = schema["additionalProperties"], additional.bool == nil {
        validate(member.value, additional, at: place, into: &found)
      } else if schema["additionalProperties"]?.bool != true {
        let names = properties.map(\.name)
        found.append(
          Violation(
            kind: .unknownKey, pointer: place, message: "'\(member.name)' is not known here",
            expected: names.isEmpty ? "no keys" : "one of \(names.joined(separator: ", "))",
            suggestion: nearestName(to: member.name, among: names)))
      }
    }
  }

  /// Exactly one choice must fit. Where none does, the one with the fewest complaints explains why.
  private static func validateOneOf(
    _ value: JSONValue, _ choices: [JSONValue], _ schema: JSONValue, at pointer: String,
    into found: inout [Violation]
  ) {
    let complaints = choices.map { choice in
      var own: [Violation] = []
      validate(value, choice, at: pointer, into: &own)
      return own
    }
    switch complaints.count(where: \.isEmpty) {
    case 1: return
    case 0:
      let typed = complaints.filter { !$0.contains { $0.kind == .wrongType && $0.pointer == pointer } }
      if let nearest = (typed.isEmpty ? complaints : typed).min(by: { $0.count < $1.count }), !typed.isEmpty {
        found.append(contentsOf: nearest)
      } else {
        found.append(
          Violation(
            kind: .wrongType, pointer: pointer, message: "this is \(value.typeName)",
            expected: schema["description"]?.string, suggestion: nil))
      }
    default:
      found.append(
        Violation(
          kind: .notAllowed, pointer: pointer, message: "this can be read in more than one way",
          expected: schema["description"]?.string, suggestion: nil))
    }
  }

  private static func typeDescription(_ type: String) -> String {
    switch type {
    case "string": "text"
    case "integer": "a whole number"
    case "number": "a number"
    case "boolean": "true or false"
    case "array": "a list"
    case "object": "a mapping"
    default: type
    }
  }
}

/// Why a schema can't be used.
public struct JSONSchemaError: Error, Sendable {
  public let message: String
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

  /// A short form for messages. Configurations hold no secrets and no protected values.
  var excerpt: String {
    let text = String(decoding: canonical, as: UTF8.self)
    return text.count > 60 ? "\(text.prefix(57))..." : text
  }
}
