internal import FilterChain
internal import Payload
internal import PipelineModel

/// An upstream's answer that is no stream, and how it is looked into: on a loop or on a thread of the pool.
struct WholeAnswer: Sendable {
  let body: [UInt8]
  /// The value of its `Content-Type` field.
  let type: String
  /// Whether it is what the client has asked for, and no error page.
  let isSuccess: Bool
  let rules: RuleTable
  let passesMedia: Bool
  let restorer: Restorer

  /// What came of it.
  struct Inspected: Sendable {
    /// Nil where there was nothing to look into.
    let inspection: Inspection?
    /// As the record has it.
    let masked: [UInt8]
    /// As the client gets it.
    let answer: [UInt8]
  }

  private var isJSON: Bool { type.lowercased().contains("json") }

  /// Whether the answer is what a client would read as JSON or as events, whatever its type says.
  private var isDisguised: Bool {
    guard let first = body.first(where: { $0 > 0x20 }) else { return false }
    let start = String(decoding: body.prefix(64), as: UTF8.self)
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || start.contains("data:")
      || start.contains("event:")
  }

  func inspect(
    _ chain: Chain, _ context: ExchangeContext, walker: inout JSONWalker, walked: inout WalkedBody,
    splicer: inout Splicer
  ) throws(GatewayError) -> Inspected {
    guard !body.isEmpty else { return Inspected(inspection: nil, masked: [], answer: []) }
    guard isJSON else { return try inspectText(chain, context) }
    let inspection = try Inspection.json(
      body, rules: rules, direction: .response, chain: chain,
      handling: Inspection.Handling(media: passesMedia ? .pass : .refuse), walker: &walker, walked: &walked,
      splicer: &splicer, context: { _ in context })
    let masked = inspection.masked ?? []
    guard !restorer.isEmpty, !masked.isEmpty else {
      return Inspected(inspection: inspection, masked: masked, answer: masked)
    }
    let answer = try Inspection.restore(
      masked, rules: rules, with: restorer, walker: &walker, walked: &walked, splicer: &splicer)
    return Inspected(inspection: inspection, masked: masked, answer: answer)
  }

  /// A proxy's or a provider's error page.
  private func inspectText(_ chain: Chain, _ context: ExchangeContext) throws(GatewayError) -> Inspected {
    if isSuccess, isDisguised {
      throw .upstream(
        "upstream_protocol_error", 502,
        "The upstream's answer is JSON or a stream of events that says it is something else, so it was not passed on."
      )
    }
    guard String(validating: body, as: UTF8.self) != nil else {
      throw .upstream(
        "upstream_protocol_error", 502,
        "The upstream's answer is neither JSON nor text, so it was not passed on.")
    }
    let inspection = try Inspection.text(body, direction: .response, chain: chain, context: context)
    return Inspected(inspection: inspection, masked: inspection.masked ?? [], answer: inspection.masked ?? [])
  }
}
