internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Payload
internal import Synchronization

/// The end of a client's HTTP/1.1 connection, or of one stream of an HTTP/2 connection: reads requests, one after
/// another, and gives each to an ``Exchange``.
///
/// It knows HTTP and nothing of pipelines; an exchange knows pipelines and answers through ``ClientResponse``. A
/// compressed body is undone here, so that an exchange sees bytes as they are.
final class ExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// What carries the requests. A stream carries one, and ends with it.
  enum Wire { case http1, http2 }

  enum State {
    /// Between requests.
    case idle
    /// The exchange does not know yet who asks; nothing of the body is given to it.
    case authenticating(Exchange)
    /// Reading a request's body for this exchange.
    case reading(Exchange)
    /// The request is whole; the exchange answers.
    case answering(Exchange)
    /// Reading a request to one of the gateway's own paths that has a body.
    case local(LocalRequest)
    /// It was answered before it was whole: the rest is thrown away, then the connection is closed.
    case discarding
    /// HTTP/2 alone: all was said on both sides, and the last of the answer waits for the client's window.
    case leaving
    case closed
  }

  /// How long, in all, a client may go on sending after it was refused: without it, closing would destroy
  /// the answer on its way.
  static let lingering = TimeAmount.seconds(2)
  /// How long a connection may be idle between requests.
  static let keepAlive = TimeAmount.seconds(75)
  /// How long one of the gateway's own paths may take to answer: an identity provider may be slow.
  private static let localTime = TimeAmount.seconds(40)
  /// How long a request's head may take, from its first byte on or from the connection's start.
  private static let headTime = TimeAmount.seconds(20)

  let wire: Wire
  private let loop: LoopContext
  var state = State.idle
  private(set) var context: ChannelHandlerContext?
  let timer: DeadlineTimer
  var isKeepAlive = true
  var hasWrittenHead = false
  private var knownCertificate: [UInt8]?
  /// Undoes the coding of the request's body, where it has one.
  private var decoder: BodyDecoder?
  /// A request has ended in the read that goes on: what follows in it has not passed ``FramingGuard``'s eyes.
  private var hasEndedInThisRead = false
  /// Nothing more is taken from this connection, and it is closed after the answer.
  private var isDeaf = false
  /// What a client has sent while its last request was still being answered (RFC 9112, 9.3.2).
  private var pipelined: [HTTPServerRequestPart] = []

  init(loop: LoopContext, wire: Wire) {
    self.loop = loop
    self.wire = wire
    timer = DeadlineTimer(eventLoop: loop.eventLoop)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    // The head of a stream is here when the stream begins.
    if wire == .http1 { timer.set(in: Self.headTime) { [weak self] in self?.close() } }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    timer.cancel()
  }

  func channelInactive(context: ChannelHandlerContext) {
    leave()
    context.fireChannelInactive()
  }

  /// The client can't be reached any more.
  private func leave() {
    let before = state
    state = .closed
    timer.cancel()
    switch before {
    case .authenticating(let exchange), .reading(let exchange), .answering(let exchange):
      exchange.clientLeft()
    case .idle, .local, .discarding, .leaving, .closed: break
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if wire == .http1, hasEndedInThisRead, case .head = part {
      isDeaf = true
      doNotKeep()
      if case .idle = state { close() }
    }
    if isDeaf { return }
    if case .end = part {
      hasEndedInThisRead = true
      if wire == .http1 { context.triggerUserOutboundEvent(FramingGuard.NextHead(), promise: nil) }
    }
    switch state {
    case .answering, .authenticating:
      // One request at a time. Reading stops, so that what is kept is bounded by one read of the socket; until a
      // client does that, reading goes on, so that its leaving is seen.
      pipelined.append(part)
      setReading(false)
    default: take(part, context: context)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    hasEndedInThisRead = false
    context.fireChannelReadComplete()
  }

  private func take(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
    switch (part, state) {
    case (.head(let head), .idle): begin(head, context: context)
    case (.body(let bytes), .reading(let exchange)): receive(bytes, for: exchange)
    case (.end, .reading(let exchange)): finish(exchange)
    case (.body(let bytes), .local(var request)):
      guard request.body.count + bytes.readableBytes <= request.largestBody else {
        state = .discarding
        return write(
          LocalEndpoints.Answer(
            error: .client(
              "request_too_large", 413, "This path takes \(request.largestBody >> 10) KiB at most."),
            exchange: nil),
          context: context)
      }
      request.body.append(contentsOf: bytes.readableBytesView)
      state = .local(request)
    case (.end, .local(let request)): answer(request, context: context)
    case (.end, .discarding): finishDiscarding()
    case (.head, _), (.body, _), (.end, _): break
    }
  }

  private func receive(_ bytes: ByteBuffer, for exchange: Exchange) {
    guard var decoder else { return exchange.receive(bytes) }
    // It refuses what is too large, and then wants no more.
    guard exchange.phase == .reading else { return }
    do throws(ContentCodingError) {
      try decoder.receive(bytes) { piece in
        exchange.receive(piece)
        return exchange.phase == .reading
      }
      self.decoder = decoder
    } catch { refuse(exchange, error) }
  }

  /// The request is whole.
  private func finish(_ exchange: Exchange) {
    timer.clear()
    state = .answering(exchange)
    if exchange.phase == .reading {
      do throws(ContentCodingError) { try decoder?.finish() } catch { return refuse(exchange, error) }
    }
    decoder = nil
    exchange.requestIsWhole()
  }

  /// Who codes badly may frame badly, too: nothing more is read.
  private func refuse(_ exchange: Exchange, _ error: ContentCodingError) {
    decoder = nil
    doNotKeep()
    exchange.refuse(error.ofRequest)
  }

  func setReading(_ isReading: Bool) {
    _ = try? context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
  }

  /// Goes on with what came while the last request was being answered.
  func resume() {
    guard !pipelined.isEmpty, let context else { return }
    let parts = pipelined
    pipelined = []
    for (index, part) in parts.enumerated() {
      switch state {
      case .answering, .authenticating:
        pipelined = Array(parts[index...])
        return
      default: break
      }
      take(part, context: context)
    }
    setReading(true)
  }

  /// The server takes no more requests: an idle connection ends now, one in use after its answer.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Streams go on: their connection has said which are the last.
    if event is ChannelShouldQuiesceEvent, wire == .http1 {
      isKeepAlive = false
      if case .idle = state { close() }
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
    isKeepAlive = wire == .http2 || (head.isKeepAlive && !loop.services.isDraining)
    hasWrittenHead = false
    decoder = nil
    timer.clear()
    if let local = LocalEndpoints.answer(head, services: loop.services) {
      state = .discarding
      doNotKeep()
      return write(local, context: context)
    }
    if let local = loop.services.local, local.takes(path: head.uri.prefix { $0 != "?" }) {
      state = .local(LocalRequest(head, peer: context.channel.remoteAddress, for: local))
      doNotKeep()
      return timer.set(in: Self.headTime) { [weak self] in self?.close() }
    }
    let exchange = Exchange(
      head: head, peer: context.channel.remoteAddress, peerCertificate: peerCertificate(context),
      client: self,
      loop: loop)
    state = .reading(exchange)
    exchange.begin()
    guard case .reading = state else { return }
    if exchange.isAuthenticating {
      state = .authenticating(exchange)
    } else {
      expectBody(of: exchange, context: context)
    }
  }

  /// The client's certificate, DER; empty where it has shown none. It is the connection's, so it is asked for once.
  private func peerCertificate(_ context: ChannelHandlerContext) -> [UInt8] {
    if let knownCertificate { return knownCertificate }
    let connection = wire == .http2 ? context.channel.parent : context.channel
    let certificate = try? connection?.pipeline.syncOperations.nioSSL_peerCertificate()
    let bytes = (try? certificate?.toDERBytes()) ?? []
    knownCertificate = bytes
    return bytes
  }

  /// It is known who asks.
  func proceed() {
    guard case .authenticating(let exchange) = state, let context else { return }
    state = .reading(exchange)
    expectBody(of: exchange, context: context)
    resume()
  }

  private func expectBody(of exchange: Exchange, context: ChannelHandlerContext) {
    let head = exchange.head
    // A coding that is unknown was refused with the head.
    decoder = ContentCoding(fields: head.headers["content-encoding"]).flatMap(BodyDecoder.init)
    if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
      context.writeAndFlush(
        wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
    timer.set(in: exchange.requestTime) { [weak exchange] in
      exchange?.refuse(
        .client(
          "request_timeout", 408, "The request was not whole in time. Send it again, faster or smaller."))
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if case .answering(let exchange) = state { exchange.clientIsReady(context.channel.isWritable) }
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError { return refuseUnreadable() }
    leave()
    close()
  }

  /// The parser can't read what comes, so nothing after it can be trusted either.
  private func refuseUnreadable() {
    let error = GatewayError.client(
      "malformed_request", 400, "The request is no valid HTTP/1.1 (RFC 9112), so it was not read any further."
    )
    loop.services.metrics.count(refused: error)
    switch state {
    case .authenticating(let exchange), .reading(let exchange): exchange.refuse(error)
    case .idle, .local:
      guard let context else { return }
      state = .discarding
      hasWrittenHead = false
      doNotKeep()
      write(LocalEndpoints.Answer(error: error, exchange: nil), context: context)
    case .answering(let exchange):
      exchange.clientLeft()
      close()
    case .discarding, .leaving, .closed: close()
    }
  }

  /// A request to one of the gateway's own paths is whole: whoever answers it may take its time.
  private func answer(_ request: LocalRequest, context: ChannelHandlerContext) {
    guard let local = loop.services.local else { return close() }
    state = .discarding
    timer.set(in: Self.localTime) { [weak self] in self?.close() }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let eventLoop = context.eventLoop
    local.answer(request) { response in
      eventLoop.execute {
        guard case .discarding = bound.value.state, let context = bound.value.context else { return }
        bound.value.write(response.answer, context: context)
        bound.value.finishDiscarding()
      }
    }
  }

  private func write(_ answer: LocalEndpoints.Answer, context: ChannelHandlerContext) {
    sendHead(answer.head, isWhole: true)
    sendBody(context.channel.allocator.buffer(bytes: answer.body))
    sendEnd()
  }
}
