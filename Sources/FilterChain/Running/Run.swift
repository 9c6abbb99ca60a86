internal import FilterABI

extension Chain {
  /// Passes a request through all stages, or a whole response through those that detect and mask, each over all
  /// segments, in the pipeline's order. Ends at the first denial. Any thread.
  public func run(
    _ source: some SegmentSource, exchange: ExchangeContext, direction: ExchangeContext.Direction
  ) throws(StageFailure) -> RunResult {
    var run = Run(chain: self, exchange: exchange, direction: direction, segments: source.segmentCount)
    for step in steps {
      switch step {
      case .detect(let detector): try run.detect(detector, source)
      case .mask(let mask): try run.mask(mask, source)
      case .guard(let instance) where direction == .request:
        try run.guard(instance, source)
        if case .denied = run.result.outcome { return run.result }
      case .score(let score) where direction == .request: try run.score(score, source)
      case .gate(let gate) where direction == .request:
        try run.gate(gate)
        if case .allow = run.result.gate { continue }
        run.finish()
        return run.result
      case .guard, .score, .gate: continue
      }
    }
    run.finish()
    return run.result
  }
}

/// One pass of a chain over a payload.
struct Run {
  let chain: Chain
  let exchange: ExchangeContext
  let direction: ExchangeContext.Direction
  var result = RunResult()
  /// For each segment, which of the findings are its own.
  private var ranges: [Range<Int>]
  private let collector = FindingCollector()
  private let editor = EditCollector()

  init(chain: Chain, exchange: ExchangeContext, direction: ExchangeContext.Direction, segments: Int) {
    self.chain = chain
    self.exchange = exchange
    self.direction = direction
    ranges = Array(repeating: 0..<0, count: segments)
  }

  /// Calls `body` with each segment in the ABI's form and its text, until it throws.
  private func forEach(
    _ source: some SegmentSource,
    _ body: (Int, UnsafePointer<sluice_segment>, Span<UInt8>) throws(StageFailure) -> Void
  ) throws(StageFailure) {
    for index in 0..<source.segmentCount {
      var failure: StageFailure?
      source.withSegment(index) { role, pointer, name, text in
        do throws(StageFailure) {
          unsafe try withSegment(
            id: index, direction, role: role, isStreamed: false, pointer: pointer, name: name
          ) {
            (segment) throws(StageFailure) in
            unsafe try body(index, segment, text)
          }
        } catch { failure = error }
      }
      if let failure { throw failure }
    }
  }

  mutating func detect(_ detector: DetectInstance, _ source: some SegmentSource) throws(StageFailure) {
    let session = try DetectSession(detector, exchange, direction)
    var all: [FindingReport] = []
    all.reserveCapacity(result.findings.count + 16)
    var newRanges = ranges
    let earlier = result.findings
    let earlierRanges = ranges
    unsafe try forEach(source) { (index, segment, text) throws(StageFailure) in
      collector.findings.removeAll(keepingCapacity: true)
      collector.segment = index
      collector.safe = 0
      if !text.isEmpty {
        _ = unsafe try session.feed(segment, base: 0, text: text, end: true, collector: collector)
      }
      let first = all.count
      all.append(contentsOf: earlier[earlierRanges[index]])
      for var finding in collector.findings {
        let range = snap(finding.start, finding.end, in: text)
        finding.start = range.lowerBound
        finding.end = range.upperBound
        all.append(finding)
      }
      all.merge(from: first)
      newRanges[index] = first..<all.count
    }
    result.findings = all
    ranges = newRanges
  }

  mutating func mask(_ mask: MaskInstance, _ source: some SegmentSource) throws(StageFailure) {
    let session = try MaskSession(mask, exchange, direction)
    var findings = result.findings
    var edits = result.edits
    let ranges = self.ranges
    editor.arena = result.arena
    unsafe try forEach(source) { (index, segment, text) throws(StageFailure) in
      if text.isEmpty { return }
      // An earlier mask's findings are not offered again.
      let open = ranges[index].filter { findings[$0].operation == nil }
      let offered = open.map { findings[$0] }
      unsafe try session.edit(segment, base: 0, text: text, findings: offered[...], collector: editor)
      for edit in editor.edits {
        let range = snap(edit.range.lowerBound, edit.range.upperBound, in: text)
        edits.append(EditPlan(segment: index, range: range, replacement: edit.replacement))
        guard let finding = edit.finding else { continue }
        findings[open[finding]].operation = edit.operation
        if let fingerprint = edit.fingerprint {
          findings[open[finding]].fingerprint = fingerprint
          findings[open[finding]].hasFingerprint = true
        }
      }
      for place in ranges[index] where !findings[place].hasFingerprint {
        findings[place].fingerprint = chain.fingerprint(of: findings[place], in: text, base: 0)
        findings[place].hasFingerprint = true
      }
    }
    result.findings = findings
    result.edits = edits
    result.arena = editor.arena
  }

  /// Puts the edits in order; those that overlap become one, with the first one's replacement.
  mutating func finish() {
    result.edits.sort {
      ($0.segment, $0.range.lowerBound, $1.range.upperBound) < (
        $1.segment, $1.range.lowerBound, $0.range.upperBound
      )
    }
    var merged: [EditPlan] = []
    for edit in result.edits {
      if let last = merged.last, last.segment == edit.segment, edit.range.lowerBound < last.range.upperBound {
        merged[merged.count - 1].range =
          last.range.lowerBound..<max(last.range.upperBound, edit.range.upperBound)
      } else {
        merged.append(edit)
      }
    }
    result.edits = merged
  }
}

extension Run {
  mutating func `guard`(_ instance: GuardInstance, _ source: some SegmentSource) throws(StageFailure) {
    let detail = ErrorDetail()
    var opened: UnsafeMutableRawPointer?
    let table = unsafe instance.table
    let status = unsafe detail.call {
      unsafe table.pointee.open?(instance.filter.pointer, exchange.pointer(direction), &opened, $0)
        ?? SLUICE_ERROR_UNSUPPORTED
    }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, detail) }
    defer { unsafe table.pointee.close?(opened) }
    let session = unsafe opened
    unsafe try forEach(source) { (index, segment, text) throws(StageFailure) in
      instance.filter.counters.count(bytes: text.count)
      var images: [sluice_finding] = unsafe []
      unsafe images.fill(result.findings[ranges[index]])
      let status = unsafe images.withUnsafeBufferPointer { images in
        unsafe text.withUnsafeBufferPointer { bytes in
          unsafe detail.call {
            unsafe table.pointee.segment?(
              session, segment, instance.wantsText ? sluice_bytes(bytes) : .empty, sluice_array(images), $0)
              ?? SLUICE_ERROR_UNSUPPORTED
          }
        }
      }
      guard status == SLUICE_OK else { throw instance.filter.failure(status, detail) }
    }
    let verdict = VerdictBox()
    let finished = unsafe verdict.collect { emitter in
      unsafe detail.call { unsafe table.pointee.finish?(session, emitter, $0) ?? SLUICE_ERROR_UNSUPPORTED }
    }
    guard finished == SLUICE_OK else { throw instance.filter.failure(finished, detail) }
    guard verdict.count == 1 else {
      throw instance.filter.failure("no-verdict", "The guard did not answer exactly once.")
    }
    if verdict.verdict != SLUICE_GUARD_ALLOW {
      result.outcome = .denied(stage: instance.filter.name, rule: verdict.rule, message: verdict.message)
    }
  }

  mutating func score(_ instance: ScoreInstance, _ source: some SegmentSource) throws(StageFailure) {
    let detail = ErrorDetail()
    var opened: UnsafeMutableRawPointer?
    let table = unsafe instance.table
    let status = unsafe detail.call {
      unsafe table.pointee.open?(instance.filter.pointer, exchange.pointer(direction), &opened, $0)
        ?? SLUICE_ERROR_UNSUPPORTED
    }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, detail) }
    defer { unsafe table.pointee.close?(opened) }
    let session = unsafe opened
    unsafe try forEach(source) { (index, segment, text) throws(StageFailure) in
      instance.filter.counters.count(bytes: text.count)
      let findings = result.findings[ranges[index]]
      var images: [sluice_finding] = unsafe []
      unsafe images.fill(findings)
      var prints: [UInt8] = []
      for finding in findings {
        let print =
          finding.hasFingerprint ? finding.fingerprint : chain.fingerprint(of: finding, in: text, base: 0)
        for index in 0..<16 { prints.append(print[index]) }
      }
      let status = unsafe images.withUnsafeBufferPointer { images in
        unsafe prints.withUnsafeBufferPointer { prints in
          let lent = unsafe (0..<images.count).map {
            unsafe sluice_bytes(UnsafeBufferPointer(rebasing: prints[$0 * 16..<$0 * 16 + 16]))
          }
          return unsafe lent.withUnsafeBufferPointer { lent in
            unsafe text.withUnsafeBufferPointer { bytes in
              unsafe detail.call {
                unsafe table.pointee.segment?(
                  session, segment, instance.wantsText ? sluice_bytes(bytes) : .empty, sluice_array(images),
                  sluice_array(lent), $0) ?? SLUICE_ERROR_UNSUPPORTED
              }
            }
          }
        }
      }
      guard status == SLUICE_OK else { throw instance.filter.failure(status, detail) }
    }
    let reasons = ReasonBox()
    var score: UInt32 = 100
    let finished = unsafe reasons.collect { emitter in
      unsafe detail.call {
        unsafe table.pointee.finish?(session, emitter, &score, $0) ?? SLUICE_ERROR_UNSUPPORTED
      }
    }
    guard finished == SLUICE_OK else { throw instance.filter.failure(finished, detail) }
    result.score = max(result.score ?? 0, min(score, 100))
    result.reasons += reasons.reasons
  }

  mutating func gate(_ instance: GateInstance) throws(StageFailure) {
    instance.filter.counters.count(bytes: 0)
    let detail = ErrorDetail()
    let decision = DecisionBox()
    var found: [sluice_bytes] = unsafe []
    for kind in Set(result.findings.map { $0.kind }) { unsafe found.append(kind.bytes) }
    let kinds = unsafe found
    let status = unsafe kinds.withUnsafeBufferPointer { kinds in
      let request = unsafe sluice_gate_request(
        size: UInt32(MemoryLayout<sluice_gate_request>.size), score: result.score ?? 100, token: 0,
        findings: UInt64(result.findings.count), exchange: exchange.pointer(direction), reasons: .empty,
        kinds: sluice_array(kinds))
      return unsafe withUnsafePointer(to: request) { request in
        unsafe decision.collect { emitter in
          unsafe detail.call {
            unsafe instance.table.pointee.decide?(instance.filter.pointer, request, emitter, $0)
              ?? SLUICE_ERROR_UNSUPPORTED
          }
        }
      }
    }
    if status == SLUICE_PENDING {
      throw instance.filter.failure("pending", "The gate answers later, and this build does not wait for it.")
    }
    guard status == SLUICE_OK else { throw instance.filter.failure(status, detail) }
    guard decision.count == 1 else {
      throw instance.filter.failure("no-verdict", "The gate did not answer exactly once.")
    }
    switch decision.verdict {
    case SLUICE_GATE_ALLOW: return
    case SLUICE_GATE_HOLD:
      result.gate = .hold(
        GateHold(
          stage: instance.filter.name, approvers: decision.approvers,
          quorum: min(max(Int(decision.quorum), 1), 16),
          expires: Int(min(max(decision.expires, 1), 604_800)),
          localOperator: decision.flags & SLUICE_GATE_LOCAL_OPERATOR != 0, reason: decision.reason))
    default: result.gate = .deny(stage: instance.filter.name, reason: decision.reason)
    }
  }
}

extension Chain {
  /// The fingerprint of a finding's bytes as they are, within its kind.
  func fingerprint(of finding: FindingReport, in text: Span<UInt8>, base: Int) -> InlineArray<16, UInt8> {
    finding.kind.withBytes { kind in
      fingerprints.compute(kind, text.extracting(finding.start - base..<finding.end - base))
    }
  }
}
