internal import NIOCore

/// HTTP/2: a connection is shared, a stream for each exchange.
extension UpstreamPool {
  func observer(of id: Int) -> HTTP2UpstreamConnection.Observer {
    HTTP2UpstreamConnection.Observer(
      capacityChanged: { [weak self] streams in
        self?.machine.capacityChanged(id, streams: streams)
        self?.serveWaiters()
      },
      leaving: { [weak self] in self?.leaving(id) },
      lost: { [weak self] in self?.lost(id) })
  }

  func leaving(_ id: Int) {
    let isDone = machine.leaving(id)
    if isDone { end(id) }
    serveWaiters()
  }

  private func end(_ id: Int) {
    keep(id)
    guard case .shared(_, let shared)? = connections.removeValue(forKey: id)?.opened else { return }
    shared.observe(nil)
    shared.close()
  }

  func openStream(_ id: Int, for receiver: @escaping Receiver) {
    guard case .shared(_, let shared)? = connections[id]?.opened else {
      machine.lost(id)
      _ = lease(receiver)
      return
    }
    keep(id)
    shared.openStream { [weak self] result in
      switch result {
      case .failure:
        guard let self else { return receiver(.failure(.draining)) }
        // No more on this connection; another is taken.
        leaving(id)
        streamEnded(id)
        _ = lease(receiver)
      case .success((let channel, let handler)):
        receiver(
          .success(
            UpstreamLease(
              channel: channel, handler: handler,
              renew: { [weak self] receiver in
                guard let self else { return receiver(.failure(.draining)) }
                _ = lease(receiver)
              }
            ) { [weak self] _ in
              shared.closeStream(channel)
              self?.streamEnded(id)
            }))
      }
    }
  }

  private func streamEnded(_ id: Int) {
    switch machine.streamEnded(id) {
    case .busy: break
    case .idle: if let channel = connections[id]?.opened.channel { closeWhenIdle(id, channel) }
    case .close: end(id)
    }
    serveWaiters()
  }
}
