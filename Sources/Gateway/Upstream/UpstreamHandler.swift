internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// What an exchange hears from its upstream. All calls come on the exchange's event loop.
protocol UpstreamDelegate: AnyObject {
  func upstream(head: HTTPResponseHead)
  func upstream(body: ByteBuffer)
  func upstreamEnded()
  func upstream(failed error: GatewayError)
}

/// The end of an upstream connection: hands what arrives to the exchange that has the connection now.
final class UpstreamHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private weak var delegate: (any UpstreamDelegate)?
  /// Called once, when the connection is of no use any more.
  var onLost: (() -> Void)?
  /// Called when an exchange's response has ended; whether the connection may be used again.
  private var onDone: ((Bool) -> Void)?
  private var isKeepAlive = false
  private var hasHead = false

  /// Begins an exchange on this connection. `onDone` is called at most once.
  func begin(_ delegate: any UpstreamDelegate, onDone: @escaping (Bool) -> Void) {
    self.delegate = delegate
    self.onDone = onDone
    hasHead = false
    isKeepAlive = false
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      guard onDone != nil else {
        // Bytes that nobody asked for: a response to be smuggled to whoever comes next.
        context.close(promise: nil)
        return
      }
      hasHead = true
      isKeepAlive = head.isKeepAlive
      delegate?.upstream(head: head)
    case .body(let bytes):
      delegate?.upstream(body: bytes)
    case .end:
      let delegate = self.delegate
      finish(reusable: isKeepAlive && context.channel.isActive)
      delegate?.upstreamEnded()
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(ChannelError.eof)
    onLost?()
    onLost = nil
    context.fireChannelInactive()
  }

  /// Ends the exchange on this connection before its response has ended: the connection is closed.
  func abandon() {
    delegate = nil
    finish(reusable: false)
  }

  private func finish(reusable: Bool) {
    let done = onDone
    onDone = nil
    delegate = nil
    done?(reusable)
  }

  private func fail(_ error: any Error) {
    guard onDone != nil else { return }
    let delegate = self.delegate
    let answered = hasHead
    finish(reusable: false)
    delegate?.upstream(failed: Self.explain(error, answered: answered))
  }

  private static func explain(_ error: any Error, answered: Bool) -> GatewayError {
    if error is NIOSSLError || error is NIOSSLExtraError || error is BoringSSLError {
      return .upstream(
        "upstream_tls_failed", 502, "The upstream's certificate could not be verified, or TLS failed.")
    }
    if error is HTTPParserError, !answered {
      return .upstream("upstream_protocol_error", 502, "The upstream did not answer in valid HTTP.")
    }
    return answered
      ? .upstream("upstream_died", 502, "The upstream closed the connection in the middle of its answer.")
      : .upstream("upstream_died", 502, "The upstream closed the connection before it answered.")
  }
}
