internal import Dispatch
internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import NIOPosix
public import NIOSSL
internal import ServiceLifecycle
internal import Synchronization

/// The admin API's own listener: apart from the gateway's, so that whoever sends requests needs not reach it.
public final class ConsoleServer: Sendable {
  /// Seconds for calls under way to end when the server stops.
  private static let patience = 5.0

  private let service: ServiceGroup
  private let running: Task<Void, Never>
  private let hasEnded: DispatchSemaphore
  private let queues = WorkQueues()
  private let events: EventHub
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  /// Listens; when it returns, calls are answered. [blocking]
  /// - Parameter tls: nil: plain HTTP, which is for loopback alone: the caller sees to that.
  /// - Throws: where the address can't be listened on.
  public init(host: String, port: Int, tls: TLSConfiguration?, services: ConsoleServices) throws {
    let events = EventHub(services)
    self.events = events
    let desk = Desk(services: services, doorkeeper: Doorkeeper(services), queues: queues, events: events)
    let router = Router(context: Visit.self)
    router.add(middleware: Envelope())
    for route in Routes.all {
      router.on(RouterPath(route.path), method: route.method) { request, context in
        try await desk.answer(route, request, context)
      }
    }
    // What Hummingbird would say is said by the gateway's own log.
    let quiet = Logger(label: "sluice.admin") { _ in SwiftLogNoOpLogHandler() }
    let limits = ConnectionLimits()
    let plain = HTTPServerBuilder.http1(
      configuration: .init(
        additionalChannelHandlers: [ConnectionGuard(limits)],
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)))
    let begun = Beginning()
    let application = Application(
      router: router, server: try tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain,
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port), serverName: nil),
      onServerRunning: { _ in begun.end(nil) }, eventLoopGroupProvider: .shared(group), logger: quiet)
    service = ServiceGroup(
      configuration: .init(services: [application], gracefulShutdownSignals: [], logger: quiet))
    let hasEnded = DispatchSemaphore(value: 0)
    self.hasEnded = hasEnded
    running = Task.detached { [service] in
      do {
        try await service.run()
        begun.end(nil)
      } catch { begun.end(error) }
      hasEnded.signal()
    }
    if let error = begun.wait() {
      queues.stop()
      try? group.syncShutdownGracefully()
      throw error
    }
    Thread.detachNewThread { events.run() }
  }

  /// Takes no new calls, lets those under way end for a few seconds, and closes. [blocking]
  public func stop() {
    // Streams end first, or they would be waited for.
    events.stop()
    Task.detached { [service] in await service.triggerGracefulShutdown() }
    if hasEnded.wait(timeout: .now() + Self.patience) == .timedOut {
      running.cancel()
      _ = hasEnded.wait(timeout: .now() + Self.patience)
    }
    queues.stop()
    try? group.syncShutdownGracefully()
  }
}

/// Whether listening began, or why it did not: told once, and waited for once.
private final class Beginning: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  private let error = Mutex<(any Error)?>(nil)

  func end(_ error: (any Error)?) {
    if let error { self.error.withLock { $0 = error } }
    semaphore.signal()
  }

  func wait() -> (any Error)? {
    semaphore.wait()
    return error.withLock { $0 }
  }
}
