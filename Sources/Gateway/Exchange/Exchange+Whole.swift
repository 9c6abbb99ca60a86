internal import FilterChain
internal import NIOCore
internal import NIOHTTP1
internal import Payload
internal import PipelineModel
internal import Synchronization

extension Exchange {
  /// The upstream's whole answer is here: mask it, put it on record, and pass it on.
  func finishWhole() {
    guard let runtime, let form, let responseHead, let context else { return }
    // A body that is shorter than it says was cut, however politely the connection ended.
    let stated = responseHead.headers.first(name: "content-length").flatMap { Int($0) }
    if let stated, stated != whole.count {
      return fail(.upstream("upstream_died", 502, "The upstream's answer is shorter than it says."))
    }
    let masked: [UInt8]
    do throws(GatewayError) {
      masked = try whole.isEmpty ? [] : inspectWhole(runtime, form, responseHead, context)
    } catch { return fail(error) }
    if runtime.pipeline.evidence.transcript == .masked { response.transcript = masked }
    let answer: [UInt8]
    do throws(GatewayError) { answer = try restored(masked, form) } catch { return fail(error) }
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

  /// The answer as its client gets it. The record has it masked.
  private func restored(_ masked: [UInt8], _ form: Endpoint.Form) throws(GatewayError) -> [UInt8] {
    guard let restorer = inspection?.restorer, !restorer.isEmpty, isJSONAnswer, !masked.isEmpty else {
      return masked
    }
    var walked = loop.takeWalkedBody()
    defer { loop.giveBack(walked) }
    return try Inspection.restore(
      masked, rules: form.response, with: restorer, walker: &loop.walker, walked: &walked,
      splicer: &loop.splicer)
  }

  /// Whether the answer is what a client would read as JSON or as events, whatever its type says.
  private var isDisguised: Bool {
    guard let first = whole.first(where: { $0 > 0x20 }) else { return false }
    let start = String(decoding: whole.prefix(64), as: UTF8.self)
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || start.contains("data:")
      || start.contains("event:")
  }

  private var isJSONAnswer: Bool {
    responseHead?.headers.first(name: "content-type")?.lowercased().contains("json") ?? false
  }

  private func inspectWhole(
    _ runtime: PipelineRuntime, _ form: Endpoint.Form, _ head: HTTPResponseHead,
    _ context: ExchangeContext
  ) throws(GatewayError) -> [UInt8] {
    var walked = loop.takeWalkedBody()
    defer { loop.giveBack(walked) }
    let inspection: Inspection
    if isJSONAnswer {
      inspection = try Inspection.json(
        whole, rules: form.response, direction: .response, chain: runtime.chain,
        handling: Inspection.Handling(media: runtime.pipeline.media == .pass ? .pass : .refuse),
        walker: &loop.walker, walked: &walked, splicer: &loop.splicer, context: { _ in context })
    } else if responseHead.map({ $0.status.code < 300 }) == true, form.request != nil, isDisguised {
      throw .upstream(
        "upstream_protocol_error", 502,
        "The upstream's answer is JSON or a stream of events that says it is something else, so it was not passed on.")
    } else if String(validating: whole, as: UTF8.self) != nil {
      // A proxy's or a provider's error page.
      inspection = try Inspection.text(whole, direction: .response, chain: runtime.chain, context: context)
    } else {
      throw .upstream(
        "upstream_protocol_error", 502,
        "The upstream's answer is neither JSON nor text, so it was not passed on.")
    }
    response.findings = inspection.findings
    response.inputTokens = inspection.inputTokens
    response.outputTokens = inspection.outputTokens
    loop.services.metrics.findingsMasked.add(
      inspection.result.findings.count { $0.operation != nil }, ordering: .relaxed)
    return inspection.masked ?? []
  }
}
