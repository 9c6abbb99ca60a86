/// What a gate asks for before a request may go on: the one rule for approvals and for grants.
public struct GateTerms: Sendable {
  /// Groups; a member of any may decide.
  public let approvers: [String]
  /// How many different people it takes.
  public let quorum: Int
  /// Whether the owner of the data directory may decide, too.
  public let localOperator: Bool

  public init(approvers: [String], quorum: Int, localOperator: Bool) {
    self.approvers = approvers
    self.quorum = quorum
    self.localOperator = localOperator
  }

  /// Whether somebody's word counts, as far as that depends on who they are.
  func letDecide(groups: [String], isLocalOperator: Bool) -> Bool {
    !Set(groups).isDisjoint(with: approvers) || isLocalOperator && localOperator
  }
}
