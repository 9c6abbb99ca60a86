internal import Control
internal import FilterChain
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Payload
internal import PipelineModel
internal import Synchronization

extension Exchange {
  /// From this size on a body is scanned on a thread of the pool, so that small requests don't wait for it.
  private static let largeBody = 48 << 10

  /// The request is whole: read it, and pass it through the pipeline.
  func requestIsWhole() {
    guard phase == .reading, let runtime, let endpoint, let principal else { return }
    phase = .deciding
    guard let form = endpoint.form(of: body.span) else {
      return refuse(
        .client(
          "unknown_form", 400, "The body is of no form that this endpoint has, so it was not passed on."))
    }
    self.form = form
    let session = loop.services.sessions.session(
      subject: principal.subject, pipeline: runtime.pipeline.name, hint: sessionHint, now: Clock.seconds())
    self.session = session.id
    isNewSession = session.isNew
    loop.services.metrics.requestBytes.add(body.count, ordering: .relaxed)
    let rules: RuleTable
    switch form.request {
    case .json(let table): rules = table
    case .optional(let table) where !body.isEmpty: rules = table
    case .multipart: return inspectUpload(runtime)
    case nil, .optional:
      guard body.isEmpty else {
        return refuse(
          .client(
            "body_refused", 400,
            "This endpoint takes no body, and one that nothing has scanned is not passed on."))
      }
      return inspectHead(runtime)
    }
    guard isJSON else {
      return refuse(
        .client(
          "unsupported_media_type", 415, "This endpoint takes JSON. Send Content-Type: application/json."))
    }
    if body.count >= Self.largeBody { return inspectElsewhere(rules) }
    var walked = loop.takeWalkedBody()
    defer { loop.giveBack(walked) }
    do throws(GatewayError) {
      let inspection = try Inspection.json(
        body, rules: rules, direction: .request, chain: runtime.chain, handling: handling,
        fields: headTexts, walker: &loop.walker, walked: &walked, splicer: &loop.splicer,
        context: makeContext)
      decided(inspection)
    } catch { refuse(error) }
  }

  /// What the client says of its own session: in a field of Claude Code's or of MCP's. Nothing of it is kept.
  private var sessionHint: [UInt8] {
    for name in ["x-claude-code-session-id", "mcp-session-id", "x-session-id"] {
      if let value = head.headers.first(name: name) { return Array(value.utf8.prefix(256)) }
    }
    return []
  }

  private var isJSON: Bool {
    guard let type = head.headers.first(name: "content-type") else { return true }
    let parts = type.lowercased().split(separator: ";")
    guard let type = parts.first else { return false }
    // JSON is UTF-8 (RFC 8259, 8.1); who says otherwise may read it otherwise.
    for parameter in parts.dropFirst() where parameter.contains("charset") {
      guard parameter.hasSuffix("utf-8") || parameter.hasSuffix("\"utf-8\"") else { return false }
    }
    return type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
  }

  /// The request is a form with files.
  private func inspectUpload(_ runtime: PipelineRuntime) {
    let type = Array((head.headers.first(name: "content-type") ?? "").utf8)
    let context = makeContext([])
    do throws(GatewayError) {
      decided(
        try Inspection.upload(
          body, contentType: type, chain: runtime.chain, handling: handling, fields: headTexts,
          context: context))
    } catch { refuse(error) }
  }

  /// What the pipeline wants done besides masking.
  private var handling: Inspection.Handling {
    Inspection.Handling(
      media: runtime?.pipeline.media ?? .refuse, stripped: form?.stripped,
      restores: runtime?.pipeline.restores ?? false)
  }

  /// What the stages are told; kept for the response.
  private func makeContext(_ attributes: [(name: String, value: [UInt8])]) -> ExchangeContext {
    let made = ExchangeContext(
      id: id, session: session, pipeline: runtime?.pipeline.name ?? "",
      principal: principal ?? Principal(subject: "", established: ""), attributes: attributes,
      upstream: runtime?.target.host ?? "")
    context = made
    return made
  }

  /// What of the head is text: fields that go on, and what the client has put into the address.
  private var headTexts: [HeadText] {
    var texts = HeadPolicy.texts(of: head.headers, passes: HeadPolicy.passes)
    if let names = endpoint?.path.names(in: path), !names.isEmpty {
      let words = names.joined(separator: " ")
      texts.append(HeadText(place: .path, name: "words", value: Array(words.utf8)))
      // A name may be parted by other signs.
      let parted = words.replacing(/[._-]+/, with: " ")
      if parted != words { texts.append(HeadText(place: .path, name: "words", value: Array(parted.utf8))) }
    }
    for (name, value) in endpoint?.query.words(in: query) ?? [] {
      // A parameter's name may be the client's own word, too.
      texts.append(HeadText(place: .query, name: "names", value: Array(name.utf8)))
      if value.isEmpty { continue }
      texts.append(HeadText(place: .query, name: String(name), value: Array(value.utf8)))
    }
    return texts
  }

  /// The request has no body: its head alone is looked at.
  private func inspectHead(_ runtime: PipelineRuntime) {
    let context = makeContext([])
    let fields = headTexts
    guard !fields.isEmpty else { return decided(nil) }
    do throws(GatewayError) {
      decided(try Inspection.fields(fields, chain: runtime.chain, context: context))
    } catch { refuse(error) }
  }

  private func inspectElsewhere(_ rules: RuleTable) {
    guard let runtime, let principal else { return }
    let (body, id, session, handling) = (body, id, session, handling)
    let fields = headTexts
    let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
    loop.services.blocking.runIfActive(eventLoop: loop.eventLoop) { () -> Result<Inspection, GatewayError> in
      var walker = JSONWalker()
      var walked = WalkedBody()
      var splicer = Splicer()
      do throws(GatewayError) {
        return .success(
          try Inspection.json(
            body, rules: rules, direction: .request, chain: runtime.chain, handling: handling,
            fields: fields, walker: &walker, walked: &walked, splicer: &splicer,
            context: { attributes in
              ExchangeContext(
                id: id, session: session, pipeline: runtime.pipeline.name, principal: principal,
                attributes: attributes, upstream: runtime.target.host)
            }))
      } catch { return .failure(error) }
    }.whenComplete { result in
      let exchange = bound.value
      guard exchange.phase == .deciding else { return }
      switch result {
      case .success(.success(let inspection)):
        _ = exchange.makeContext(inspection.model.isEmpty ? [] : [("model", inspection.model)])
        exchange.decided(inspection)
      case .success(.failure(let error)): exchange.refuse(error)
      case .failure: exchange.refuse(.draining)
      }
    }
  }

  /// The pipeline has said what it thinks of the request.
  private func decided(_ inspection: Inspection?) {
    self.inspection = inspection
    guard let inspection else { return forward() }
    decision.score = inspection.result.score
    decision.reasons = inspection.result.reasons
    decision.shadows = inspection.result.shadows
    loop.services.metrics.count(shadows: inspection.result.shadows)
    loop.services.metrics.findingsMasked.add(
      inspection.result.findings.count { $0.operation != nil }, ordering: .relaxed)
    if case .denied(let stage, let rule, let message) = inspection.result.outcome {
      decision.rule = rule
      return refuse(.policy("denied_by_policy", message, stage: stage))
    }
    switch inspection.result.gate {
    case .allow: forward()
    case .deny(let stage, let reason): refuse(.policy("denied_by_gate", reason, stage: stage))
    case .hold(let hold): ask(hold)
    }
  }
}
