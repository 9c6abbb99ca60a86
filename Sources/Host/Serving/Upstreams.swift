internal import Foundation
internal import Gateway
internal import NIOSSL
internal import Payload
internal import PipelineModel

/// Resolves where a pipeline leads: its credential is read now, so that a missing one is a mistake at start.
enum Upstreams {
  static func target(_ pipeline: Pipeline, _ speaks: ProtocolDescription) throws -> UpstreamTarget {
    let upstream = pipeline.upstream
    let field = upstream.credentialHeader ?? speaks.credential
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
    return UpstreamTarget(
      host: upstream.host, port: upstream.port, basePath: upstream.basePath, tls: tls,
      credential: try credential(upstream, in: field))
  }

  private static func credential(_ upstream: Upstream, in field: String) throws -> UpstreamTarget
    .CredentialField?
  {
    let secret: String
    switch upstream.credential {
    case nil: return nil
    case .environment(let name):
      guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
        throw CommandFailure(
          message:
            "\(upstream.position): error: the environment has no \(name), which holds the provider's credential. Set it and start again",
          code: 1)
      }
      secret = value
    case .file(let path):
      guard let data = FileManager.default.contents(atPath: path),
        let text = String(data: data, encoding: .utf8)
      else {
        throw CommandFailure(
          message: "\(upstream.position): error: the credential's file \(path) can't be read", code: 1)
      }
      secret = text
    }
    let value = secret.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw CommandFailure(
        message:
          "\(upstream.position): error: the credential is empty or has characters that no header may hold",
        code: 1)
    }
    let isBearer = field.lowercased() == "authorization"
    return UpstreamTarget.CredentialField(
      name: field, value: isBearer ? "Bearer \(value)" : value)
  }
}
