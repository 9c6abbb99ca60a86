internal import Credentials
internal import Gateway
internal import Synchronization

/// What is served, and the one way of putting something else in its place: by a policy, or by a credential. Any thread.
final class PolicyInForce: Sendable {
  private struct State {
    /// Nil: nothing is served any more.
    var parts: PolicyParts?
    var runtimes: [PipelineRuntime]
  }

  private let state: Mutex<State>

  init(_ parts: PolicyParts, _ runtimes: [PipelineRuntime]) {
    state = Mutex(State(parts: parts, runtimes: runtimes))
  }

  /// Puts another policy in force. [blocking]
  func adopt(
    _ parts: PolicyParts, _ runtimes: [PipelineRuntime], _ credentials: UpstreamCredentials,
    on server: GatewayServer
  ) {
    state.withLock { state in
      var runtimes = runtimes
      // One may have been replaced since the policy was read, and was put into the policy before it.
      if credentials.keeper.changes != parts.credentialChanges {
        for source in parts.sources {
          runtimes = parts.runtimes(runtimes, with: credentials.keeper.known(source), from: source)
        }
      }
      server.adopt(Routes(runtimes))
      state = State(parts: parts, runtimes: runtimes)
    }
  }

  /// Lets go of it: nothing is served any more, and what nothing in flight holds ends. [blocking]
  func end(on server: GatewayServer) {
    state.withLock { state in
      server.adopt(Routes([]))
      state = State(parts: nil, runtimes: [])
    }
    server.sweep()
  }

  /// Another credential: the pipelines that use it begin new exchanges with it, on new connections. [blocking]
  func take(_ change: CredentialKeeper.Change, _ credentials: UpstreamCredentials, on server: GatewayServer) {
    switch change {
    case .replaced(let source), .withdrawn(let source):
      state.withLock { state in
        guard let parts = state.parts else { return }
        let runtimes = parts.runtimes(
          state.runtimes, with: credentials.keeper.known(source), from: source)
        server.adopt(Routes(runtimes))
        state.runtimes = runtimes
      }
    }
  }
}
