internal import NIOPosix
internal import Synchronization

/// A queue for each kind of work: a search through years of evidence delays no decision and no policy.
struct WorkQueues: Sendable {
  private let brief = WorkQueue(threads: 2, maximum: 64)
  private let policy = WorkQueue(threads: 1, maximum: 8)
  private let trial = WorkQueue(threads: 1, maximum: 4)
  private let evidence = WorkQueue(threads: 1, maximum: 16)

  subscript(work: Route.Work) -> WorkQueue {
    switch work {
    case .brief: brief
    case .policy: policy
    case .trial: trial
    case .evidence: evidence
    }
  }

  func stop() { for queue in [brief, policy, trial, evidence] { queue.stop() } }
}

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
    do { return try await threads.runIfActive(body) } catch is CancellationError {
      throw Problem.later("the gateway is ending; call again", after: 5)
    }
  }

  /// Calls that run or wait.
  var underWay: Int { waiting.load(ordering: .relaxed) }

  func stop() { try? threads.syncShutdownGracefully() }
}
