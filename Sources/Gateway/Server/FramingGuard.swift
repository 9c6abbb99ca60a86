internal import NIOCore
internal import NIOHTTP1

/// Looks at request heads as they come off the wire, before the parser, for what parsers are lenient about and
/// attackers live on: lines that end in a bare LF, folded lines, white space before a colon, and NUL bytes
/// (RFC 9112, 2.2, 5.1 and 5.2). Such a request is refused, and nothing of it is read.
///
/// It follows where a head ends and where its body does only as far as it must: once a head has ended it looks
/// again when the parser has handed the request's end upwards. A head that came in one read with that end was not
/// looked at, so ``ExchangeHandler`` doesn't take it.
final class FramingGuard: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum State { case head, body, refused }

  private var state = State.head
  private var last: UInt8 = 0
  private var isLineStart = true
  private var lineHasColon = false
  private var isFirstLine = true
  private var emptyLine = true

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if state == .head, !isFramed(bytes) {
      state = .refused
      context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
      return
    }
    if state != .refused { context.fireChannelRead(data) }
  }

  /// A response that ends makes room for the next head.
  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    context.write(data, promise: promise)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?)
  {
    if event is NextHead {
      reset()
      promise?.succeed(())
    } else {
      context.triggerUserOutboundEvent(event, promise: promise)
    }
  }

  /// Says that a request has been read to its end.
  struct NextHead {}

  private func reset() {
    guard state == .body else { return }
    state = .head
    last = 0
    isLineStart = true
    lineHasColon = false
    isFirstLine = true
    emptyLine = true
  }

  private func isFramed(_ bytes: ByteBuffer) -> Bool {
    for byte in bytes.readableBytesView {
      defer { last = byte }
      switch byte {
      case 0: return false
      case 0x0A:
        guard last == 0x0D else { return false }
        if emptyLine, !isFirstLine {
          state = .body
          return true
        }
        if !emptyLine { isFirstLine = false }
        isLineStart = true
        lineHasColon = false
        emptyLine = true
      case 0x0D:
        if last == 0x0D { return false }
        continue
      case 0x20, 0x09:
        if isLineStart, !isFirstLine { return false }
        isLineStart = false
        emptyLine = false
      case UInt8(ascii: ":"):
        if !isFirstLine, !lineHasColon, last == 0x20 || last == 0x09 { return false }
        lineHasColon = true
        isLineStart = false
        emptyLine = false
      default:
        isLineStart = false
        emptyLine = false
      }
      if last == 0x0D, byte != 0x0A { return false }
    }
    return true
  }
}
