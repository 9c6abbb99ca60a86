public import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A stand-in for a model: answers OpenAI's chat completions on loopback, whole and streamed, without a
/// model behind it. It is for trying a gateway out and for measuring one; what it says is made from the
/// prompt alone, so that the same prompt gets the same answer.
public final class StandInServer: Sendable {
  /// How the stand-in behaves.
  public struct Behaviour: Sendable {
    /// The pause between two events of a stream; zero: none, as fast as the connection takes them.
    public var pause: TimeAmount
    /// Whether the answer quotes the prompt; otherwise it is always the same text.
    public var quotesPrompt: Bool
    /// Sees each request body, e.g. to show what a model would have seen. Called on an event loop.
    public var onRequest: (@Sendable ([UInt8]) -> Void)?

    public init(
      pause: TimeAmount = .zero, quotesPrompt: Bool = true, onRequest: (@Sendable ([UInt8]) -> Void)? = nil
    ) {
      self.pause = pause
      self.quotesPrompt = quotesPrompt
      self.onRequest = onRequest
    }
  }

  private let channel: any Channel
  /// The port that it listens on.
  public let port: Int

  private init(channel: any Channel, port: Int) {
    self.channel = channel
    self.port = port
  }

  /// Listens on a loopback address. Any other is refused: it authenticates nobody.
  public static func start(
    host: String, port: Int, group: any EventLoopGroup, behaviour: Behaviour = Behaviour()
  ) throws -> StandInServer {
    guard host == "127.0.0.1" || host == "::1" || host == "localhost" else {
      throw StandInError(message: "The stand-in model listens on loopback alone, not on \(host).")
    }
    let channel = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
          try pipeline.addHandler(StandInHandler(behaviour: behaviour))
        }
      }
      .bind(host: host, port: port).wait()
    return StandInServer(channel: channel, port: channel.localAddress?.port ?? port)
  }

  /// Stops listening.
  public func stop() throws { try channel.close().wait() }

  /// Waits until it has stopped.
  public func wait() throws { try channel.closeFuture.wait() }
}

/// Why the stand-in can't start.
public struct StandInError: Error, CustomStringConvertible {
  public let message: String
  public var description: String { message }
}
