internal import NIOCore
internal import NIOHTTP1

/// Answers requests to some of the gateway's own paths that a pipeline never gets: logging in, and what chats answer.
public protocol LocalService: Sendable {
  /// Whether a path, without its query, is its own. Any thread; does not block.
  func takes(path: Substring) -> Bool

  /// As much as a body of a request to one of its paths may have, in bytes. Any thread; does not block.
  func largestBody(path: Substring) -> Int

  /// Answers a request: calls `done` once, on any thread. Does not block.
  func answer(_ request: LocalRequest, _ done: @escaping @Sendable (LocalResponse) -> Void)
}

/// A whole request to one of the gateway's own paths.
public struct LocalRequest: Sendable {
  public let method: String
  /// Without its query.
  public let path: String
  /// What the one Authorization field says with the Bearer scheme (RFC 6750, 2.1); empty: nothing.
  public let bearer: String
  /// All fields, as they came.
  public let headers: [(name: String, value: String)]
  public internal(set) var body: [UInt8] = []
  let largestBody: Int
  /// The client's address.
  public let peer: String

  init(_ head: HTTPRequestHead, peer: SocketAddress?, for service: any LocalService) {
    method = head.method.rawValue
    path = String(head.uri.prefix { $0 != "?" })
    largestBody = service.largestBody(path: path[...])
    let fields = head.headers["authorization"]
    let words = fields.count == 1 ? fields[0].split(separator: " ") : []
    bearer = words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : ""
    headers = head.headers.map { (name: $0.name, value: $0.value) }
    self.peer = peer?.ipAddress ?? ""
  }
}

/// What is answered.
public struct LocalResponse: Sendable {
  public let status: Int
  public let contentType: String
  public let body: [UInt8]
  /// Seconds after which another try makes sense; nil: nothing is said.
  public let retryAfter: Int?

  public init(status: Int, contentType: String, body: [UInt8], retryAfter: Int? = nil) {
    self.status = status
    self.contentType = contentType
    self.body = body
    self.retryAfter = retryAfter
  }

  var answer: LocalEndpoints.Answer {
    LocalEndpoints.Answer(
      status: HTTPResponseStatus(statusCode: status), contentType: contentType, body: body,
      fields: (retryAfter.map { [("retry-after", String($0))] } ?? [])
        + (status == 401 ? [("www-authenticate", "Bearer realm=\"sluice\", error=\"invalid_token\"")] : []))
  }
}
