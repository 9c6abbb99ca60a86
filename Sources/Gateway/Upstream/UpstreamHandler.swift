internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTP2
internal import NIOSSL

/// What an exchange hears from its upstream. All calls come on the exchange's event loop.
protocol UpstreamDelegate: AnyObject {
  /// The head of the answer, as of an answer that was never compressed.
  func upstream(head: HTTPResponseHead)
  func upstream(body: ByteBuffer)
  func upstreamEnded()
  func upstream(failed error: GatewayError)
}

/// The end of an upstream's HTTP/1.1 connection or HTTP/2 stream: hands what arrives, uncompressed, to the exchange
/// that has it now.
final class UpstreamHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private weak var delegate: (any UpstreamDelegate)?
  /// Called once, when the connection is of no use any more.
  var onLost: (() -> Void)?
  /// Called when an exchange's response has ended; whether the connection may be used again.
  private var onDone: ((Bool) -> Void)?
  /// Called in place of a failure where the request was not looked at.
  private var onRefused: (() -> Void)?
  /// Whether a stream that was closed, with this error, was not looked at; nil on HTTP/1.1, which can't tell.
  private let wasRefused: ((NIOHTTP2Errors.StreamClosed) -> Bool)?
  private var isKeepAlive = false
  private var hasHead = false
  private var decoder: BodyDecoder?

  init(wasRefused: ((NIOHTTP2Errors.StreamClosed) -> Bool)? = nil) { self.wasRefused = wasRefused }

  /// Begins an exchange on this connection. `onDone` is called at most once.
  func begin(
    _ delegate: any UpstreamDelegate, onRefused: (() -> Void)? = nil, onDone: @escaping (Bool) -> Void
  ) {
    self.delegate = delegate
    self.onDone = onDone
    self.onRefused = onRefused
    hasHead = false
    isKeepAlive = false
    decoder = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      // HTTP/2's interim answers come this way; HTTP/1.1's decoder drops them (RFC 9110, 15.2).
      if (100..<200).contains(head.status.code), head.status.code != 101 { return }
      receive(head, context: context)
    case .body(let bytes): receive(bytes, context: context)
    case .end: end(context)
    }
  }

  private func receive(_ head: HTTPResponseHead, context: ChannelHandlerContext) {
    guard onDone != nil, !hasHead else {
      // Bytes that nobody asked for: a response to be smuggled to whoever comes next.
      context.close(promise: nil)
      return
    }
    hasHead = true
    onRefused = nil
    isKeepAlive = head.isKeepAlive
    guard let coding = ContentCoding(fields: head.headers["content-encoding"]) else {
      return fail(
        .upstream(
          "upstream_encoding", 502, "The upstream coded its answer in a way that it was not asked to."),
        context: context)
    }
    decoder = BodyDecoder(coding)
    guard decoder != nil else {
      delegate?.upstream(head: head)
      return
    }
    var head = head
    head.headers.remove(name: "content-encoding")
    head.headers.remove(name: "content-length")
    delegate?.upstream(head: head)
  }

  private func receive(_ bytes: ByteBuffer, context: ChannelHandlerContext) {
    guard var decoder else {
      delegate?.upstream(body: bytes)
      return
    }
    do throws(ContentCodingError) {
      try decoder.receive(bytes) { piece in
        delegate?.upstream(body: piece)
        // It may have given up by now.
        return onDone != nil
      }
      self.decoder = decoder
    } catch { fail(error.ofResponse, context: context) }
  }

  private func end(_ context: ChannelHandlerContext) {
    do throws(ContentCodingError) { try decoder?.finish() } catch {
      return fail(error.ofResponse, context: context)
    }
    let delegate = self.delegate
    finish(reusable: isKeepAlive && context.channel.isActive)
    delegate?.upstreamEnded()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let closed = error as? NIOHTTP2Errors.StreamClosed, let wasRefused, let onRefused else {
      return fail(Self.explain(error, answered: hasHead), context: context)
    }
    let delegate = self.delegate
    finish(reusable: false)
    // GOAWAY closes the streams that it doesn't name before the connection's handler has seen it: in the next turn
    // of the loop it has.
    context.eventLoop.assumeIsolated().execute {
      if wasRefused(closed) {
        onRefused()
      } else {
        delegate?.upstream(failed: Self.explain(closed, answered: false))
      }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(Self.explain(ChannelError.eof, answered: hasHead), context: context)
    onLost?()
    onLost = nil
    context.fireChannelInactive()
  }

  /// Ends the exchange on this connection before its response has ended: the connection is closed, or the stream
  /// reset.
  func abandon() {
    delegate = nil
    finish(reusable: false)
  }

  private func finish(reusable: Bool) {
    let done = onDone
    onDone = nil
    onRefused = nil
    delegate = nil
    decoder = nil
    done?(reusable)
  }

  private func fail(_ error: GatewayError, context: ChannelHandlerContext) {
    let delegate = self.delegate
    let isWaitedFor = onDone != nil
    finish(reusable: false)
    if isWaitedFor { delegate?.upstream(failed: error) }
    if context.channel.isActive { context.close(promise: nil) }
  }

  private static func explain(_ error: any Error, answered: Bool) -> GatewayError {
    if UpstreamPool.isTLS(error) { return UpstreamPool.untrusted }
    let isReset = error is NIOHTTP2Errors.StreamClosed
    let isMalformed = error is HTTPParserError || (error is any NIOHTTP2Error && !isReset)
    if isMalformed, !answered {
      return .upstream("upstream_protocol_error", 502, "The upstream did not answer in valid HTTP.")
    }
    return answered
      ? .upstream("upstream_died", 502, "The upstream closed the connection in the middle of its answer.")
      : .upstream("upstream_died", 502, "The upstream closed the connection before it answered.")
  }
}
