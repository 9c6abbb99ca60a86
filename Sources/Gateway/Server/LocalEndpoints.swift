internal import NIOHTTP1
internal import Payload

/// What the gateway answers itself: whether it lives, whether it may be sent traffic, and its figures.
enum LocalEndpoints {
  /// A whole response.
  struct Answer {
    let head: HTTPResponseHead
    let body: [UInt8]

    init(
      status: HTTPResponseStatus, contentType: String, body: [UInt8],
      fields: [(name: String, value: String)] = []
    ) {
      var headers: HTTPHeaders = [
        "content-type": contentType, "content-length": String(body.count), "cache-control": "no-store",
      ]
      for field in fields { headers.add(name: field.name, value: field.value) }
      head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
      self.body = body
    }

    /// An error of our own in the shape that the client's SDK expects.
    init(
      error: GatewayError, exchange: String?, shape: ErrorShape = .openai,
      fields: [(name: String, value: String)] = []
    ) {
      let message = exchange.map { "\(error.message) [exchange \($0)]" } ?? error.message
      let body = shape.body(status: error.status, code: error.code, message: message)
      self.init(
        status: HTTPResponseStatus(statusCode: error.status), contentType: shape.contentType, body: body,
        fields: fields)
    }
  }

  /// The answer to a request for one of the gateway's own paths; nil where it is not one.
  static func answer(_ head: HTTPRequestHead, services: GatewayServices) -> Answer? {
    guard head.uri == "/healthz" || head.uri == "/readyz" || head.uri == "/metrics" else { return nil }
    guard head.method == .GET else {
      return Answer(error: .client("method_not_allowed", 405, "This path answers GET alone."), exchange: nil)
    }
    switch head.uri {
    case "/healthz":
      return Answer(status: .ok, contentType: "text/plain; charset=utf-8", body: Array("ok\n".utf8))
    case "/readyz": return readiness(services)
    default:
      return Answer(
        status: .ok, contentType: "text/plain; version=0.0.4; charset=utf-8", body: services.metricsText())
    }
  }

  private static func readiness(_ services: GatewayServices) -> Answer {
    if let reason = services.whyNotReady() {
      return Answer(
        status: .serviceUnavailable, contentType: "text/plain; charset=utf-8", body: Array("\(reason)\n".utf8)
      )
    }
    return Answer(status: .ok, contentType: "text/plain; charset=utf-8", body: Array("ready\n".utf8))
  }
}
