public import Control
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
  /// The credential is to be had nowhere any more: requests that need it are refused.
  public let isWithdrawn: Bool
  /// Told that the upstream has answered 401, on an event loop: the credential may have been replaced.
  let refused: (@Sendable () -> Void)?

  /// A header field whose value is a secret: never printed, recorded or compared in public.
  public struct CredentialField: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    let name: String
    private let secret: SecretBytes
    private let isBearer: Bool

    /// - Parameter isBearer: whether it goes with the Bearer scheme (RFC 6750, 2.1).
    public init(name: String, secret: SecretBytes, isBearer: Bool) {
      self.name = name
      self.secret = secret
      self.isBearer = isBearer
    }

    /// Made for each request, and gone with it.
    var value: String { isBearer ? "Bearer \(secret.text)" : secret.text }

    public var description: String { "\(name): \(secret)" }
    public var debugDescription: String { description }
  }

  public init(
    host: String, port: Int, basePath: String, tls: NIOSSLContext?, credential: CredentialField?,
    isWithdrawn: Bool = false, refused: (@Sendable () -> Void)? = nil
  ) {
    self.isWithdrawn = isWithdrawn
    self.refused = refused
    self.host = host
    self.port = port
    self.basePath = basePath
    self.tls = tls
    self.credential = credential
  }

  /// The same place with another credential; nil: it is withdrawn.
  public func with(_ credential: CredentialField?) -> UpstreamTarget {
    UpstreamTarget(
      host: host, port: port, basePath: basePath, tls: tls, credential: credential,
      isWithdrawn: credential == nil, refused: refused)
  }

  /// The `Host` field (RFC 9110, 7.2): the port only where it is not the scheme's own.
  var authority: String {
    let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    return port == (tls == nil ? 80 : 443) ? name : "\(name):\(port)"
  }
}
