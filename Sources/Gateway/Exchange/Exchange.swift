internal import Control
internal import Evidence
internal import FilterChain
internal import NIOCore
internal import NIOHTTP1
internal import Payload
internal import PipelineModel
internal import Synchronization

/// One request and its response, from head to last byte. Confined to its connection's event loop.
///
/// The steps, each in a file of its own: who asks (here), what is asked (Exchange+Request), whether it may
/// (Exchange+Hold), its way upstream (Exchange+Forward), and what comes back, whole (Exchange+Whole) or in pieces
/// (Exchange+Stream). Each step's failure ends in ``refuse(_:)`` or ``fail(_:)``, which explain and record.
final class Exchange {
  enum Phase { case reading, deciding, forwarding, answering, ended }

  let id = ExchangeID.make()
  let head: HTTPRequestHead
  let peer: String
  /// DER, verified by the listener; empty where there is none.
  private let peerCertificate: [UInt8]
  let loop: LoopContext
  weak var client: (any ClientResponse)?
  var phase = Phase.reading
  let started = Clock.monotonicMicroseconds()
  let timer: DeadlineTimer

  var runtime: PipelineRuntime?
  var endpoint: Endpoint?
  var form: Endpoint.Form?
  var path: Substring = ""
  var query: Substring = ""
  var principal: Principal?
  /// Who asks is not known yet, and will be.
  private var authentication: PendingAuthentication?
  var session = ""
  var context: ExchangeContext?
  var body: [UInt8] = []
  var hasRecordedRequest = false
  var hasRecordedResponse = false
  var isNewSession = false
  /// The answer's bytes as they came, since the last record; kept only where originals are sealed.
  var original: [UInt8] = []
  var isSealing = false
  var sealSteps: [SealStep] = []
  var decision = ExchangeRecords.Decision(verdict: "allow")

  var inspection: Inspection?
  var heldTicket: Int?
  var lease: UpstreamLease?
  var leaseWaiter: Int?
  var forwardedAt = 0
  var responseHead: HTTPResponseHead?
  var response = ExchangeRecords.Response()
  var whole: [UInt8] = []
  var stream: StreamPass?
  var pendingOutput: [UInt8] = []
  var hasSentHead = false
  /// Fields of the answer's head that stay here, as something was found in them.
  var withheldFromClient: Set<String> = []
  private var addressedShape: ErrorShape?

  init(
    head: HTTPRequestHead, peer: SocketAddress?, peerCertificate: [UInt8] = [], client: any ClientResponse,
    loop: LoopContext
  ) {
    self.head = head
    self.peer = peer?.ipAddress ?? ""
    self.peerCertificate = peerCertificate
    self.client = client
    self.loop = loop
    timer = DeadlineTimer(eventLoop: loop.eventLoop)
    loop.services.metrics.exchanges.add(1, ordering: .relaxed)
    loop.services.metrics.exchangesInFlight.add(1, ordering: .relaxed)
  }

  /// How long the request may take to arrive.
  var requestTime: TimeAmount { .milliseconds(Int64(runtime?.pipeline.limits.requestTime ?? 60_000)) }

  /// The head has come: which pipeline, which endpoint, who asks.
  func begin() {
    do throws(GatewayError) {
      if loop.services.isDraining { throw .draining }
      if loop.services.isStoreLost { throw .storeLost }
      guard let target = RequestTarget(head.uri) else {
        let path = head.uri.prefix { $0 != "?" }
        addressedShape =
          loop.routes.match(path: path, host: head.headers.first(name: "host"))?.runtime
          .protocolDescription.errors
        throw .client(
          "malformed_path", 400,
          "The request's path is not a plain one. Send it without dots, doubled slashes or escapes.")
      }
      guard let match = loop.routes.match(path: target.path, host: head.headers.first(name: "host"))
      else {
        throw .unknownPath
      }
      runtime = match.runtime
      path = match.path
      query = target.query
      if let refusal = HeadPolicy.refusal(of: head, maximumHeadBytes: 32 << 10) { throw refusal }
      guard let principal = try authenticate(match.runtime, path: target.path) else { return }
      self.principal = principal
      try chooseEndpoint(match.runtime)
    } catch {
      client?.doNotKeep()
      refuse(error)
    }
  }

  /// Whether the head is known to be somebody's, and the body may come.
  var isAuthenticating: Bool { authentication != nil }

  /// It is known who asks: which endpoint, and may its body come?
  private func chooseEndpoint(_ runtime: PipelineRuntime) throws(GatewayError) {
    guard
      let endpoint = runtime.protocolDescription.endpoint(method: head.method.rawValue, path: path)
    else {
      throw .client(
        "unknown_endpoint", 404,
        "The protocol '\(runtime.protocolDescription.name)' has no such endpoint here, and what is not known is not passed on."
      )
    }
    self.endpoint = endpoint
    guard endpoint.query.allows(query) else {
      let names = endpoint.query.names.joined(separator: ", ")
      throw .client(
        "query_refused", 400,
        "The query has something that is not known here, and what nothing has scanned is not passed on. Known: \(names.isEmpty ? "none" : names)."
      )
    }
    if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }),
      length > runtime.pipeline.limits.request
    {
      throw tooLarge(runtime)
    }
  }

  /// Who asks; nil: it is not known yet, and ``authenticationAnswered()`` comes.
  private func authenticate(_ runtime: PipelineRuntime, path: Substring) throws(GatewayError) -> Principal? {
    loop.head.begin(
      method: head.method.rawValue, path: path, peerAddress: peer, peerCertificate: peerCertificate)
    for (name, value) in head.headers { loop.head.add(name: name, value: value) }
    guard runtime.chain.mayWaitForPrincipal else {
      return try take(.done(runtime.chain.authenticate(loop.head)))
    }
    let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
    let eventLoop = loop.eventLoop
    return try take(
      runtime.chain.authenticate(loop.head) {
        eventLoop.execute { bound.value.authenticationAnswered() }
      })
  }

  private func take(_ step: AuthenticationStep) throws(GatewayError) -> Principal? {
    switch step {
    case .done(let outcome):
      authentication = nil
      return try principal(of: outcome)
    case .waiting(let pending):
      authentication = pending
      timer.set(in: Self.authenticationTime) { [weak self] in
        self?.refuse(
          .internal("authentication_unavailable", "It could not be told in time who asks. Try again later."))
      }
      return nil
    }
  }

  /// As long as a filter may take to say who asks.
  private static let authenticationTime = TimeAmount.seconds(10)

  /// The filter that was waited for has answered.
  private func authenticationAnswered() {
    guard phase == .reading, let authentication, let runtime else { return }
    do throws(GatewayError) {
      guard let principal = try take(runtime.chain.resume(authentication)) else { return }
      timer.clear()
      self.principal = principal
      try chooseEndpoint(runtime)
      client?.proceed()
    } catch {
      client?.doNotKeep()
      refuse(error)
    }
  }

  private func principal(of outcome: AuthenticationOutcome) throws(GatewayError) -> Principal {
    switch outcome {
    case .principal(let principal): return principal
    case .failed(let failure): throw Inspection.failure(of: failure)
    case .refused(let reason, let challenge):
      loop.services.metrics.refusedAuthentications.add(1, ordering: .relaxed)
      decision.rule = reason
      self.challenge = challenge
      throw .client(
        reason == "no-credential" ? "no_credential" : "invalid_api_key", 401,
        reason == "no-credential"
          ? "The request carries no key of this gateway. Send one as 'Authorization: Bearer sk-sluice-…'."
          // Which check it failed is for the record: it would tell a forger what to mend.
          : "The key is not accepted. Log in again, or ask whoever runs the gateway for a new one; the exchange's id tells them why."
      )
    }
  }

  var challenge = ""

  /// How the client wants to be told what went wrong.
  var errorShape: ErrorShape { runtime?.protocolDescription.errors ?? addressedShape ?? .openai }

  func tooLarge(_ runtime: PipelineRuntime) -> GatewayError {
    .client(
      "request_too_large", 413,
      "The body is larger than the \(runtime.pipeline.limits.request) bytes that this pipeline accepts.")
  }

  /// More of the request's body.
  func receive(_ bytes: ByteBuffer) {
    guard phase == .reading, let runtime else { return }
    guard body.count + bytes.readableBytes <= runtime.pipeline.limits.request else {
      return refuse(tooLarge(runtime))
    }
    body.append(contentsOf: bytes.readableBytesView)
  }

  /// The client has gone: nothing more can reach it.
  func clientLeft() {
    guard phase != .ended else { return }
    if phase == .answering || phase == .forwarding {
      response.outcome = "client-closed"
      takeParts()
      recordResponse { _ in }
    } else if phase == .deciding, principal != nil {
      decision.verdict = "abandoned"
      record(decisions: true) { _ in }
    }
    end()
  }

  /// The client can take more, or can't.
  func clientIsReady(_ isReady: Bool) { lease?.setReading(isReady) }

  /// Refuses the request: explains to the client, once it is on record.
  func refuse(_ error: GatewayError) {
    guard phase == .reading || phase == .deciding || phase == .forwarding else { return }
    phase = .answering
    timer.clear()
    authentication?.cancel()
    authentication = nil
    loop.services.metrics.count(refused: error)
    decision.verdict = "deny"
    decision.error = error
    var isRecorded = principal != nil
    if principal == nil {
      let budget = loop.services.refusals.take(now: Clock.seconds())
      decision.suppressed = budget.suppressed
      isRecorded = budget.isRecorded && runtime != nil
    }
    guard isRecorded else { return answer(error) }
    record(decisions: true) { exchange in exchange.answer(error) }
  }

  /// Answers with an error of our own.
  func answer(_ error: GatewayError) {
    guard phase != .ended, let client else { return }
    var fields: [(name: String, value: String)] = [("x-sluice-exchange", id)]
    if error.status == 401 { fields.append(("www-authenticate", challenge.isEmpty ? "Bearer" : challenge)) }
    if let approval = decision.approval { fields.append(("x-sluice-approval", approval.id)) }
    let answer = LocalEndpoints.Answer(error: error, exchange: id, shape: errorShape, fields: fields)
    client.sendHead(answer.head, isWhole: true)
    client.sendBody(ByteBuffer(bytes: answer.body))
    end()
    client.sendEnd()
  }

  /// Nothing more happens here.
  func end() {
    guard phase != .ended else { return }
    phase = .ended
    timer.cancel()
    authentication?.cancel()
    authentication = nil
    if let heldTicket {
      loop.services.approvals.giveUp(heldTicket)
      loop.services.metrics.exchangesHeld.subtract(1, ordering: .relaxed)
    }
    heldTicket = nil
    if let leaseWaiter, let runtime { loop.pool(for: runtime).giveUp(leaseWaiter) }
    leaseWaiter = nil
    lease?.cancel()
    lease = nil
    loop.services.metrics.exchangesInFlight.subtract(1, ordering: .relaxed)
  }
}
