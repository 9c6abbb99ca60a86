internal import FilterChain
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Payload
internal import PipelineModel
internal import Synchronization

extension Exchange {
  /// From this size on an answer is scanned on a thread of the pool, so that others don't wait for it.
  private static let largeAnswer = 48 << 10

  /// The upstream's whole answer is here: mask it, put it on record, and pass it on.
  func finishWhole() {
    guard let runtime, let form, let responseHead, let context, let principal else { return }
    // A body that is shorter than it says was cut, however politely the connection ended.
    let stated = responseHead.headers.first(name: "content-length").flatMap { Int($0) }
    if let stated, stated != whole.count {
      return fail(.upstream("upstream_died", 502, "The upstream's answer is shorter than it says."))
    }
    let answer = WholeAnswer(
      body: whole, type: responseHead.headers.first(name: "content-type") ?? "",
      isSuccess: responseHead.status.code < 300 && form.request != nil, rules: form.response,
      passesMedia: runtime.pipeline.media == .pass, restorer: inspection?.restorer ?? Restorer())
    whole = []
    guard answer.body.count >= Self.largeAnswer else {
      var walked = loop.takeWalkedBody()
      defer { loop.giveBack(walked) }
      do throws(GatewayError) {
        finishWhole(
          try answer.inspect(
            runtime.chain, context, walker: &loop.walker, walked: &walked, splicer: &loop.splicer))
      } catch { fail(error) }
      return
    }
    let (chain, id, session, pipeline) = (runtime.chain, id, session, runtime.pipeline.name)
    let model = inspection?.model ?? []
    let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
    loop.services.blocking.runIfActive(eventLoop: loop.eventLoop) {
      () -> Result<WholeAnswer.Inspected, GatewayError> in
      var (walker, walked, splicer) = (JSONWalker(), WalkedBody(), Splicer())
      do throws(GatewayError) {
        return .success(
          try answer.inspect(
            chain,
            ExchangeContext(
              id: id, session: session, pipeline: pipeline, principal: principal,
              attributes: model.isEmpty ? [] : [("model", model)]),
            walker: &walker, walked: &walked, splicer: &splicer))
      } catch { return .failure(error) }
    }.whenComplete { result in
      let exchange = bound.value
      guard exchange.phase == .answering else { return }
      switch result {
      case .success(.success(let inspected)): exchange.finishWhole(inspected)
      case .success(.failure(let error)): exchange.fail(error)
      case .failure: exchange.fail(.draining)
      }
    }
  }

  private func finishWhole(_ inspected: WholeAnswer.Inspected) {
    guard let runtime, let responseHead else { return }
    if let inspection = inspected.inspection {
      response.findings = inspection.findings
      response.shadows = inspection.result.shadows
      loop.services.metrics.count(shadows: inspection.result.shadows)
      response.inputTokens = inspection.inputTokens
      response.outputTokens = inspection.outputTokens
      loop.services.metrics.findingsMasked.add(
        inspection.result.findings.count { $0.operation != nil }, ordering: .relaxed)
    }
    if runtime.pipeline.evidence.transcript == .masked { response.transcript = inspected.masked }
    let answer = inspected.answer
    recordResponse { exchange in
      guard exchange.phase == .answering, let client = exchange.client else { return }
      var head = HeadPolicy.clientHead(
        for: responseHead, bodyLength: answer.count, isKeepAlive: client.isConnectionKept,
        withheld: exchange.withheldFromClient)
      head.headers.add(name: "x-sluice-exchange", value: exchange.id)
      client.sendHead(head, isWhole: true)
      client.sendBody(ByteBuffer(bytes: answer))
      exchange.end()
      client.sendEnd()
    }
  }
}
