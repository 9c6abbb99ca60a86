internal import Control
internal import Credentials
internal import Gateway
internal import NIOSSL
internal import Payload
internal import PipelineModel

/// Resolves where a pipeline leads: its credential is read now, so that a missing one is a mistake at start. The target
/// does not hold it: one that is replaced is kept by nothing but the exchanges that began with it.
enum Upstreams {
  static func target(
    _ pipeline: Pipeline, _ speaks: ProtocolDescription, _ credentials: UpstreamCredentials
  ) throws -> UpstreamTarget {
    let upstream = pipeline.upstream
    var tls: NIOSSLContext?
    if upstream.scheme == .https {
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.minimumTLSVersion = .tlsv12
      configuration.certificateVerification = .fullVerification
      configuration.applicationProtocols = UpstreamTarget.applicationProtocols
      if let file = upstream.certificateAuthorities { configuration.trustRoots = .file(file) }
      do { tls = try NIOSSLContext(configuration: configuration) } catch {
        throw CommandFailure(message: "\(upstream.position): error: TLS can't be set up: \(error)", code: 1)
      }
    }
    guard let source = try credentials.source(upstream) else {
      return UpstreamTarget(
        host: upstream.host, port: upstream.port, basePath: upstream.basePath, tls: tls, credential: nil)
    }
    _ = try credentials.secret(source, for: upstream)
    return UpstreamTarget(
      host: upstream.host, port: upstream.port, basePath: upstream.basePath, tls: tls,
      credential: nil, refused: { credentials.keeper.refused(source) })
  }

  /// The field that carries a secret to a pipeline's upstream.
  static func credential(
    _ secret: SecretBytes, _ pipeline: Pipeline, _ speaks: ProtocolDescription
  ) -> UpstreamTarget.CredentialField {
    let field = pipeline.upstream.credentialHeader ?? speaks.credential
    return UpstreamTarget.CredentialField(
      name: field, secret: secret, isBearer: field.lowercased() == "authorization")
  }
}
