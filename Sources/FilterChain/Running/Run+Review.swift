internal import FilterABI

/// The stages that look at a whole request and say a word on it: guards and scores.
extension Run {
  mutating func `guard`(_ instance: GuardInstance, _ source: some SegmentSource) throws(StageFailure) {
    var work = try instance.filter.begin()
    defer { instance.filter.counters.add(work, stripe: scratch.stripe) }
    let table = unsafe instance.table
    let session = unsafe try open(instance.filter) { session, error in
      unsafe table.open?(instance.filter.pointer, exchange.pointer(direction), session, error)
    }
    defer { unsafe table.close?(session) }
    unsafe try source.forEach(direction) { (index, segment, text) throws(StageFailure) in
      work.calls += 1
      work.bytes += instance.wantsText ? text.count : 0
      unsafe scratch.images.fill(result.findings[ranges[index]])
      let status = unsafe scratch.images.withUnsafeBufferPointer { images in
        unsafe text.withUnsafeBufferPointer { bytes in
          unsafe scratch.detail.call {
            unsafe table.segment?(
              session, segment, instance.wantsText ? sluice_bytes(bytes) : .empty, sluice_array(images), $0)
              ?? SLUICE_ERROR_UNSUPPORTED
          }
        }
      }
      try instance.filter.judge(&work)
      guard status == SLUICE_OK else { throw instance.filter.failure(status, scratch.detail) }
    }
    let verdict = VerdictBox()
    let finished = unsafe verdict.collect(scratch.slot) { emitter in
      unsafe scratch.detail.call { unsafe table.finish?(session, emitter, $0) ?? SLUICE_ERROR_UNSUPPORTED }
    }
    try instance.filter.judge(&work)
    guard finished == SLUICE_OK else { throw instance.filter.failure(finished, scratch.detail) }
    guard verdict.count == 1 else {
      throw instance.filter.failure("no-verdict", "The guard did not answer exactly once.")
    }
    if verdict.verdict != SLUICE_GUARD_ALLOW {
      result.outcome = .denied(stage: instance.filter.name, rule: verdict.rule, message: verdict.message)
    }
  }

  /// - Parameter isNoted: whether what it is shown belongs to what the person has sent: not what a shadow looks at.
  mutating func score(_ instance: ScoreInstance, _ source: some SegmentSource, isNoted: Bool)
    throws(StageFailure)
  {
    var work = try instance.filter.begin()
    defer { instance.filter.counters.add(work, stripe: scratch.stripe) }
    let table = unsafe instance.table
    let session = unsafe try open(instance.filter) { session, error in
      unsafe table.open?(instance.filter.pointer, exchange.pointer(direction), session, error)
    }
    defer { unsafe table.close?(session) }
    var prints: [UInt8] = []
    var lent: [sluice_bytes] = unsafe []
    unsafe try source.forEach(direction) { (index, segment, text) throws(StageFailure) in
      work.calls += 1
      work.bytes += instance.wantsText ? text.count : 0
      unsafe scratch.images.fill(result.findings[ranges[index]])
      prints.removeAll(keepingCapacity: true)
      for place in ranges[index] {
        chain.fingerprint(&result.findings[place], in: text, base: 0)
        prints.append(result.findings[place].fingerprint.span)
      }
      let status = unsafe scratch.images.withUnsafeBufferPointer { images in
        unsafe prints.withUnsafeBufferPointer { prints in
          unsafe lent.removeAll(keepingCapacity: true)
          for start in stride(from: 0, to: prints.count, by: 16) {
            unsafe lent.append(sluice_bytes(UnsafeBufferPointer(rebasing: prints[start..<start + 16])))
          }
          return unsafe lent.withUnsafeBufferPointer { lent in
            unsafe text.withUnsafeBufferPointer { bytes in
              unsafe scratch.detail.call {
                unsafe table.segment?(
                  session, segment, instance.wantsText ? sluice_bytes(bytes) : .empty, sluice_array(images),
                  sluice_array(lent), $0) ?? SLUICE_ERROR_UNSUPPORTED
              }
            }
          }
        }
      }
      try instance.filter.judge(&work)
      guard status == SLUICE_OK else { throw instance.filter.failure(status, scratch.detail) }
    }
    if isNoted { noteSent() }
    let reasons = ReasonBox()
    // Where the filter says nothing, it is as risky as can be.
    var score: UInt32 = 100
    let finished = unsafe reasons.collect(scratch.slot) { emitter in
      LentHistory.lend(chain.history) {
        unsafe scratch.detail.call {
          unsafe table.finish?(session, emitter, &score, $0) ?? SLUICE_ERROR_UNSUPPORTED
        }
      }
    }
    try instance.filter.judge(&work)
    if let breach = reasons.breach { throw instance.filter.failure("broken-rule", breach) }
    guard finished == SLUICE_OK else { throw instance.filter.failure(finished, scratch.detail) }
    result.score = max(result.score ?? 0, min(score, 100))
    result.reasons += reasons.reasons
  }

  /// Notes what this request sends, before the score asks what was sent: of requests that come at once, whichever asks
  /// last is told of all. Noted afterwards, as many as there are cores would each look like the first.
  private func noteSent() {
    guard chain.notesHistory else { return }
    var sent: [Name: Set<SentHistory.Print>] = [:]
    for finding in result.findings {
      sent[finding.kind, default: []].insert(SentHistory.Print(finding.fingerprint))
    }
    chain.history.note(exchange.subject, sent, time: exchange.time)
  }

  /// Opens a session that the caller closes.
  private func open(
    _ filter: FilterInstance,
    _ open: (UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutablePointer<sluice_error>) ->
      sluice_status?
  ) throws(StageFailure) -> UnsafeMutableRawPointer? {
    var session: UnsafeMutableRawPointer?
    let status = unsafe scratch.detail.call { unsafe open(&session, $0) ?? SLUICE_ERROR_UNSUPPORTED }
    guard status == SLUICE_OK else { throw filter.failure(status, scratch.detail) }
    return unsafe session
  }
}
