/// Rules by JSON Pointer pattern, compiled to a trie, so that a walk follows numbers instead of building
/// strings. In a pattern `*` stands for any one array element or member, where no rule names it.
public struct RuleTable: Sendable {
  private struct Node: Sendable {
    var treatment: Treatment?
    /// Its named members among ``RuleTable/members``.
    var members = 0..<0
    var any = RuleTable.none
  }

  /// A named member: where it leads, and its name as it is compared.
  private struct Member: Sendable {
    let length: Int
    /// The name's first eight bytes.
    let head: UInt64
    /// The whole name in ``RuleTable/names``.
    let name: Range<Int>
    let node: Int
  }

  private var nodes: [Node] = []
  private var members: [Member] = []
  private var names: [UInt8] = []
  /// Why fields are forbidden; ``Treatment/forbidden(reason:)`` numbers them.
  public let reasons: [String]

  /// The state of a place that no rule mentions.
  static let none = -1
  static let root = 0

  /// What holds for members of a name wherever they stand and no other rule does (`/**/NAME`).
  private var named: [(name: [UInt8], treatment: Treatment)] = []

  @inline(__always)
  var hasAnywhere: Bool { !named.isEmpty }

  func anywhere(_ name: Span<UInt8>) -> Treatment? {
    for rule in named where name.isEqual(to: rule.name) { return rule.treatment }
    return nil
  }

  /// No rules: every string is scanned.
  public static let empty = RuleTable([])

  /// - Parameter reasons: why fields are forbidden, each as the end of a sentence.
  public init(_ rules: [(pattern: String, treatment: Treatment)], reasons: [String] = []) {
    self.reasons = reasons
    compile(Draft(rules.filter { !$0.pattern.hasPrefix("/**/") }))
    named = rules.filter { $0.pattern.hasPrefix("/**/") }.map { rule in
      (Array(rule.pattern.utf8.dropFirst(4)), rule.treatment)
    }
  }

  /// The trie while it grows.
  private struct Draft {
    var treatments: [Treatment?] = [nil]
    var children: [[(name: String, node: Int)]] = [[]]

    init(_ rules: [(pattern: String, treatment: Treatment)]) {
      for rule in rules {
        var current = RuleTable.root
        for escaped in rule.pattern.split(separator: "/").map(String.init) {
          // RFC 6901, 3.
          let name = escaped.replacing("~1", with: "/").replacing("~0", with: "~")
          var next = children[current].first { $0.name == name }?.node ?? RuleTable.none
          if next == RuleTable.none {
            next = children.count
            children[current].append((name, next))
            children.append([])
            treatments.append(nil)
          }
          current = next
        }
        treatments[current] = rule.treatment
      }
    }
  }

  private mutating func compile(_ draft: Draft) {
    for (treatment, children) in zip(draft.treatments, draft.children) {
      var node = Node(treatment: treatment)
      let first = members.count
      for (name, child) in children {
        if name == "*" {
          node.any = child
          continue
        }
        let bytes = Array(name.utf8)
        members.append(
          Member(
            length: bytes.count, head: ByteScanner.word(bytes.span, from: 0),
            name: names.count..<names.count + bytes.count, node: child))
        names += bytes
      }
      node.members = first..<members.count
      nodes.append(node)
    }
  }

  /// The state below `state` for a member of that name, and whether the protocol knows the name.
  @inline(__always)
  func member(_ name: Span<UInt8>, below state: Int) -> (state: Int, isKnown: Bool) {
    guard state != Self.none else { return (Self.none, false) }
    let node = nodes[state]
    if !node.members.isEmpty {
      let head = ByteScanner.word(name, from: 0)
      for index in node.members where members[index].head == head && members[index].length == name.count {
        let member = members[index]
        if member.length <= 8 || hasSameTail(name, member) { return (member.node, true) }
      }
    }
    return (node.any, false)
  }

  private func hasSameTail(_ name: Span<UInt8>, _ member: Member) -> Bool {
    for index in 8..<name.count where name[index] != names[member.name.lowerBound + index] { return false }
    return true
  }

  /// The state below `state` for an element of an array.
  @inline(__always)
  func element(below state: Int) -> Int { state == Self.none ? Self.none : nodes[state].any }

  @inline(__always)
  func treatment(_ state: Int) -> Treatment? { state == Self.none ? nil : nodes[state].treatment }
}
