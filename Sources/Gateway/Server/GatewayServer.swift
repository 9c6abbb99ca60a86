public import NIOCore
internal import NIOExtras
internal import NIOHTTP1
public import NIOPosix
public import NIOSSL

/// Listens for clients and serves the pipelines of its routes until it is drained.
public final class GatewayServer: Sendable {
  private let channel: any Channel
  private let quiescing: ServerQuiescingHelper
  private let services: GatewayServices
  private let loops: [LoopContext]

  /// The address that it listens on.
  public var address: SocketAddress? { channel.localAddress }

  private init(
    channel: any Channel, quiescing: ServerQuiescingHelper, services: GatewayServices, loops: [LoopContext]
  ) {
    self.loops = loops
    self.channel = channel
    self.quiescing = quiescing
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

  private static func configure(_ channel: any Channel, tls: NIOSSLContext?, loop: LoopContext) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
    try pipeline.addHandler(FramingGuard())
    try pipeline.addHandler(HTTPResponseEncoder())
    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
    try pipeline.addHandler(ExchangeHandler(loop: loop))
  }

  /// Takes no new connection, ends idle ones, and waits until those in use have ended. [blocking]
  /// - Parameter time: then whatever is left is cut.
  public func drain(within time: TimeAmount) {
    services.beginDraining()
    let promise = channel.eventLoop.makePromise(of: Void.self)
    quiescing.initiateShutdown(promise: promise)
    let cut = channel.eventLoop.scheduleTask(in: time) { promise.fail(ChannelError.ioOnClosedChannel) }
    try? promise.futureResult.wait()
    cut.cancel()
    for loop in loops { try? loop.eventLoop.submit { loop.closePools() }.wait() }
  }
}
