import NIOCore
import NIOEmbedded
import NIOTLS
import Testing

@testable import Gateway

@Suite struct ProtocolChoiceTests {
  /// What was chosen, and what went on to the next handler.
  private func choose(_ pieces: [[UInt8]]) throws -> (ProtocolChoice.HTTPVersion?, [UInt8]) {
    var chosen: ProtocolChoice.HTTPVersion?
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandler(
      ProtocolChoice(isTLS: false, eventLoop: channel.embeddedEventLoop) { _, version in chosen = version })
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    for piece in pieces { try channel.writeInbound(ByteBuffer(bytes: piece)) }
    var passed: [UInt8] = []
    while let bytes = try channel.readInbound(as: ByteBuffer.self) {
      passed += Array(bytes.readableBytesView)
    }
    _ = try channel.finish()
    return (chosen, passed)
  }

  @Test func thePrefaceIsHTTP2HoweverItIsCut() throws {
    let bytes = ProtocolChoice.preface + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    for cut in 0...bytes.count {
      let (chosen, passed) = try choose([Array(bytes[..<cut]), Array(bytes[cut...])])
      #expect(chosen == .http2)
      #expect(passed == bytes)
    }
    let (chosen, passed) = try choose(bytes.map { [$0] })
    #expect(chosen == .http2)
    #expect(passed == bytes)
  }

  @Test(arguments: ["GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\n", "PRI * HTTP/1.1\r\n\r\n", "P", "PRIME"])
  func theRestIsHTTP1(_ text: String) throws {
    let bytes = Array(text.utf8)
    let (chosen, passed) = try choose(bytes.map { [$0] })
    if text == "P" {
      #expect(chosen == nil)
      #expect(passed.isEmpty)
    } else {
      #expect(chosen == .http1)
      #expect(passed == bytes)
    }
  }

  @Test(arguments: [("h2", true), ("http/1.1", false), (nil, false)] as [(String?, Bool)])
  func theHandshakeSaysIt(_ name: String?, _ isHTTP2: Bool) throws {
    var chosen: ProtocolChoice.HTTPVersion?
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandler(
      ProtocolChoice(isTLS: true, eventLoop: channel.embeddedEventLoop) { _, version in chosen = version })
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    channel.pipeline.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: name))
    #expect(chosen == (isHTTP2 ? .http2 : .http1))
    _ = try channel.finish()
  }

}
