internal import HTTPTypes
internal import Identity
internal import NIOCore
internal import NIOHTTPTypes
internal import Synchronization

/// Ends connections that hold places and do nothing: no whole head, no whole body, or nothing read of an answer, in time.
/// However slowly bytes drip, the limits go on. On its connection's event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// From connecting, with the handshake of TLS, to the end of the first head.
  static let headTime = TimeAmount.seconds(10)
  /// From the end of an answer to the end of the next head.
  static let idleTime = TimeAmount.seconds(30)
  /// From a head to the end of its body.
  static let bodyTime = TimeAmount.seconds(30)
  /// Within which some of an answer has to be read.
  static let readTime = TimeAmount.seconds(30)

  private static let numbers = Atomic(0)

  private let limits: ConnectionLimits
  private let number = numbers.add(1, ordering: .relaxed).newValue
  private var deadline: Scheduled<Void>?
  private var written: Scheduled<Void>?
  /// Pieces of answers that were not sent yet.
  private var unsent = 0
  /// Calls under way: heads that came, less ends that were written.
  private var calls = 0

  private var whenClientEnds: (@Sendable () -> Void)?

  init(_ limits: ConnectionLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) {
    expect(within: Self.headTime, context)
    if context.channel.isActive { admit(context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  func channelActive(context: ChannelHandlerContext) {
    admit(context)
    context.fireChannelActive()
  }

  /// Calls back once the client sends no more, which for somebody who only listens means that it is gone. Any thread.
  static func whenClientEnds(_ channel: any Channel, _ callback: @escaping @Sendable () -> Void) {
    channel.eventLoop.execute {
      guard channel.isActive,
        let connection = try? channel.pipeline.syncOperations.handler(type: ConnectionGuard.self)
      else { return callback() }
      connection.whenClientEnds = callback
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { whenClientEnds?() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    whenClientEnds?()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      calls += 1
      limits.note(number, hasCall: true)
      expect(within: Self.bodyTime, context)
    case .body: break
    case .end: deadline?.cancel()
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let isEnd = if case .end = unwrapOutboundIn(data) { true } else { false }
    let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
    unsent += 1
    if unsent == 1 { written = close(in: Self.readTime, context) }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    promise.futureResult.whenComplete { _ in
      let (guardian, context) = bound.value
      guardian.sent(isEnd: isEnd, context)
    }
    context.write(data, promise: promise)
  }

  private func sent(isEnd: Bool, _ context: ChannelHandlerContext) {
    unsent -= 1
    written?.cancel()
    written = unsent > 0 && context.channel.isActive ? close(in: Self.readTime, context) : nil
    guard isEnd else { return }
    calls -= 1
    guard calls == 0, context.channel.isActive else { return }
    limits.note(number, hasCall: false)
    expect(within: Self.idleTime, context)
  }

  private func admit(_ context: ChannelHandlerContext) {
    let channel = context.channel
    let address = ClientNetwork.of(channel.remoteAddress?.ipAddress ?? "")
    guard limits.admit(number, from: address, close: { channel.close(mode: .all, promise: nil) }) else {
      return context.close(promise: nil)
    }
  }

  private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
    deadline?.cancel()
    deadline = close(in: time, context)
  }

  private func close(in time: TimeAmount, _ context: ChannelHandlerContext) -> Scheduled<Void> {
    let channel = context.channel
    return context.eventLoop.scheduleTask(in: time) { channel.close(mode: .all, promise: nil) }
  }

  private func end() {
    limits.leave(number)
    deadline?.cancel()
    written?.cancel()
  }
}
