internal import FilterABI

extension Chain {
  /// So many findings one body may have: each costs memory and a line of evidence, and no person's work has so many.
  public static let maximumFindings = 65_536

  /// Passes a request through all stages, or a whole response through those that detect and mask, each over all
  /// segments, in the pipeline's order. Ends at the first denial. Any thread; does not block.
  ///
  /// - Throws: where a filter fails or breaks a rule: nothing may be let through then.
  /// - Parameter knownScore: the score of this request, which is known otherwise; nil: the score stages say it.
  public func run(
    _ source: some SegmentSource, exchange: ExchangeContext, direction: ExchangeContext.Direction,
    knownScore: UInt32? = nil
  ) throws(StageFailure) -> RunResult {
    let scratch = spare.take()
    defer { spare.giveBack(scratch) }
    var run = Run(
      chain: self, exchange: exchange, direction: direction, scratch, segments: source.segmentCount)
    run.result.score = knownScore
    for step in steps {
      switch step {
      case .detect(let detector): try run.detect(detector, source)
      case .mask(let mask): try run.mask(mask, source)
      case .guard(let instance) where direction == .request: try run.guard(instance, source)
      case .score(let score) where direction == .request && knownScore == nil:
        try run.score(score, source, isNoted: true)
      case .gate(let gate) where direction == .request: try run.gate(gate)
      case .guard, .score, .gate: continue
      }
      if run.isDenied { break }
    }
    var result = try run.finish(source)
    guard case .pass = result.outcome else { return result }
    if !shadows.isEmpty { result.shadows = shadow(source, beside: result, run) }
    return result
  }
}

/// One pass of a chain over a payload.
struct Run {
  let chain: Chain
  let exchange: ExchangeContext
  let direction: ExchangeContext.Direction
  let scratch: ChainScratch
  var result = RunResult()
  /// For each segment, which of the findings are its own.
  var ranges: [Range<Int>]

  init(
    chain: Chain, exchange: ExchangeContext, direction: ExchangeContext.Direction, _ scratch: ChainScratch,
    segments: Int
  ) {
    self.chain = chain
    self.exchange = exchange
    self.direction = direction
    self.scratch = scratch
    ranges = Array(repeating: 0..<0, count: segments)
    scratch.edits.arena.removeAll(keepingCapacity: true)
  }

  /// Whether a guard or a gate has said no.
  var isDenied: Bool {
    if case .denied = result.outcome { return true }
    if case .deny = result.gate { return true }
    return false
  }

  mutating func detect(_ detector: DetectInstance, _ source: some SegmentSource) throws(StageFailure) {
    var work = try detector.filter.begin()
    defer { detector.filter.counters.add(work, stripe: scratch.stripe) }
    let session = DetectSession(detector, exchange, direction)
    var all: [FindingReport] = []
    all.reserveCapacity(result.findings.count + 16)
    unsafe try source.forEach(direction) { (index, segment, text) throws(StageFailure) in
      let first = all.count
      all.append(contentsOf: result.findings[ranges[index]])
      unsafe try session.whole(segment, text, cache: chain.cache, scratch, &work, into: &all)
      all.merge(from: first)
      guard all.count <= Chain.maximumFindings else { throw .tooManyFindings(detector.filter.name) }
      ranges[index] = first..<all.count
    }
    result.findings = all
  }

  mutating func mask(_ mask: MaskInstance, _ source: some SegmentSource) throws(StageFailure) {
    var work = try mask.filter.begin()
    defer { mask.filter.counters.add(work, stripe: scratch.stripe) }
    let session = try MaskSession(mask, exchange, direction, scratch, &work)
    unsafe try source.forEach(direction) { (index, segment, text) throws(StageFailure) in
      guard !text.isEmpty else { return }
      work.calls += 1
      work.bytes += text.count
      unsafe try session.edit(
        segment, base: 0, text: text, findings: &result.findings, at: ranges[index], edits: &result.edits,
        scratch, &work)
    }
  }

  /// What it came to: edits in order, and each finding with its fingerprint.
  mutating func finish(_ source: some SegmentSource) throws(StageFailure) -> RunResult {
    if result.findings.contains(where: { !$0.hasFingerprint }) {
      unsafe try source.forEach(direction) { (index, _, text) throws(StageFailure) in
        for place in ranges[index] { chain.fingerprint(&result.findings[place], in: text, base: 0) }
      }
    }
    result.edits.merge()
    if !result.edits.isEmpty {
      result.arena = scratch.edits.arena
      scratch.edits.arena = []
    }
    return result
  }
}
