internal import Control
internal import Credentials
internal import Evidence
internal import FilterChain
internal import Gateway
internal import Payload
internal import PipelineModel

/// A policy, made ready to serve: its filters are instances, its upstreams and credentials resolved. It is all there or
/// not at all; nothing is in force yet.
struct PolicyParts: Sendable {
  private struct Part: Sendable {
    let pipeline: Pipeline
    let chain: Chain
    let speaks: ProtocolDescription
    /// Without its credential.
    let target: UpstreamTarget
    let source: SecretSource?
    let recipients: [AgeRecipient]

    func target(with secret: SecretBytes?) -> UpstreamTarget {
      target.with(secret.map { Upstreams.credential($0, pipeline, speaks) })
    }

    func runtime(_ policy: PolicyIdentity, target: UpstreamTarget) -> PipelineRuntime {
      PipelineRuntime(
        pipeline: pipeline, chain: chain, protocolDescription: speaks, target: target, policy: policy,
        recipients: recipients)
    }
  }

  private let parts: [Part]
  /// How many changes of credentials there had been before these were read.
  let credentialChanges: Int
  /// SHA-256 of the pipelines' canonical form and of their protocols, in hexadecimal.
  let digest: String

  var names: [String] { parts.map(\.pipeline.name) }
  var sealsOriginals: Bool { parts.contains { !$0.recipients.isEmpty } }

  /// - Throws: ``CommandFailure``, after every mistake has been printed.
  init(_ bundle: PolicyBundle, library: PluginLibrary, credentials: UpstreamCredentials) throws {
    credentialChanges = credentials.keeper.changes
    var parts: [Part] = []
    var texts: [(name: String, text: [UInt8])] = []
    for pipeline in try Loading.pipelines(
      sources: bundle.sources, library: library, rules: credentials.rules)
    {
      let speaks = try Loading.protocolDescription(pipeline, of: bundle)
      texts.append((pipeline.name, Self.canonical(pipeline, speaks.text)))
      parts.append(
        Part(
          pipeline: pipeline, chain: try Loading.chain(pipeline, library: library),
          speaks: speaks.description, target: try Upstreams.target(pipeline, speaks.description, credentials),
          source: try credentials.source(pipeline.upstream),
          recipients: try Loading.recipients(pipeline)))
    }
    self.parts = parts
    digest = Self.digest(texts)
  }

  /// With the credentials as they are known now.
  func runtimes(_ policy: PolicyIdentity, _ credentials: CredentialKeeper) -> [PipelineRuntime] {
    parts.map { part in
      part.runtime(
        policy, target: part.source.map { part.target(with: credentials.known($0)) } ?? part.target)
    }
  }

  /// The same pipelines, where a secret is another: those that use it with the new one, the others as they are.
  /// - Parameter secret: nil: it is withdrawn.
  func runtimes(
    _ before: [PipelineRuntime], with secret: SecretBytes?, from source: SecretSource
  ) -> [PipelineRuntime] {
    zip(parts, before).map { part, runtime in
      guard part.source == source else { return runtime }
      return part.runtime(runtime.policy, target: part.target(with: secret))
    }
  }

  /// Where the pipelines' credentials are read from.
  var sources: Set<SecretSource> { Set(parts.compactMap(\.source)) }

  /// The digest of a policy that is to be pushed: whatever serves it may be elsewhere, and its credentials with it.
  /// - Parameter rules: which credentials its pipelines may send where.
  static func digest(
    of bundle: PolicyBundle, library: PluginLibrary, rules: CredentialRules
  ) throws -> String {
    digest(
      try Loading.pipelines(sources: bundle.sources, library: library, rules: rules).map { pipeline in
        _ = try Loading.chain(pipeline, library: library)
        _ = try Loading.recipients(pipeline)
        let speaks = try Loading.protocolDescription(pipeline, of: bundle)
        return (pipeline.name, canonical(pipeline, speaks.text))
      })
  }

  private static func canonical(_ pipeline: Pipeline, _ protocolText: [UInt8]) -> [UInt8] {
    pipeline.canonical + Array("\nprotocol \(Digest.sha256(protocolText).hexadecimal)\n".utf8)
  }

  private static func digest(_ texts: [(name: String, text: [UInt8])]) -> String {
    Digest.sha256(texts.sorted { $0.name < $1.name }.flatMap(\.text)).hexadecimal
  }
}
