internal import NIOHTTP1
internal import Payload

/// Which header fields cross the gateway, and which requests are refused for their head alone.
enum HeadPolicy {
  /// Fields of a request that go on to the upstream, by their lower-case names.
  private static let forwarded: Set<String> = [
    "accept", "content-type", "user-agent", "idempotency-key", "traceparent", "tracestate", "x-request-id",
  ]
  /// Families of such fields.
  private static let forwardedPrefixes = [
    "openai-", "x-stainless-", "anthropic-", "mcp-session-id", "mcp-protocol-version", "mcp-method",
    "mcp-name",
    "mcp-param-",
    "x-goog-api-client", "x-goog-user-project",
    "x-ms-client-",
    "if-", "prefer", "last-event-id",
  ]

  /// Fields that belong to one connection (RFC 9110, 7.6.1), that the gateway sets itself, or that are not true of
  /// what it sends.
  private static let connectionBound: Set<String> = [
    "connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer",
    "transfer-encoding",
    "upgrade", "content-length",
    // What is said of a body that may have been masked, and of other ways to this origin.
    "content-digest", "repr-digest", "digest", "content-md5", "alt-svc",
  ]

  /// Fields that never go on: credentials, cookies, and what tells of the client's network.
  private static let withheld: Set<String> = [
    "authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "set-cookie", "proxy-authorization",
    "forwarded", "via", "x-real-ip", "true-client-ip", "origin", "referer", "from", "expect", "host",
    "content-encoding", "accept-encoding",
  ]
  private static let withheldPrefixes = ["x-forwarded-", "x-sluice-", "cf-", "sec-", "x-auth", "x-amz-"]

  /// A field that nothing is known of goes on where it holds words and ids alone: never free text, which nothing
  /// has scanned.
  static func passes(_ name: String, _ value: String) -> Bool {
    if forwarded.contains(name) || forwardedPrefixes.contains(where: name.hasPrefix) { return true }
    guard !withheld.contains(name), !connectionBound.contains(name), isPlain(name),
      !withheldPrefixes.contains(where: name.hasPrefix),
      !["token", "secret", "key", "auth", "cookie", "password"].contains(where: name.contains)
    else { return false }
    return PlainWords.isFieldValue(value)
  }

  /// The fields that go on and are text: what is found in one keeps it here.
  static func texts(
    of headers: HTTPHeaders, passes: (_ name: String, _ value: String) -> Bool
  ) -> [HeadText] {
    headers.compactMap { name, value in
      let name = name.lowercased()
      let isArgument = name.hasPrefix("mcp-param-")
      guard passes(name, value), isArgument || !PlainWords.isFieldValue(value), !isMachineMade(name, value)
      else {
        return nil
      }
      return HeadText(place: .headers, name: name, value: text(of: value))
    }
  }

  /// The text that a field's value stands for: MCP's fields of arguments write what is no ASCII in base64.
  private static func text(of value: String) -> [UInt8] {
    guard value.hasPrefix("=?base64?"), value.hasSuffix("?=") else { return Array(value.utf8) }
    let encoded = Array(value.utf8.dropFirst(9).dropLast(2))
    var text: [UInt8] = []
    do { try Base64.decode(encoded.span, padding: .optional, into: &text) } catch { return Array(value.utf8) }
    return text
  }

  /// A name is not scanned: it must not be able to hold a number.
  private static func isPlain(_ name: String) -> Bool {
    name.utf8.count <= 48 && name.utf8.count(where: { (0x30...0x39).contains($0) }) < 3
  }

  /// A field of an answer that goes to the client, unless something is found in it.
  static func returns(_ name: String, _ value: String) -> Bool {
    isPlain(name) && !connectionBound.contains(name) && name != "set-cookie" && name != "content-encoding"
  }

  /// Dates of HTTP's own (RFC 9110, 5.6.7), and time stamps.
  private static func isMachineMade(_ name: String, _ value: String) -> Bool {
    let bytes = Array(value.utf8)
    if ["date", "expires", "last-modified", "retry-after"].contains(name) {
      return bytes.count == 29 && value.hasSuffix(" GMT") && bytes[3] == UInt8(ascii: ",")
        && bytes[5...24].allSatisfy { $0 == 0x20 || $0 == UInt8(ascii: ":") || $0.isLetterOrDigit }
    }
    if name.hasSuffix("version") || name.hasSuffix("beta") { return PlainWords.isVersions(value) }
    if name == "content-type", value.hasPrefix("multipart/form-data") { return true }
    return name.hasSuffix("-reset") && PlainWords.isTimestamp(bytes.span)
  }

  /// The head of the upstream's request.
  /// - Parameter withheld: fields in which something was found.
  static func upstreamHead(
    for head: HTTPRequestHead, path: String, query: Substring, target: UpstreamTarget, bodyLength: Int?,
    withheld: Set<String>
  ) -> HTTPRequestHead {
    var headers = HTTPHeaders()
    headers.reserveCapacity(head.headers.count + 4)
    headers.add(name: "host", value: target.authority)
    for (name, value) in head.headers {
      let lower = name.lowercased()
      guard passes(lower, value), !withheld.contains(lower) else { continue }
      headers.add(name: name, value: value)
    }
    // What comes back is read, so it must come as it is, or in a coding that can be undone here.
    headers.add(name: "accept-encoding", value: ContentCoding.accepted)
    if let credential = target.credential {
      headers.replaceOrAdd(name: credential.name, value: credential.value)
    }
    if let bodyLength { headers.add(name: "content-length", value: String(bodyLength)) }
    let place = target.basePath + path
    let uri = (place.isEmpty ? "/" : place) + (query.isEmpty ? "" : "?\(query)")
    return HTTPRequestHead(version: .http1_1, method: head.method, uri: uri, headers: headers)
  }

  /// The head of the client's response: the upstream's, less what is bound to its connection.
  /// - Parameter withheld: fields in which something was found.
  static func clientHead(
    for head: HTTPResponseHead, bodyLength: Int?, isKeepAlive: Bool, withheld: Set<String>
  ) -> HTTPResponseHead {
    var headers = HTTPHeaders()
    headers.reserveCapacity(head.headers.count + 2)
    for (name, value) in head.headers
    where returns(name.lowercased(), value) && !withheld.contains(name.lowercased()) {
      headers.add(name: name, value: value)
    }
    if let bodyLength {
      headers.add(name: "content-length", value: String(bodyLength))
    } else {
      headers.add(name: "transfer-encoding", value: "chunked")
    }
    if !isKeepAlive { headers.add(name: "connection", value: "close") }
    return HTTPResponseHead(version: .http1_1, status: head.status, headers: headers)
  }

  /// Why a request's head is refused, or nil where it is not.
  ///
  /// The parser has refused what it can't read; this is for heads that two readers could read in two ways
  /// (request smuggling: RFC 9112, 11.2) and for limits.
  static func refusal(of head: HTTPRequestHead, maximumHeadBytes: Int) -> GatewayError? {
    let headers = head.headers
    let lengths = headers["content-length"]
    if lengths.count > 1 || (!lengths.isEmpty && headers.contains(name: "transfer-encoding")) {
      return .client(
        "ambiguous_length", 400,
        "The request states its length more than once. Send either Content-Length or Transfer-Encoding, once."
      )
    }
    let encodings = headers["transfer-encoding"]
    if encodings.count > 1 || encodings.contains(where: { $0.lowercased() != "chunked" }) {
      return .client(
        "unsupported_transfer", 400, "The only transfer coding that is accepted is chunked, once.")
    }
    if ContentCoding(fields: headers["content-encoding"]) == nil {
      return .client(
        "unsupported_encoding", 415,
        "The body is compressed in a way that can't be undone here. Send it with gzip, deflate or no Content-Encoding."
      )
    }
    let size = headers.reduce(head.uri.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
    if size > maximumHeadBytes {
      return .client(
        "head_too_large", 431,
        "The request's head is larger than the \(maximumHeadBytes) bytes that are accepted.")
    }
    if headers["host"].count > 1 {
      return .client("ambiguous_host", 400, "The request has more than one Host field.")
    }
    return nil
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}
