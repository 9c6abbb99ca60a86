internal import FilterChain
internal import Gateway
internal import NIOPosix
internal import Synchronization

/// Where people's answers arrive from chats and other services: `POST /hooks/FILTER`, on the gateway's own listener. What
/// waits for the store or a service waits on threads of its own, each filter on others, so that a chat that is slow keeps
/// nobody from answering elsewhere.
final class HookPaths: LocalService {
  /// Calls of one filter that wait or are under way; beyond, whoever calls is told to come again.
  private static let maximumCalls = 64
  private static let threads = 4
  private static let prefix = "/hooks/"

  private final class Lane: Sendable {
    let threads = NIOThreadPool(numberOfThreads: HookPaths.threads)
    let calls = Atomic(0)
    init() { threads.start() }
  }

  private let desk: NotifyDesk
  /// By the filter's name; nil: it has been stopped.
  private let lanes = Mutex<[String: Lane]?>([:])

  init(_ desk: NotifyDesk) { self.desk = desk }

  func stop() {
    let all = lanes.withLock { lanes in
      defer { lanes = nil }
      return lanes ?? [:]
    }
    for lane in all.values { try? lane.threads.syncShutdownGracefully() }
  }

  func takes(path: Substring) -> Bool { path.hasPrefix(Self.prefix) }
  func largestBody(path: Substring) -> Int { HookRequest.longestBody }

  func answer(_ request: LocalRequest, _ done: @escaping @Sendable (LocalResponse) -> Void) {
    let filter = String(request.path.dropFirst(Self.prefix.count))
    guard desk.takesCalls(filter) else {
      return done(LocalResponse(status: 404, contentType: "", body: []))
    }
    guard let lane = lane(filter) else { return done(Self.busy) }
    guard lane.calls.add(1, ordering: .relaxed).newValue <= Self.maximumCalls else {
      lane.calls.subtract(1, ordering: .relaxed)
      return done(Self.busy)
    }
    lane.threads.submit { [desk] state in
      defer { lane.calls.subtract(1, ordering: .relaxed) }
      guard state == .active else { return }
      let answer = desk.receive(
        filter,
        HookRequest(
          time: secondsNow(), method: request.method, path: request.path, headers: request.headers,
          body: request.body))
      done(
        LocalResponse(
          status: answer?.status ?? 404, contentType: answer?.contentType ?? "", body: answer?.body ?? []))
    }
  }

  private static var busy: LocalResponse {
    LocalResponse(status: 503, contentType: "text/plain", body: [], retryAfter: 5)
  }

  private func lane(_ filter: String) -> Lane? {
    lanes.withLock { lanes in
      if let known = lanes?[filter] { return known }
      guard lanes != nil else { return nil }
      let made = Lane()
      lanes?[filter] = made
      return made
    }
  }
}
