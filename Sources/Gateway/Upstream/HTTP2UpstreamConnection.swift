internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTP2

/// One HTTP/2 connection to an upstream as a whole: opens streams, hears when the upstream wants no more of them,
/// and finds out when it has silently died.
final class HTTP2UpstreamConnection: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  /// What the pool hears. Called on the connection's event loop.
  struct Observer {
    /// How many streams the upstream takes at once.
    let capacityChanged: (Int) -> Void
    /// It takes no new ones.
    let leaving: () -> Void
    /// It is closed.
    let lost: () -> Void
  }

  /// A connection with streams that is silent for so long is asked whether it is still there,
  private static let silence = TimeAmount.seconds(15)
  /// and has so long to answer.
  private static let answerTime = TimeAmount.seconds(10)

  private let streams: NIOHTTP2Handler.StreamMultiplexer
  private let timer: DeadlineTimer
  private var observer: Observer?
  private var context: ChannelHandlerContext?
  private var openStreams = 0
  private var isAsked = false
  /// What came before the observer.
  private(set) var capacity = HTTP2Limits.concurrentStreams
  private(set) var isLeaving = false
  /// The last stream that the upstream has looked at, or may have, where it has said so.
  private var lastStream = HTTP2StreamID.maxID

  init(eventLoop: any EventLoop, streams: NIOHTTP2Handler.StreamMultiplexer) {
    self.streams = streams
    timer = DeadlineTimer(eventLoop: eventLoop)
  }

  func observe(_ observer: Observer?) { self.observer = observer }

  /// Opens a stream, which ends in a handler as an HTTP/1.1 connection does.
  func openStream(_ opened: @escaping (Result<(any Channel, UpstreamHandler), any Error>) -> Void) {
    guard let context else { return opened(.failure(ChannelError.ioOnClosedChannel)) }
    let promise = context.eventLoop.makePromise(of: (any Channel).self)
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    streams.createStreamChannel(promise: promise) { stream in
      stream.eventLoop.makeCompletedFuture {
        let connection = bound.value
        try stream.pipeline.syncOperations.addHandlers([
          HTTP2FramePayloadToHTTP1ClientCodec(httpProtocol: .https),
          UpstreamHandler { [weak connection] in connection?.hasRefused($0) ?? false },
        ])
      }
    }
    openStreams += 1
    if openStreams == 1 { listen() }
    promise.futureResult.assumeIsolated().whenComplete { [weak self] result in
      let made = Result {
        let channel = try result.get()
        return (channel, try channel.pipeline.syncOperations.handler(type: UpstreamHandler.self))
      }
      guard let self, !isLeaving, case .success = made else {
        // A first frame after GOAWAY would be an error of the connection, and its other streams' end.
        self?.openStreams -= 1
        if case .success((let channel, _)) = made { channel.close(promise: nil) }
        return opened(.failure(ChannelError.ioOnClosedChannel))
      }
      opened(made)
    }
  }

  /// Whether the upstream has not looked at a stream that was closed (RFC 9113, 8.7): it said so of the stream, or
  /// named an earlier one as its last.
  private func hasRefused(_ closed: NIOHTTP2Errors.StreamClosed) -> Bool {
    closed.errorCode == .refusedStream || (isLeaving && closed.streamID > lastStream)
  }

  /// A stream that was opened is of no use any more: it is reset where it has not ended by itself.
  func closeStream(_ stream: any Channel) {
    openStreams -= 1
    if openStreams == 0 { timer.clear() }
    // In the next turn of the loop an end that has just been read has had its effect.
    stream.eventLoop.execute { if stream.isActive { stream.close(promise: nil) } }
  }

  /// Ends the connection, with a word to the upstream.
  func close() {
    guard let context else { return }
    let goAway = HTTP2Frame(
      streamID: .rootStream, payload: .goAway(lastStreamID: .rootStream, errorCode: .noError, opaqueData: nil)
    )
    context.writeAndFlush(wrapOutboundOut(goAway), promise: nil)
    context.close(promise: nil)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    timer.cancel()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data).payload {
    case .settings(.settings(let settings)):
      guard let last = settings.last(where: { $0.parameter == .maxConcurrentStreams }) else { break }
      capacity = min(last.value, HTTP2Limits.concurrentStreams)
      observer?.capacityChanged(capacity)
    case .goAway(let last, _, _):
      // Streams after the one that is named end now, and their requests are sent again elsewhere.
      isLeaving = true
      lastStream = last
      observer?.leaving()
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if openStreams > 0 { listen() }
    context.fireChannelReadComplete()
  }

  /// Something was heard, or is to be heard: the silence begins anew.
  private func listen() {
    isAsked = false
    timer.set(in: Self.silence) { [weak self] in self?.ask() }
  }

  private func ask() {
    guard let context else { return }
    if isAsked {
      context.close(promise: nil)
      return
    }
    isAsked = true
    let ping = HTTP2Frame(streamID: .rootStream, payload: .ping(HTTP2PingData(withInteger: 0), ack: false))
    context.writeAndFlush(wrapOutboundOut(ping), promise: nil)
    timer.set(in: Self.answerTime) { [weak self] in self?.ask() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if HTTP2Limits.isOfOneStream(error) { return }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer.cancel()
    let observer = self.observer
    self.observer = nil
    observer?.lost()
    context.fireChannelInactive()
  }
}
