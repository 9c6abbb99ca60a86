/// What a gate asks for before a request may go on: the one rule for approvals and for grants.
public struct GateTerms: Sendable, Equatable {
  /// Groups; a member of any may decide.
  public let approvers: [String]
  /// Groups; of each somebody must be among those who approve, and nobody counts for two of them. Their members may
  /// decide, too.
  public let required: [String]
  /// How many different people it takes.
  public let quorum: Int
  /// Whether the owner of the data directory may decide, too.
  public let localOperator: Bool
  /// Who may go on at once, without anybody's word; nil: nobody.
  public let breakGlass: BreakGlassTerms?

  public init(
    approvers: [String], required: [String] = [], quorum: Int, localOperator: Bool,
    breakGlass: BreakGlassTerms? = nil
  ) {
    self.approvers = approvers
    self.required = required
    self.quorum = quorum
    self.localOperator = localOperator
    self.breakGlass = breakGlass
  }

  /// Whether somebody's word counts, as far as that depends on who they are.
  func letDecide(groups: [String], isLocalOperator: Bool) -> Bool {
    groups.contains { approvers.contains($0) || required.contains($0) } || isLocalOperator && localOperator
  }

  /// Whether the word of these people is enough.
  /// - Parameter groups: of each of different people, their groups.
  func areMet(by groups: [[String]]) -> Bool {
    groups.count >= quorum && isEachGroupThere(groups)
  }

  /// Whether every required group can be given somebody of its own: a matching, by augmenting paths (Kuhn, 1955).
  /// Both sides are small: at most 16 groups, and as many people as have decided.
  private func isEachGroupThere(_ people: [[String]]) -> Bool {
    var groupOf = [Int?](repeating: nil, count: people.count)
    func place(_ group: Int, _ seen: inout Set<Int>) -> Bool {
      for person in people.indices where people[person].contains(required[group]) {
        guard seen.insert(person).inserted else { continue }
        if groupOf[person].map({ place($0, &seen) }) ?? true {
          groupOf[person] = group
          return true
        }
      }
      return false
    }
    return required.indices.allSatisfy { group in
      var seen: Set<Int> = []
      return place(group, &seen)
    }
  }
}

/// Who may break the glass at a gate: take access at once, in an emergency, and answer for it afterwards.
public struct BreakGlassTerms: Sendable, Equatable {
  /// Groups whose members may.
  public let groups: [String]
  /// Whether whoever asks may, whatever their groups.
  public let anyone: Bool
  /// The longest that it lasts, in seconds.
  public let lifetime: Int64

  public init(groups: [String], anyone: Bool, lifetime: Int64) {
    self.groups = groups
    self.anyone = anyone
    self.lifetime = lifetime
  }

  func letBreak(groups: [String]) -> Bool {
    anyone || groups.contains { self.groups.contains($0) }
  }
}
