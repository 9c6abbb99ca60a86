public import NIOSSL

/// Where a pipeline's requests go, resolved once when the pipeline is loaded.
public struct UpstreamTarget: Sendable {
  /// What the TLS configuration of a target offers (ALPN, RFC 7301): HTTP/2 where the upstream takes it.
  public static let applicationProtocols = ["h2", "http/1.1"]

  /// A host name or an IP address, without brackets.
  public let host: String
  public let port: Int
  /// What stands before the protocol's own paths; empty or without a slash at its end.
  public let basePath: String
  /// The TLS configuration, nil for plain HTTP. Certificates are always verified.
  public let tls: NIOSSLContext?
  /// The field that carries the provider's credential; nil where the upstream wants none.
  public let credential: CredentialField?

  /// A header field whose value is a secret: never printed, recorded or compared in public.
  public struct CredentialField: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    let name: String
    let value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }

    public var description: String { "\(name): <\(value.utf8.count) bytes>" }
    public var debugDescription: String { description }
  }

  public init(host: String, port: Int, basePath: String, tls: NIOSSLContext?, credential: CredentialField?) {
    self.host = host
    self.port = port
    self.basePath = basePath
    self.tls = tls
    self.credential = credential
  }

  /// The `Host` field (RFC 9110, 7.2): the port only where it is not the scheme's own.
  var authority: String {
    let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    return port == (tls == nil ? 80 : 443) ? name : "\(name):\(port)"
  }
}
