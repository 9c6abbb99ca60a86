/// What a shadow stage would have changed about one request or one answer. Nothing was changed.
public struct ShadowReport: Sendable {
  /// What it finds of one kind, beside all that the pipeline's own detectors find.
  public struct Found: Sendable, Equatable {
    public let kind: String
    /// Values that it alone finds, as this kind; and that the pipeline alone does.
    public var added = 0
    public var missed = 0
  }

  /// Findings of one kind with which something else would be done.
  public struct Operation: Sendable, Equatable {
    public let kind: String
    /// What the pipeline does, and what the shadow would do: a mask's word, or `keep`.
    public let from, to: String
    public var count = 0
  }

  /// The stage, e.g. `shadow/detect/phi`.
  public let stage: String
  /// Of a detector. By kind, those alone that differ.
  public internal(set) var found: [Found] = []
  /// Of a mask.
  public internal(set) var operations: [Operation] = []
  /// Of a score.
  public internal(set) var score: UInt32?
  public internal(set) var reasons: [ScoreReason] = []
  /// Of a guard or a gate: `allow`, `deny` or `hold`.
  public internal(set) var verdict: String?
  /// Of a guard that would deny.
  public internal(set) var rule: String?
  /// Why it could not say anything: a ``StageFailure``'s code, or `budget`. The exchange went on.
  public internal(set) var failure: String?
  /// Whether it would have changed something.
  public internal(set) var differs = false

  init(stage: String) { self.stage = stage }
}

extension RunResult.Gate {
  /// `allow`, `deny` or `hold`.
  public var verdict: String {
    switch self {
    case .allow: "allow"
    case .deny: "deny"
    case .hold: "hold"
    }
  }
}
