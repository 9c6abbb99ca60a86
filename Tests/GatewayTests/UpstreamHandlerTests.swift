import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTP2
import Testing

@testable import Gateway

@Suite struct UpstreamHandlerTests {
  final class Listener: UpstreamDelegate {
    var heads: [HTTPResponseHead] = []
    var body: [UInt8] = []
    var hasEnded = false
    var failures: [GatewayError] = []
    /// After so many bytes it gives the exchange up.
    var enough = Int.max
    weak var handler: UpstreamHandler?

    func upstream(head: HTTPResponseHead) { heads.append(head) }
    func upstream(body bytes: ByteBuffer) {
      body += Array(bytes.readableBytesView)
      if body.count >= enough { handler?.abandon() }
    }
    func upstreamEnded() { hasEnded = true }
    func upstream(failed error: GatewayError) { failures.append(error) }
  }

  private struct Bench {
    let channel = EmbeddedChannel()
    let listener = Listener()
    let handler: UpstreamHandler
    let done = Done()
    final class Done { var calls: [Bool] = [] }

    init(wasRefused: ((NIOHTTP2Errors.StreamClosed) -> Bool)? = nil, onRefused: (() -> Void)? = nil) throws {
      handler = UpstreamHandler(wasRefused: wasRefused)
      try channel.pipeline.syncOperations.addHandler(handler)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      listener.handler = handler
      let done = done
      handler.begin(listener, onRefused: onRefused) { done.calls.append($0) }
    }

    func head(_ fields: [(String, String)], status: HTTPResponseStatus = .ok) throws {
      try channel.writeInbound(
        HTTPClientResponsePart.head(
          HTTPResponseHead(version: .http1_1, status: status, headers: HTTPHeaders(fields))))
    }

    func body(_ bytes: [UInt8]) throws {
      try channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(bytes: bytes)))
    }

    func end() throws { try channel.writeInbound(HTTPClientResponsePart.end(nil)) }
  }

  @Test func aCompressedAnswerIsHeardAsItWas() throws {
    let bench = try Bench()
    let wire = try InflaterTests.deflated(InflaterTests.text)
    try bench.head([
      ("Content-Encoding", "gzip"), ("Content-Length", String(wire.count)), ("Content-Type", "a/b"),
    ])
    for byte in wire { try bench.body([byte]) }
    try bench.end()
    #expect(bench.listener.heads.map(\.headers) == [["Content-Type": "a/b"]])
    #expect(bench.listener.body == InflaterTests.text)
    #expect(bench.listener.hasEnded)
    #expect(bench.done.calls == [true])
  }

  @Test func aBrokenOneFailsOnceAndTheConnectionIsClosed() throws {
    let bench = try Bench()
    try bench.head([("content-encoding", "gzip")])
    try bench.body(Array("plain".utf8))
    try bench.body(Array("more".utf8))
    #expect(bench.listener.failures.map(\.code) == ["upstream_encoding"])
    #expect(bench.listener.body.isEmpty)
    #expect(bench.done.calls == [false])
    #expect(!bench.channel.isActive)
  }

  @Test func anUnknownCodingFailsBeforeTheHeadIsHeard() throws {
    let bench = try Bench()
    try bench.head([("content-encoding", "br")])
    #expect(bench.listener.heads.isEmpty)
    #expect(bench.listener.failures.map(\.code) == ["upstream_encoding"])
  }

  @Test func aBombStopsWithWhoHeardEnough() throws {
    let bench = try Bench()
    bench.listener.enough = 1
    try bench.head([("content-encoding", "gzip")])
    try bench.body(try InflaterTests.deflated([UInt8](repeating: 0x20, count: 8 << 20)))
    #expect(bench.listener.body.count <= Inflater.pieceBytes)
    #expect(bench.listener.failures.isEmpty)
    #expect(bench.done.calls == [false])
  }

  @Test func interimAnswersArePassedOver() throws {
    let bench = try Bench()
    try bench.head([], status: .custom(code: 103, reasonPhrase: "Early Hints"))
    try bench.head([])
    try bench.end()
    #expect(bench.listener.heads.count == 1)
    #expect(bench.listener.hasEnded)
  }

  @Test func aSecondHeadIsNobodys() throws {
    let bench = try Bench()
    try bench.head([])
    try bench.head([])
    #expect(bench.listener.heads.count == 1)
    #expect(!bench.channel.isActive)
  }

  @Test(arguments: [true, false]) func aRefusedStreamIsNoFailure(_ isRefused: Bool) throws {
    final class Count { var value = 0 }
    let refusals = Count()
    let bench = try Bench(wasRefused: { _ in isRefused }, onRefused: { refusals.value += 1 })
    bench.channel.pipeline.fireErrorCaught(
      NIOHTTP2Errors.streamClosed(streamID: HTTP2StreamID(1), errorCode: .cancel))
    bench.channel.embeddedEventLoop.run()
    #expect(refusals.value == (isRefused ? 1 : 0))
    #expect(bench.listener.failures.map(\.code) == (isRefused ? [] : ["upstream_died"]))
    #expect(bench.done.calls == [false])
  }

  @Test func aStreamThatWasAnsweredIsNotTriedAgain() throws {
    let bench = try Bench(wasRefused: { _ in true }, onRefused: { Issue.record("tried again") })
    try bench.head([])
    bench.channel.pipeline.fireErrorCaught(
      NIOHTTP2Errors.streamClosed(streamID: HTTP2StreamID(1), errorCode: .refusedStream))
    bench.channel.embeddedEventLoop.run()
    #expect(bench.listener.failures.map(\.code) == ["upstream_died"])
  }
}
