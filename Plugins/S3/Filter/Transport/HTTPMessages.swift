/// A request, ready to be sent.
struct HTTPRequest {
  var method: String
  var url: String
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  /// An answer with a longer body is given up.
  var responseLimit = 1 << 20
  /// Whether a proxy of the environment may carry it. Never so for the machine's own metadata.
  var mayUseProxy = true
}

/// An answer, whole.
struct HTTPResponse {
  var status = 0
  /// Names in lower case, in their order.
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Why there is no answer.
struct TransportFailure: Error {
  enum Kind {
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

  var kind: Kind
  /// As curl calls it; holds nothing of a request.
  var message: String
}
