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
  /// Until people decide. The reason is for the client and the approver.
  case hold(GateTerms, reason: String)
}

/// Who decides about a request that a gate holds.
public struct GateTerms: Sendable {
  /// Groups; a member of any of them may decide.
  public var approvers: [String]
  /// Groups, of each of which somebody must be among those who approve, nobody for two of them; at most 16, and at
  /// most as many as the quorum. Their members may decide, too.
  public var required: [String] = []
  /// How many different people must approve, 1 to 16.
  public var quorum: UInt32 = 1
  /// Seconds until undecided counts as denied, 1 to 604800.
  public var expires: UInt64 = 900
  /// Whether the owner of the data directory may decide at its command line.
  public var localOperator = false
  /// Who may go on at once in an emergency; nil: nobody.
  public var breakGlass: BreakGlass?

  /// Who may take access at once, to be reviewed afterwards.
  public struct BreakGlass: Sendable {
    /// Groups whose members may.
    public var groups: [String]
    /// Whether whoever asks may, whatever their groups.
    public var anyone: Bool
    /// The longest that it lasts: seconds, 60 to 604800.
    public var lifetime: UInt64

    public init(groups: [String], anyone: Bool, lifetime: UInt64) {
      self.groups = groups
      self.anyone = anyone
      self.lifetime = lifetime
    }
  }

  public init(approvers: [String]) { self.approvers = approvers }
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
    expires: 0, approvers: sluice_array(first: nil, count: 0, stride: 0), reason: .literal(""),
    required: sluice_array(first: nil, count: 0, stride: 0),
    break_glass: sluice_array(first: nil, count: 0, stride: 0), break_glass_lifetime: 0)
  switch decision {
  case .allow:
    return unsafe emitter.pointee.emit(emitter.pointee.context, &raw)
  case .deny(let reason):
    unsafe raw.verdict = SLUICE_GATE_DENY
    return unsafe reason.withABI { reason in
      unsafe raw.reason = unsafe reason
      return unsafe emitter.pointee.emit(emitter.pointee.context, &raw)
    }
  case .hold(let terms, let reason):
    unsafe raw.verdict = SLUICE_GATE_HOLD
    unsafe raw.quorum = terms.quorum
    unsafe raw.expires = terms.expires
    unsafe raw.flags =
      (terms.localOperator ? SLUICE_GATE_LOCAL_OPERATOR : 0)
      | (terms.breakGlass?.anyone == true ? SLUICE_GATE_BREAK_GLASS_ANYONE : 0)
    unsafe raw.break_glass_lifetime = terms.breakGlass?.lifetime ?? 0
    return unsafe reason.withABI { reason in
      unsafe raw.reason = unsafe reason
      return unsafe withABI(terms.approvers) { approvers in
        unsafe raw.approvers = unsafe approvers
        return unsafe withABI(terms.required) { required in
          unsafe raw.required = unsafe required
          return unsafe withABI(terms.breakGlass?.groups ?? []) { groups in
            unsafe raw.break_glass = unsafe groups
            return unsafe emitter.pointee.emit(emitter.pointee.context, &raw)
          }
        }
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
