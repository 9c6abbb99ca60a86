internal import FilterKit
internal import JSONTree

/// Which operator a value gets: the first rule that fits decides, else the default.
///
/// A rule with a path and no kind is about a whole field: unless it keeps it, the field is protected whatever it
/// contains, and whatever the rules before it say of single kinds.
struct OperatorTable {
  private struct Rule {
    let kind: Kind?
    let path: PointerPattern?
    let leastConfidence: UInt32
    let use: MaskOperator
  }

  let standard: MaskOperator
  /// How many characters `partial` leaves.
  let keepLast: Int
  /// How many letters a placeholder's code has.
  let codeLength: Int
  let dateShift: DateShift
  private var rules: [Rule] = []
  private var hasFields = false

  init(_ configuration: JSONValue) throws(FilterError) {
    standard = configuration["default"]?.string.flatMap(MaskOperator.init) ?? .placeholder
    keepLast = configuration["partial"]?["keep-last"]?.integer ?? 4
    codeLength = configuration["placeholder"]?["length"]?.integer ?? Placeholder.standardLength
    guard Placeholder.lengths.contains(codeLength) else {
      throw .configuration("A placeholder's code has 5 to 10 letters.", at: "/placeholder/length")
    }
    dateShift = DateShift(
      scope: configuration["date-shift"]?["per"]?.string.flatMap(DateShift.Scope.init) ?? .session,
      most: configuration["date-shift"]?["days"]?.integer ?? 365)
    for (index, rule) in (configuration["rules"]?.array ?? []).enumerated() {
      rules.append(try Self.rule(rule, at: "/rules/\(index)"))
    }
    hasFields = rules.contains { $0.kind == nil }
  }

  private static func rule(_ rule: JSONValue, at pointer: String) throws(FilterError) -> Rule {
    guard let use = rule["use"]?.string.flatMap(MaskOperator.init) else {
      throw .configuration("This is no operator of this filter.", at: "\(pointer)/use")
    }
    var kind: Kind?
    if let name = rule["kind"]?.string {
      kind = Kind(name)
      guard let kind else { throw .configuration("This is no name of a kind.", at: "\(pointer)/kind") }
      if let objection = use.objection(to: kind) { throw .configuration(objection, at: "\(pointer)/use") }
    }
    let path = rule["path"]?.string.map { PointerPattern($0) }
    if kind == nil && path == nil {
      throw .configuration("A rule is about a kind, a path, or a kind in a path.", at: pointer)
    }
    let confidence = rule["min-confidence"]?.number ?? 0
    if kind == nil && confidence > 0 {
      throw .configuration(
        "A rule for a whole field has nothing to be sure of: give it a kind, or leave this out.",
        at: "\(pointer)/min-confidence")
    }
    return Rule(
      kind: kind, path: path, leastConfidence: UInt32(min(max(confidence, 0), 1) * 10_000), use: use)
  }

  /// Whether any value may get an operator.
  func uses(_ wanted: MaskOperator) -> Bool { standard == wanted || rules.contains { $0.use == wanted } }

  /// The operator that a whole field gets; nil where only what was found in it matters.
  func use(forField pointer: Span<UInt8>) -> MaskOperator? {
    guard hasFields else { return nil }
    for rule in rules where rule.kind == nil {
      if let path = rule.path, path.matches(pointer) { return rule.use == .keep ? nil : rule.use }
    }
    return nil
  }

  /// The operator that a finding in the field at `pointer` gets.
  func use(for finding: Finding, at pointer: Span<UInt8>) -> MaskOperator {
    for rule in rules {
      if let kind = rule.kind, kind != finding.kind || finding.confidence < rule.leastConfidence { continue }
      if let path = rule.path, !path.matches(pointer) { continue }
      return rule.use
    }
    return standard
  }
}
