/// Rules by JSON Pointer pattern, compiled to a trie, so that a walk follows numbers instead of building
/// strings. In a pattern `*` stands for any one array element or member.
public struct RuleTable: Sendable {
  struct Node: Sendable {
    var treatment: Treatment?
    var members: [(name: [UInt8], node: Int)] = []
    var any: Int?
  }

  private(set) var nodes = [Node()]

  /// The state of a place that no rule mentions.
  static let none = -1
  static let root = 0

  public init(_ rules: [(pattern: String, treatment: Treatment)]) {
    for rule in rules { insert(rule.pattern, rule.treatment) }
  }

  private mutating func insert(_ pattern: String, _ treatment: Treatment) {
    var current = Self.root
    for token in pattern.split(separator: "/") {
      let next: Int
      if token == "*" {
        next = nodes[current].any ?? nodes.count
        nodes[current].any = next
      } else {
        let name = Array(token.utf8)
        next = nodes[current].members.first { $0.name == name }?.node ?? nodes.count
        if next == nodes.count { nodes[current].members.append((name, next)) }
      }
      if next == nodes.count { nodes.append(Node()) }
      current = next
    }
    nodes[current].treatment = treatment
  }

  /// The state below `state` for a member of that name, and whether the protocol knows the name.
  @inline(__always)
  func member(_ name: Span<UInt8>, below state: Int) -> (state: Int, isKnown: Bool) {
    guard state != Self.none else { return (Self.none, false) }
    for member in nodes[state].members where name.isEqual(to: member.name) { return (member.node, true) }
    return (nodes[state].any ?? Self.none, false)
  }

  /// The state below `state` for an element of an array.
  @inline(__always)
  func element(below state: Int) -> Int {
    state == Self.none ? Self.none : nodes[state].any ?? Self.none
  }

  @inline(__always)
  func treatment(_ state: Int) -> Treatment? { state == Self.none ? nil : nodes[state].treatment }
}
