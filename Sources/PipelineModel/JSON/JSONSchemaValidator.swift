internal import JSONTree

/// Compares an instance with a schema that ``JSONSchemaKeywords`` found well formed.
struct JSONSchemaValidator {
  private(set) var violations: [JSONSchema.Violation] = []

  mutating func validate(_ value: JSONValue, _ schema: JSONValue, at pointer: String) {
    let place = Place(pointer: pointer, isSecret: schema["x-secret"]?.bool == true, schema: schema)
    if let types = schema["type"].flatMap({ $0.strings ?? $0.string.map { [$0] } }),
      !types.contains(where: { value.isOf(type: $0) })
    {
      // What else the schema says is about values of another type.
      let names = types.map(Self.typeDescription).joined(separator: " or ")
      return violate(.wrongType, place, "this is \(value.typeName)", expected: names)
    }
    validateChoice(value, schema, place)
    switch value {
    case .number(let number): validateNumber(number, schema, place)
    case .string(let text): validateText(text, schema, place)
    case .array(let elements): validateList(elements, schema, place)
    case .object(let members): validateMembers(members, schema, place)
    case .null, .bool: break
    }
    if let choices = schema["oneOf"]?.array { validateOneOf(value, choices, place) }
  }

  /// Where a value stands, and what is known of it there.
  private struct Place {
    let pointer: String
    let isSecret: Bool
    let schema: JSONValue

    func excerpt(_ value: JSONValue) -> String { isSecret ? "the value" : value.excerpt }
  }

  private mutating func violate(
    _ kind: JSONSchema.Violation.Kind, _ place: Place, at pointer: String? = nil, _ message: String,
    expected: String? = nil, suggestion: String? = nil
  ) {
    violations.append(
      JSONSchema.Violation(
        kind: kind, pointer: pointer ?? place.pointer, message: message, expected: expected,
        suggestion: suggestion, isSecret: place.isSecret))
  }

  private mutating func validateChoice(_ value: JSONValue, _ schema: JSONValue, _ place: Place) {
    if let allowed = schema["enum"]?.array, !allowed.contains(where: { $0.isSame(as: value) }) {
      let names = allowed.compactMap(\.string)
      let nearest = place.isSecret ? nil : value.string.flatMap { nearestName(to: $0, among: names) }
      violate(
        .notAllowed, place, "\(place.excerpt(value)) is not one of the values that are known here",
        expected: "one of \(listing(allowed.map { $0.string ?? $0.excerpt }))", suggestion: nearest)
    }
    if let only = schema["const"], !only.isSame(as: value) {
      let nearest =
        place.isSecret ? nil : value.string.flatMap { nearestName(to: $0, among: [only.string ?? ""]) }
      violate(
        .notAllowed, place, "\(place.excerpt(value)) is not what has to stand here",
        expected: only.string ?? only.excerpt, suggestion: nearest)
    }
  }

  private mutating func validateNumber(_ number: Double, _ schema: JSONValue, _ place: Place) {
    func bound(_ keyword: String) -> Double? { schema[keyword]?.number }
    let shown = place.excerpt(.number(number))
    if let least = bound("minimum"), number < least {
      violate(
        .notAllowed, place, "\(shown) is too small", expected: "at least \(JSONValue.number(least).excerpt)")
    }
    if let least = bound("exclusiveMinimum"), number <= least {
      violate(
        .notAllowed, place, "\(shown) is too small", expected: "more than \(JSONValue.number(least).excerpt)")
    }
    if let most = bound("maximum"), number > most {
      violate(
        .notAllowed, place, "\(shown) is too large", expected: "at most \(JSONValue.number(most).excerpt)")
    }
    if let most = bound("exclusiveMaximum"), number >= most {
      violate(
        .notAllowed, place, "\(shown) is too large", expected: "less than \(JSONValue.number(most).excerpt)")
    }
  }

  private mutating func validateText(_ text: String, _ schema: JSONValue, _ place: Place) {
    let length = text.unicodeScalars.count
    if let least = schema["minLength"]?.integer, length < least {
      violate(
        .notAllowed, place, "the text is too short", expected: "at least \(Self.count(least, "character"))")
    }
    if let most = schema["maxLength"]?.integer, length > most {
      violate(
        .notAllowed, place, "the text is too long", expected: "at most \(Self.count(most, "character"))")
    }
    if let pattern = schema["pattern"]?.string, Pattern(pattern)?.matches(text) != true {
      violate(
        .notAllowed, place, "\(place.excerpt(.string(text))) does not have the right form",
        expected: schema["description"]?.string ?? "something that matches \(pattern)")
    }
  }

  private mutating func validateList(_ elements: [JSONValue], _ schema: JSONValue, _ place: Place) {
    if let least = schema["minItems"]?.integer, elements.count < least {
      violate(.notAllowed, place, "the list is too short", expected: "at least \(Self.count(least, "entry"))")
    }
    if let most = schema["maxItems"]?.integer, elements.count > most {
      violate(.notAllowed, place, "the list is too long", expected: "at most \(Self.count(most, "entry"))")
    }
    guard let items = schema["items"] else { return }
    for (index, element) in elements.enumerated() {
      validate(element, items, at: "\(place.pointer)/\(index)")
    }
  }

  private mutating func validateMembers(
    _ members: [(name: String, value: JSONValue)], _ schema: JSONValue, _ place: Place
  ) {
    let properties = schema["properties"]?.members ?? []
    let names = properties.map(\.name)
    let present = Set(members.map(\.name))
    for name in schema["required"]?.strings ?? [] where !present.contains(name) {
      violate(
        .missingKey, place, "'\(printable(name))' is missing",
        expected: properties.first { $0.name == name }?.value["description"]?.string)
    }
    let additional = schema["additionalProperties"]
    // `oneOf`, `enum` and `const` say by themselves which members there may be.
    let isSaid = schema["oneOf"] != nil || schema["enum"] != nil || schema["const"] != nil
    let isOpen = additional?.bool == true || (isSaid && properties.isEmpty && additional == nil)
    for member in members {
      let pointer = "\(place.pointer)/\(Self.escaped(member.name))"
      if let property = properties.first(where: { $0.name == member.name }) {
        validate(member.value, property.value, at: pointer)
      } else if let additional, additional.bool == nil {
        validate(member.value, additional, at: pointer)
      } else if !isOpen {
        violate(
          .unknownKey, place, at: pointer, "'\(printable(member.name))' is not known here",
          expected: names.isEmpty ? "no members" : "one of \(listing(names))",
          suggestion: nearestName(to: member.name, among: names.filter { !present.contains($0) }))
      }
    }
  }

  /// Exactly one choice must fit. Where none does, the one that the value came nearest to explains why.
  private mutating func validateOneOf(_ value: JSONValue, _ choices: [JSONValue], _ place: Place) {
    let attempts = choices.map { choice in
      var attempt = JSONSchemaValidator()
      attempt.validate(value, choice, at: place.pointer)
      return attempt.violations
    }
    let description = place.schema["description"]?.string
    switch attempts.count(where: \.isEmpty) {
    case 1: return
    case 0:
      let typed = attempts.filter { !$0.contains { $0.kind == .wrongType && $0.pointer == place.pointer } }
      if let nearest = typed.min(by: { Self.distance($0, place) < Self.distance($1, place) }) {
        violations += nearest
      } else {
        let expected = Set(attempts.joined().compactMap(\.expected)).sorted().joined(separator: " or ")
        violate(.wrongType, place, "this is \(value.typeName)", expected: description ?? expected)
      }
    default: violate(.notAllowed, place, "this can be read in more than one way", expected: description)
    }
  }

  /// How little a choice was meant: a value that is another altogether speaks most against it, then a key that
  /// it does not know, then one that it misses.
  private static func distance(_ violations: [JSONSchema.Violation], _ place: Place) -> Int {
    violations.reduce(0) { sum, violation in
      switch violation.kind {
      case .notAllowed where violation.pointer == place.pointer: sum + 5
      case .unknownKey: sum + 4
      case .missingKey: sum + 3
      case .wrongType, .notAllowed: sum + 1
      }
    }
  }

  private static func escaped(_ name: String) -> String {
    name.replacing("~", with: "~0").replacing("/", with: "~1")
  }

  private static func count(_ number: Int, _ unit: String) -> String {
    if number == 1 { return "1 \(unit)" }
    return unit.hasSuffix("y") ? "\(number) \(unit.dropLast())ies" : "\(number) \(unit)s"
  }

  private static func typeDescription(_ type: String) -> String {
    switch type {
    case "string": "text"
    case "integer": "a whole number"
    case "number": "a number"
    case "boolean": "true or false"
    case "array": "a list"
    case "object": "a mapping"
    case "null": "nothing"
    default: type
    }
  }
}
