internal import FilterABI

/// A filter that says whether a person must decide (gate.h). It answers at once; a gate that has to wait for
/// something outside is written against the C header.
public protocol GateFilter: Filter {
  /// Decides on a request. Any thread.
  func decide(_ request: borrowing GateRequest) throws(FilterError) -> GateDecision
}

/// What a gate decides on.
@safe public struct GateRequest: ~Copyable {
  let raw: UnsafePointer<sluice_gate_request>

  /// 0 to 100.
  public var score: UInt32 { unsafe raw.pointee.score }
  /// How many findings the whole request has.
  public var findings: UInt64 { unsafe raw.pointee.findings }
  /// Lends the exchange.
  public func withExchange<R>(_ body: (borrowing ExchangeView) -> R) -> R? {
    guard let exchange = unsafe raw.pointee.exchange else { return nil }
    return body(unsafe ExchangeView(raw: exchange))
  }
  /// The kinds found, each once.
  public func forEachKind(_ body: (Kind) -> Void) {
    unsafe raw.pointee.kinds.forEach(as: sluice_bytes.self) { bytes in
      if let kind = unsafe bytes.pointee.withSpan({ Kind($0) }) { body(kind) }
    }
  }
}

/// A gate's word.
public enum GateDecision: Sendable {
  case allow
  case deny(reason: String)
  /// Until people decide.
  /// - Parameters:
  ///   - approvers: groups; a member of any of them may decide.
  ///   - quorum: how many different people must approve, 1 to 16.
  ///   - expires: seconds until undecided counts as denied, 1 to 604800.
  ///   - localOperator: whether the owner of the data directory may decide at its command line.
  case hold(approvers: [String], quorum: UInt32, expires: UInt64, localOperator: Bool, reason: String)
}

private final class GateBox {
  let filter: any GateFilter
  init(_ filter: any GateFilter) { self.filter = filter }
}

func makeGateTable<F: GateFilter>(_ type: F.Type) -> UnsafeRawPointer {
  let filter = unsafe makeFilterTable(type) { GateBox($0) }
  let table = UnsafeMutablePointer<sluice_gate>.allocate(capacity: 1)
  unsafe table.initialize(
    to: sluice_gate(
      size: UInt32(MemoryLayout<sluice_gate>.size), reserved: 0, filter: filter,
      decide: { instance, request, emitter, error in
        unsafe reporting(error) { () throws(FilterError) in
          let filter = unsafe unbox(unsafe instance, as: GateBox.self).filter
          let decision = try filter.decide(unsafe GateRequest(raw: request!))
          guard unsafe emit(decision, to: emitter!) == SLUICE_OK else {
            throw FilterError(.internal, "The host refused a decision.")
          }
        }
      },
      cancel: nil))
  return UnsafeRawPointer(table)
}

private func emit(_ decision: GateDecision, to emitter: UnsafePointer<sluice_gate_emitter>) -> sluice_status {
  var raw = unsafe sluice_gate_decision(
    size: UInt32(MemoryLayout<sluice_gate_decision>.size), verdict: SLUICE_GATE_ALLOW, quorum: 0, flags: 0,
    expires: 0, approvers: sluice_array(first: nil, count: 0, stride: 0), reason: .literal(""))
  switch decision {
  case .allow:
    return unsafe emitter.pointee.emit(emitter.pointee.context, &raw)
  case .deny(let reason):
    unsafe raw.verdict = SLUICE_GATE_DENY
    return unsafe reason.withABI { reason in
      unsafe raw.reason = unsafe reason
      return unsafe emitter.pointee.emit(emitter.pointee.context, &raw)
    }
  case .hold(let approvers, let quorum, let expires, let localOperator, let reason):
    unsafe raw.verdict = SLUICE_GATE_HOLD
    unsafe raw.quorum = quorum
    unsafe raw.expires = expires
    unsafe raw.flags = localOperator ? SLUICE_GATE_LOCAL_OPERATOR : 0
    return unsafe reason.withABI { reason in
      unsafe raw.reason = unsafe reason
      return unsafe withABI(approvers) { approvers in
        unsafe raw.approvers = unsafe approvers
        return unsafe emitter.pointee.emit(emitter.pointee.context, &raw)
      }
    }
  }
}

/// Lends texts to the ABI as an array of `sluice_bytes`.
func withABI<R>(_ texts: [String], _ body: (sluice_array) -> R) -> R {
  var joined: [UInt8] = []
  var ends: [Int] = []
  for text in texts {
    joined.append(contentsOf: text.utf8)
    ends.append(joined.count)
  }
  return unsafe joined.withUnsafeBufferPointer { buffer in
    var start = 0
    let all = unsafe ends.map { end in
      defer { start = end }
      guard let base = buffer.baseAddress, end > start else { return unsafe sluice_bytes.literal("") }
      return unsafe sluice_bytes(data: base + start, length: UInt64(end - start))
    }
    return unsafe all.withUnsafeBufferPointer { all in
      unsafe body(
        unsafe sluice_array(
          first: all.baseAddress, count: UInt64(all.count), stride: UInt64(MemoryLayout<sluice_bytes>.stride))
      )
    }
  }
}
