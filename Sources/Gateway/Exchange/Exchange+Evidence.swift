internal import Evidence
internal import FilterChain
internal import NIOCore
internal import NIOHTTP1
internal import PipelineModel

extension Exchange {
  /// Puts the request, once, and what was decided on record; goes on when it is as durable as the pipeline wants.
  func record(decisions: Bool, then next: @escaping (Exchange) -> Void) {
    guard let runtime else { return next(self) }
    var drafts: [RecordDraft] = []
    let exchange = Array(id.utf8)
    let ofSession = session.isEmpty ? nil : Array(session.utf8)
    if isNewSession, let principal, let ofSession {
      isNewSession = false
      drafts.append(
        RecordDraft(
          type: .sessionOpened, session: ofSession, exchange: nil,
          data: ExchangeRecords.session(subject: principal.subject, pipeline: runtime.pipeline.name)))
    }
    if !hasRecordedRequest, let principal {
      hasRecordedRequest = true
      let request = ExchangeRecords.Request(
        principal: principal, runtime: runtime, method: head.method.rawValue, path: recordedPath, peer: peer,
        model: inspection?.model ?? [], bytes: body.count, maskedBytes: inspection?.masked?.count ?? 0,
        findings: inspection?.findings ?? [],
        transcript: runtime.pipeline.evidence.transcript == .masked ? inspection?.masked : nil)
      drafts.append(RecordDraft(type: .request, session: ofSession, exchange: exchange, data: request.data))
    }
    if decisions {
      drafts.append(
        RecordDraft(type: .decision, session: ofSession, exchange: exchange, data: decision.data(runtime)))
    }
    append(drafts, durability: runtime.beforeUpstream, then: next)
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
    let (session, exchange) = (Array(session.utf8), Array(id.utf8))
    append(
      [
        RecordDraft(type: .upstream, session: session, exchange: exchange, data: upstream),
        RecordDraft(type: .response, session: session, exchange: exchange, data: response.data),
      ], durability: runtime.beforeResponse, then: next)
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
      [RecordDraft(type: .response, session: session, exchange: exchange, data: part.data)],
      durability: .written
    ) { _ in }
  }

  /// Appends records and goes on, on this loop. Where they can't be made durable the exchange ends here.
  func append(_ drafts: [RecordDraft], durability: Durability, then next: @escaping (Exchange) -> Void) {
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
