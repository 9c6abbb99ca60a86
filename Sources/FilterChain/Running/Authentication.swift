internal import FilterABI
internal import PipelineModel
internal import Synchronization

/// Who is asking, or why nobody may.
public enum AuthenticationOutcome: Sendable {
  case principal(Principal)
  /// `reason` is a stable word for evidence, `no-credential` where no filter knew any; `challenge` the value of the
  /// WWW-Authenticate field (RFC 9110, 11.6.1).
  case refused(reason: String, challenge: String)
  case failed(StageFailure)
}

/// How far asking has come.
public enum AuthenticationStep: Sendable {
  case done(AuthenticationOutcome)
  /// A filter answers later: see ``Chain/authenticate(_:onAnswer:)``.
  case waiting(PendingAuthentication)
}

extension Chain {
  /// Asks each authenticate stage in turn until one knows the credential. Any thread; does not block, and waits for
  /// no filter: one that answers later fails.
  public func authenticate(_ head: HeadArena) -> AuthenticationOutcome {
    guard case .done(let outcome) = ask(from: 0, head, challenge: "", onAnswer: nil) else {
      preconditionFailure("nothing waits where nobody is to be told")
    }
    return outcome
  }

  /// Whether any of the authenticate filters may answer later.
  public var mayWaitForPrincipal: Bool { authenticators.contains { $0.mayWait } }

  /// As ``authenticate(_:)``, and a filter may answer later.
  /// - Parameter onAnswer: called when it has, once, on a thread of the filter's and from inside its call, so no filter
  ///   may be called in it: go elsewhere, and there call ``resume(_:)``. Not called after ``PendingAuthentication/cancel()``
  ///   has returned, but for a call that is under way.
  public func authenticate(_ head: HeadArena, onAnswer: @escaping @Sendable () -> Void) -> AuthenticationStep
  {
    ask(from: 0, head, challenge: "", onAnswer: onAnswer)
  }

  /// Goes on with a late answer. Any thread; does not block.
  public func resume(_ pending: PendingAuthentication) -> AuthenticationStep {
    guard let answer = pending.answer else { return .waiting(pending) }
    var challenge = pending.challenge
    if let outcome = outcome(of: answer, authenticators[pending.index], &challenge) { return .done(outcome) }
    return ask(from: pending.index + 1, pending.head, challenge: challenge, onAnswer: pending.onAnswer)
  }

  private func ask(
    from first: Int, _ head: HeadArena, challenge: String, onAnswer: (@Sendable () -> Void)?
  ) -> AuthenticationStep {
    let scratch = spare.take()
    defer { spare.giveBack(scratch) }
    var challenge = challenge
    for index in first..<authenticators.count {
      let authenticator = authenticators[index]
      let token = onAnswer != nil && authenticator.mayWait ? owed.offer() : 0
      let answer: AuthenticationAnswer
      do throws(StageFailure) {
        if let now = try authenticator.ask(head, token: token, scratch) {
          if token != 0 { owed.withdraw(token) }
          answer = now
        } else {
          let pending = PendingAuthentication(
            authenticator: authenticator, owed: owed, token: token, index: index, head: head,
            challenge: challenge, onAnswer: onAnswer ?? {})
          guard let early = owed.await(token, pending) else { return .waiting(pending) }
          answer = early
        }
      } catch {
        if token != 0 { owed.withdraw(token) }
        return .done(.failed(error))
      }
      if let outcome = outcome(of: answer, authenticator, &challenge) { return .done(outcome) }
    }
    return .done(.refused(reason: "no-credential", challenge: challenge.isEmpty ? "Bearer" : challenge))
  }

  /// What an answer comes to; nil: the next stage is asked.
  private func outcome(
    of answer: AuthenticationAnswer, _ authenticator: AuthenticateInstance, _ challenge: inout String
  ) -> AuthenticationOutcome? {
    let filter = authenticator.filter
    switch answer.verdict {
    case SLUICE_AUTHENTICATE_ALLOW:
      guard var principal = answer.principal else {
        return .failed(
          filter.failure("no-principal", "The filter allowed without saying, in proper text, whom."))
      }
      if principal.established.isEmpty { principal.established = filter.stage.filter }
      return .principal(principal)
    case SLUICE_AUTHENTICATE_CHALLENGE:
      if challenge.isEmpty { challenge = answer.challenge }
      return nil
    case SLUICE_AUTHENTICATE_UNAVAILABLE:
      return .failed(filter.failure("unavailable", "What the filter needs to tell does not answer."))
    default:
      return .refused(
        reason: answer.reason.isEmpty ? "refused" : answer.reason, challenge: answer.challenge)
    }
  }
}

/// An answer that a filter owes.
public final class PendingAuthentication: Sendable {
  private let authenticator: AuthenticateInstance
  private let owed: OwedAnswers
  private let token: UInt64
  let index: Int
  let head: HeadArena
  let challenge: String
  let onAnswer: @Sendable () -> Void
  private let received = Mutex<AuthenticationAnswer?>(nil)

  fileprivate init(
    authenticator: AuthenticateInstance, owed: OwedAnswers, token: UInt64, index: Int, head: HeadArena,
    challenge: String, onAnswer: @escaping @Sendable () -> Void
  ) {
    self.authenticator = authenticator
    self.owed = owed
    self.token = token
    self.index = index
    self.head = head
    self.challenge = challenge
    self.onAnswer = onAnswer
  }

  var answer: AuthenticationAnswer? { received.withLock { $0 } }

  func take(_ answer: AuthenticationAnswer) {
    received.withLock { $0 = answer }
    onAnswer()
  }

  /// Nobody waits any more. Any thread.
  public func cancel() {
    guard owed.giveUp(token) else { return }
    unsafe authenticator.table.cancel?(authenticator.filter.pointer, token)
  }
}

extension AuthenticateInstance {
  /// Whether the filter may answer later.
  fileprivate var mayWait: Bool { unsafe table.cancel != nil }

  /// The filter's answer; nil: it comes later, for the token.
  fileprivate func ask(_ head: HeadArena, token: UInt64, _ scratch: ChainScratch) throws(StageFailure)
    -> AuthenticationAnswer?
  {
    var work = try filter.begin()
    defer { filter.counters.add(work, stripe: scratch.stripe) }
    work.calls = 1
    let box = AnswerBox()
    let status = unsafe head.withABI(token: token) { head in
      unsafe scratch.detail.call { error in
        unsafe box.collect(scratch.slot) { emitter in
          unsafe table.authenticate?(filter.pointer, head, emitter, error) ?? SLUICE_ERROR_UNSUPPORTED
        }
      }
    }
    try filter.judge(&work)
    if status == SLUICE_PENDING, token != 0, box.count == 0 { return nil }
    guard status == SLUICE_OK else { throw filter.failure(status, scratch.detail) }
    guard let answer = box.answer, box.count == 1 else {
      throw filter.failure("no-verdict", "The filter did not answer exactly once.")
    }
    return answer
  }
}

/// Takes an authenticate filter's answer.
private final class AnswerBox {
  private(set) var count = 0
  private(set) var answer: AuthenticationAnswer?

  func collect<R>(_ slot: EmitterSlot, _ body: (UnsafePointer<sluice_authenticate_emitter>) -> R) -> R {
    let emitter = unsafe sluice_authenticate_emitter(
      size: UInt32(MemoryLayout<sluice_authenticate_emitter>.size), reserved: 0, context: slot.context,
      emit: { context, answer in
        guard let box = unsafe EmitterSlot.target(context, as: AnswerBox.self),
          let answer = unsafe Sized.read(answer)
        else { return SLUICE_ERROR_DENIED }
        box.count += 1
        box.answer = unsafe AuthenticationAnswer(answer)
        return SLUICE_OK
      })
    return unsafe slot.lend(emitter, to: self, body)
  }
}
