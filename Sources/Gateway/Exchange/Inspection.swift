internal import FilterChain
internal import Payload
internal import PipelineModel

/// What a pass of a payload through the pipeline came to. It is made on an event loop for small bodies and on a
/// thread of the pool for large ones.
struct Inspection: Sendable {
  let result: RunResult
  /// The payload with all edits made; nil: there is none.
  let masked: [UInt8]?
  let model: [UInt8]
  let isStreamed: Bool
  let inputTokens: Int?
  let outputTokens: Int?
  let findings: [(pointer: [UInt8], finding: FindingReport)]
  /// What can put the client's own values back into the answer.
  var restorer = Restorer()
  /// Fields of the request's head that don't go on, as something was found in them.
  var withheld: Set<String> = []

  /// What a pipeline wants done besides masking.
  struct Handling: Sendable {
    var media = MediaPolicy.refuse
    /// What takes the place of a part that is left out.
    var stripped: [UInt8]?
    var restores = false
  }

  /// Walks a JSON body, passes it through the chain, and makes the edits.
  static func json(
    _ body: [UInt8], rules: RuleTable, direction: ExchangeContext.Direction, chain: Chain,
    handling: Handling, fields: [HeadText] = [], knownScore: UInt32? = nil, walker: inout JSONWalker,
    walked: inout WalkedBody,
    splicer: inout Splicer,
    context: (_ attributes: [(name: String, value: [UInt8])]) -> ExchangeContext
  ) throws(GatewayError) -> Inspection {
    do { try walker.walk(body.span, rules: rules, into: &walked) } catch {
      throw refusal(of: error, direction)
    }
    var body = body
    if walked.hasMedia, handling.media == .strip, let stripped = handling.stripped,
      let rest = walked.withoutMedia(body.span, replacement: stripped)
    {
      body = rest
      do { try walker.walk(body.span, rules: rules, into: &walked) } catch {
        throw refusal(of: error, direction)
      }
    }
    if walked.hasMedia, handling.media != .pass {
      throw direction == .request
        ? .client(
          "media_refused", 400,
          "The request carries an image, a sound or a file, which this gateway can't look into and does not let through. Send text, or ask whoever runs it about `media: strip`."
        )
        : .upstream(
          "media_refused", 502,
          "The answer carries media, which this gateway can't look into and does not let through.")
    }
    let attributes = Self.attributes(of: walked, body)
    let source = BodySource(body: body, walked: walked, fields: fields)
    let result: RunResult
    do {
      result = try chain.run(
        source, exchange: context(attributes.all), direction: direction, knownScore: knownScore)
    } catch { throw failure(of: error, direction) }
    if let refusal = refusal(of: result, fields, from: walked.segments.count) { throw refusal }
    var masked = body
    var restorer = Restorer()
    if !result.edits.isEmpty {
      splicer.reset()
      for edit in result.edits where edit.segment < walked.segments.count {
        splicer.replace(
          segment: edit.segment, range: edit.range, with: result.arena.span.extracting(edit.replacement))
        guard handling.restores else { continue }
        walked.withText(edit.segment, of: body.span) { text in
          guard edit.range.upperBound <= text.count else { return }
          restorer.add(
            value: text.extracting(edit.range),
            placeholder: result.arena.span.extracting(edit.replacement))
        }
      }
      masked = []
      splicer.splice(body.span, walked: walked, into: &masked)
    }
    let findings = result.findings.map { finding in
      guard finding.segment < walked.segments.count else {
        return (pointer: fields[finding.segment - walked.segments.count].pointer, finding: finding)
      }
      var pointer: [UInt8] = []
      walked.appendPublicPointer(finding.segment, of: body.span, to: &pointer)
      return (pointer: pointer, finding: finding)
    }
    // A value that was found where a model's name should be goes into no record.
    let isModelProtected = walked.segment(of: .model).map { model in
      result.findings.contains { $0.segment == model }
    }
    return Inspection(
      result: result, masked: masked, model: isModelProtected == true ? [] : attributes.model,
      isStreamed: walked.isStreamed,
      inputTokens: walked.inputTokens, outputTokens: walked.outputTokens, findings: findings,
      restorer: restorer, withheld: Self.withheldFields(result, fields, from: walked.segments.count))
  }

  /// Passes the texts of the head of a request that has no body.
  static func fields(
    _ fields: [HeadText], direction: ExchangeContext.Direction = .request, chain: Chain,
    context: ExchangeContext
  ) throws(GatewayError) -> Inspection {
    let result: RunResult
    do { result = try chain.run(FieldsSource(fields: fields), exchange: context, direction: direction) } catch
    {
      throw failure(of: error)
    }
    if let refusal = refusal(of: result, fields, from: 0) { throw refusal }
    return Inspection(
      result: result, masked: nil, model: [], isStreamed: false, inputTokens: nil, outputTokens: nil,
      findings: result.findings.map { (pointer: fields[$0.segment].pointer, finding: $0) },
      withheld: withheldFields(result, fields, from: 0))
  }

  /// The fields of the head in which something was found.
  static func withheldFields(_ result: RunResult, _ fields: [HeadText], from first: Int) -> Set<String> {
    Set(
      result.findings.filter { $0.segment >= first && fields[$0.segment - first].place == .headers }.map {
        fields[$0.segment - first].name
      })
  }

  /// The place of the address in which something was found: it can't be masked.
  static func refusal(of result: RunResult, _ fields: [HeadText], from first: Int) -> GatewayError? {
    let place = result.findings.lazy.filter { $0.segment >= first }.map { fields[$0.segment - first].place }
      .first { $0 != .headers }
    guard let place else { return nil }
    return .client(
      "value_in_address", 400,
      "The request's \(place.rawValue) holds what is protected, and an address can't be masked. Put it into the body."
    )
  }

  /// The masked answer with the client's own values back in place.
  static func restore(
    _ masked: [UInt8], rules: RuleTable, with restorer: Restorer, walker: inout JSONWalker,
    walked: inout WalkedBody, splicer: inout Splicer
  ) throws(GatewayError) -> [UInt8] {
    do { try walker.walk(masked.span, rules: rules, into: &walked) } catch {
      throw refusal(of: error, .response)
    }
    splicer.reset()
    for index in walked.segments.indices where !walked.segments[index].isOuter {
      let edits = walked.withText(index, of: masked.span) { restorer.edits(of: $0) }
      for edit in edits { splicer.replace(segment: index, range: edit.range, with: edit.value.span) }
    }
    guard !splicer.isEmpty else { return masked }
    var restored: [UInt8] = []
    splicer.splice(masked.span, walked: walked, into: &restored)
    return restored
  }

  /// Passes a body that is no JSON, as one text.
  static func text(
    _ body: [UInt8], direction: ExchangeContext.Direction, chain: Chain, context: ExchangeContext
  ) throws(GatewayError) -> Inspection {
    let result: RunResult
    do { result = try chain.run(TextSource(text: body), exchange: context, direction: direction) } catch {
      throw failure(of: error, direction)
    }
    var masked: [UInt8] = []
    var copied = 0
    for edit in result.edits {
      masked.append(contentsOf: body[copied..<max(copied, edit.range.lowerBound)])
      masked.append(contentsOf: result.arena[edit.replacement])
      copied = max(copied, edit.range.upperBound)
    }
    masked.append(contentsOf: body[copied...])
    return Inspection(
      result: result, masked: masked, model: [], isStreamed: false, inputTokens: nil, outputTokens: nil,
      findings: result.findings.map { (pointer: [], finding: $0) })
  }

  private static func attributes(
    of walked: WalkedBody, _ body: [UInt8]
  ) -> (all: [(name: String, value: [UInt8])], model: [UInt8]) {
    var all: [(name: String, value: [UInt8])] = []
    let model = walked.withAttribute(.model, of: body.span) { Array(copyOf: $0) } ?? []
    if !model.isEmpty { all.append(("model", model)) }
    if walked.isStreamed { all.append(("stream", Array("true".utf8))) }
    for index in walked.segments.indices where walked.segments[index].role == .toolName {
      all.append(("tool", walked.withText(index, of: body.span) { Array(copyOf: $0) }))
    }
    return (all, model)
  }

  static func refusal(of error: PayloadError, _ direction: ExchangeContext.Direction) -> GatewayError {
    let place = "line \(error.line), column \(error.column)"
    return direction == .request
      ? .client(error.code.rawValue, 400, "The body can't be accepted: \(error.message) (\(place))")
      : .upstream(
        "upstream_" + error.code.rawValue, 502,
        "The upstream's answer can't be read, so it was not passed on: \(error.message)")
  }

  static func failure(
    of error: StageFailure, _ direction: ExchangeContext.Direction = .request
  ) -> GatewayError {
    if error.code == StageFailure.tooManyFindings {
      return direction == .request
        ? .client(
          "too_many_findings", 413, "\(error.message) Send it in parts.")
        : .upstream("too_many_findings", 502, "\(error.message) So the answer was not passed on.")
    }
    return GatewayError(
      code: "stage_failed", source: .internal, status: 503,
      message:
        "A stage of the pipeline could not do its work (\(error.stage): \(error.code)), so nothing was let through.",
      isRetryable: true, stage: error.stage)
  }
}

extension Array where Element == UInt8 {
  init(copyOf span: Span<UInt8>) {
    self.init()
    reserveCapacity(span.count)
    for index in span.indices { append(span[index]) }
  }
}
