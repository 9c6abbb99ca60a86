internal import FilterKit
internal import JSONTree

/// The rules of one configuration. A rule is known by its place in the list; the first one that fits decides.
struct RuleSet {
  /// A rule of a text: its pattern, and the roles that it looks at, one bit for each raw value of `Role`.
  struct TextRule {
    let number: Int
    let pattern: String
    let roles: UInt32
  }

  /// No rule fits.
  static let none = Int.max
  /// The model is not among those allowed: after every rule with a name of its own.
  static let modelNotAllowed = Int.max - 1

  private(set) var texts: [TextRule] = []
  private var tools: [(number: Int, globs: [Glob])] = []
  private var models: [(number: Int, globs: [Glob])] = []
  private var allowedModels: [Glob] = []
  private var named: [(name: String, message: String)] = []

  var hasTools: Bool { !tools.isEmpty }
  var hasAllowedModels: Bool { !allowedModels.isEmpty }

  init(_ configuration: JSONValue) throws(FilterError) {
    for (number, rule) in (configuration["deny"]?.array ?? []).enumerated() {
      try add(rule, number, at: "/deny/\(number)")
    }
    allowedModels = (configuration["allow-models"]?.strings ?? []).map { Glob($0) }
    if named.isEmpty && allowedModels.isEmpty {
      throw .configuration(
        "This guard has no rules: give it 'deny' or 'allow-models', or leave it out.", at: "")
    }
  }

  private mutating func add(_ rule: JSONValue, _ number: Int, at pointer: String) throws(FilterError) {
    let name = rule["name"]?.string ?? ""
    if named.contains(where: { $0.name == name }) {
      throw .configuration(
        "Two rules are named '\(name)': a record could not tell them apart.", at: "\(pointer)/name")
    }
    named.append((name, rule["message"]?.string ?? "The rule '\(name)' forbids this request."))

    let conditions = ["text", "tools", "models"].filter { rule[$0] != nil }
    guard conditions.count == 1 else {
      throw .configuration(
        conditions.isEmpty
          ? "The rule '\(name)' has no condition: give it one of 'text', 'tools' and 'models'."
          : "The rule '\(name)' has several conditions: make a rule of each.", at: pointer)
    }
    if rule["roles"] != nil && rule["text"] == nil {
      throw .configuration(
        "'roles' says whose text a rule looks at: it needs 'text'.", at: "\(pointer)/roles")
    }
    if let pattern = rule["text"]?.string {
      texts.append(TextRule(number: number, pattern: pattern, roles: Self.roles(rule["roles"]?.strings)))
    }
    if let names = rule["tools"]?.strings { tools.append((number, names.map { Glob($0) })) }
    if let names = rule["models"]?.strings { models.append((number, names.map { Glob($0) })) }
  }

  private static func roles(_ names: [String]?) -> UInt32 {
    guard let names else { return .max }
    let known: [(name: String, role: Role)] = [
      ("unknown", .unknown), ("system", .system), ("developer", .developer), ("user", .user),
      ("assistant", .assistant), ("tool", .tool), ("tool-name", .toolName),
      ("tool-arguments", .toolArguments),
      ("schema", .schema), ("metadata", .metadata), ("key", .key),
    ]
    return known.filter { names.contains($0.name) }.reduce(0) { $0 | 1 << $1.role.rawValue }
  }

  /// The first rule that denies a tool of that name, folded as ``Glob`` compares; nil where none does.
  func denies(tool name: Span<UInt8>) -> Int? {
    for rule in tools where rule.globs.contains(where: { $0.matches(name) }) { return rule.number }
    return nil
  }

  /// The first rule that denies a model of that name; nil where none does.
  func denies(model name: Span<UInt8>) -> Int? {
    for rule in models where rule.globs.contains(where: { $0.matches(name) }) { return rule.number }
    if allowedModels.isEmpty || allowedModels.contains(where: { $0.matches(name) }) { return nil }
    return Self.modelNotAllowed
  }

  func verdict(_ number: Int) -> GuardVerdict {
    switch number {
    case Self.none: .allow
    case Self.modelNotAllowed:
      .deny(
        rule: "allow-models",
        message: "This model is not allowed here. Ask for one that the pipeline's 'allow-models' names.")
    default: .deny(rule: named[number].name, message: named[number].message)
    }
  }
}
