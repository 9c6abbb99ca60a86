internal import NIOCore
internal import NIOHTTP1

/// One client's connection to the stand-in model.
final class StandInHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let behaviour: StandInServer.Behaviour
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(behaviour: StandInServer.Behaviour) { self.behaviour = behaviour }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body.removeAll(keepingCapacity: true)
    case .body(let bytes):
      body.append(contentsOf: bytes.readableBytesView)
    case .end:
      guard let head else { return }
      answer(head, context: context)
    }
  }

  private func answer(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
    behaviour.onRequest?(body)
    switch (head.method, head.uri) {
    case (.POST, "/v1/chat/completions"):
      let reply = StandInReply(to: body, quotesPrompt: behaviour.quotesPrompt)
      if reply.isStreamed {
        stream(reply, context: context)
      } else {
        send(.ok, reply.whole, keepAlive: head.isKeepAlive, context: context)
      }
    case (.GET, "/v1/models"):
      send(.ok, StandInReply.models, keepAlive: head.isKeepAlive, context: context)
    default:
      let error =
        #"{"error":{"message":"The stand-in model has no such path.","type":"invalid_request_error"}}"#
      send(.notFound, Array(error.utf8), keepAlive: head.isKeepAlive, context: context)
    }
  }

  private func send(
    _ status: HTTPResponseStatus, _ bytes: [UInt8], keepAlive: Bool, context: ChannelHandlerContext
  ) {
    let head = HTTPResponseHead(
      version: .http1_1, status: status,
      headers: ["content-type": "application/json", "content-length": String(bytes.count)])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(
      wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: bytes)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    if !keepAlive { context.close(promise: nil) }
  }

  private func stream(_ reply: StandInReply, context: ChannelHandlerContext) {
    let head = HTTPResponseHead(
      version: .http1_1, status: .ok,
      headers: [
        "content-type": "text/event-stream", "cache-control": "no-cache", "transfer-encoding": "chunked",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    send(reply.events[...], context: context)
  }

  private func send(_ events: ArraySlice<[UInt8]>, context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    guard let event = events.first else {
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      return
    }
    let bytes = context.channel.allocator.buffer(bytes: event)
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
    let rest = events.dropFirst()
    guard behaviour.pause > .zero else { return send(rest, context: context) }
    context.eventLoop.assumeIsolated().scheduleTask(in: behaviour.pause) { self.send(rest, context: context) }
  }
}
