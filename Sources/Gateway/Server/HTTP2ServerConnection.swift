internal import NIOCore
internal import NIOHTTP2

/// One client's HTTP/2 connection as a whole: closes it when it is idle, and ends it in order when the gateway
/// drains (RFC 9113, 6.8). What streams carry is for their own handlers.
final class HTTP2ServerConnection: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  private enum State {
    case open
    /// GOAWAY has been sent that allows what is under way; the PING's answer says that the client has seen it.
    case leaving
    /// GOAWAY has been sent that names the last stream.
    case left
  }

  /// How long a connection may have no stream.
  private static let idle = TimeAmount.seconds(75)
  /// How long a client may take to answer the PING after GOAWAY.
  private static let farewell = TimeAmount.seconds(1)

  private var state = State.open
  private var openStreams = 0
  private var lastStream = HTTP2StreamID.rootStream
  private let ping = HTTP2PingData(withInteger: .random(in: .min ... .max))
  private let timer: DeadlineTimer
  private var context: ChannelHandlerContext?

  init(eventLoop: any EventLoop) { timer = DeadlineTimer(eventLoop: eventLoop) }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    timer.set(in: Self.idle) { [weak self] in self?.leave() }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    timer.cancel()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Frames of the connection itself. All but the answer to our PING are dealt with by NIOHTTP2Handler.
    if case .ping(let data, ack: true) = unwrapInboundIn(data).payload, data == ping { nameLastStream() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent { leave() }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if HTTP2Limits.isOfOneStream(error) { return }
    // NIOHTTP2Handler has sent GOAWAY with the reason.
    context.close(promise: nil)
  }

  private func leave() {
    guard case .open = state, let context else { return }
    state = .leaving
    send(.goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil), context: context)
    send(.ping(ping, ack: false), context: context)
    context.flush()
    timer.set(in: Self.farewell) { [weak self] in self?.nameLastStream() }
  }

  private func nameLastStream() {
    guard case .leaving = state, let context else { return }
    state = .left
    timer.clear()
    send(.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil), context: context)
    context.flush()
    closeIfDone()
  }

  private func closeIfDone() {
    guard case .left = state, openStreams == 0, let context else { return }
    // In the next turn of the loop: the last frames are written, and not yet flushed.
    let channel = context.channel
    channel.eventLoop.execute { channel.close(promise: nil) }
  }

  private func send(_ payload: HTTP2Frame.FramePayload, context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: payload)), promise: nil)
  }

  private func streamOpened(_ id: HTTP2StreamID) {
    openStreams += 1
    lastStream = max(lastStream, id)
    if case .open = state { timer.clear() }
  }

  private func streamClosed() {
    openStreams -= 1
    guard openStreams == 0 else { return }
    if case .open = state { timer.set(in: Self.idle) { [weak self] in self?.leave() } }
    closeIfDone()
  }

  /// Tells it of the streams. Only ever called on the connection's event loop.
  struct Streams: NIOHTTP2StreamDelegate {
    private let connection: NIOLoopBound<HTTP2ServerConnection>

    init(_ connection: HTTP2ServerConnection, eventLoop: any EventLoop) {
      self.connection = NIOLoopBound(connection, eventLoop: eventLoop)
    }

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) { connection.value.streamOpened(id) }
    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) { connection.value.streamClosed() }
  }
}
