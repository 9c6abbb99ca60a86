/// What a chain made of a request or a whole response.
public struct RunResult: Sendable {
  /// Whether it may go on.
  public enum Outcome: Sendable {
    case pass
    /// A guard said no. `rule` is for evidence, `message` for the client.
    case denied(stage: String, rule: String, message: String)
  }

  /// What the gates said.
  public enum Gate: Sendable {
    case allow
    case deny(stage: String, reason: String)
    case hold(GateHold)
  }

  public internal(set) var outcome = Outcome.pass
  /// Sorted by segment and place, without overlap.
  public internal(set) var findings: [FindingReport] = []
  /// Sorted by segment and place, without overlap.
  public internal(set) var edits: [EditPlan] = []
  /// The replacements' bytes.
  public internal(set) var arena: [UInt8] = []
  /// 0 to 100: the highest of the score stages; nil: there is none.
  public internal(set) var score: UInt32?
  public internal(set) var reasons: [ScoreReason] = []
  public internal(set) var gate = Gate.allow
  /// What each shadow stage would have changed, in the pipeline's order.
  public internal(set) var shadows: [ShadowReport] = []
}

/// One reason for a score.
public struct ScoreReason: Sendable {
  let name: Name
  /// What it is, e.g. `kind/ssn`.
  public var code: String { name.text }
  /// What it adds to the score; may be negative.
  public let points: Int32
  /// Of what it counts.
  public let count: UInt64
}

/// What it takes until a request may go on.
public struct GateHold: Sendable, Hashable {
  public let stage: String
  /// Groups; a member of any of them may decide.
  public let approvers: [String]
  /// Groups, of each of which somebody must be among those who approve; their members may decide, too.
  public let required: [String]
  /// How many different people must approve.
  public let quorum: Int
  /// Seconds until undecided counts as denied.
  public let expires: Int
  /// Whether the owner of the data directory may decide at its command line.
  public let localOperator: Bool
  /// Who may go on at once, in an emergency; nil: nobody.
  public let breakGlass: BreakGlass?
  public let reason: String

  /// Who may take access at once, and for how long.
  public struct BreakGlass: Sendable, Hashable {
    public let groups: [String]
    /// Whether whoever asks may, whatever their groups.
    public let anyone: Bool
    /// Seconds.
    public let lifetime: Int
  }
}
