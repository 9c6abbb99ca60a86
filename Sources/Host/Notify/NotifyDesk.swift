internal import Control
internal import FilterChain
internal import Gateway
internal import PipelineModel
internal import Synchronization

/// All notifiers of the policy in force: a worker for each, and the way in for what people answer.
final class NotifyDesk: Sendable {
  private let store: Store
  private let replies: Replies
  private let workers = Mutex<[NotifyWorker]>([])

  init(_ store: Store) {
    self.store = store
    replies = Replies(store)
  }

  /// Tells through these notifiers from now on, and through no others. One that stays the same goes on. Any thread.
  func serve(_ runtimes: [PipelineRuntime]) {
    workers.withLock { workers in
      var kept: [NotifyWorker] = []
      for runtime in runtimes {
        var counts: [String: Int] = [:]
        for notifier in runtime.chain.notifiers {
          let filter = notifier.stage.filter
          let number = counts[filter, default: 0] + 1
          counts[filter] = number
          let name = "\(runtime.pipeline.name)/\(filter)" + (number > 1 ? "-\(number)" : "")
          if let same = workers.first(where: {
            $0.name == name && $0.notifier.identity == notifier.identity
          }) {
            kept.append(same)
          } else {
            let worker = NotifyWorker(
              name: name, pipeline: runtime.pipeline.name, notifier: notifier, store: store, replies: replies)
            worker.start()
            kept.append(worker)
          }
        }
      }
      for worker in workers where !kept.contains(where: { $0 === worker }) { worker.stop() }
      workers = kept
    }
  }

  /// Whether a notifier of that filter takes requests. Any thread; returns at once.
  func takesCalls(_ filter: String) -> Bool {
    workers.withLock { $0.contains { $0.notifier.stage.filter == filter && $0.notifier.takesCalls } }
  }

  /// What to answer to a request for the notifiers of a filter's name; nil: there is none that takes requests. [blocking]
  ///
  /// A chat has one address for all pipelines: each notifier of that name looks whether the request is its own.
  func receive(_ filter: String, _ request: HookRequest) -> HookResponse? {
    let candidates = workers.withLock {
      $0.filter { $0.notifier.stage.filter == filter && $0.notifier.takesCalls }
    }
    guard !candidates.isEmpty else { return nil }
    var asked: Set<String> = []
    for worker in candidates where asked.insert(worker.notifier.identity.configurationDigest).inserted {
      let same = candidates.filter { $0.notifier.identity == worker.notifier.identity }
      do throws(NotifyInstance.Failure) {
        return try worker.receive(request, pipelines: Set(same.map(\.pipeline)))
      } catch {
        if error.isForged { continue }
        replies.complainOnce(about: worker.name, error.message)
        return HookResponse(status: 503, contentType: "", body: [])
      }
    }
    return HookResponse(status: 401, contentType: "", body: [])
  }

  /// Nothing is told any more when this returns. [blocking]
  func stop() {
    let all = workers.withLock { workers in
      defer { workers = [] }
      return workers
    }
    for worker in all { worker.stop() }
    for worker in all { worker.join(within: 10) }
  }
}
