internal import NIOCore
internal import NIOHTTP1

/// What one exchange has of an upstream: an HTTP/1.1 connection, or a stream of an HTTP/2 connection. Only ever used
/// on the exchange's event loop.
final class UpstreamLease {
  private var channel: any Channel
  private var handler: UpstreamHandler
  private let onDone: (Bool) -> Void
  /// Gets another lease where the upstream says that it has not looked at the request; nil where it can't say so.
  private let renew: ((@escaping UpstreamPool.Receiver) -> Void)?
  private var isCancelled = false
  /// What has taken this one's place.
  private var successor: UpstreamLease?

  init(
    channel: any Channel, handler: UpstreamHandler,
    renew: ((@escaping UpstreamPool.Receiver) -> Void)? = nil, onDone: @escaping (Bool) -> Void
  ) {
    self.channel = channel
    self.handler = handler
    self.renew = renew
    self.onDone = onDone
  }

  /// Sends a whole request; the delegate hears the rest.
  func send(_ head: HTTPRequestHead, body: ByteBuffer?, to delegate: any UpstreamDelegate) {
    send(head, body: body, to: delegate, mayRepeat: renew != nil)
  }

  private func send(
    _ head: HTTPRequestHead, body: ByteBuffer?, to delegate: any UpstreamDelegate, mayRepeat: Bool
  ) {
    var onRefused: (() -> Void)?
    if mayRepeat {
      onRefused = { [weak self, weak delegate] in
        guard let self, let delegate else { return }
        `repeat`(head, body: body, to: delegate)
      }
    }
    handler.begin(delegate, onRefused: onRefused, onDone: onDone)
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    if let body, body.readableBytes > 0 {
      channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
    }
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }

  /// The upstream refused the stream before it looked at the request (RFC 9113, 8.7): it is sent again, once.
  private func `repeat`(_ head: HTTPRequestHead, body: ByteBuffer?, to delegate: any UpstreamDelegate) {
    guard !isCancelled else { return }
    renew? { [weak self, weak delegate] result in
      guard let self, let delegate, !isCancelled else {
        if case .success(let lease) = result { lease.giveBack() }
        return
      }
      switch result {
      case .failure(let error): delegate.upstream(failed: error)
      case .success(let lease):
        successor = lease
        lease.send(head, body: body, to: delegate, mayRepeat: false)
      }
    }
  }

  /// Stops or goes on reading: how a slow client slows its upstream down. A stream's window closes by that.
  func setReading(_ isReading: Bool) {
    if let successor { return successor.setReading(isReading) }
    _ = try? channel.syncOptions?.setOption(.autoRead, value: isReading)
    // A stream's channel does not begin to read by itself.
    if isReading { channel.read() }
  }

  /// Gives up the exchange: the upstream sees the connection closed, or the stream reset.
  func cancel() {
    isCancelled = true
    if let successor { return successor.cancel() }
    handler.abandon()
  }

  /// Gives back what nothing was sent on.
  func giveBack() { onDone(true) }
}
