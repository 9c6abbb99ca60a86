internal import JSONTree

/// Takes a mapping's members by name, and complains about every one that is wrong, missing or left over.
struct MappingReader {
  let node: YAMLNode
  private var known: [String] = []
  private(set) var diagnostics: [Diagnostic] = []

  init(_ node: YAMLNode, what: String) {
    self.node = node
    if case .mapping = node.content { return }
    diagnostics.append(
      Diagnostic("wrong-type", at: node.position, "\(what) is \(node.kindName)", expected: "a mapping"))
  }

  mutating func complain(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// The member of that name; nil where there is none.
  mutating func take(_ key: String) -> YAMLNode? {
    known.append(key)
    return node.member(key)?.value
  }

  mutating func text(_ key: String) -> (text: String, position: SourcePosition)? {
    guard let value = take(key) else { return nil }
    guard case .scalar(let text, _) = value.content, !text.isEmpty else {
      complain(Diagnostic("wrong-type", at: value.position, "'\(key)' is \(value.kindName)", expected: "text"))
      return nil
    }
    return (text, value.position)
  }

  mutating func required(_ key: String, _ expected: String) -> (text: String, position: SourcePosition)? {
    if node.member(key) == nil {
      known.append(key)
      complain(Diagnostic("missing-key", at: node.position, "'\(key)' is missing", expected: expected))
      return nil
    }
    return text(key)
  }

  mutating func bool(_ key: String) -> Bool? {
    guard let value = take(key) else { return nil }
    if let bool = value.json.bool { return bool }
    complain(Diagnostic("wrong-type", at: value.position, "'\(key)' is neither true nor false", expected: "true or false"))
    return nil
  }

  mutating func choice<C: RawRepresentable & CaseIterable>(_ key: String, _ type: C.Type) -> C?
  where C.RawValue == String {
    guard let (text, position) = text(key) else { return nil }
    if let choice = C(rawValue: text) { return choice }
    let names = C.allCases.map(\.rawValue)
    complain(
      Diagnostic(
        "not-allowed", at: position, "'\(text)' is not known for '\(key)'",
        expected: "one of \(names.joined(separator: ", "))", suggestion: nearestName(to: text, among: names)))
    return nil
  }

  mutating func bytes(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    quantity(key, range, "a size from \(range.lowerBound) to \(range.upperBound) bytes, as 64KiB or 16MiB", Quantity.bytes)
  }

  mutating func milliseconds(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    quantity(
      key, range, "a duration from \(range.lowerBound) to \(range.upperBound) ms, as 500ms, 90s, 15m or 1h",
      Quantity.milliseconds)
  }

  private mutating func quantity(
    _ key: String, _ range: ClosedRange<Int>, _ expected: String, _ parse: (String) -> Int?
  ) -> Int? {
    guard let (text, position) = text(key) else { return nil }
    if let value = parse(text), range.contains(value) { return value }
    complain(Diagnostic("not-allowed", at: position, "'\(text)' does not fit '\(key)'", expected: expected))
    return nil
  }

  /// Complains about every member that nobody took.
  mutating func finish() {
    guard case .mapping(let entries) = node.content else { return }
    for entry in entries where !known.contains(entry.key) {
      complain(
        Diagnostic(
          "unknown-key", at: entry.keyPosition, "'\(entry.key)' is not known here",
          expected: "one of \(known.joined(separator: ", "))",
          suggestion: nearestName(to: entry.key, among: known)))
    }
  }
}
