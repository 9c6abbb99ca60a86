internal import FilterABI

/// Shadow stages run after the pipeline has decided, on the texts as they came and on all that was found. What they say
/// goes into reports; their state is their own, so that no byte and no decision can depend on them.
extension Chain {
  /// No shadow stage begins once those before it have taken so long on one body, nor on a body with more text.
  /// Nanoseconds, bytes.
  static let shadowBudget = 250_000_000
  static let shadowText = 1 << 20

  func shadow(
    _ source: some SegmentSource, beside real: RunResult, _ run: Run
  ) -> [ShadowReport] {
    let scratch = spare.take()
    defer { spare.giveBack(scratch) }
    var shadow = Run(
      chain: self, exchange: run.exchange, direction: run.direction, scratch, segments: source.segmentCount)
    shadow.take(findings: real.findings, of: run)
    (shadow.result.score, shadow.result.reasons) = (real.score, real.reasons)
    var size = 0
    for index in 0..<source.segmentCount { source.withSegment(index) { size += $3.count } }
    let began = MonotonicClock.now()
    var reports: [ShadowReport] = []
    var hasOwnScore = false
    for step in shadows {
      guard run.direction == .request || step.looksAtAnswers else { continue }
      var report = ShadowReport(stage: step.filter.name)
      if size > Self.shadowText || MonotonicClock.now() - began > Self.shadowBudget {
        report.failure = "budget"
      } else {
        do throws(StageFailure) {
          try shadow.fill(&report, step, source, beside: real, hasOwnScore: &hasOwnScore)
        } catch { report.failure = error.code }
      }
      reports.append(report)
    }
    return reports
  }
}

extension Chain.Step {
  var filter: FilterInstance {
    switch self {
    case .guard(let instance): instance.filter
    case .detect(let instance): instance.filter
    case .mask(let instance): instance.filter
    case .score(let instance): instance.filter
    case .gate(let instance): instance.filter
    }
  }

  fileprivate var looksAtAnswers: Bool {
    switch self {
    case .detect, .mask: true
    case .guard, .score, .gate: false
    }
  }
}

extension Run {
  /// Begins with what another run has found, as if nothing had been done with it.
  fileprivate mutating func take(findings: [FindingReport], of other: Run) {
    result.findings = findings
    for index in result.findings.indices { result.findings[index].operation = nil }
    ranges = other.ranges
  }

  fileprivate mutating func fill(
    _ report: inout ShadowReport, _ step: Chain.Step, _ source: some SegmentSource, beside real: RunResult,
    hasOwnScore: inout Bool
  ) throws(StageFailure) {
    switch step {
    case .guard(let instance):
      defer { result.outcome = .pass }
      try self.guard(instance, source)
      report.verdict = "allow"
      if case .denied(_, let rule, _) = result.outcome {
        (report.verdict, report.rule, report.differs) = ("deny", rule, true)
      }
    case .detect(let instance):
      var alone = Run(
        chain: chain, exchange: exchange, direction: direction, scratch, segments: source.segmentCount)
      try alone.detect(instance, source)
      report.found = Self.compare(alone.result.findings, with: real.findings)
      report.differs = !report.found.isEmpty
      try add(alone)
    case .mask(let instance):
      // Another mask of the shadows begins anew, too: each is compared with what the pipeline does.
      for index in result.findings.indices { result.findings[index].operation = nil }
      result.edits = []
      try mask(instance, source)
      report.operations = Self.compare(operationsOf: result.findings, with: real.findings)
      report.differs = !report.operations.isEmpty
    case .score(let instance):
      if !hasOwnScore { (result.score, result.reasons) = (nil, []) }
      hasOwnScore = true
      let before = result.reasons.count
      try score(instance, source, isNoted: false)
      report.score = result.score
      report.reasons = Array(result.reasons[before...])
      report.differs = result.score != real.score
    case .gate(let instance):
      result.gate = .allow
      try gate(instance)
      report.verdict = result.gate.verdict
      report.differs = report.verdict != real.gate.verdict
    }
  }

  /// Takes in what a shadow detector has found: the shadows after it are shown it, too.
  private mutating func add(_ alone: Run) throws(StageFailure) {
    var all: [FindingReport] = []
    for index in ranges.indices {
      let first = all.count
      all += result.findings[ranges[index]]
      all += alone.result.findings[alone.ranges[index]]
      all.merge(from: first)
      ranges[index] = first..<all.count
    }
    guard all.count <= Chain.maximumFindings else { throw .tooManyFindings("shadow") }
    result.findings = all
  }

  private static func compare(_ shadow: [FindingReport], with real: [FindingReport]) -> [ShadowReport.Found] {
    var found: [Name: ShadowReport.Found] = [:]
    for (index, count) in unmatched(shadow, real).enumerated() where count {
      found[shadow[index].kind, default: ShadowReport.Found(kind: shadow[index].kind.text)].added += 1
    }
    for (index, count) in unmatched(real, shadow).enumerated() where count {
      found[real[index].kind, default: ShadowReport.Found(kind: real[index].kind.text)].missed += 1
    }
    return found.values.sorted { $0.kind < $1.kind }
  }

  /// For each of `some`, sorted and without overlap as `others` are, whether none of those of its kind overlaps it.
  private static func unmatched(_ some: [FindingReport], _ others: [FindingReport]) -> [Bool] {
    var first = 0
    return some.map { one in
      while first < others.count, (others[first].segment, others[first].end) <= (one.segment, one.start) {
        first += 1
      }
      var place = first
      while place < others.count, (others[place].segment, others[place].start) < (one.segment, one.end) {
        if others[place].kind == one.kind { return false }
        place += 1
      }
      return true
    }
  }

  private static func compare(
    operationsOf shadow: [FindingReport], with real: [FindingReport]
  ) -> [ShadowReport.Operation] {
    var changes: [String: ShadowReport.Operation] = [:]
    var place = 0
    for one in shadow {
      while place < real.count, (real[place].segment, real[place].end) <= (one.segment, one.start) {
        place += 1
      }
      let isSame = place < real.count && real[place].segment == one.segment && real[place].start < one.end
      let from = isSame ? real[place].operation?.text ?? "keep" : "keep"
      let to = one.operation?.text ?? "keep"
      guard from != to else { continue }
      changes[
        "\(one.kind.text) \(from) \(to)",
        default: ShadowReport.Operation(kind: one.kind.text, from: from, to: to)
      ].count += 1
    }
    return changes.sorted { $0.key < $1.key }.map(\.value)
  }
}
