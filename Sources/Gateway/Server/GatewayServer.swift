public import NIOCore
internal import NIOExtras
internal import NIOHTTP1
internal import NIOHTTP2
public import NIOPosix
public import NIOSSL
internal import Synchronization

/// Listens for clients and serves the pipelines of its routes until it is drained.
public final class GatewayServer: Sendable {
  private let channel: any Channel
  /// Until it is drained: as it goes it tells its event loop, which has to run then.
  private let quiescing: Mutex<ServerQuiescingHelper?>
  private let services: GatewayServices
  private let loops: [LoopContext]

  /// What the TLS configuration of a listener offers (ALPN, RFC 7301): HTTP/2 first.
  public static let applicationProtocols = ["h2", "http/1.1"]

  /// The address that it listens on.
  public var address: SocketAddress? { channel.localAddress }

  private init(
    channel: any Channel, quiescing: ServerQuiescingHelper, services: GatewayServices, loops: [LoopContext]
  ) {
    self.loops = loops
    self.channel = channel
    self.quiescing = Mutex(quiescing)
    self.services = services
  }

  /// Listens on an address. [blocking]
  /// - Parameter tls: the server's certificate; nil: plain HTTP, for loopback or behind something that ends TLS.
  public static func start(
    host: String, port: Int, tls: NIOSSLContext?, services: GatewayServices,
    group: MultiThreadedEventLoopGroup
  ) throws -> GatewayServer {
    var loops: [ObjectIdentifier: LoopContext] = [:]
    for loop in group.makeIterator() {
      loops[ObjectIdentifier(loop)] = LoopContext(eventLoop: loop, services: services)
    }
    let contexts = loops
    let quiescing = ServerQuiescingHelper(group: group)
    let channel = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let loop = contexts[ObjectIdentifier(channel.eventLoop)] else {
            throw ChannelError.inappropriateOperationForState
          }
          try configure(channel, tls: tls, loop: loop)
        }
      }
      .bind(host: host, port: port).wait()
    return GatewayServer(
      channel: channel, quiescing: quiescing, services: services, loops: Array(contexts.values))
  }

  /// Puts another policy in force, on every loop when this returns: new exchanges begin on it, those in flight end on
  /// the one that they began with, and no connection is closed. [blocking]
  public func adopt(_ routes: Routes) {
    for loop in loops { try? loop.eventLoop.submit { loop.adopt(routes) }.wait() }
    services.replaceRoutes(routes)
  }

  /// Lets go of earlier policies that nothing in flight holds any more. Returns at once.
  public func sweep() {
    guard services.hasOldPipelines else { return }
    for loop in loops { loop.eventLoop.execute { loop.sweep() } }
  }

  private static func configure(_ channel: any Channel, tls: NIOSSLContext?, loop: LoopContext) throws {
    let pipeline = channel.pipeline.syncOperations
    let metrics = loop.services.metrics
    metrics.clientConnections.add(1, ordering: .relaxed)
    channel.closeFuture.whenComplete { _ in metrics.clientConnections.subtract(1, ordering: .relaxed) }
    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
    try pipeline.addHandler(
      ProtocolChoice(isTLS: tls != nil, eventLoop: loop.eventLoop) { channel, version in
        switch version {
        case .http1: try configureHTTP1(channel, loop: loop)
        case .http2: try configureHTTP2(channel, loop: loop)
        }
      })
  }

  private static func configureHTTP1(_ channel: any Channel, loop: LoopContext) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(FramingGuard())
    try pipeline.addHandler(HTTPResponseEncoder())
    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
    try pipeline.addHandler(ExchangeHandler(loop: loop, wire: .http1))
  }

  /// Each stream is a channel of its own, which ends in a handler as an HTTP/1.1 connection does.
  private static func configureHTTP2(_ channel: any Channel, loop: LoopContext) throws {
    let pipeline = channel.pipeline.syncOperations
    let connection = HTTP2ServerConnection(eventLoop: loop.eventLoop)
    try pipeline.addHandler(
      NIOHTTP2Handler(
        mode: .server, eventLoop: loop.eventLoop, connectionConfiguration: HTTP2Limits.connection,
        streamConfiguration: HTTP2Limits.stream,
        streamDelegate: HTTP2ServerConnection.Streams(connection, eventLoop: loop.eventLoop)
      ) { stream in
        stream.eventLoop.makeCompletedFuture {
          try stream.pipeline.syncOperations.addHandlers([
            StreamGuard(), HTTP2FramePayloadToHTTP1ServerCodec(), ExchangeHandler(loop: loop, wire: .http2),
          ])
        }
      })
    try pipeline.addHandler(connection)
  }

  /// Takes no new connection, ends idle ones, and waits until those in use have ended. [blocking]
  /// Once: what was drained stays so.
  /// - Parameter time: then whatever is left is cut.
  public func drain(within time: TimeAmount) {
    guard let quiescing = quiescing.withLock({ $0.take() }) else { return }
    services.beginDraining()
    let promise = channel.eventLoop.makePromise(of: Void.self)
    quiescing.initiateShutdown(promise: promise)
    let cut = channel.eventLoop.scheduleTask(in: time) { promise.fail(ChannelError.ioOnClosedChannel) }
    try? promise.futureResult.wait()
    cut.cancel()
    for loop in loops { try? loop.eventLoop.submit { loop.closePools() }.wait() }
  }
}
