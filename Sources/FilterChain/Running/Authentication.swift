internal import FilterABI
internal import PipelineModel

/// Who is asking, or why nobody may.
public enum AuthenticationOutcome: Sendable {
  case principal(Principal)
  /// `reason` is a stable word for evidence, `no-credential` where no filter knew any; `challenge` the value of the
  /// WWW-Authenticate field (RFC 9110, 11.6.1).
  case refused(reason: String, challenge: String)
  case failed(StageFailure)
}

extension Chain {
  /// Asks each authenticate stage in turn until one knows the credential. Any thread; does not block.
  public func authenticate(_ head: HeadArena) -> AuthenticationOutcome {
    let scratch = spare.take()
    defer { spare.giveBack(scratch) }
    var challenge = ""
    for authenticator in authenticators {
      let answer: AnswerBox
      do throws(StageFailure) { answer = try authenticator.ask(head, scratch) } catch {
        return .failed(error)
      }
      switch answer.verdict {
      case SLUICE_AUTHENTICATE_ALLOW:
        guard var principal = answer.principal else {
          return .failed(
            authenticator.filter.failure(
              "no-principal", "The filter allowed without saying, in proper text, whom."))
        }
        if principal.established.isEmpty { principal.established = authenticator.filter.stage.filter }
        return .principal(principal)
      case SLUICE_AUTHENTICATE_CHALLENGE: if challenge.isEmpty { challenge = answer.challenge }
      default:
        return .refused(
          reason: answer.reason.isEmpty ? "refused" : answer.reason, challenge: answer.challenge)
      }
    }
    return .refused(reason: "no-credential", challenge: challenge.isEmpty ? "Bearer" : challenge)
  }
}

extension AuthenticateInstance {
  fileprivate func ask(_ head: HeadArena, _ scratch: ChainScratch) throws(StageFailure) -> AnswerBox {
    var work = FilterCounters.Work()
    defer { filter.counters.add(work) }
    work.calls = 1
    let answer = AnswerBox()
    let status = unsafe head.withABI { head in
      unsafe scratch.detail.call { error in
        unsafe answer.collect(scratch.slot) { emitter in
          unsafe table.authenticate?(filter.pointer, head, emitter, error) ?? SLUICE_ERROR_UNSUPPORTED
        }
      }
    }
    guard status == SLUICE_OK else { throw filter.failure(status, scratch.detail) }
    guard answer.count == 1 else {
      throw filter.failure("no-verdict", "The filter did not answer exactly once.")
    }
    return answer
  }
}

/// Takes an authenticate filter's answer.
private final class AnswerBox {
  private(set) var count = 0
  private(set) var verdict: UInt32 = SLUICE_AUTHENTICATE_DENY
  private(set) var principal: Principal?
  private(set) var reason = ""
  private(set) var challenge = ""

  func collect<R>(_ slot: EmitterSlot, _ body: (UnsafePointer<sluice_authenticate_emitter>) -> R) -> R {
    let emitter = unsafe sluice_authenticate_emitter(
      size: UInt32(MemoryLayout<sluice_authenticate_emitter>.size), reserved: 0, context: slot.context,
      emit: { context, answer in
        guard let box = unsafe EmitterSlot.target(context, as: AnswerBox.self),
          let answer = unsafe Sized.read(answer)
        else { return SLUICE_ERROR_DENIED }
        box.count += 1
        box.verdict = unsafe answer.verdict
        box.principal = unsafe Sized.read(answer.principal).flatMap { unsafe Principal($0) }
        box.reason = unsafe answer.reason.text(upTo: 64).printable
        box.challenge = unsafe AnswerBox.fieldValue(answer.challenge)
        return SLUICE_OK
      })
    return unsafe slot.lend(emitter, to: self, body)
  }

  /// What may stand in a header field: visible ASCII and spaces. A challenge with anything else is none, so that a
  /// plugin can't write header fields of its own.
  private static func fieldValue(_ bytes: sluice_bytes) -> String {
    guard let text = unsafe bytes.exactText(upTo: 512), text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
    else {
      return ""
    }
    return text
  }
}
