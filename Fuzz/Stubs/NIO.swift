/// As much of swift-nio as the files under test name, so that they are fuzzed as they are and without it. What goes
/// through a channel is looked at by ``ChannelHandlerContext``.
struct ByteBuffer {
  var readableBytesView: [UInt8]
}

struct NIOAny {
  let buffer: ByteBuffer
}

struct EventLoopPromise<Value> {
  func succeed(_ value: Value) {}
}

protocol ChannelDuplexHandler: AnyObject {}

extension ChannelDuplexHandler {
  func unwrapInboundIn(_ data: NIOAny) -> ByteBuffer { data.buffer }
}

enum HTTPParserError: Error {
  case invalidHeaderToken
}

/// What the handler next to the one under test is given.
final class ChannelHandlerContext {
  var passed: (ByteBuffer) -> Void = { _ in }
  var isRefused = false

  func fireErrorCaught(_ error: any Error) { isRefused = true }
  func fireChannelRead(_ data: NIOAny) { passed(data.buffer) }
  func write(_ data: NIOAny, promise: EventLoopPromise<Void>?) {}
  func triggerUserOutboundEvent(_ event: Any, promise: EventLoopPromise<Void>?) {}
}

/// What ``Routes`` asks of a pipeline.
public final class PipelineRuntime: Sendable {
  struct Pipeline {
    let host: String?
    let listen: String
  }

  let pipeline: Pipeline

  init(host: String?, listen: String) { pipeline = Pipeline(host: host, listen: listen) }
}
