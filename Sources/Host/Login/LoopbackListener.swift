internal import Foundation
internal import HTTPSClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Waits on loopback for the browser to come back with a code (RFC 8252, 7.3). It takes one answer, and that with the
/// right `state` alone; everything else is told that there is nothing here.
final class LoopbackListener {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let channel: any Channel
  private let outcome = Outcome()
  /// Where the provider sends the browser.
  let redirect: String

  init(state: String, port: Int) throws {
    let outcome = outcome
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
          try channel.pipeline.syncOperations.addHandler(Visit(state: state, outcome: outcome))
        }
      }
    do { channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait() } catch {
      throw CommandFailure(message: "nothing can listen on port \(port) of this machine: \(error)", code: 2)
    }
    redirect = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/callback"
  }

  /// The code.
  func wait(seconds: Int) throws -> String {
    switch outcome.wait(seconds: seconds) {
    case .code(let code): return code
    case .refused(let word):
      throw CommandFailure(message: "the provider did not log you in: \(Terminal.plain(word))", code: 1)
    case nil: throw CommandFailure(message: "nobody logged in within \(seconds / 60) minutes", code: 2)
    }
  }

  func close() {
    try? channel.close().wait()
    // What was answered last is on its way.
    try? group.syncShutdownGracefully()
  }

  enum Result: Sendable {
    case code(String)
    case refused(String)
  }

  final class Outcome: Sendable {
    private let result = Mutex<Result?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func set(_ value: Result) {
      result.withLock { if $0 == nil { $0 = value } }
      isThere.signal()
    }

    func wait(seconds: Int) -> Result? {
      _ = isThere.wait(timeout: .now() + .seconds(seconds))
      return result.withLock { $0 }
    }
  }

  private final class Visit: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let state: String
    private let outcome: Outcome
    private var head: HTTPRequestHead?

    init(state: String, outcome: Outcome) {
      self.state = state
      self.outcome = outcome
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): self.head = head
      case .body: break
      case .end: if let head { answer(head, context) }
      }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
      let parts = head.uri.split(separator: "?", maxSplits: 1)
      let fields = parts.count > 1 ? FormFields.decode(parts[1]) ?? [] : []
      func value(_ name: String) -> String? {
        let all = fields.filter { $0.name == name }
        return all.count == 1 ? all[0].value : nil
      }
      // Another page on this machine may call this address; it does not know the state.
      guard head.method == .GET, parts.first == "/callback", value("state") == state else {
        return send(.notFound, "There is nothing here.", nil, context)
      }
      if let code = value("code") {
        send(.ok, "You are logged in. Close this page and go on in your terminal.", .code(code), context)
      } else {
        send(
          .ok, "You are not logged in. Your terminal says why.",
          .refused(value("error") ?? "it gave no code"),
          context)
      }
    }

    private func send(
      _ status: HTTPResponseStatus, _ text: String, _ result: Result?, _ context: ChannelHandlerContext
    ) {
      let body = context.channel.allocator.buffer(string: text + "\n")
      let head = HTTPResponseHead(
        version: .http1_1, status: status,
        headers: [
          "content-type": "text/plain; charset=utf-8", "content-length": String(body.readableBytes),
          "cache-control": "no-store", "referrer-policy": "no-referrer", "connection": "close",
        ])
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
      let outcome = outcome
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
        if let result { outcome.set(result) }
        bound.value.close(promise: nil)
      }
    }
  }
}
