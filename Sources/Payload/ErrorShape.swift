/// How an API says that something went wrong, so that its clients' SDKs raise the right exception.
public enum ErrorShape: String, Sendable, CaseIterable {
  /// `{"error": {"message", "type", "param", "code"}}`
  case openai
  /// `{"type": "error", "error": {"type", "message"}}`
  case anthropic
  /// `{"error": {"code", "message", "status"}}` (google.rpc.Status)
  case google
  /// `{"jsonrpc": "2.0", "id": null, "error": {"code", "message", "data"}}`
  case jsonrpc
  /// FHIR's OperationOutcome.
  case fhir
  /// `{"type", "title", "status", "detail", "code"}` (RFC 9457)
  case problem

  /// The type of a body in this shape.
  public var contentType: String {
    switch self {
    case .fhir: "application/fhir+json"
    case .problem: "application/problem+json"
    default: "application/json"
    }
  }

  /// An error of our own as a whole body.
  public func body(status: Int, code: String, message: String) -> [UInt8] {
    let type = Self.type(of: status)
    var body: [UInt8] = []
    func put(_ text: String) { body += Array(text.utf8) }
    func put(_ name: String, _ value: String) {
      put("\"\(name)\":\"")
      StringEscapes.encode(Array(value.utf8).span, into: &body)
      put("\"")
    }
    switch self {
    case .openai:
      put("{\"error\":{")
      put("message", message)
      put(",")
      put("type", type)
      put(",\"param\":null,")
      put("code", code)
      put("}}")
    case .anthropic:
      put("{\"type\":\"error\",\"error\":{")
      put("type", status >= 500 ? "api_error" : status == 413 ? "request_too_large" : type)
      put(",")
      put("message", message)
      put(",")
      put("code", code)
      put("}}")
    case .google:
      put("{\"error\":{\"code\":\(status),")
      put("message", message)
      put(",")
      put("status", Self.googleStatus(of: status))
      put(",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"domain\":\"sluice\",")
      put("reason", code.uppercased())
      put("}]}}")
    case .jsonrpc:
      put("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":\(status >= 500 ? -32603 : -32600),")
      put("message", message)
      put(",\"data\":{")
      put("code", code)
      put("}}}")
    case .fhir:
      put("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",")
      put("code", status == 403 ? "forbidden" : status == 404 ? "not-supported" : "processing")
      put(",\"details\":{")
      put("text", code)
      put("},")
      put("diagnostics", message)
      put("}]}")
    case .problem:
      put("{\"type\":\"about:blank\",")
      put("title", type)
      put(",\"status\":\(status),")
      put("detail", message)
      put(",")
      put("code", code)
      put("}")
    }
    return body
  }

  /// The same as an event of a stream that has begun.
  public func event(status: Int, code: String, message: String) -> [UInt8] {
    let name = self == .anthropic ? "event: error\n" : ""
    return Array("\(name)data: ".utf8) + body(status: status, code: code, message: message) + [0x0A, 0x0A]
  }

  /// The word that OpenAI's and Anthropic's clients know for a status.
  private static func type(of status: Int) -> String {
    switch status {
    case 401: "authentication_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 408: "timeout_error"
    case 429: "rate_limit_error"
    case 400..<500: "invalid_request_error"
    default: "server_error"
    }
  }

  private static func googleStatus(of status: Int) -> String {
    switch status {
    case 401: "UNAUTHENTICATED"
    case 403: "PERMISSION_DENIED"
    case 404: "NOT_FOUND"
    case 408, 504: "DEADLINE_EXCEEDED"
    case 429: "RESOURCE_EXHAUSTED"
    case 400..<500: "INVALID_ARGUMENT"
    case 503: "UNAVAILABLE"
    default: "INTERNAL"
    }
  }
}
