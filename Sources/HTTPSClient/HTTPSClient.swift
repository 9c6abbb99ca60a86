/// HTTP to services that this installation is told of: an identity provider, a vault, a chat, an object store. The one
/// way out for the gateway and its plugins, over libcurl. [blocking]
///
/// HTTPS with certificates that are always checked, plain HTTP on loopback alone. No redirect is followed: where a
/// secret is sent is what the owner wrote into the configuration. Time and size are bounded. A proxy that the
/// environment names (`https_proxy`, `no_proxy`) is used, but never for what stays on this machine.
///
/// Any thread: each request has a connection of its own. Whoever has many for one service keeps an ``HTTPSConnection``.
package struct HTTPSClient: Sendable {
  package struct Request: Sendable {
    package enum Method: String, Sendable {
      case get = "GET"
      case head = "HEAD"
      case post = "POST"
      case put = "PUT"
      case patch = "PATCH"
      case delete = "DELETE"
    }

    /// How far a request may go.
    package enum Reach: Sendable {
      /// Anywhere by HTTPS; by HTTP to loopback.
      case network
      /// To the machine's own metadata service: by HTTP, never through a proxy.
      case machine
    }

    package var method: Method
    package var url: String
    /// Names and values; their makers have to keep line ends out of them, and those that have one are not sent.
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]
    /// Bytes of an answer; nil: as many as the client allows.
    package var maximumSize: Int?
    package var reach = Reach.network

    package init(
      _ method: Method, _ url: String, fields: [(name: String, value: String)] = [], body: [UInt8] = [],
      maximumSize: Int? = nil, reach: Reach = .network
    ) {
      self.method = method
      self.url = url
      self.fields = fields
      self.body = body
      self.maximumSize = maximumSize
      self.reach = reach
    }
  }

  /// An answer, whole.
  package struct Answer: Sendable {
    package var status: Int
    /// Names in lower case, in their order; values of visible ASCII alone.
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int = 0, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
      self.status = status
      self.fields = fields
      self.body = body
    }

    /// The first value of a field.
    /// - Parameter name: in lower case.
    package func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
  }

  /// Why there is no answer. Its text names neither addresses nor values.
  package enum Failure: String, Error, Sendable {
    case unreachable = "it can't be reached"
    case untrusted = "its certificate is not trusted"
    case timedOut = "it did not answer in time"
    case cut = "the connection ended in the middle"
    case tooLarge = "its answer is larger than it may be"
    case strange = "its answer is no HTTP"
    case stopped = "this process is ending"
    case notAllowed = "its address or a field is not one that may be used"
  }

  /// How long a request may take, in milliseconds.
  package struct Patience: Sendable {
    /// Until there is a connection.
    package var connect: Int
    /// In all; nil: as ``silence`` and the sizes of the bodies have it.
    package var total: Int?
    /// How long an answer may take to begin, and how long it may come at less than a kibibyte a second; nil: as long as
    /// ``total`` says.
    package var silence: Int?

    /// - Parameter total: for small answers.
    package static func inAll(_ total: Int) -> Patience {
      Patience(connect: min(3000, total), total: total, silence: nil)
    }

    /// For bodies whose size is not known before.
    package static func whileItGoesOn(connect: Int, silence: Int) -> Patience {
      Patience(connect: connect, total: nil, silence: silence)
    }
  }

  /// A PEM file to trust in place of the system's; nil: the system's.
  package let authorities: String?
  /// Bytes of an answer.
  package let maximumSize: Int
  package let patience: Patience
  /// Asked while an answer comes: whether to give up.
  package let isStopped: @Sendable () -> Bool

  package init(
    authorities: String? = nil, maximumSize: Int = 256 << 10, patience: Patience = .inAll(5000),
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.authorities = authorities
    self.maximumSize = maximumSize
    self.patience = patience
    self.isStopped = isStopped
  }

  package func send(_ request: Request) throws(Failure) -> Answer {
    guard let connection = HTTPSConnection(self) else { throw .unreachable }
    return try connection.send(request)
  }

  /// Hands an answer over as it comes, for one that goes on: ``patience`` is for connecting alone then, and what is
  /// silent for longer than ``followedSilence`` has ended. [blocking]
  /// - Parameter take: gets the bytes as they come, with the status; whether to go on.
  /// - Returns: the status, once the answer has ended or `take` wants no more.
  package func follow(
    _ request: Request, _ take: @escaping (_ status: Int, _ bytes: [UInt8]) -> Bool
  ) throws(Failure) -> Int {
    guard let connection = HTTPSConnection(self) else { throw .unreachable }
    return try connection.send(request, handingTo: take).status
  }

  /// Seconds.
  static let followedSilence = 30
}
