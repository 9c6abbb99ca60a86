internal import Synchronization

/// The pipelines in force, and how many of earlier policies are still in use. Safe to use from any thread; not read
/// for each request, as each event loop has a copy of its own.
final class PolicyGenerations: Sendable {
  private struct Old { weak var runtime: PipelineRuntime? }
  private struct State {
    var current: Routes
    var old: [Old] = []
  }

  private let state: Mutex<State>

  init(_ routes: Routes) { state = Mutex(State(current: routes)) }

  var current: Routes { state.withLock { $0.current } }

  func replace(_ routes: Routes) {
    state.withLock { state in
      let ended = state.current.pipelines.filter { one in !routes.pipelines.contains { $0 === one } }
      state.old = state.old.filter { $0.runtime != nil } + ended.map { Old(runtime: $0) }
      state.current = routes
    }
  }

  var oldPipelines: Int { state.withLock { $0.old.count { $0.runtime != nil } } }
}
