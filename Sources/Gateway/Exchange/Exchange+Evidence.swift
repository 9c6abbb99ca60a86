internal import Evidence
internal import FilterChain
internal import NIOCore
internal import NIOHTTP1
internal import PipelineModel

extension Exchange {
  /// Puts the request, once, and what was decided on record; goes on when it is as durable as the pipeline wants.
  func record(decisions: Bool, then next: @escaping (Exchange) -> Void) {
    guard let runtime else { return next(self) }
    var opened: [RecordDraft] = []
    let exchange = Array(id.utf8)
    let ofSession = session.isEmpty ? nil : Array(session.utf8)
    if isNewSession, let principal, let ofSession {
      isNewSession = false
      opened.append(
        RecordDraft(
          type: .sessionOpened, session: ofSession, exchange: nil,
          data: ExchangeRecords.session(subject: principal.subject, pipeline: runtime.pipeline.name)))
    }
    var request: ExchangeRecords.Request?
    if !hasRecordedRequest, let principal {
      hasRecordedRequest = true
      request = ExchangeRecords.Request(
        principal: principal, runtime: runtime, method: head.method.rawValue, path: recordedPath, peer: peer,
        model: inspection?.model ?? [], bytes: body.count, maskedBytes: inspection?.masked?.count ?? 0,
        findings: inspection?.findings ?? [],
        transcript: runtime.pipeline.evidence.transcript == .masked ? inspection?.masked : nil)
    }
    let decision = decisions ? decision : nil
    append(
      sealing: request == nil ? [] : body, durability: runtime.beforeUpstream,
      drafts: { sealed in
        var drafts = opened
        if var request {
          request.sealed = try? sealed.get()
          drafts.append(
            RecordDraft(type: .request, session: ofSession, exchange: exchange, data: request.data))
        }
        if var decision {
          if case .failure = sealed {
            // Nothing goes on whose original can't be kept.
            decision.verdict = "deny"
            decision.error = .evidenceUnavailable
          }
          drafts.append(
            RecordDraft(type: .decision, session: ofSession, exchange: exchange, data: decision.data(runtime))
          )
        }
        return drafts
      }, then: next)
  }

  /// The path, where it is known to hold nothing that is protected.
  private var recordedPath: String {
    guard endpoint != nil, decision.error?.code != "value_in_address", decision.error?.code != "query_refused"
    else { return "" }
    return String(path)
  }

  /// Puts what came back on record; goes on when it is as durable as the pipeline wants.
  func recordResponse(then next: @escaping (Exchange) -> Void) {
    guard let runtime, !hasRecordedResponse else { return next(self) }
    hasRecordedResponse = true
    response.microseconds = Clock.monotonicMicroseconds() - started
    response.status = response.status == 0 ? Int(responseHead?.status.code ?? 0) : response.status
    let upstream = ExchangeRecords.upstream(
      host: runtime.target.host, port: runtime.target.port, status: Int(responseHead?.status.code ?? 0),
      microseconds: forwardedAt == 0 ? 0 : Clock.monotonicMicroseconds() - forwardedAt)
    let (session, exchange, response) = (Array(session.utf8), Array(id.utf8), response)
    append(
      sealing: takeOriginal(), durability: runtime.beforeResponse,
      drafts: { sealed in
        [
          RecordDraft(type: .upstream, session: session, exchange: exchange, data: upstream),
          Self.draft(response, sealed, session, exchange),
        ]
      }, then: next)
  }

  /// Puts a part of a long response on record, without waiting.
  func recordPart() {
    let (session, exchange) = (Array(session.utf8), Array(id.utf8))
    var part = response
    part.isFinal = false
    part.outcome = "in-progress"
    response.part += 1
    response.findings = []
    response.channels = []
    append(
      sealing: takeOriginal(), durability: .written,
      drafts: { sealed in [Self.draft(part, sealed, session, exchange)] }, then: { _ in })
  }

  private static func draft(
    _ response: ExchangeRecords.Response, _ sealed: SealResult, _ session: [UInt8], _ exchange: [UInt8]
  ) -> RecordDraft {
    var response = response
    response.sealed = try? sealed.get()
    if case .failure = sealed { response.outcome = GatewayError.evidenceUnavailable.code }
    return RecordDraft(type: .response, session: session, exchange: exchange, data: response.data)
  }

  private func takeOriginal() -> [UInt8] {
    defer { original = [] }
    return original
  }

  /// What came of sealing; nil where there was nothing to seal.
  typealias SealResult = Result<SealedReference?, EvidenceError>

  /// Seals `original`, if the pipeline keeps any and there is one, and appends the records that name it. Steps keep
  /// their order: one that has nothing to seal waits for those before it.
  private func append(
    sealing original: [UInt8], durability: Durability, drafts: @escaping (SealResult) -> [RecordDraft],
    then next: @escaping (Exchange) -> Void
  ) {
    let needsSealing = !original.isEmpty && runtime?.recipients.isEmpty == false
    guard needsSealing || isSealing else {
      return append(drafts(.success(nil)), durability: durability, then: next)
    }
    sealSteps.append(
      SealStep(
        original: needsSealing ? original : [],
        go: { exchange, sealed in
          exchange.append(drafts(sealed), durability: durability) { exchange in
            if case .failure = sealed { exchange.evidenceFailed() } else { next(exchange) }
          }
        }))
    if !isSealing { sealNext() }
  }

  private func sealNext() {
    while !sealSteps.isEmpty {
      let step = sealSteps.removeFirst()
      guard !step.original.isEmpty, let runtime else {
        step.go(self, .success(nil))
        continue
      }
      isSealing = true
      let bound = NIOLoopBound((exchange: self, step: step), eventLoop: loop.eventLoop)
      let eventLoop = loop.eventLoop
      loop.services.originals.keep(step.original, for: runtime.recipients) { result in
        eventLoop.execute {
          let (exchange, step) = bound.value
          exchange.isSealing = false
          step.go(exchange, result.map { $0 })
          if !exchange.isSealing { exchange.sealNext() }
        }
      }
      return
    }
  }

  /// Appends records and goes on, on this loop. Where they can't be made durable the exchange ends here.
  func append(_ drafts: [RecordDraft], durability: Durability, then next: @escaping (Exchange) -> Void) {
    guard !drafts.isEmpty else { return next(self) }
    let bound = NIOLoopBound((exchange: self, next: next), eventLoop: loop.eventLoop)
    let eventLoop = loop.eventLoop
    loop.services.log.append(drafts, durability: durability) { result in
      eventLoop.execute {
        let (exchange, next) = bound.value
        switch result {
        case .success: next(exchange)
        case .failure: exchange.evidenceFailed()
        }
      }
    }
  }

  /// What can't be put on record does not happen.
  private func evidenceFailed() {
    guard phase != .ended else { return }
    loop.services.metrics.count(refused: .evidenceUnavailable)
    if hasSentHead {
      client?.abort()
      end()
    } else {
      answer(.evidenceUnavailable)
    }
  }
}

/// A step of an exchange's evidence that waits for its original to be sealed, or for the step before it.
struct SealStep {
  /// Empty where there is nothing to seal.
  var original: [UInt8]
  var go: (Exchange, Exchange.SealResult) -> Void
}

extension PipelineRuntime {
  var beforeUpstream: Durability { Self.durability(pipeline.evidence.beforeUpstream) }
  var beforeResponse: Durability { Self.durability(pipeline.evidence.beforeResponse) }

  private static func durability(_ level: EvidencePolicy.Level) -> Durability {
    switch level {
    case .received: .received
    case .written: .written
    case .stable: .stable
    }
  }
}
