internal import FilterABI

/// The head of a request as authenticate filters see it. Reusable; confined to one thread at a time.
public struct HeadArena {
  private var bytes: [UInt8] = []
  private var fields: [(name: Range<Int>, value: Range<Int>)] = []
  private var method = 0..<0
  private var path = 0..<0
  private var peer = 0..<0

  public init() {}

  /// Begins another head.
  public mutating func begin(method: String, path: Substring, peerAddress: String) {
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    self.method = append(method.utf8)
    self.path = append(path.utf8)
    peer = append(peerAddress.utf8)
  }

  public mutating func add(name: String, value: String) {
    let name = append(name.utf8)
    fields.append((name, append(value.utf8)))
  }

  private mutating func append(_ text: some Sequence<UInt8>) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: text)
    return start..<bytes.count
  }

  func withABI<R>(_ body: (UnsafePointer<sluice_head>) -> R) -> R {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      func part(_ range: Range<Int>) -> sluice_bytes {
        unsafe sluice_bytes(UnsafeBufferPointer(rebasing: buffer[range]))
      }
      let headers = unsafe fields.map { field in
        unsafe sluice_header(
          size: UInt32(MemoryLayout<sluice_header>.size), reserved: 0, name: part(field.name),
          value: part(field.value))
      }
      return unsafe headers.withUnsafeBufferPointer { headers in
        let head = unsafe sluice_head(
          size: UInt32(MemoryLayout<sluice_head>.size), reserved: 0, token: 0, method: part(method),
          path: part(path),
          headers: sluice_array(headers), peer_address: part(peer), peer_certificate: .empty)
        return unsafe withUnsafePointer(to: head, body)
      }
    }
  }
}

/// Who is asking, or why nobody may.
public enum AuthenticationOutcome: Sendable {
  case principal(Principal)
  /// `reason` is a stable word for evidence, `challenge` the WWW-Authenticate field's value.
  case refused(reason: String, challenge: String)
  case failed(StageFailure)
}

extension Chain {
  /// Asks each authenticate stage in turn until one knows the credential. Any thread.
  public func authenticate(_ head: HeadArena) -> AuthenticationOutcome {
    var challenges: [String] = []
    for authenticator in authenticators {
      authenticator.filter.counters.count(bytes: 0)
      let answer = AnswerBox()
      let detail = ErrorDetail()
      let status = unsafe head.withABI { head in
        unsafe detail.call { error in
          unsafe answer.collect { emitter in
            unsafe authenticator.table.pointee.authenticate?(
              authenticator.filter.pointer, head, emitter, error)
              ?? SLUICE_ERROR_UNSUPPORTED
          }
        }
      }
      guard status == SLUICE_OK else {
        if status == SLUICE_PENDING {
          return .failed(
            authenticator.filter.failure(
              "pending", "The filter answers later, and this build does not wait for it."))
        }
        return .failed(authenticator.filter.failure(status, detail))
      }
      guard answer.count == 1 else {
        return .failed(authenticator.filter.failure("no-verdict", "The filter did not answer exactly once."))
      }
      switch answer.verdict {
      case SLUICE_AUTHENTICATE_ALLOW:
        guard let principal = answer.principal, !principal.subject.isEmpty else {
          return .failed(
            authenticator.filter.failure("no-principal", "The filter allowed without saying whom."))
        }
        return .principal(principal)
      case SLUICE_AUTHENTICATE_CHALLENGE: challenges.append(answer.challenge)
      default: return .refused(reason: answer.reason, challenge: answer.challenge)
      }
    }
    return .refused(reason: "no-credential", challenge: challenges.first { !$0.isEmpty } ?? "Bearer")
  }
}

/// Takes an authenticate filter's answer.
private final class AnswerBox {
  var count = 0
  var verdict: UInt32 = SLUICE_AUTHENTICATE_DENY
  var principal: Principal?
  var reason = ""
  var challenge = ""

  func collect<R>(_ body: (UnsafePointer<sluice_authenticate_emitter>) -> R) -> R {
    let emitter = unsafe sluice_authenticate_emitter(
      size: UInt32(MemoryLayout<sluice_authenticate_emitter>.size), reserved: 0,
      context: Unmanaged.passUnretained(self).toOpaque(),
      emit: { context, answer in
        guard let context = unsafe context, let answer = unsafe answer else { return SLUICE_ERROR_DENIED }
        let box = unsafe Unmanaged<AnswerBox>.fromOpaque(context).takeUnretainedValue()
        box.count += 1
        box.verdict = unsafe answer.pointee.verdict
        box.principal = unsafe answer.pointee.principal.map { unsafe Principal($0.pointee) }
        box.reason = unsafe answer.pointee.reason.text
        box.challenge = unsafe answer.pointee.challenge.text
        return SLUICE_OK
      })
    return unsafe withUnsafePointer(to: emitter, body)
  }
}
