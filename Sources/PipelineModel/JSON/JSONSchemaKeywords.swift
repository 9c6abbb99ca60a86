internal import JSONTree

/// Refuses schemas that are not of the subset: a keyword that is passed over would let through what it forbids.
enum JSONSchemaKeywords {
  private static let types: Set<String> = [
    "null", "boolean", "number", "integer", "string", "array", "object",
  ]

  static func check(_ schema: JSONValue, at pointer: String) throws(JSONSchemaError) {
    guard let members = schema.members else {
      throw JSONSchemaError(message: "the schema at '\(printable(pointer))' is no object")
    }
    var seen: Set<String> = []
    for member in members {
      guard seen.insert(member.name).inserted else {
        throw JSONSchemaError(
          message: "the schema at '\(printable(pointer))' has '\(printable(member.name))' twice")
      }
      guard try isWellFormed(member.name, member.value, at: "\(pointer)/\(member.name)") else {
        throw JSONSchemaError(
          message: "the schema at '\(printable(pointer))' has a malformed '\(printable(member.name))'")
      }
    }
  }

  /// - Throws: where the keyword is not known, or a schema inside it is not well formed.
  private static func isWellFormed(
    _ keyword: String, _ value: JSONValue, at pointer: String
  ) throws(JSONSchemaError) -> Bool {
    switch keyword {
    case "$schema", "$id", "$comment", "title", "description": return value.string != nil
    case "default", "examples", "const": return true
    case "x-secret": return value.bool != nil
    case "type": return isType(value)
    case "required": return value.strings.map { Set($0).count == $0.count } ?? false
    case "enum": return value.array.map { !$0.isEmpty } ?? false
    case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum": return value.number != nil
    case "minLength", "maxLength", "minItems", "maxItems": return value.integer.map { $0 >= 0 } ?? false
    case "pattern": return value.string.map { Pattern($0) != nil } ?? false
    case "properties": return try checkProperties(value, at: pointer)
    case "items":
      try check(value, at: pointer)
      return true
    case "additionalProperties":
      if value.bool == nil { try check(value, at: pointer) }
      return true
    case "oneOf":
      guard let choices = value.array, !choices.isEmpty else { return false }
      for (index, choice) in choices.enumerated() { try check(choice, at: "\(pointer)/\(index)") }
      return true
    default:
      throw JSONSchemaError(
        message: "the schema uses '\(printable(pointer))', which this subset does not have")
    }
  }

  private static func isType(_ value: JSONValue) -> Bool {
    guard let names = value.strings ?? value.string.map({ [$0] }) else { return false }
    return !names.isEmpty && names.allSatisfy(types.contains)
  }

  private static func checkProperties(_ value: JSONValue, at pointer: String) throws(JSONSchemaError) -> Bool
  {
    guard let properties = value.members else { return false }
    for property in properties { try check(property.value, at: "\(pointer)/\(property.name)") }
    return Set(properties.map(\.name)).count == properties.count
  }
}
