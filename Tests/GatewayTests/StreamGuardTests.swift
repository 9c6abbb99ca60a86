import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import Testing

@testable import Gateway

@Suite struct StreamGuardTests {
  private func passes(_ fields: [(String, String)]) throws -> Bool {
    let channel = EmbeddedChannel(handler: StreamGuard())
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    try channel.writeInbound(HTTP2Frame.FramePayload.headers(.init(headers: HPACKHeaders(fields))))
    let passed = try channel.readInbound(as: HTTP2Frame.FramePayload.self) != nil
    let answer = try channel.readOutbound(as: HTTP2Frame.FramePayload.self)
    if case .rstStream(.protocolError)? = answer { return false }
    #expect(answer == nil)
    return passed
  }

  @Test func oneNameIsEnough() throws {
    #expect(try passes([(":authority", "a.example"), (":path", "/")]))
    #expect(try passes([(":authority", "a.example"), ("host", "a.example")]))
  }

  @Test func twoNamesAreRefused() throws {
    #expect(try !passes([(":authority", "a.example"), ("host", "b.example")]))
    #expect(try !passes([(":authority", "a.example"), ("host", "a.example"), ("host", "a.example")]))
    #expect(try !passes([("host", "a.example")]))
  }
}
