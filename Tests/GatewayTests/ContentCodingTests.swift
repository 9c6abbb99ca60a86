import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct ContentCodingTests {
  @Test(arguments: ["gzip", "GZIP", "x-gzip"]) func gzipIsKnown(_ value: String) {
    #expect(ContentCoding(header: value) == .gzip)
  }

  @Test(arguments: ["br", "zstd", "compress", "gzip, gzip", "deflate, gzip", "", " gzip", "gzip;q=1", "*"])
  func whatCannotBeUndoneIsNot(_ value: String) { #expect(ContentCoding(header: value) == nil) }

  @Test func noFieldIsIdentityAndTwoAreNothing() {
    #expect(ContentCoding(fields: []) == .identity)
    #expect(ContentCoding(fields: ["deflate"]) == .deflate)
    #expect(ContentCoding(fields: ["identity", "gzip"]) == nil)
  }

  @Test func theUpstreamIsAskedForWhatCanBeUndone() {
    var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")
    head.headers.add(name: "accept-encoding", value: "br, zstd")
    head.headers.add(name: "content-encoding", value: "gzip")
    let refusal = HeadPolicy.refusal(of: head, maximumHeadBytes: 32 << 10)
    #expect(refusal == nil)
    head.headers.replaceOrAdd(name: "content-encoding", value: "br")
    #expect(HeadPolicy.refusal(of: head, maximumHeadBytes: 32 << 10)?.status == 415)
  }
}
