internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTP2
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

/// A connection to an upstream that has been opened, and what it speaks.
enum UpstreamConnection {
  case exclusive(any Channel, UpstreamHandler)
  case shared(any Channel, HTTP2UpstreamConnection)

  var channel: any Channel {
    switch self {
    case .exclusive(let channel, _), .shared(let channel, _): channel
    }
  }

  /// Opens one. With TLS it is open when the handshake is done and has said whether HTTP/2 is spoken (ALPN).
  ///
  /// - Parameter time: for the connection, and once more for the handshake.
  static func open(
    to target: UpstreamTarget, within time: TimeAmount, on eventLoop: any EventLoop,
    _ opened: @escaping (Result<UpstreamConnection, any Error>) -> Void
  ) {
    let connected = ClientBootstrap(group: eventLoop)
      .connectTimeout(time)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try configure(channel, for: target, within: time) }
      }
      .connect(host: target.host, port: target.port)
    connected.assumeIsolated().whenComplete { result in
      let channel: any Channel
      switch result {
      case .failure(let error): return opened(.failure(error))
      case .success(let connected): channel = connected
      }
      let pipeline = channel.pipeline.syncOperations
      if let handler = try? pipeline.handler(type: UpstreamHandler.self) {
        return opened(.success(.exclusive(channel, handler)))
      }
      guard let negotiation = try? pipeline.handler(type: UpstreamNegotiation.self) else {
        return opened(.failure(ChannelError.eof))
      }
      negotiation.whenDone(opened)
    }
  }

  private static func configure(_ channel: any Channel, for target: UpstreamTarget, within time: TimeAmount)
    throws
  {
    guard let tls = target.tls else { return try configureHTTP1(channel) }
    let pipeline = channel.pipeline.syncOperations
    // A name is checked against the certificate's names, an address against its addresses (RFC 9525).
    let isAddress = (try? SocketAddress(ipAddress: target.host, port: 0)) != nil
    try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : target.host))
    try pipeline.addHandler(UpstreamNegotiation(eventLoop: channel.eventLoop, time: time))
  }

  static func configureHTTP1(_ channel: any Channel) throws {
    try channel.pipeline.syncOperations.addHandlers([
      HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)),
      UpstreamHandler(),
    ])
  }

  static func configureHTTP2(_ channel: any Channel) throws -> HTTP2UpstreamConnection {
    let pipeline = channel.pipeline.syncOperations
    let handler = NIOHTTP2Handler(
      mode: .client, eventLoop: channel.eventLoop, connectionConfiguration: HTTP2Limits.upstreamConnection,
      streamConfiguration: HTTP2Limits.stream
    ) { pushed in
      // None is allowed, so this is never called by an upstream that keeps to what it was told.
      pushed.close()
    }
    try pipeline.addHandler(handler)
    let connection = HTTP2UpstreamConnection(
      eventLoop: channel.eventLoop, streams: try handler.syncMultiplexer())
    try pipeline.addHandler(connection)
    return connection
  }
}

/// Stands at the end of a new TLS connection until the handshake has said what is spoken, then makes way.
final class UpstreamNegotiation: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let timer: DeadlineTimer
  private let time: TimeAmount
  private var result: Result<UpstreamConnection, any Error>?
  private var receiver: ((Result<UpstreamConnection, any Error>) -> Void)?

  init(eventLoop: any EventLoop, time: TimeAmount) {
    timer = DeadlineTimer(eventLoop: eventLoop)
    self.time = time
  }

  /// Calls back once: now, if it is known already.
  func whenDone(_ receiver: @escaping (Result<UpstreamConnection, any Error>) -> Void) {
    if let result { return receiver(result) }
    self.receiver = receiver
  }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    timer.set(in: time) { [weak self] in
      self?.finish(.failure(ChannelError.connectTimeout(self?.time ?? .zero)))
      channel.close(promise: nil)
    }
    context.fireChannelActive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard result == nil, case .handshakeCompleted(let protocolName)? = event as? TLSUserEvent else {
      return context.fireUserInboundEventTriggered(event)
    }
    do {
      let connection: UpstreamConnection
      switch protocolName {
      case "h2": connection = .shared(context.channel, try UpstreamConnection.configureHTTP2(context.channel))
      // An upstream without ALPN speaks HTTP/1.1 (RFC 9112).
      case nil, "http/1.1":
        try UpstreamConnection.configureHTTP1(context.channel)
        let handler = try context.pipeline.syncOperations.handler(type: UpstreamHandler.self)
        connection = .exclusive(context.channel, handler)
      default: throw ChannelError.inappropriateOperationForState
      }
      context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
      finish(.success(connection))
    } catch {
      finish(.failure(error))
      context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    finish(.failure(error))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish(.failure(ChannelError.eof))
    context.fireChannelInactive()
  }

  private func finish(_ result: Result<UpstreamConnection, any Error>) {
    guard self.result == nil else { return }
    timer.cancel()
    self.result = result
    receiver?(result)
    receiver = nil
  }
}
