/// One request that waits for people, or has waited. A state machine without I/O; the store keeps it.
public struct Approval: Sendable, Equatable {
  public enum State: String, Sendable, CaseIterable {
    case pending, approved, denied, expired
    /// Approved, and the request has gone on: it can't be used again.
    case consumed
  }

  /// One person's word.
  public struct Decision: Sendable, Equatable {
    public let subject: String
    /// How it was known who they are, e.g. `keys`.
    public let established: String
    public let verdict: Verdict
    /// Those of their groups that the gate names.
    public let groups: [String]
    public let comment: String
    /// Seconds since 1970 UTC.
    public let time: Int64
    /// Their e-mail address where it is known; empty: it is not.
    var email = ""

    var names: PersonNames { PersonNames(subject: subject, email: email) }
  }

  public enum Verdict: String, Sendable { case approve, deny }

  public let id: String
  /// Of the masked payload, the policy and the principal: another request is another approval.
  public let digest: [UInt8]
  public let pipeline: String
  /// Who asks.
  public let subject: String
  /// What the approver is shown: JSON, masked.
  public let context: String
  public let score: Int
  public let terms: GateTerms
  public let created: Int64
  public let expires: Int64
  public internal(set) var state: State
  public internal(set) var decisions: [Decision]
  /// How the requester went on without anybody's word; nil: they did not.
  public internal(set) var glass: BreakGlass?
  /// The asker's e-mail address where it is known; empty: it is not. Nobody decides about their own request under
  /// another name.
  var email = ""
}

/// Who decides.
public struct Approver: Sendable {
  public let subject: String
  public let groups: [String]
  public let established: String
  /// Whether it is the owner of the data directory, at the command line.
  public let isLocalOperator: Bool
  /// Empty: it is not known.
  public let email: String

  public init(
    subject: String, email: String = "", groups: [String], established: String, isLocalOperator: Bool
  ) {
    self.subject = subject
    self.email = email
    self.groups = groups
    self.established = established
    self.isLocalOperator = isLocalOperator
  }

  var names: PersonNames { PersonNames(subject: subject, email: email) }
}

extension Approval {
  /// Groups; a member of any may decide.
  public var approvers: [String] {
    terms.approvers + terms.required.filter { !terms.approvers.contains($0) }
  }
  var names: PersonNames { PersonNames(subject: subject, email: email) }
  public var quorum: Int { terms.quorum }
  public var localOperator: Bool { terms.localOperator }
  public var approvals: [Decision] { decisions.filter { $0.verdict == .approve } }

  /// Takes one person's word. A denial decides at once; approvals decide when as many different people have given
  /// one as the quorum says, of each required group one.
  mutating func decide(_ approver: Approver, _ verdict: Verdict, comment: String, now: Int64)
    throws(ControlError)
  {
    expire(now: now)
    switch state {
    case .pending: break
    case .expired: throw ControlError(.expired, "\(id) has expired; the request has to be sent again")
    case .approved, .denied, .consumed:
      throw ControlError(.alreadyDecided, "\(id) is \(state.rawValue) already")
    }
    guard !approver.names.overlap(names) else {
      throw ControlError(.ownRequest, "nobody decides about their own request")
    }
    guard terms.letDecide(groups: approver.groups, isLocalOperator: approver.isLocalOperator) else {
      throw ControlError(
        .notAllowed,
        approvers.isEmpty
          ? "\(id) may be decided by the owner of the data directory alone"
          : "\(id) may be decided by members of \(approvers.joined(separator: ", "))")
    }
    guard !decisions.contains(where: { $0.names.overlap(approver.names) }) else {
      throw ControlError(
        .alreadyDecided, "\(approver.subject) has decided about \(id) already; another person has to")
    }
    decisions.append(
      Decision(
        subject: approver.subject, established: approver.established, verdict: verdict,
        groups: approver.groups.filter { approvers.contains($0) }, comment: comment, time: now,
        email: approver.email))
    if verdict == .deny {
      state = .denied
    } else if terms.areMet(by: approvals.map(\.groups)) {
      state = .approved
    }
  }

  /// Undecided or unused when its time is over, it counts as denied.
  mutating func expire(now: Int64) {
    if state == .pending || state == .approved, now >= expires { state = .expired }
  }
}
