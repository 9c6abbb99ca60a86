/// Where requests go, without what is asked there: scheme, host and port (RFC 6454, 4). An installation says of a
/// credential at which of these it may be shown.
public struct UpstreamOrigin: Sendable, Hashable, CustomStringConvertible {
  public let scheme: Upstream.Scheme
  /// Lower case; of an IPv6 address without its brackets.
  public let host: String
  public let port: Int

  /// `HOST` or `HOST:PORT`, which mean HTTPS, or `http://HOST:PORT`, where it may cross the network in the clear. Nil: it
  /// is none of these. There are no wildcards: below many a provider's name everybody can have a host.
  public init?(_ text: String) {
    guard case .success(let address) = UpstreamAddress.parse(text.contains("://") ? text : "https://" + text),
      address.path.isEmpty, !text.hasSuffix("/")
    else { return nil }
    (scheme, host, port) = (address.scheme, address.host, address.port)
  }

  public init(of upstream: Upstream) {
    (scheme, host, port) = (upstream.scheme, upstream.host, upstream.port)
  }

  /// As a settings file has it.
  public var description: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return switch (scheme, port) {
    case (.https, 443): name
    case (.https, _): "\(name):\(port)"
    case (.http, _): "http://\(name):\(port)"
    }
  }
}
