public import Evidence
public import FilterChain
public import Payload
public import PipelineModel

/// One pipeline, ready to serve: its filters are instances, its upstream resolved, its protocol compiled.
/// Immutable, shared by all event loops, kept by the exchanges that began on it.
public final class PipelineRuntime: Sendable {
  public let pipeline: Pipeline
  public let chain: Chain
  public let protocolDescription: ProtocolDescription
  public let target: UpstreamTarget
  public let policy: PolicyIdentity
  /// Whom originals are sealed to; none where the pipeline keeps none.
  public let recipients: [AgeRecipient]
  /// What each record says of the plugins and of the policy, written once.
  let pluginsJSON: [UInt8]
  let policyJSON: [UInt8]

  public init(
    pipeline: Pipeline, chain: Chain, protocolDescription: ProtocolDescription, target: UpstreamTarget,
    policy: PolicyIdentity, recipients: [AgeRecipient] = []
  ) {
    self.recipients = recipients
    self.pipeline = pipeline
    self.chain = chain
    self.protocolDescription = protocolDescription
    self.target = target
    self.policy = policy
    let wrapped = CanonicalWriter.object { writer in
      writer.array("plugins", chain.plugins) { writer, plugin in
        writer.element { writer in
          writer.string("abi", plugin.abi)
          writer.string("configuration", plugin.configurationDigest)
          writer.string("digest", plugin.digest)
          writer.string("id", plugin.id)
          writer.string("stage", plugin.stage)
          writer.string("version", plugin.version)
        }
      }
    }
    pluginsJSON = Array(wrapped.dropFirst("{\"plugins\":".utf8.count).dropLast())
    policyJSON = CanonicalWriter.object { writer in
      writer.string("digest", policy.digest)
      writer.integer("version", policy.version)
    }
  }
}

/// Which policy an exchange was handled under, as its records and approvals name it.
public struct PolicyIdentity: Sendable, Hashable {
  /// From 1 on, in the order in which this installation has seen policies.
  public let version: UInt64
  /// SHA-256 of the pipelines' canonical form and the plugins' digests, in hexadecimal.
  public let digest: String

  public init(version: UInt64, digest: String) {
    self.version = version
    self.digest = digest
  }
}
