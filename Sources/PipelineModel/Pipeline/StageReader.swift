internal import JSONTree

/// Reads the list of stages.
struct StageReader {
  private(set) var stages: [Stage] = []
  /// Each entry of the list: its kind, guessed where its name is misspelt, nil where not even that is possible.
  private(set) var steps: [PipelineRules.Step] = []
  private(set) var diagnostics: [Diagnostic] = []

  private static let shadowed: Set<StageKind> = [.guard, .detect, .mask, .score, .gate]

  init(_ node: YAMLNode) {
    switch node.content {
    case .sequence(let nodes): for node in nodes { read(node) }
    case .refused: break
    case .scalar, .mapping:
      diagnostics.append(
        Diagnostic(
          "wrong-type", at: node.position, "'stages' is \(node.kindName)",
          expected: "a list, as '- detect: phi'"))
    }
  }

  private mutating func read(_ node: YAMLNode) {
    var reader = MappingReader(node, what: "a stage")
    let kind = readKind(node, &reader)
    let filter = kind.flatMap { reader.text($0.rawValue) }
    let with = reader.take("with")
    let plugin = reader.text("plugin")
    let isolation = reader.choice("isolation", StageIsolation.self)
    let allowed = IsolationReader.read(&reader, isolation: isolation)
    let isShadow = reader.bool("shadow") == true
    if isShadow {
      // What it says counts for nothing: no other stage can rely on it.
      steps.removeLast()
      if let kind, !Self.shadowed.contains(kind), let shadow = reader.node.member("shadow") {
        reader.complain(
          "not-allowed", at: shadow.value.position, "only a stage that looks at texts can be a shadow",
          expected: "a 'guard', 'detect', 'mask', 'score' or 'gate' stage")
      }
    }
    let budget = readBudget(kind, &reader)
    refuseUnsupported(&reader)
    if let filter, !Self.isFilterName(filter.text) {
      reader.complain(
        "not-allowed", at: filter.position, "'\(printable(filter.text))' is no name of a filter",
        expected: "lower-case letters, digits and hyphens, at most 64; a file goes to 'plugin'")
    }
    reader.finish()
    diagnostics += reader.diagnostics
    guard let kind, let filter else { return }
    stages.append(
      Stage(
        kind: kind, filter: filter.text, plugin: plugin?.text, isolation: isolation, allowed: allowed,
        isShadow: isShadow, budget: budget, configuration: with?.json ?? .object([]),
        position: node.position, configurationNode: with))
  }

  private mutating func readKind(_ node: YAMLNode, _ reader: inout MappingReader) -> StageKind? {
    let names = StageKind.allCases.map(\.rawValue)
    guard case .mapping(let entries) = node.content else {
      steps.append((nil, node.position))
      return nil
    }
    let kinds = entries.compactMap { StageKind(rawValue: $0.key) }
    if kinds.count == 1 {
      steps.append((kinds[0], node.position))
      return kinds[0]
    }
    if kinds.count > 1 {
      for kind in kinds { _ = reader.take(kind.rawValue) }
      steps.append((nil, node.position))
      reader.complain(
        "unknown-stage", at: node.position, "this is \(kinds.count) stages in one",
        expected: "one of \(listing(kinds.map(\.rawValue))), and a '-' before each")
      return nil
    }
    // The first member that is nothing else is taken for the kind, misspelt.
    let others = ["with", "plugin", "isolation", "allow", "budget", "shadow", "on-error"]
    guard let first = entries.first(where: { !others.contains($0.key) }) else {
      steps.append((nil, node.position))
      reader.complain(
        "unknown-stage", at: node.position, "this stage has no kind", expected: "one of \(listing(names))")
      return nil
    }
    _ = reader.take(first.key)
    let nearest = nearestName(to: first.key, among: names)
    steps.append((nearest.flatMap { StageKind(rawValue: $0) }, node.position))
    reader.complain(
      "unknown-stage", at: first.keyPosition, "'\(printable(first.key))' is no kind of stage",
      expected: "one of \(listing(names))", suggestion: nearest, shown: .key)
    return nil
  }

  /// A filter's name becomes a part of a file's name: `phi` is looked for in `libsluice-phi.so`.
  private static func isFilterName(_ text: String) -> Bool { PipelineReader.isName(text) }

  /// How long a call may take; nil: it is not said.
  private func readBudget(_ kind: StageKind?, _ reader: inout MappingReader) -> Int? {
    let budget = reader.milliseconds("budget", Stage.budgets)
    if kind == .sink, let node = reader.node.member("budget")?.value {
      reader.complain(
        "not-allowed", at: node.position, "a sink has no budget: no exchange waits for its calls",
        expected: "'budget' at the other stages")
    }
    return budget
  }

  /// What the language has and this build does not do is refused, never passed over.
  private func refuseUnsupported(_ reader: inout MappingReader) {
    if let onError = reader.text("on-error"), onError.text != "deny" {
      reader.complain(
        "not-supported", at: onError.position, "this build denies what a stage can't handle",
        expected: "on-error: deny")
    }
  }
}
