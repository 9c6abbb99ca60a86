public import FilterABI

private final class Box<Value> {
  var values: [Value] = []
}

/// A guard's word.
public struct TestVerdict: Equatable, Sendable {
  public let isDenied: Bool
  public let rule: String
  public let message: String
}

extension Instance where S == GuardStage {
  var table: UnsafePointer<sluice_guard> { unsafe rawTable.assumingMemoryBound(to: sluice_guard.self) }

  /// Reviews a request.
  public func review(
    attributes: [(String, String)] = [], _ segments: [(role: UInt32, text: [UInt8])] = []
  ) throws(FilterFailure) -> TestVerdict {
    let arena = Arena()
    let box = Box<TestVerdict>()
    defer { withExtendedLifetime((arena, box)) {} }
    var session: UnsafeMutableRawPointer?
    let table = unsafe self.table.pointee
    unsafe try checked { unsafe table.open(raw, arena.exchange(attributes: attributes), &session, $0) }
    defer { unsafe table.close(session) }
    let wantsText = unsafe table.wants(raw) & SLUICE_REVIEW_TEXT != 0
    for (index, segment) in segments.enumerated() {
      unsafe try checked { error in
        unsafe table.segment(
          session, arena.segment(id: UInt64(index), role: segment.role),
          arena.bytes(wantsText ? segment.text : []),
          arena.findings([]), error)
      }
    }
    var emitter = unsafe sluice_guard_emitter(
      size: size(sluice_guard_emitter.self), reserved: 0, context: Unmanaged.passUnretained(box).toOpaque(),
      emit: { context, verdict in
        guard let box = unsafe object(context, as: Box<TestVerdict>.self),
          let verdict = unsafe verdict?.pointee
        else { return SLUICE_ERROR_DENIED }
        unsafe box.values.append(
          TestVerdict(
            isDenied: verdict.verdict != SLUICE_GUARD_ALLOW, rule: verdict.rule.string,
            message: verdict.message.string))
        return SLUICE_OK
      })
    unsafe try checked { unsafe table.finish(session, &emitter, $0) }
    guard let verdict = box.values.first, box.values.count == 1 else {
      throw FilterFailure(status: SLUICE_ERROR_INTERNAL, message: "\(box.values.count) verdicts", pointer: "")
    }
    return verdict
  }
}

/// A reason for a score.
public struct TestReason: Equatable, Sendable {
  public let code: String
  public let points: Int
  public let count: UInt64

  public init(_ code: String, _ points: Int, _ count: UInt64) {
    self.code = code
    self.points = points
    self.count = count
  }
}

extension Instance where S == ScoreStage {
  var table: UnsafePointer<sluice_score> { unsafe rawTable.assumingMemoryBound(to: sluice_score.self) }

  /// Scores a request; the fingerprint of a finding is made from its text and kind, or given empty.
  public func score(
    _ segments: [(text: String, findings: [TestFinding])], direction: UInt32 = SLUICE_DIRECTION_REQUEST,
    withFingerprints: Bool = true, attributes: [(String, String)] = [], roles: [UInt32] = []
  ) throws(FilterFailure) -> (score: UInt32, reasons: [TestReason]) {
    let arena = Arena()
    let box = Box<TestReason>()
    defer { withExtendedLifetime((arena, box)) {} }
    var session: UnsafeMutableRawPointer?
    let table = unsafe self.table.pointee
    unsafe try checked {
      unsafe table.open(raw, arena.exchange(direction, attributes: attributes), &session, $0)
    }
    defer { unsafe table.close(session) }
    for (index, (text, findings)) in segments.enumerated() {
      let bytes = Array(text.utf8)
      let prints = unsafe findings.map { finding in
        // No hash, but different for different values, which is all that a score looks at.
        unsafe arena.bytes(
          withFingerprints
            ? Array((Array(bytes[finding.range]) + Array(repeating: 0, count: 16)).prefix(16)) : [])
      }
      unsafe try checked { error in
        unsafe table.segment(
          session,
          arena.segment(
            role: index < roles.count ? roles[index] : SLUICE_ROLE_USER, direction: direction),
          arena.bytes(bytes), arena.findings(findings),
          arena.array(prints), error)
      }
    }
    var emitter = unsafe sluice_score_emitter(
      size: size(sluice_score_emitter.self), reserved: 0, context: Unmanaged.passUnretained(box).toOpaque(),
      reason: { context, reason in
        guard let box = unsafe object(context, as: Box<TestReason>.self), let reason = unsafe reason?.pointee
        else { return SLUICE_ERROR_DENIED }
        unsafe box.values.append(TestReason(reason.code.string, Int(reason.points), reason.count))
        return SLUICE_OK
      })
    var score: UInt32 = .max
    unsafe try checked { unsafe table.finish(session, &emitter, &score, $0) }
    return (score, box.values)
  }
}
