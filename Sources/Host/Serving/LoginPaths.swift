internal import Gateway
internal import Identity
internal import JSONTree
internal import NIOPosix
internal import Synchronization

/// Logging in, on the gateway's own listener: whoever uses the gateway can reach it. What waits for a provider waits on
/// threads of its own, so that a slow one slows no exchange.
final class LoginPaths: LocalService {
  /// Calls that wait or are under way; beyond, whoever calls is told to come again.
  private static let maximumCalls = 64

  private let logins: Logins
  private let threads = NIOThreadPool(numberOfThreads: 4)
  private let calls = Atomic(0)

  init(_ logins: Logins) {
    self.logins = logins
    threads.start()
  }

  func stop() { try? threads.syncShutdownGracefully() }

  func takes(path: Substring) -> Bool { LoginService.takes(path) }
  func largestBody(path: Substring) -> Int { 16 << 10 }

  func answer(_ request: LocalRequest, _ done: @escaping @Sendable (LocalResponse) -> Void) {
    guard calls.add(1, ordering: .relaxed).newValue <= Self.maximumCalls else {
      calls.subtract(1, ordering: .relaxed)
      return done(
        LocalResponse(
          status: 503, contentType: "application/json",
          body: Array(
            #"{"error":"temporarily_unavailable","error_description":"Too many log-ins at once."}"#.utf8),
          retryAfter: 5))
    }
    threads.submit { [logins, self] state in
      defer { calls.subtract(1, ordering: .relaxed) }
      guard state == .active else { return }
      let reply = logins.service.answer(
        LoginCall(
          method: request.method, path: request.path, bearer: request.bearer, body: request.body,
          peer: request.peer))
      done(
        LocalResponse(
          status: reply.status, contentType: "application/json", body: reply.body.canonical,
          retryAfter: reply.retryAfter))
    }
  }
}
