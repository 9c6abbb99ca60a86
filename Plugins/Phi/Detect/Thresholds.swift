internal import FilterKit
internal import JSONTree

/// How sure a finding has to be to be reported: by kind, by where its text stands, and by whose words it is.
struct Thresholds: Sendable {
  private struct Rule: Sendable {
    let kind: Kind?
    let path: PointerPattern?
    let role: Role?
    let least: UInt32
  }

  /// What no rule is about.
  private let standard: UInt32
  private var rules: [Rule] = []

  private static let roles: [String: Role] = [
    "system": .system, "developer": .developer, "user": .user, "assistant": .assistant, "tool": .tool,
    "tool-name": .toolName, "tool-arguments": .toolArguments, "schema": .schema, "metadata": .metadata,
    "key": .key, "unknown": .unknown,
  ]

  init(_ configuration: JSONValue) throws(FilterError) {
    standard = Self.number(configuration["min-confidence"]) ?? 5000
    for (index, item) in (configuration["thresholds"]?.array ?? []).enumerated() {
      let pointer = "/thresholds/\(index)"
      var kind: Kind?
      if let name = item["kind"]?.string {
        kind = Kind(name)
        if kind == nil { throw .configuration("This is no name of a kind.", at: "\(pointer)/kind") }
      }
      let role = item["role"]?.string.flatMap { Self.roles[$0] }
      let path = item["path"]?.string.map { PointerPattern($0) }
      guard kind != nil || role != nil || path != nil else {
        throw .configuration("A threshold is for a kind, a path or a role.", at: pointer)
      }
      rules.append(
        Rule(kind: kind, path: path, role: role, least: Self.number(item["min-confidence"]) ?? 5000))
    }
  }

  private static func number(_ value: JSONValue?) -> UInt32? {
    value?.number.map { UInt32(min(max($0, 0), 1) * 10_000) }
  }

  /// Those that are left for one text.
  struct Local {
    fileprivate var standard: UInt32
    fileprivate var kinds: [(kind: Kind?, least: UInt32)] = []

    /// The first that fits decides.
    func least(_ kind: Kind) -> UInt32 {
      for rule in kinds where rule.kind == nil || rule.kind == kind { return rule.least }
      return standard
    }
  }

  func local(to segment: borrowing SegmentView) -> Local {
    var local = Local(standard: standard)
    guard !rules.isEmpty else { return local }
    let role = segment.role
    for rule in rules {
      if let wanted = rule.role, wanted != role { continue }
      if let path = rule.path, !segment.withPointer({ path.matches($0) }) { continue }
      local.kinds.append((rule.kind, rule.least))
    }
    return local
  }
}
