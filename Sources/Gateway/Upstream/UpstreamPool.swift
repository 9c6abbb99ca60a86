internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// The connections of one event loop to one upstream. Only ever touched on that loop.
final class UpstreamPool {
  /// What one loop holds open to one upstream at most, and how many exchanges may wait for one.
  struct Limits {
    var connections = 512
    var waiters = 1024
    /// Idle connections are closed after this; below what common servers allow (60 s or more).
    var idle = TimeAmount.seconds(50)
    var connect = TimeAmount.seconds(5)
  }

  typealias Receiver = (Result<UpstreamLease, GatewayError>) -> Void

  private struct Connection {
    let channel: any Channel
    let handler: UpstreamHandler
    var idleTimer: Scheduled<Void>?
  }

  private let target: UpstreamTarget
  private let eventLoop: any EventLoop
  private let limits: Limits
  private var machine: UpstreamPoolMachine
  private var connections: [Int: Connection] = [:]
  private var waiting: [Int: Receiver] = [:]
  private var nextWaiter = 0

  init(target: UpstreamTarget, eventLoop: any EventLoop, limits: Limits = Limits()) {
    self.target = target
    self.eventLoop = eventLoop
    self.limits = limits
    machine = UpstreamPoolMachine(maximumConnections: limits.connections, maximumWaiters: limits.waiters)
  }

  /// Gets a connection, now or later. Returns an id with which to stop waiting.
  func lease(_ receiver: @escaping Receiver) -> Int {
    nextWaiter += 1
    let waiter = nextWaiter
    switch machine.checkOut(waiter) {
    case .use(let id): deliver(id, to: receiver)
    case .open(let id): open(id, for: waiter, receiver)
    case .wait: waiting[waiter] = receiver
    case .refuse:
      receiver(
        .failure(
          .upstream("upstream_busy", 503, "Too many requests wait for this upstream. Try again later.")))
    }
    return waiter
  }

  /// The receiver of ``lease(_:)`` no longer wants one. A connection that is being opened for it is parked.
  func giveUp(_ waiter: Int) {
    machine.giveUp(waiter)
    waiting[waiter] = nil
  }

  /// Closes what is idle: the loop is about to end.
  func close() {
    for connection in connections.values {
      connection.idleTimer?.cancel()
      connection.handler.onLost = nil
      connection.channel.close(promise: nil)
    }
    connections = [:]
  }

  private func deliver(_ id: Int, to receiver: @escaping Receiver) {
    guard let connection = connections[id], connection.channel.isActive else {
      // It was closed under us and its end has not been seen yet: take another.
      connections[id] = nil
      machine.lost(id)
      _ = lease(receiver)
      return
    }
    connections[id]?.idleTimer?.cancel()
    connections[id]?.idleTimer = nil
    receiver(
      .success(
        UpstreamLease(channel: connection.channel, handler: connection.handler) { [weak self] reusable in
          self?.checkIn(id, reusable: reusable)
        }))
  }

  private func checkIn(_ id: Int, reusable: Bool) {
    let connection = connections[id]
    let isUsable = reusable && connection?.channel.isActive == true
    switch machine.checkIn(id, reusable: isUsable) {
    case .hand(let waiter):
      if let receiver = waiting.removeValue(forKey: waiter) { deliver(id, to: receiver) }
    case .park:
      connections[id]?.idleTimer = eventLoop.assumeIsolated().scheduleTask(in: limits.idle) {
        connection?.channel.close(promise: nil)
      }
    case .close(let waiter, let next):
      connections[id] = nil
      connection?.channel.close(promise: nil)
      if let waiter, let receiver = waiting.removeValue(forKey: waiter) { open(next, for: waiter, receiver) }
    }
  }

  private func open(_ id: Int, for waiter: Int, _ receiver: @escaping Receiver) {
    let target = self.target
    let opened = ClientBootstrap(group: eventLoop)
      .connectTimeout(limits.connect)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try UpstreamPool.configure(channel, for: target) }
      }
      .connect(host: target.host, port: target.port)
    opened.assumeIsolated().whenComplete { [weak self] result in
      guard let self else { return }
      switch result {
      case .success(let channel): self.opened(id, channel, receiver)
      case .failure(let error):
        machine.lost(id)
        receiver(.failure(Self.explain(error)))
      }
    }
  }

  private func opened(_ id: Int, _ channel: any Channel, _ receiver: @escaping Receiver) {
    guard let handler = try? channel.pipeline.syncOperations.handler(type: UpstreamHandler.self) else {
      machine.lost(id)
      receiver(.failure(.upstream("upstream_died", 502, "The upstream closed the connection at once.")))
      return
    }
    connections[id] = Connection(channel: channel, handler: handler)
    handler.onLost = { [weak self] in
      self?.connections[id]?.idleTimer?.cancel()
      self?.connections[id] = nil
      self?.machine.lost(id)
    }
    deliver(id, to: receiver)
  }

  private static func configure(_ channel: any Channel, for target: UpstreamTarget) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls = target.tls {
      // A name is checked against the certificate's names, an address against its addresses (RFC 9525).
      let isAddress = (try? SocketAddress(ipAddress: target.host, port: 0)) != nil
      try pipeline.addHandler(
        NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : target.host))
    }
    try pipeline.addHandlers([
      HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)),
      UpstreamHandler(),
    ])
  }

  private static func explain(_ error: any Error) -> GatewayError {
    switch error {
    case ChannelError.connectTimeout:
      .upstream("upstream_timeout", 504, "The upstream could not be connected to in time.")
    default:
      .upstream("upstream_unreachable", 502, "The upstream could not be connected to.")
    }
  }
}

/// A connection while one exchange has it.
struct UpstreamLease {
  let channel: any Channel
  let handler: UpstreamHandler
  let onDone: (Bool) -> Void

  /// Sends a whole request; the delegate hears the rest.
  func send(_ head: HTTPRequestHead, body: ByteBuffer?, to delegate: any UpstreamDelegate) {
    handler.begin(delegate, onDone: onDone)
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    if let body, body.readableBytes > 0 {
      channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
    }
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  /// Stops or goes on reading: how a slow client slows its upstream down.
  func setReading(_ isReading: Bool) {
    _ = try? channel.syncOptions?.setOption(.autoRead, value: isReading)
  }

  /// Gives up the exchange: the upstream sees the connection closed.
  func cancel() { handler.abandon() }

  /// Gives back a connection that nothing was sent on.
  func giveBack() { onDone(true) }
}
