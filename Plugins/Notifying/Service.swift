package import FilterKit
package import JSONTree
internal import PluginHTTP

/// A service that notifications go to, over HTTPS.
package struct Service: Sendable {
  /// Milliseconds.
  private static let connectTimeout = 10_000
  private static let silence = 20_000
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
    guard Self.isAllowed(text) else {
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
    _ method: String, _ path: String, headers: [(name: String, value: String)], body: [UInt8] = []
  ) throws(FilterError) -> Called {
    guard
      let client = HTTPClient(
        certificateAuthorities: authorities, connectTimeout: Self.connectTimeout, silence: Self.silence)
    else { throw FilterError(.internal, "libcurl can't be used.") }
    let response: HTTPResponse
    do throws(TransportFailure) {
      response = try client.perform(
        HTTPRequest(
          method: method, url: base + path, headers: [("user-agent", "sluice")] + headers, body: body,
          responseLimit: Self.longestAnswer))
    } catch {
      switch error.kind {
      case .untrusted:
        throw FilterError(
          .unavailable, "The service's certificate is not trusted: name its authority with 'ca'.",
          pointer: "/ca")
      case .unreachable, .timedOut, .cut, .refused:
        throw FilterError(.unavailable, "The service does not answer: \(error.message).")
      }
    }
    if response.status == 429 || response.status >= 500 {
      return .later(milliseconds: Self.patience(response.header("retry-after")))
    }
    return .answered(
      Answer(status: response.status, json: (try? JSONReader.read(response.body)) ?? .null))
  }

  package enum Called: Sendable {
    case answered(Answer)
    case later(milliseconds: UInt64)
  }

  private static func patience(_ text: String?) -> UInt64 {
    guard let seconds = text.flatMap({ UInt64($0) }) else { return 0 }
    return min(seconds.multipliedReportingOverflow(by: 1000).partialValue, longestWait)
  }

  private static func isAllowed(_ url: String) -> Bool {
    let isPlain = url.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\")
    }
    guard isPlain, url.utf8.count <= 2048 else { return false }
    if url.hasPrefix("https://") { return url.utf8.count > 8 }
    for host in ["127.0.0.1", "[::1]", "localhost"] where url.hasPrefix("http://" + host) {
      let next = url.dropFirst(7 + host.count).first
      return next == nil || next == "/" || next == ":"
    }
    return false
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
