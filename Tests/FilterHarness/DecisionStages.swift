internal import FilterABI

private final class Box<Value> {
  var values: [Value] = []
}

/// An authenticate filter's answer.
public struct TestAuthentication: Equatable, Sendable {
  public enum Verdict: UInt32, Sendable { case allow, deny, challenge }

  public let verdict: Verdict
  public let subject: String
  public let groups: [String]
  public let established: String
  public let reason: String
  public let challenge: String
}

extension Instance where S == AuthenticateStage {
  var table: UnsafePointer<sluice_authenticate> {
    unsafe rawTable.assumingMemoryBound(to: sluice_authenticate.self)
  }

  public func authenticate(_ headers: [(String, String)]) throws(FilterFailure) -> TestAuthentication {
    let arena = Arena()
    let box = Box<TestAuthentication>()
    defer { withExtendedLifetime((arena, box)) {} }
    var emitter = unsafe sluice_authenticate_emitter(
      size: size(sluice_authenticate_emitter.self), reserved: 0,
      context: Unmanaged.passUnretained(box).toOpaque(),
      emit: { context, answer in
        guard let box = unsafe object(context, as: Box<TestAuthentication>.self),
          let answer = unsafe answer?.pointee,
          let verdict = unsafe TestAuthentication.Verdict(rawValue: answer.verdict)
        else { return SLUICE_ERROR_DENIED }
        let principal = unsafe answer.principal?.pointee
        var groups: [String] = []
        for index in 0..<Int(unsafe principal?.groups.count ?? 0) {
          let group = unsafe principal?.groups.first?.assumingMemoryBound(to: sluice_bytes.self)
          groups.append(unsafe group?[index].string ?? "")
        }
        unsafe box.values.append(
          TestAuthentication(
            verdict: verdict, subject: principal?.subject.string ?? "", groups: groups,
            established: principal?.established.string ?? "", reason: answer.reason.string,
            challenge: answer.challenge.string))
        return SLUICE_OK
      })
    let list = unsafe headers.map { header in
      unsafe sluice_header(
        size: size(sluice_header.self), reserved: 0, name: arena.bytes(header.0), value: arena.bytes(header.1)
      )
    }
    let head = unsafe arena.place(
      sluice_head(
        size: size(sluice_head.self), reserved: 0, token: 0, method: arena.bytes("POST"),
        path: arena.bytes("/v1/chat/completions"), headers: arena.array(list),
        peer_address: arena.bytes("192.0.2.7"),
        peer_certificate: arena.bytes("")))
    unsafe try checked { unsafe table.pointee.authenticate(raw, head, &emitter, $0) }
    guard let answer = box.values.first, box.values.count == 1 else {
      throw FilterFailure(status: SLUICE_ERROR_INTERNAL, message: "\(box.values.count) answers", pointer: "")
    }
    return answer
  }
}

/// A gate's word.
public struct TestDecision: Equatable, Sendable {
  public let verdict: UInt32
  public let approvers: [String]
  public let quorum: UInt32
  public let expires: UInt64
  public let localOperator: Bool
  public let reason: String
  public let required: [String]
  /// Whose members may break the glass; nil: nobody may.
  public let glass: [String]?
  public let glassAnyone: Bool
  /// Seconds.
  public let glassLifetime: UInt64
}

extension Instance where S == GateStage {
  var table: UnsafePointer<sluice_gate> { unsafe rawTable.assumingMemoryBound(to: sluice_gate.self) }

  public func decide(score: UInt32) throws(FilterFailure) -> TestDecision {
    let arena = Arena()
    let box = Box<TestDecision>()
    defer { withExtendedLifetime((arena, box)) {} }
    var emitter = unsafe sluice_gate_emitter(
      size: size(sluice_gate_emitter.self), reserved: 0, context: Unmanaged.passUnretained(box).toOpaque(),
      emit: { context, decision in
        guard let box = unsafe object(context, as: Box<TestDecision>.self),
          let decision = unsafe decision?.pointee
        else { return SLUICE_ERROR_DENIED }
        func texts(_ array: sluice_array) -> [String] {
          let first = unsafe array.first?.assumingMemoryBound(to: sluice_bytes.self)
          return unsafe (0..<Int(array.count)).map { unsafe first?[$0].string ?? "" }
        }
        let glass = unsafe texts(decision.break_glass)
        unsafe box.values.append(
          TestDecision(
            verdict: decision.verdict, approvers: texts(decision.approvers), quorum: decision.quorum,
            expires: decision.expires,
            localOperator: decision.flags & SLUICE_GATE_LOCAL_OPERATOR != 0, reason: decision.reason.string,
            required: texts(decision.required), glass: decision.break_glass_lifetime == 0 ? nil : glass,
            glassAnyone: decision.flags & SLUICE_GATE_BREAK_GLASS_ANYONE != 0,
            glassLifetime: decision.break_glass_lifetime))
        return SLUICE_OK
      })
    let request = unsafe arena.place(
      sluice_gate_request(
        size: size(sluice_gate_request.self), score: score, token: 0, findings: 1, exchange: arena.exchange(),
        reasons: arena.array([sluice_bytes]()), kinds: arena.array([sluice_bytes]())))
    unsafe try checked { unsafe table.pointee.decide(raw, request, &emitter, $0) }
    guard let decision = box.values.first, box.values.count == 1 else {
      throw FilterFailure(
        status: SLUICE_ERROR_INTERNAL, message: "\(box.values.count) decisions", pointer: "")
    }
    return decision
  }
}
