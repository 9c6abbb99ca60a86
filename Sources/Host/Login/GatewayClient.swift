internal import Foundation
internal import HTTPSClient
internal import JSONTree

/// A gateway, as somebody who logs in sees it. [blocking]
struct GatewayClient {
  /// Without a slash at its end.
  let base: String
  private let client: HTTPSClient

  /// - Parameter authorities: a PEM file to trust in place of the system's.
  init(_ base: String, authorities: String?) throws {
    var base = base
    while base.hasSuffix("/") { base.removeLast() }
    guard HTTPSClient.isAllowed(base), !base.contains("?") else {
      throw CommandFailure(
        message: "'\(base)' is no gateway's address: https://HOST, or http:// on this machine alone", code: 1)
    }
    self.base = base
    client = HTTPSClient(authorities: authorities, maximumSize: 16 << 20, patience: .inAll(45_000))
  }

  struct Answer {
    let status: Int
    let body: JSONValue

    var error: String { body["error"]?.string ?? "" }
    /// What the gateway says of it, as a command's failure.
    var failure: CommandFailure {
      let text = body["error_description"]?.string ?? "the gateway answers \(status)"
      return CommandFailure(message: Terminal.plain(text), code: status >= 500 || status == 429 ? 2 : 1)
    }
  }

  func get(_ path: String, key: String? = nil) throws -> Answer {
    try send(HTTPSClient.Request(.get, base + path, fields: Self.fields(key)))
  }

  func post(_ path: String, _ body: JSONValue, key: String? = nil) throws -> Answer {
    try send(
      HTTPSClient.Request(
        .post, base + path, fields: Self.fields(key) + [("Content-Type", "application/json")],
        body: body.canonical))
  }

  /// Follows a stream of events. `take` gets what comes, and says whether to go on.
  /// - Returns: the status.
  func follow(
    _ path: String, key: String, lastID: String?, _ take: @escaping (_ status: Int, _ bytes: [UInt8]) -> Bool
  ) throws -> Int {
    let fields = Self.fields(key) + (lastID.map { [("Last-Event-ID", $0)] } ?? [])
    do throws(HTTPSClient.Failure) {
      return try client.follow(HTTPSClient.Request(.get, base + path, fields: fields), take)
    } catch {
      throw CommandFailure(message: "the gateway at \(base): \(error.rawValue)", code: 2)
    }
  }

  private static func fields(_ key: String?) -> [(name: String, value: String)] {
    key.map { [("Authorization", "Bearer \($0)")] } ?? []
  }

  private func send(_ request: HTTPSClient.Request) throws -> Answer {
    let answer: HTTPSClient.Answer
    do throws(HTTPSClient.Failure) { answer = try client.send(request) } catch {
      throw CommandFailure(message: "the gateway at \(base): \(error.rawValue)", code: 2)
    }
    guard let body = try? JSONReader.read(answer.body), body.members != nil else {
      throw CommandFailure(
        message: "\(base) answers \(answer.status), and not as a gateway of Sluice does", code: 2)
    }
    return Answer(status: answer.status, body: body)
  }
}
