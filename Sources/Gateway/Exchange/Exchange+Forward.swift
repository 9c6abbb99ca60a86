internal import FilterChain
internal import NIOCore
internal import NIOHTTP1
internal import Payload
internal import PipelineModel
internal import Synchronization

extension Exchange {
  /// It may go on: once that is on record, it goes upstream.
  func forward() {
    guard phase == .deciding else { return }
    phase = .forwarding
    record(decisions: true) { exchange in exchange.connect() }
  }

  private func connect() {
    guard phase == .forwarding, let runtime else { return }
    if runtime.target.isWithdrawn {
      return fail(
        .upstream(
          "credential_unavailable", 503,
          "The gateway has no credential for this provider at the moment. Try again later, or ask whoever runs it."
        ))
    }
    loop.services.metrics.addedLatency.record(Clock.monotonicMicroseconds() - started)
    timer.set(in: .milliseconds(Int64(runtime.pipeline.limits.responseTime))) { [weak self] in
      self?.fail(.upstream("upstream_timeout", 504, "The upstream did not answer in time."))
    }
    // Answers may come before `lease` has returned, so that the id comes too late to matter.
    var isAnswered = false
    let waiter = loop.pool(for: runtime).lease { [weak self] result in
      isAnswered = true
      guard let self else {
        if case .success(let lease) = result { lease.giveBack() }
        return
      }
      leaseWaiter = nil
      leased(result)
    }
    if !isAnswered { leaseWaiter = waiter }
  }

  private func leased(_ result: Result<UpstreamLease, GatewayError>) {
    switch result {
    case .failure(let error): fail(error)
    case .success(let lease):
      guard phase == .forwarding, let runtime else { return lease.giveBack() }
      self.lease = lease
      forwardedAt = Clock.monotonicMicroseconds()
      let payload = inspection?.masked.map { ByteBuffer(bytes: $0) }
      let head = HeadPolicy.upstreamHead(
        for: head, path: String(path), query: query, target: runtime.target,
        bodyLength: payload?.readableBytes, withheld: inspection?.withheld ?? [])
      body = []
      lease.send(head, body: payload, to: self)
    }
  }

  /// The exchange can't go on, for a reason of the upstream's or of ours: explains to the client, in its protocol,
  /// as far as what it has been sent allows.
  func fail(_ error: GatewayError) {
    guard phase == .forwarding || phase == .answering else { return }
    timer.clear()
    loop.services.metrics.count(refused: error)
    response.outcome = error.code
    takeParts()
    lease?.cancel()
    lease = nil
    let hadHead = hasSentHead
    phase = .answering
    if !hadHead { response.status = error.status }
    recordResponse { exchange in
      guard exchange.phase == .answering else { return }
      if hadHead {
        exchange.endStream(with: error)
      } else {
        exchange.answer(error)
      }
    }
  }
}

extension Exchange: UpstreamDelegate {
  func upstream(head: HTTPResponseHead) {
    guard phase == .forwarding, let runtime, let form else { return }
    phase = .answering
    responseHead = head
    if head.status == .unauthorized { runtime.target.refused?() }
    idle(runtime)
    do throws(GatewayError) { try inspect(head.headers, runtime) } catch { return fail(error) }
    let encoding = head.headers.first(name: "content-encoding")?.lowercased() ?? "identity"
    guard encoding == "identity" else {
      return fail(
        .upstream("upstream_encoding", 502, "The upstream compressed its answer though it was asked not to."))
    }
    let type = head.headers.first(name: "content-type")?.lowercased() ?? ""
    if type.hasPrefix("text/event-stream") {
      guard let rules = form.stream else {
        return fail(
          .upstream(
            "upstream_protocol_error", 502, "The upstream answered with a stream where there is none."))
      }
      beginStream(rules, runtime)
    }
  }

  /// Looks into the fields of the answer's head.
  private func inspect(_ headers: HTTPHeaders, _ runtime: PipelineRuntime) throws(GatewayError) {
    let texts = HeadPolicy.texts(of: headers, passes: HeadPolicy.returns)
    guard !texts.isEmpty, let context else { return }
    let inspection = try Inspection.fields(
      texts, direction: .response, chain: runtime.chain, context: context)
    withheldFromClient = inspection.withheld
  }

  func upstream(body bytes: ByteBuffer) {
    guard phase == .answering, let runtime else { return }
    idle(runtime)
    loop.services.metrics.responseBytes.add(bytes.readableBytes, ordering: .relaxed)
    response.bytes += bytes.readableBytes
    if !runtime.recipients.isEmpty { original.append(contentsOf: bytes.readableBytesView) }
    if stream != nil { return receiveStream(bytes) }
    guard whole.count + bytes.readableBytes <= runtime.pipeline.limits.response else {
      return fail(
        .upstream("response_too_large", 502, "The upstream's answer is larger than this pipeline accepts."))
    }
    whole.append(contentsOf: bytes.readableBytesView)
  }

  func upstreamEnded() {
    lease = nil
    timer.clear()
    guard phase == .answering else { return }
    if stream != nil { finishStream() } else { finishWhole() }
  }

  func upstream(failed error: GatewayError) {
    lease = nil
    fail(error)
  }

  /// The upstream may be silent for so long.
  private func idle(_ runtime: PipelineRuntime) {
    timer.set(in: .milliseconds(Int64(runtime.pipeline.limits.streamIdle))) { [weak self] in
      self?.fail(.upstream("upstream_silent", 504, "The upstream stopped in the middle of its answer."))
    }
  }
}
