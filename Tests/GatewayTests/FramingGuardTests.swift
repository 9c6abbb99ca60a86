import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite struct FramingGuardTests {
  private func accepts(_ text: String, pieces: Int = 1) -> Bool {
    let channel = EmbeddedChannel(handler: FramingGuard())
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    let bytes = Array(text.utf8)
    let size = max(1, bytes.count / pieces)
    do {
      for start in stride(from: 0, to: bytes.count, by: size) {
        try channel.writeInbound(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
      }
      return true
    } catch { return false }
  }

  @Test(arguments: [1, 7, 1000])
  func aPlainHeadPasses(_ pieces: Int) {
    #expect(accepts("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na\nb", pieces: pieces))
  }

  @Test(
    arguments: [
      "GET / HTTP/1.1\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\n\r\n",
      "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
      "GET / HTTP/1.1\r\nA : b\r\n\r\n", "GET / HTTP/1.1\r\nA: b\u{0}\r\n\r\n",
      "GET / HTTP/1.1\r\nA: b\rX: c\r\n\r\n",
      "GET / HTTP/1.1\r\n\tA: b\r\n\r\n", "GET / HTTP/1.1\r\nA: b\r\r\n\r\n",
    ], [1, 1000])
  func whatParsersDisagreeAboutDoesNot(_ text: String, _ pieces: Int) {
    #expect(!accepts(text, pieces: pieces))
  }
}
