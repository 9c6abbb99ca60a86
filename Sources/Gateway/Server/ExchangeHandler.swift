internal import NIOCore
internal import NIOHTTP1
internal import Payload
internal import Synchronization

/// The end of a client's connection: reads requests, one after another, and gives each to an ``Exchange``.
///
/// It knows HTTP and nothing of pipelines; an exchange knows pipelines and answers through ``ClientResponse``.
final class ExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    /// Between requests.
    case idle
    /// Reading a request's body for this exchange.
    case reading(Exchange)
    /// The request is whole; the exchange answers.
    case answering(Exchange)
    /// It was answered before it was whole: the rest is thrown away, then the connection is closed.
    case discarding
    case closed
  }

  /// How long, in all, a client may go on sending after it was refused: without it, closing would destroy
  /// the answer on its way.
  private static let lingering = TimeAmount.seconds(2)
  /// How long a connection may be idle between requests.
  private static let keepAlive = TimeAmount.seconds(75)
  /// How long a request's head may take, from its first byte on or from the connection's start.
  private static let headTime = TimeAmount.seconds(20)

  private let loop: LoopContext
  private var state = State.idle
  private var context: ChannelHandlerContext?
  private let timer: DeadlineTimer
  private var isKeepAlive = true
  private var hasWrittenHead = false
  /// What a client has sent while its last request was still being answered (RFC 9112, 9.3.2).
  private var pipelined: [HTTPServerRequestPart] = []

  init(loop: LoopContext) {
    self.loop = loop
    timer = DeadlineTimer(eventLoop: loop.eventLoop)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    timer.set(in: Self.headTime) { [weak self] in self?.close() }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    timer.cancel()
  }

  func channelActive(context: ChannelHandlerContext) {
    loop.services.metrics.clientConnections.add(1, ordering: .relaxed)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    loop.services.metrics.clientConnections.subtract(1, ordering: .relaxed)
    leave()
    context.fireChannelInactive()
  }

  /// The client can't be reached any more.
  private func leave() {
    let before = state
    state = .closed
    timer.cancel()
    switch before {
    case .reading(let exchange), .answering(let exchange): exchange.clientLeft()
    case .idle, .discarding, .closed: break
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    guard case .answering = state else { return take(part, context: context) }
    // One request at a time. Reading stops, so that what is kept is bounded by one read of the socket; until a client
    // does that, reading goes on, so that its leaving is seen.
    pipelined.append(part)
    setReading(false)
  }

  private func take(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
    switch (part, state) {
    case (.head(let head), .idle): begin(head, context: context)
    case (.body(let bytes), .reading(let exchange)): exchange.receive(bytes)
    case (.end, .reading(let exchange)):
      timer.clear()
      state = .answering(exchange)
      context.triggerUserOutboundEvent(FramingGuard.NextHead(), promise: nil)
      exchange.requestIsWhole()
    case (.end, .discarding): close()
    case (.head, _), (.body, _), (.end, _): break
    }
  }

  private func setReading(_ isReading: Bool) {
    _ = try? context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
  }

  /// Goes on with what came while the last request was being answered.
  private func resume() {
    guard !pipelined.isEmpty, let context else { return }
    let parts = pipelined
    pipelined = []
    for (index, part) in parts.enumerated() {
      if case .answering = state {
        pipelined = Array(parts[index...])
        return
      }
      take(part, context: context)
    }
    setReading(true)
  }

  /// The server takes no more requests: an idle connection ends now, one in use after its answer.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent {
      isKeepAlive = false
      if case .idle = state { close() }
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func begin(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
    isKeepAlive = head.isKeepAlive && !loop.services.isDraining
    hasWrittenHead = false
    timer.clear()
    if let local = LocalEndpoints.answer(head, services: loop.services) {
      state = .discarding
      isKeepAlive = false
      return write(local, context: context)
    }
    let exchange = Exchange(head: head, peer: context.channel.remoteAddress, client: self, loop: loop)
    state = .reading(exchange)
    exchange.begin()
    guard case .reading = state else { return }
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
    case .reading(let exchange): exchange.refuse(error)
    case .idle:
      guard let context else { return }
      state = .discarding
      isKeepAlive = false
      write(LocalEndpoints.Answer(error: error, exchange: nil), context: context)
    case .answering(let exchange):
      exchange.clientLeft()
      close()
    case .discarding, .closed: close()
    }
  }

  private func write(_ answer: LocalEndpoints.Answer, context: ChannelHandlerContext) {
    sendHead(answer.head, isWhole: true)
    sendBody(context.channel.allocator.buffer(bytes: answer.body))
    sendEnd()
  }

  private func close() {
    state = .closed
    timer.cancel()
    context?.close(promise: nil)
  }
}

extension ExchangeHandler: ClientResponse {
  var isWritable: Bool { context?.channel.isWritable ?? false }
  var isConnectionKept: Bool { isKeepAlive }

  func doNotKeep() { isKeepAlive = false }

  func sendHead(_ head: HTTPResponseHead, isWhole: Bool) {
    guard let context, !hasWrittenHead else { return }
    hasWrittenHead = true
    var head = head
    if case .reading = state { isKeepAlive = false }
    if !isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
    context.write(wrapOutboundOut(.head(head)), promise: nil)
  }

  func sendBody(_ bytes: ByteBuffer) {
    guard let context, bytes.readableBytes > 0 else { return }
    context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
  }

  func flush() { context?.flush() }

  func sendEnd() {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    switch state {
    case .reading, .discarding:
      // Answered while the client was still sending.
      state = .discarding
      timer.set(in: Self.lingering) { [weak self] in self?.close() }
    case .answering:
      guard isKeepAlive else { return close() }
      state = .idle
      timer.set(in: Self.keepAlive) { [weak self] in self?.close() }
      resume()
    case .idle, .closed: break
    }
  }

  func abort() { close() }
}
