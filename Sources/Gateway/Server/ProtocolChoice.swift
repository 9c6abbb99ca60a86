internal import NIOCore
internal import NIOTLS

/// Stands at the start of a client's connection until it is known which HTTP is spoken, then makes way.
///
/// With TLS the handshake says so (ALPN, RFC 7301). Without, the first bytes do: HTTP/2 with prior knowledge begins
/// with a preface that no HTTP/1.1 request begins with (RFC 9113, 3.3 and 3.4).
final class ProtocolChoice: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  enum HTTPVersion { case http1, http2 }

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  /// How long the choice may take, from the connection's start on: the TLS handshake and the first bytes.
  private static let time = TimeAmount.seconds(20)

  private let isTLS: Bool
  private let timer: DeadlineTimer
  /// Sets the rest of the pipeline up.
  private let configure: (any Channel, HTTPVersion) throws -> Void
  private var held: ByteBuffer?
  private var isChosen = false

  init(
    isTLS: Bool, eventLoop: any EventLoop, configure: @escaping (any Channel, HTTPVersion) throws -> Void
  ) {
    self.isTLS = isTLS
    self.configure = configure
    timer = DeadlineTimer(eventLoop: eventLoop)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    timer.set(in: Self.time) { channel.close(promise: nil) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    timer.cancel()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent, !isChosen { context.close(promise: nil) }
    guard case .handshakeCompleted(let protocolName)? = event as? TLSUserEvent, !isChosen else {
      return context.fireUserInboundEventTriggered(event)
    }
    switch protocolName {
    case "h2": choose(.http2, context: context)
    case nil, "http/1.1": choose(.http1, context: context)
    default: return context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
    makeWay(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isChosen else { return context.fireChannelRead(data) }
    // The handshake's event comes before the first byte of what it protects.
    guard !isTLS else { return context.close(promise: nil) }
    var bytes = unwrapInboundIn(data)
    if var before = held {
      before.writeBuffer(&bytes)
      bytes = before
      held = nil
    }
    let seen = bytes.readableBytesView.prefix(Self.preface.count)
    if !seen.elementsEqual(Self.preface.prefix(seen.count)) {
      choose(.http1, context: context)
    } else if seen.count == Self.preface.count {
      choose(.http2, context: context)
    } else {
      held = bytes
      return
    }
    context.fireChannelRead(wrapInboundOut(bytes))
    makeWay(context)
  }

  private func choose(_ version: HTTPVersion, context: ChannelHandlerContext) {
    isChosen = true
    timer.cancel()
    do { try configure(context.channel, version) } catch { context.close(promise: nil) }
  }

  /// Takes itself out; what it held is on its way.
  private func makeWay(_ context: ChannelHandlerContext) {
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isChosen { context.fireErrorCaught(error) } else { context.close(promise: nil) }
  }
}
