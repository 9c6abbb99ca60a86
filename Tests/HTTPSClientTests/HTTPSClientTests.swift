import Foundation
import Glibc
import Testing

@testable import HTTPSClient

private func reply(_ head: String, _ body: String = "") -> [UInt8] {
  Array("\(head)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)".utf8)
}

private func failure(_ client: HTTPSClient, _ request: HTTPSClient.Request) -> HTTPSClient.Failure? {
  do throws(HTTPSClient.Failure) { _ = try client.send(request) } catch { return error }
  return nil
}

/// Serialised: one test sets variables of the environment.
@Suite(.serialized) struct HTTPSClientTests {
  @Test func anAnswerComesWholeAndTheRequestAsItWasSaid() throws {
    let server = LoopbackServer { _, _ in reply("HTTP/1.1 201 Created\r\nX-One: 1\r\nx-ONE:  2", "yes") }
    let answer = try HTTPSClient().send(
      HTTPSClient.Request(
        .patch, server.url + "/a/../b?c=%2F", fields: [("Authorization", "Bearer t")], body: [1, 2]))
    #expect(answer.status == 201 && answer.body == Array("yes".utf8))
    #expect(answer.field("x-one") == "1" && answer.fields.filter { $0.name == "x-one" }.count == 2)
    let head = try #require(server.received.first)
    #expect(head.hasPrefix("PATCH /a/../b?c=%2F HTTP/1.1\r\n"))
    #expect(head.contains("Authorization: Bearer t\r\n") && head.contains("Content-Length: 2\r\n"))
    #expect(head.contains("User-Agent: sluice\r\n") && !head.contains("Expect") && !head.contains("Accept"))
  }

  @Test(arguments: [301, 302, 303, 307, 308]) func noRedirectIsFollowed(_ status: Int) throws {
    let server = LoopbackServer { _, _ in reply("HTTP/1.1 \(status) Elsewhere\r\nLocation: /other") }
    let answer = try HTTPSClient().send(
      HTTPSClient.Request(.post, server.url, fields: [("authorization", "secret")], body: [1]))
    #expect(answer.status == status && answer.field("location") == "/other")
    #expect(server.received.count == 1)
  }

  @Test func answersAreBounded() {
    let server = LoopbackServer { number, _ in
      switch number {
      case 1: reply("HTTP/1.1 200 OK", String(repeating: "x", count: 1001))
      case 2: reply("HTTP/1.1 200 OK", String(repeating: "x", count: 1000))
      // No length, and no end.
      case 3: Array("HTTP/1.1 200 OK\r\n\r\n\(String(repeating: "x", count: 1 << 20))".utf8)
      case 4:
        reply(
          "HTTP/1.1 200 OK\r\n"
            + (0..<3000).map { "X-\($0): \(String(repeating: "y", count: 30))" }.joined(separator: "\r\n"))
      default: reply("HTTP/1.1 200 OK", "12345")
      }
    }
    let client = HTTPSClient(maximumSize: 1000)
    #expect(failure(client, .init(.get, server.url)) == .tooLarge)
    #expect(failure(client, .init(.get, server.url)) == nil)
    #expect(failure(client, .init(.get, server.url)) == .tooLarge)
    #expect(failure(client, .init(.get, server.url)) == .tooLarge)
    #expect(failure(client, .init(.get, server.url, maximumSize: 4)) == .tooLarge)
  }

  @Test func silenceEnds() {
    let server = LoopbackServer { _, _ in nil }
    #expect(failure(HTTPSClient(patience: .inAll(200)), .init(.get, server.url)) == .timedOut)
    let patient = HTTPSClient(maximumSize: 1, patience: .whileItGoesOn(connect: 1000, silence: 1000))
    #expect(failure(patient, .init(.get, server.url)) == .timedOut)
  }

  @Test func whatIsNoAnswerIsTold() {
    let server = LoopbackServer { number, _ in
      switch number {
      case 1: []
      case 2: Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nxxx".utf8)
      default: Array("220 mail.example.org ESMTP\r\n".utf8)
      }
    }
    #expect(failure(HTTPSClient(), .init(.get, server.url)) == .cut)
    #expect(failure(HTTPSClient(), .init(.get, server.url)) == .cut)
    #expect(failure(HTTPSClient(), .init(.get, server.url)) == .strange)
    let gone = LoopbackServer { _, _ in nil }
    gone.stop()
    #expect(failure(HTTPSClient(), .init(.get, "http://127.0.0.1:1/")) == .unreachable)
  }

  @Test func whoeverEndsWaitsForNothing() {
    let server = LoopbackServer { _, _ in reply("HTTP/1.1 200 OK", "x") }
    #expect(failure(HTTPSClient(isStopped: { true }), .init(.get, server.url)) == .stopped)
  }

  @Test func aConnectionServesManyRequestsAndRemembersNone() throws {
    let server = LoopbackServer { number, _ in reply("HTTP/1.1 200 OK", "\(number)") }
    let connection = try #require(HTTPSConnection(HTTPSClient()))
    let first = try connection.send(
      .init(.put, server.url, fields: [("authorization", "secret")], body: Array("body".utf8)))
    let second = try connection.send(.init(.get, server.url))
    #expect(first.body == [0x31] && second.body == [0x32])
    #expect(server.received[1].hasPrefix("GET / HTTP/1.1\r\n") && !server.received[1].contains("secret"))
  }

  @Test func whatStaysOnThisMachineGoesThroughNoProxy() throws {
    let server = LoopbackServer { _, _ in reply("HTTP/1.1 200 OK", "direct") }
    let proxy = LoopbackServer { _, _ in reply("HTTP/1.1 200 OK", "proxy") }
    for name in ["http_proxy", "all_proxy", "https_proxy"] { unsafe setenv(name, proxy.url, 1) }
    defer { for name in ["http_proxy", "all_proxy", "https_proxy"] { unsafe unsetenv(name) } }
    #expect(try HTTPSClient().send(.init(.get, server.url)).body == Array("direct".utf8))
    #expect(
      try HTTPSClient().send(.init(.get, server.url, reach: .machine)).body == Array("direct".utf8))
    _ = failure(HTTPSClient(), .init(.get, "https://localhost:\(server.port)/"))
    #expect(proxy.received.isEmpty)
    // What goes elsewhere does, as a tunnel: the proxy sees no head of ours.
    _ = failure(HTTPSClient(), .init(.get, "https://idp.example/", fields: [("authorization", "secret")]))
    #expect(proxy.received.count == 1 && proxy.received[0].hasPrefix("CONNECT idp.example:443 "))
    #expect(!proxy.received[0].contains("secret"))
  }

  @Test(arguments: [
    "http://example.org/", "http://10.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "https://", "",
    "http://127.0.0.1@example.org/", "http://127.0.0.1.example.org/", "http://localhost.example.org/",
    "https://user:secret@example.org/", "https://example.org/#x", "https://example.org/ x",
    "https://example.org\\@127.0.0.1/", "http://[::1].example.org/", "http://127.1/", "http://0x7f.0.0.1/",
    "http://127.0.0.1:x/", "http://127.0.0.256/", "HTTP://127.0.0.1/", "http://[::1", "gopher://localhost/",
  ])
  func addressesThatAreRefused(_ url: String) {
    #expect(!HTTPSClient.isAllowed(url))
    #expect(failure(HTTPSClient(), .init(.get, url)) == .notAllowed)
  }

  @Test(arguments: [
    "https://example.org", "https://example.org:8443/a?b=c", "http://127.0.0.1", "http://127.0.0.2:80/x",
    "http://localhost:9/", "http://[::1]:9/", "http://bucket.localhost:9000/key",
  ])
  func addressesThatAreTaken(_ url: String) { #expect(HTTPSClient.isAllowed(url)) }

  @Test(arguments: ["a\r\nb", "a\nb", "a\u{0}b", "\u{7F}"]) func aFieldAddsNoField(_ value: String) {
    let server = LoopbackServer { _, _ in reply("HTTP/1.1 200 OK") }
    #expect(failure(HTTPSClient(), .init(.get, server.url, fields: [("x", value)])) == .notAllowed)
    #expect(failure(HTTPSClient(), .init(.get, server.url, fields: [(value, "x")])) == .notAllowed)
    #expect(server.received.isEmpty)
  }

  @Test func theMetadataServiceAloneIsAskedInTheClear() {
    let request = HTTPSClient.Request(.get, "http://169.254.169.254/latest", reach: .machine)
    #expect(HTTPSClient.maySend(request))
    #expect(!HTTPSClient.maySend(.init(.get, request.url)))
    #expect(!HTTPSClient.maySend(.init(.get, "file:///etc/passwd", reach: .machine)))
  }
}
