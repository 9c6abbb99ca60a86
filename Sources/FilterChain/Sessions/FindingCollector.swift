internal import FilterABI

/// What a detector emits during one call. Checks what the header demands; the first breach ends the exchange.
@safe final class FindingCollector {
  /// Places count from the very beginning of the segment's text.
  var findings: [FindingReport] = []
  private var segment = 0
  /// How far the text has been fed, and below which offset nothing may begin.
  private var fed = 0
  private var safe = 0
  /// How many findings there may be after this call.
  private var limit = 0
  private(set) var breach: String?
  private var kinds = NameCache()
  private var rules = NameCache()
  private let slot: EmitterSlot

  init(_ slot: EmitterSlot) { self.slot = slot }

  /// Lends the emitter for one call about `text.count` bytes at `base`. A call may find one value a byte, and a few
  /// more that overlap.
  @inline(__always)
  func collect<R>(
    segment: Int, base: Int, count: Int, safe: Int, _ body: (UnsafePointer<sluice_finding_emitter>) -> R
  ) -> R {
    self.segment = segment
    self.safe = safe
    fed = base + count
    limit = findings.count + count + 1024
    breach = nil
    let emitter = unsafe sluice_finding_emitter(
      size: UInt32(MemoryLayout<sluice_finding_emitter>.size), reserved: 0, context: slot.context,
      emit: { context, finding in
        guard let collector = unsafe EmitterSlot.target(context, as: FindingCollector.self) else {
          return SLUICE_ERROR_DENIED
        }
        return unsafe collector.take(finding)
      })
    return unsafe slot.lend(emitter, to: self, body)
  }

  private func take(_ raw: UnsafePointer<sluice_finding>?) -> sluice_status {
    guard breach == nil else { return SLUICE_ERROR_DENIED }
    guard let finding = unsafe Sized.read(raw) else { return deny("a finding without a size") }
    guard findings.count < limit else { return deny("more findings than its text has bytes") }
    guard unsafe finding.start < finding.end, unsafe finding.end <= UInt64(fed) else {
      return deny("a finding that is empty or outside the text")
    }
    guard unsafe finding.start >= UInt64(safe) else { return deny("a finding below what it had called safe") }
    guard unsafe finding.confidence <= 10_000 else { return deny("a finding that is surer than 10000") }
    guard let kind = unsafe kinds.name(finding.kind, Names.kind) else {
      return deny("a finding whose kind is no valid name")
    }
    guard let rule = unsafe rules.name(finding.detector, Names.rule) else {
      return deny("a finding whose detector is no valid name")
    }
    findings.append(
      unsafe FindingReport(
        segment: segment, start: Int(finding.start), end: Int(finding.end), kind: kind,
        confidence: finding.confidence, detector: rule))
    return SLUICE_OK
  }

  private func deny(_ what: String) -> sluice_status {
    breach = "The detector emitted \(what)."
    return SLUICE_ERROR_DENIED
  }
}
