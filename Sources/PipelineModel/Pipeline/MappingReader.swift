internal import JSONTree

/// Takes a mapping's members by name, and complains about every one that is wrong, missing or left over.
package struct MappingReader {
  /// A member's text, and where it stands.
  package typealias Text = (text: String, position: SourcePosition)

  let node: YAMLNode
  private let isMapping: Bool
  private var known: [String] = []
  /// Complained about at the end: a misspelt key is one mistake, not an unknown key and a missing one.
  private var missing: [(key: String, expected: String)] = []
  package private(set) var diagnostics: [Diagnostic] = []

  package init(_ node: YAMLNode, what: String) {
    self.node = node
    switch node.content {
    case .mapping: isMapping = true
    case .refused: isMapping = false
    case .scalar, .sequence:
      isMapping = false
      complain("wrong-type", at: node.position, "\(what) is \(node.kindName)", expected: "a mapping")
    }
  }

  package mutating func complain(
    _ code: String, at position: SourcePosition, _ message: String, expected: String? = nil,
    suggestion: String? = nil, shown: Diagnostic.Shown = .line
  ) {
    diagnostics.append(
      Diagnostic(code, at: position, message, expected: expected, suggestion: suggestion, shown: shown))
  }

  /// Takes over what a reader of a part of this mapping has found.
  mutating func adopt(_ found: [Diagnostic]) { diagnostics += found }

  /// The member of that name; nil where there is none.
  package mutating func take(_ key: String) -> YAMLNode? {
    known.append(key)
    return node.member(key)?.value
  }

  /// The member of that name; complains where there is none.
  package mutating func require(_ key: String, _ expected: String) -> YAMLNode? {
    let value = take(key)
    if value == nil, isMapping { missing.append((key, expected)) }
    return value
  }

  package mutating func text(_ key: String) -> Text? { take(key).flatMap { text(of: $0, key) } }

  package mutating func requiredText(_ key: String, _ expected: String) -> Text? {
    require(key, expected).flatMap { text(of: $0, key) }
  }

  private mutating func text(of value: YAMLNode, _ key: String) -> Text? {
    switch value.content {
    case .scalar(let text, let isPlain):
      let isEmpty = text.isEmpty || (isPlain && PlainScalar.json(text) == .null)
      if !isEmpty, !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        return (text, value.position)
      }
      let what = isEmpty ? "is empty" : "has a control character in it"
      complain("wrong-type", at: value.position, "'\(key)' \(what)", expected: "text", shown: .before)
    case .sequence, .mapping:
      complain("wrong-type", at: value.position, "'\(key)' is \(value.kindName)", expected: "text")
    case .refused: break
    }
    return nil
  }

  package mutating func bool(_ key: String) -> Bool? {
    guard let value = take(key) else { return nil }
    if case .bool(let bool) = value.json { return bool }
    if case .refused = value.content { return nil }
    var meant: String?
    if case .scalar(let text, _) = value.content { meant = PlainScalar.oldBool(text).map { "\($0)" } }
    complain(
      "wrong-type", at: value.position, "'\(key)' is neither true nor false", expected: "true or false",
      suggestion: meant)
    return nil
  }

  package mutating func choice<C: RawRepresentable & CaseIterable>(_ key: String, _ type: C.Type) -> C?
  where C.RawValue == String {
    guard let (text, position) = text(key) else { return nil }
    if let choice = C(rawValue: text) { return choice }
    let names = C.allCases.map(\.rawValue)
    complain(
      "not-allowed", at: position, "'\(printable(text))' is not known for '\(key)'",
      expected: "one of \(listing(names))", suggestion: nearestName(to: text, among: names))
    return nil
  }

  /// A size in bytes.
  package mutating func bytes(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    quantity(key, range, .size)
  }

  /// A duration in milliseconds.
  package mutating func milliseconds(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    quantity(key, range, .duration)
  }

  /// A whole number.
  package mutating func count(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    guard let value = take(key) else { return nil }
    if case .refused = value.content { return nil }
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let number = value.json.integer else {
      var what = value.kindName
      if case .scalar(let text, _) = value.content, !text.isEmpty { what = "'\(printable(text))'" }
      complain("wrong-type", at: value.position, "'\(key)' is \(what)", expected: expected)
      return nil
    }
    if range.contains(number) { return number }
    complain(
      "out-of-range", at: value.position,
      "\(number) is too \(number < range.lowerBound ? "little" : "much") for '\(key)'",
      expected: expected)
    return nil
  }

  private mutating func quantity(_ key: String, _ range: ClosedRange<Int>, _ unit: Quantity) -> Int? {
    guard let (text, position) = text(key) else { return nil }
    let expected = "\(unit.name) from \(unit.text(range.lowerBound)) to \(unit.text(range.upperBound))"
    guard let value = unit.parse(text) else {
      complain(
        "not-allowed", at: position, "'\(printable(text))' is no \(unit.name.dropFirst(2)) for '\(key)'",
        expected: "\(expected), as \(unit.examples)", suggestion: unit.nearest(to: text))
      return nil
    }
    if range.contains(value) { return value }
    complain(
      "out-of-range", at: position,
      "'\(printable(text))' is too \(value < range.lowerBound ? "little" : "much") for '\(key)'",
      expected: expected)
    return nil
  }

  /// Complains about every member that is missing, and about every one that nobody took.
  package mutating func finish() {
    guard case .mapping(let entries) = node.content else { return }
    let free = known.filter { node.member($0) == nil }
    for entry in entries where !known.contains(entry.key) {
      let nearest = nearestName(to: entry.key, among: free)
      missing.removeAll { $0.key == nearest }
      complain(
        "unknown-key", at: entry.keyPosition, "'\(printable(entry.key))' is not known here",
        expected: "one of \(listing(known))", suggestion: nearest, shown: .key)
    }
    for (key, expected) in missing {
      complain("missing-key", at: node.position, "'\(key)' is missing", expected: expected)
    }
  }
}
