package import FilterKit
internal import HTTPSClient
package import JSONTree

/// A service that notifications go to, over HTTPS.
package struct Service: Sendable {
  /// How long a service may take.
  package enum Patience: Sendable {
    /// For what has to arrive.
    case long
    /// For what nobody misses, while somebody else waits: Slack gives up on a call after three seconds.
    case short

    fileprivate var limits: HTTPSClient.Patience {
      switch self {
      case .long: .whileItGoesOn(connect: 10_000, silence: 20_000)
      case .short: .inAll(2000)
      }
    }
  }

  /// Bytes of an answer.
  private static let longestAnswer = 1 << 20
  /// Milliseconds: a service that asks for more patience than this gets this.
  private static let longestWait: UInt64 = 300_000

  /// Without a slash at its end.
  package let base: String
  /// A PEM file to trust in place of the system's; nil: the system's.
  private let authorities: String?

  /// The address that an option names, and `ca` beside it.
  /// - Parameter standard: where the option is not there.
  package init(_ option: String, in configuration: JSONValue, standard: String? = nil) throws(FilterError) {
    try self.init(configuration[option]?.string ?? standard ?? "", option, in: configuration)
  }

  /// An address that is a secret itself, read just now.
  package init(_ text: String, _ option: String, in configuration: JSONValue) throws(FilterError) {
    guard HTTPSClient.isAllowed(text) else {
      throw .configuration(
        "Say https://HOST and a path, without a user or a fragment; http:// is for this machine alone.",
        at: "/\(option)")
    }
    base = text.last == "/" ? String(text.dropLast()) : text
    authorities = configuration["ca"]?.string
  }

  /// An answer of a service: its status, and its JSON where it is some.
  package struct Answer: Sendable {
    package let status: Int
    package let json: JSONValue
  }

  /// Sends, and returns an answer of any status but those that say "later", which become `retry`.
  package func call(
    _ method: Method, _ path: String, headers: [(name: String, value: String)], body: [UInt8] = [],
    patience: Patience = .long
  ) throws(FilterError) -> Called {
    let client = HTTPSClient(
      authorities: authorities, maximumSize: Self.longestAnswer, patience: patience.limits)
    let response: HTTPSClient.Answer
    do throws(HTTPSClient.Failure) {
      response = try client.send(HTTPSClient.Request(method.asSent, base + path, fields: headers, body: body))
    } catch {
      guard error != .untrusted else {
        throw FilterError(
          .unavailable, "The service's certificate is not trusted: name its authority with 'ca'.",
          pointer: "/ca")
      }
      throw FilterError(.unavailable, "The service does not answer: \(error.rawValue).")
    }
    if response.status == 429 || response.status >= 500 {
      return .later(milliseconds: Self.patience(response.field("retry-after")))
    }
    return .answered(
      Answer(status: response.status, json: (try? JSONReader.read(response.body)) ?? .null))
  }

  package enum Method: Sendable {
    case get, post, patch

    fileprivate var asSent: HTTPSClient.Request.Method {
      switch self {
      case .get: .get
      case .post: .post
      case .patch: .patch
      }
    }
  }

  package enum Called: Sendable {
    case answered(Answer)
    case later(milliseconds: UInt64)
  }

  private static func patience(_ text: String?) -> UInt64 {
    guard let seconds = text.flatMap({ UInt64($0) }) else { return 0 }
    return min(seconds.multipliedReportingOverflow(by: 1000).partialValue, longestWait)
  }
}

/// The link that goes with a notification.
package enum Link {
  /// The option `link`, in which `{approval}` stands for the approval's id.
  package static func read(_ configuration: JSONValue) throws(FilterError) -> String? {
    guard let link = configuration["link"]?.string else { return nil }
    guard link.hasPrefix("https://") || link.hasPrefix("http://"),
      link.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !link.contains("\"")
    else {
      throw .configuration(
        "Say an address, as https://sluice.clinic.example/approvals/{approval}.", at: "/link")
    }
    return link
  }
}
