internal import FilterChain
internal import Gateway
internal import NIOPosix
internal import Synchronization

/// Where people's answers arrive from chats and other services: `POST /hooks/FILTER`, on the gateway's own listener. What
/// waits for the store or a service waits on threads of its own.
final class HookPaths: LocalService {
  /// Calls that wait or are under way; beyond, whoever calls is told to come again.
  private static let maximumCalls = 64
  private static let prefix = "/hooks/"

  private let desk: NotifyDesk
  private let threads = NIOThreadPool(numberOfThreads: 4)
  private let calls = Atomic(0)

  init(_ desk: NotifyDesk) {
    self.desk = desk
    threads.start()
  }

  func stop() { try? threads.syncShutdownGracefully() }

  func takes(path: Substring) -> Bool { path.hasPrefix(Self.prefix) }
  func largestBody(path: Substring) -> Int { HookRequest.longestBody }

  func answer(_ request: LocalRequest, _ done: @escaping @Sendable (LocalResponse) -> Void) {
    guard calls.add(1, ordering: .relaxed).newValue <= Self.maximumCalls else {
      calls.subtract(1, ordering: .relaxed)
      return done(LocalResponse(status: 503, contentType: "text/plain", body: [], retryAfter: 5))
    }
    threads.submit { [desk, calls = self] state in
      defer { calls.calls.subtract(1, ordering: .relaxed) }
      guard state == .active else { return }
      let answer = desk.receive(
        String(request.path.dropFirst(Self.prefix.count)),
        HookRequest(
          time: secondsNow(), method: request.method, path: request.path, headers: request.headers,
          body: request.body))
      done(
        LocalResponse(
          status: answer?.status ?? 404, contentType: answer?.contentType ?? "", body: answer?.body ?? []))
    }
  }
}
