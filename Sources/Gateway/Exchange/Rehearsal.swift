public import FilterChain
public import Payload
public import PipelineModel

/// What a pipeline would say of a request that was made before: nothing is sent, asked, or recorded.
public struct Rehearsal: Sendable {
  public enum Verdict: String, Sendable { case allow, deny, hold }

  public let verdict: Verdict
  /// Of a denial: the guard's rule, or a stable code.
  public let rule: String?
  /// The stage that denies or holds.
  public let stage: String?
  /// 0 to 100; nil: no stage has said one.
  public let score: Int?
  public let reasons: [ScoreReason]
  /// How many values of each kind are found.
  public let kinds: [String: Int]

  /// A request as it is on record.
  public struct Request: Sendable {
    public var method: String
    /// Below the pipeline's own path.
    public var path: String
    public var body: [UInt8]
    public var exchange: String
    public var session: String
    public var principal: Principal
    /// Seconds since 1970.
    public var time: Int64
    /// The score that is on record, for a body in which it can't be told any more; nil: it is to be told.
    public var knownScore: UInt32?

    public init(
      method: String, path: String, body: [UInt8], exchange: String, session: String, principal: Principal,
      time: Int64, knownScore: UInt32?
    ) {
      (self.method, self.path, self.body) = (method, path, body)
      (self.exchange, self.session, self.principal) = (exchange, session, principal)
      (self.time, self.knownScore) = (time, knownScore)
    }
  }

  /// Passes a request through a pipeline's stages. Any thread; takes as long as an exchange's inspection.
  /// - Returns: nil for a body that can't be told from the record alone, such as a form with files.
  public static func run(
    _ request: Request, pipeline: Pipeline, protocolDescription: ProtocolDescription, chain: Chain
  ) -> Rehearsal? {
    guard let endpoint = protocolDescription.endpoint(method: request.method, path: request.path[...]) else {
      return Rehearsal(denied: "unknown_endpoint")
    }
    guard let form = endpoint.form(of: request.body.span) else { return Rehearsal(denied: "unknown_form") }
    let rules: RuleTable
    switch form.request {
    case .json(let table): rules = table
    case .optional(let table) where !request.body.isEmpty: rules = table
    case .multipart: return nil
    case nil, .optional: return request.body.isEmpty ? Rehearsal() : Rehearsal(denied: "body_refused")
    }
    guard request.body.count <= pipeline.limits.request else { return Rehearsal(denied: "request_too_large") }
    var (walker, walked, splicer) = (JSONWalker(), WalkedBody(), Splicer())
    do throws(GatewayError) {
      let inspection = try Inspection.json(
        request.body, rules: rules, direction: .request, chain: chain,
        handling: Inspection.Handling(media: pipeline.media, stripped: form.stripped),
        knownScore: request.knownScore, walker: &walker, walked: &walked, splicer: &splicer,
        context: { attributes in
          ExchangeContext(
            id: request.exchange, session: request.session, pipeline: pipeline.name,
            principal: request.principal, attributes: attributes, upstream: pipeline.upstream.host,
            time: request.time)
        })
      return Rehearsal(inspection.result)
    } catch { return Rehearsal(denied: error.code, stage: error.stage) }
  }

  private init(denied rule: String? = nil, stage: String = "") {
    verdict = rule == nil ? .allow : .deny
    self.rule = rule
    self.stage = stage.isEmpty ? nil : stage
    (score, reasons, kinds) = (nil, [], [:])
  }

  private init(_ result: RunResult) {
    var kinds: [String: Int] = [:]
    for finding in result.findings { kinds[finding.kind.text, default: 0] += 1 }
    self.kinds = kinds
    score = result.score.map(Int.init)
    reasons = result.reasons
    if case .denied(let stage, let rule, _) = result.outcome {
      (verdict, self.rule, self.stage) = (.deny, rule, stage)
      return
    }
    switch result.gate {
    case .allow: (verdict, rule, stage) = (.allow, nil, nil)
    case .deny(let stage, _): (verdict, rule, self.stage) = (.deny, "denied_by_gate", stage)
    case .hold(let hold): (verdict, rule, stage) = (.hold, nil, hold.stage)
    }
  }
}
