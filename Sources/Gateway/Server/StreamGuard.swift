internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// Looks at the frames of one HTTP/2 stream before they become an HTTP/1.1 request, as ``FramingGuard`` does at
/// bytes: what two readers could read in two ways is refused (RFC 9113, 8.3.1), and the stream reset.
///
/// swift-nio-http2 has checked the rest by then: names, values, pseudo-header fields, fields bound to a connection,
/// and that the content is as long as it says (8.1.1, 8.2, 8.3).
final class StreamGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias InboundOut = HTTP2Frame.FramePayload
  typealias OutboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  /// Ends the stream with RST_STREAM(NO_ERROR): the answer is whole, and the rest of the request isn't wanted
  /// (RFC 9113, 8.1).
  struct StopSending {}

  private var hasHead = false
  private var isRefused = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    if !hasHead, case .headers(let payload) = unwrapInboundIn(data) {
      hasHead = true
      guard Self.isUnambiguous(payload.headers) else {
        isRefused = true
        return reset(.protocolError, context: context)
      }
    }
    context.fireChannelRead(data)
  }

  /// A `Host` that says something else than `:authority` would be believed by whoever reads only that.
  static func isUnambiguous(_ headers: HPACKHeaders) -> Bool {
    let hosts = headers[canonicalForm: "host"]
    guard !hosts.isEmpty else { return true }
    return hosts.count == 1 && headers.first(name: ":authority").map { $0 == hosts[0] } ?? false
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?)
  {
    guard event is StopSending else { return context.triggerUserOutboundEvent(event, promise: promise) }
    reset(.noError, context: context)
    promise?.succeed(())
  }

  private func reset(_ code: HTTP2ErrorCode, context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: nil)
  }
}
