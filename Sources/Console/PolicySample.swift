/// A request that was never made, for a policy to be tried on.
public struct PolicySample: Sendable {
  public let pipeline: String
  /// Empty: POST.
  public let method: String
  /// Below the pipeline's own path, as `/v1/chat/completions`.
  public let path: String
  public let body: String
  /// Whose it would be; empty: nobody's.
  public let subject: String
  public let groups: [String]
  /// Seconds since 1970 UTC.
  public let time: Int64
}

/// What a policy says of it. It holds nothing of the sample but counts.
public struct PolicyVerdict: Sendable {
  public struct Reason: Sendable {
    /// As `kind/ssn`.
    public let code: String
    /// What it adds to the score.
    public let points: Int
    public let count: UInt64

    public init(code: String, points: Int, count: UInt64) {
      (self.code, self.points, self.count) = (code, points, count)
    }
  }

  /// allow, deny or hold.
  public let verdict: String
  /// Of a denial: the guard's rule, or a stable code.
  public let rule: String?
  /// The stage that denies or holds.
  public let stage: String?
  /// 0 to 100; nil: no stage has said one.
  public let score: Int?
  public let reasons: [Reason]
  /// How many values of each kind are found.
  public let kinds: [String: Int]

  public init(
    verdict: String, rule: String?, stage: String?, score: Int?, reasons: [Reason], kinds: [String: Int]
  ) {
    (self.verdict, self.rule, self.stage) = (verdict, rule, stage)
    (self.score, self.reasons, self.kinds) = (score, reasons, kinds)
  }
}
