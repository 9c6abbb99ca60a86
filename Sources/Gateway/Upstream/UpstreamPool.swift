internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// The connections of one event loop to one upstream. Only ever touched on that loop.
final class UpstreamPool {
  /// What one loop holds open to one upstream at most, and how many exchanges may wait for one.
  struct Limits {
    var connections = 8192
    var waiters = 8192
    /// Idle connections are closed after this; below what common servers allow (60 s or more).
    var idle = TimeAmount.seconds(50)
    /// For the connection, and once more for its TLS handshake.
    var connect = TimeAmount.seconds(5)
  }

  typealias Receiver = (Result<UpstreamLease, GatewayError>) -> Void

  struct Connection {
    let opened: UpstreamConnection
    var idleTimer: Scheduled<Void>?
  }

  let target: UpstreamTarget
  let eventLoop: any EventLoop
  private let limits: Limits
  /// With ``connections``, for the parts of this type alone.
  var machine: UpstreamPoolMachine
  var connections: [Int: Connection] = [:]
  private var waiting: [Int: Receiver] = [:]
  private var nextWaiter = 0
  private var isRetired = false

  /// Whether nobody uses or waits for a connection.
  var isUnused: Bool { connections.isEmpty && waiting.isEmpty }

  init(target: UpstreamTarget, eventLoop: any EventLoop, limits: Limits = Limits()) {
    self.target = target
    self.eventLoop = eventLoop
    self.limits = limits
    machine = UpstreamPoolMachine(
      limits: UpstreamPoolMachine.Limits(connections: limits.connections, waiters: limits.waiters),
      kind: target.tls == nil ? .exclusive : .unknown)
  }

  /// Gets a connection or a stream of one, now or later. Returns an id with which to stop waiting.
  func lease(_ receiver: @escaping Receiver) -> Int {
    nextWaiter += 1
    let waiter = nextWaiter
    switch machine.checkOut(waiter) {
    case .use(let id): deliver(id, to: receiver)
    case .share(let id): openStream(id, for: receiver)
    case .open(let id): open(id, receiver)
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

  /// The pipeline is no longer in force: what is idle is closed now, and each of the others after its last exchange.
  func retire() {
    isRetired = true
    for (id, connection) in connections {
      switch connection.opened {
      case .exclusive(let channel, _): if connection.idleTimer != nil { channel.close(promise: nil) }
      case .shared: leaving(id)
      }
    }
  }

  /// Closes what is idle: the loop is about to end.
  func close() {
    for connection in connections.values {
      connection.idleTimer?.cancel()
      switch connection.opened {
      case .exclusive(let channel, let handler):
        handler.onLost = nil
        channel.close(promise: nil)
      case .shared(_, let shared):
        shared.observe(nil)
        shared.close()
      }
    }
    connections = [:]
  }

  private func open(_ id: Int, _ receiver: @escaping Receiver) {
    UpstreamConnection.open(to: target, within: limits.connect, on: eventLoop) { [weak self] result in
      guard let self else {
        if case .success(let opened) = result { opened.channel.close(promise: nil) }
        return
      }
      switch result {
      case .success(let opened): self.opened(id, opened, receiver)
      case .failure(let error): failed(id, Self.explain(error), receiver)
      }
    }
  }

  private func opened(_ id: Int, _ opened: UpstreamConnection, _ receiver: @escaping Receiver) {
    guard opened.channel.isActive else {
      return failed(
        id, .upstream("upstream_died", 502, "The upstream closed the connection at once."), receiver)
    }
    connections[id] = Connection(opened: opened)
    switch opened {
    case .exclusive(_, let handler):
      machine.openedExclusive(id)
      handler.onLost = { [weak self] in self?.lost(id) }
      deliver(id, to: receiver)
    case .shared(_, let shared):
      machine.openedShared(id, streams: shared.capacity)
      shared.observe(observer(of: id))
      openStream(id, for: receiver)
      if shared.isLeaving || isRetired { leaving(id) }
    }
    serveWaiters()
  }

  private func failed(_ id: Int, _ error: GatewayError, _ receiver: Receiver) {
    machine.failedToOpen(id)
    receiver(.failure(error))
    while let waiter = machine.nextFailed() { waiting.removeValue(forKey: waiter)?(.failure(error)) }
    serveWaiters()
  }

  /// Gives those who wait what there is now.
  func serveWaiters() {
    while let next = machine.nextShare() {
      if let receiver = waiting.removeValue(forKey: next.waiter) {
        openStream(next.connection, for: receiver)
      }
    }
    while let next = machine.nextOpening() {
      if let receiver = waiting.removeValue(forKey: next.waiter) { open(next.connection, receiver) }
    }
  }

  func lost(_ id: Int) {
    connections.removeValue(forKey: id)?.idleTimer?.cancel()
    machine.lost(id)
    serveWaiters()
  }

  func closeWhenIdle(_ id: Int, _ channel: any Channel) {
    connections[id]?.idleTimer = eventLoop.assumeIsolated().scheduleTask(in: limits.idle) {
      channel.close(promise: nil)
    }
  }

  func keep(_ id: Int) {
    connections[id]?.idleTimer?.cancel()
    connections[id]?.idleTimer = nil
  }
}

/// HTTP/1.1: a connection is one exchange's at a time.
extension UpstreamPool {
  private func deliver(_ id: Int, to receiver: @escaping Receiver) {
    guard case .exclusive(let channel, let handler)? = connections[id]?.opened, channel.isActive else {
      // It was closed under us and its end has not been seen yet: take another.
      connections[id] = nil
      machine.lost(id)
      _ = lease(receiver)
      return
    }
    keep(id)
    receiver(
      .success(
        UpstreamLease(channel: channel, handler: handler) { [weak self] reusable in
          self?.checkIn(id, reusable: reusable)
        }))
  }

  private func checkIn(_ id: Int, reusable: Bool) {
    let channel = connections[id]?.opened.channel
    switch machine.checkIn(id, reusable: reusable && !isRetired && channel?.isActive == true) {
    case .hand(let waiter):
      if let receiver = waiting.removeValue(forKey: waiter) { deliver(id, to: receiver) }
    case .park: if let channel { closeWhenIdle(id, channel) }
    case .close(let waiter, let next):
      connections[id] = nil
      channel?.close(promise: nil)
      if let waiter, let receiver = waiting.removeValue(forKey: waiter) { open(next, receiver) }
    }
  }
}

extension UpstreamPool {
  static let untrusted = GatewayError.upstream(
    "upstream_tls_failed", 502, "The upstream's certificate could not be verified, or TLS failed.")

  static func isTLS(_ error: any Error) -> Bool {
    error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError
  }

  private static func explain(_ error: any Error) -> GatewayError {
    if isTLS(error) { return untrusted }
    return switch error {
    case ChannelError.connectTimeout:
      .upstream("upstream_timeout", 504, "The upstream could not be connected to in time.")
    default:
      .upstream("upstream_unreachable", 502, "The upstream could not be connected to.")
    }
  }
}
