internal import NIOPosix
internal import Synchronization

/// Threads for what blocks, with a bounded queue before them: beyond it, whoever calls is told to come again.
final class WorkQueue: Sendable {
  private let threads: NIOThreadPool
  private let maximum: Int
  private let waiting = Atomic(0)

  init(threads count: Int, maximum: Int) {
    threads = NIOThreadPool(numberOfThreads: count)
    self.maximum = maximum
    threads.start()
  }

  func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    defer { waiting.subtract(1, ordering: .relaxed) }
    guard waiting.add(1, ordering: .relaxed).newValue <= maximum else {
      throw Problem.later("too many calls are under way; call again", after: 1)
    }
    return try await threads.runIfActive(body)
  }

  func stop() { try? threads.syncShutdownGracefully() }
}
