/// A request, ready to be sent.
package struct HTTPRequest {
  package var method: String
  package var url: String
  package var headers: [(name: String, value: String)] = []
  package var body: [UInt8] = []
  /// An answer with a longer body is given up.
  package var responseLimit = 1 << 20
  /// Whether a proxy of the environment may carry it. Never so for the machine's own metadata.
  package var mayUseProxy = true

  package init(
    method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    responseLimit: Int = 1 << 20, mayUseProxy: Bool = true
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.responseLimit = responseLimit
    self.mayUseProxy = mayUseProxy
  }
}

/// An answer, whole.
package struct HTTPResponse {
  package var status = 0
  /// Names in lower case, in their order.
  package var headers: [(name: String, value: String)] = []
  package var body: [UInt8] = []

  package init(status: Int = 0, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Why there is no answer.
package struct TransportFailure: Error {
  package enum Kind {
    /// Nobody listens, or no name.
    case unreachable
    /// Silence, or too slow.
    case timedOut
    /// The connection ended in the middle.
    case cut
    /// The server's certificate is not one that is trusted, or there is no common TLS.
    case untrusted
    /// The answer is longer than it may be, or no HTTP.
    case refused
  }

  package var kind: Kind
  /// As curl calls it; holds nothing of a request.
  package var message: String

  package init(kind: Kind, message: String) {
    self.kind = kind
    self.message = message
  }
}
